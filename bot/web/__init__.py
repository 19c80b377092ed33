"""HTTP: webhooks in, health and metrics out, and the chat page."""
