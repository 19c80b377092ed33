"""What the programmes say (YAML), and the pure engines that read it. No database, no clock, no network."""
