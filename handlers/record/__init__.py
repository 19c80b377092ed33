"""Logging by chat: one line or a few taps to a card, and from the card, once confirmed, to a stored record."""
