"""Attacks, one file a threat; `docs/threat-model.md` says which test stands against which."""
