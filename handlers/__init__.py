"""What a person can do by chat, a file a capability. Pure: (state, message) -> (state, replies, effects)."""
