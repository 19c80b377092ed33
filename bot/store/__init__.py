"""Tables and the few statements that touch them. SQLite embedded, PostgreSQL beyond one machine."""
