"""From what is owed to messages that go out once: the outbox, its dispatcher and the clock that wakes them."""
