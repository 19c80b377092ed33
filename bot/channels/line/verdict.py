"""What an answer of LINE, or the lack of one, means for a delivery. Pure: `sender` does the calling.

A push carries its retry key, so repeating it is always safe within 24 hours. A reply has none, and its
token works once: whether an earlier attempt used it is known only from how that attempt ended. Hence the
rules for replies:

- `Invalid reply token` after an attempt of unknown end (process died, time-out, 5xx, connection lost), with
  the token still in its time: only that attempt can have used the token, so the person has the answer.
  SENT.
- `Invalid reply token` otherwise: the answer was never sent. AS_PUSH.
- An attempt of unknown end, and the token's time now over: nobody can tell any more. AS_PUSH, unmarked: a
  rare answer that comes twice is better than a question left unanswered.

The status of an attempt is what the next one knows of it (`Delivery.previous`). It ends in `?` where this
attempt was refused for certain but one before it may have been accepted, so that the doubt is not forgotten
on the way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.store.outbox import Delivery
from scheduler.dispatch import Outcome, Result

RATE_LIMIT_PAUSE_MS = 2_000
QUOTA_PAUSE_MS = 3_600_000
UNAUTHORISED_PAUSE_MS = 60_000
REPLY_PAUSE_MS = 500
"""A reply is repeated at once, since its token dies within the minute."""

NO_CONNECTION = "no-connection"
"""Never reached LINE."""
CONNECTION_LOST = "connection-lost"
TIMED_OUT = "timeout"
UNREADABLE = "unreadable-answer"
REPLY_EXPIRED = "reply-expired"
INVALID_TOKEN = "invalid-reply-token"  # nosec B105 # noqa: S105 - the name of a status
QUOTA = "quota"
RATE_LIMIT = "rate-limit"
KEY_EXPIRED = "retry-key-expired"

_DOUBT = "?"
_NOT_ACCEPTED = frozenset(
    ("", "401", "403", NO_CONNECTION, REPLY_EXPIRED, INVALID_TOKEN, QUOTA, RATE_LIMIT),
)
"""Statuses after which LINE has certainly not taken the message; any other, known or not, leaves doubt."""


@dataclass(frozen=True, slots=True)
class Response:
    """What LINE said."""

    status: int
    message: str = ""
    request_id: str = ""


def may_have_arrived(delivery: Delivery) -> bool:
    """Whether an earlier attempt may have been accepted without our knowing."""
    return delivery.previous not in _NOT_ACCEPTED


def read_message(body: str | bytes | None) -> str:
    """The `message` of an error body; empty where it has none (a proxy's page, a cut answer)."""
    try:
        data = json.loads(body or "")
    except ValueError:
        return ""
    message = data.get("message") if isinstance(data, Mapping) else None
    return message if isinstance(message, str) else ""


def of_response(delivery: Delivery, response: Response) -> Outcome:
    """The outcome of an attempt that LINE answered."""
    status, message = response.status, response.message.lower()
    if 200 <= status < 300 or status == 409:  # 409: the retry key was accepted before
        return Outcome(Result.SENT, str(status), response.request_id)
    if status >= 500:
        return _again(delivery, str(status), response.request_id)
    if status in (401, 403):
        return replace(_again(delivery, str(status), response.request_id, UNAUTHORISED_PAUSE_MS), refused=True)
    if status == 429 and "monthly limit" in message:
        return _again(delivery, QUOTA, response.request_id, QUOTA_PAUSE_MS)
    if status == 429:
        return _again(delivery, RATE_LIMIT, response.request_id, RATE_LIMIT_PAUSE_MS)
    if status == 400 and delivery.method == "reply" and "invalid reply token" in message:
        result = Result.SENT if may_have_arrived(delivery) else Result.AS_PUSH
        return Outcome(result, INVALID_TOKEN, response.request_id)
    return Outcome(Result.DEAD, str(status), response.request_id)


def of_silence(delivery: Delivery, status: str) -> Outcome:
    """The outcome of an attempt that LINE did not answer, or not readably."""
    return _again(delivery, status)


def _again(delivery: Delivery, status: str, request_id: str = "", pause_ms: int | None = None) -> Outcome:
    if status in _NOT_ACCEPTED and may_have_arrived(delivery):
        status += _DOUBT
    if pause_ms is None and delivery.method == "reply":
        pause_ms = REPLY_PAUSE_MS
    return Outcome(Result.RETRY, status, request_id, pause_ms)
