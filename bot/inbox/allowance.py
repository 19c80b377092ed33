"""How much one person may ask: a token bucket kept in the conversation's row, so that it holds in every process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CAPACITY = 20.0
"""Messages that may come in one burst."""
REFILL_PER_SECOND = 0.5
NOTICE_EVERY_MS = 60_000
"""A flooding person is told so at most this often."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with the message at hand, and the bucket afterwards."""

    allowed: bool
    notify: bool
    """Not allowed, and it is time for a kind word."""
    bucket: dict[str, Any]


def spend(bucket: dict[str, Any], now: int) -> Verdict:
    """Take one message out of a bucket (`{}` is a full one); `now` in epoch milliseconds."""
    tokens = float(bucket.get("tokens", CAPACITY))
    since = max(0, now - int(bucket.get("at", now)))
    tokens = min(CAPACITY, tokens + since / 1000 * REFILL_PER_SECOND)
    noticed = int(bucket.get("noticed", 0))
    if tokens >= 1:
        return Verdict(True, False, {"tokens": tokens - 1, "at": now, "noticed": noticed})
    notify = now - noticed >= NOTICE_EVERY_MS
    return Verdict(False, notify, {"tokens": tokens, "at": now, "noticed": now if notify else noticed})
