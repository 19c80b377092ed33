"""The service around the knowledge: settings, channels, durable inbox, storage, pages, command line."""
