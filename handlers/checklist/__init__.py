"""The eligibility check in conversation: the form that asks, and the cards that say what came of it."""
