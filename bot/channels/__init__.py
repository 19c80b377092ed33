"""One package a channel: how its events are read, its messages drawn and sent. Nothing else imports an SDK."""
