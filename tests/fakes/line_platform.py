"""What the fake LINE remembers and how it answers, free of HTTP; served by `tests.fakes.line`."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.contents import Content
from tests.fakes.line_menus import Office

TOKEN_SECONDS = 60
RETRY_KEY_SECONDS = 24 * 3600

RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
MONTHLY_LIMIT = "You have reached your monthly limit."
INVALID_TOKEN = "Invalid reply token"

REFUSALS = {
    "500_before": (500, "Internal Server Error"),
    "401": (
        401,
        "Authentication failed. Confirm that the access token in the authorization header is valid.",
    ),
    "403": (403, "Access to this API is not available for your account"),
    "404": (404, "Not found"),
    "429_rate": (429, RATE_LIMIT),
    "429_quota": (429, MONTHLY_LIMIT),
}
AFTER = ("500_after", "drop_after", "garbage_after")
FAULTS = (*REFUSALS, *AFTER, "drop_before", "slow")


@dataclass(frozen=True, slots=True)
class Call:
    """One call to reply, push or loading."""

    endpoint: str
    body: dict[str, Any]
    retry_key: str
    authorization: str
    status: int
    """What was answered, or would have been had the answer not been lost."""
    request_id: str


@dataclass(slots=True)
class Fault:
    """How the next call to an endpoint goes wrong."""

    endpoint: str
    kind: str
    seconds: float = 0.0
    """How long `slow` waits before it accepts."""


@dataclass
class Platform:
    """What LINE remembers. `now` is in epoch seconds and may be moved by a test."""

    now: Callable[[], float] = time.time
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    issued: dict[str, float] = field(default_factory=dict)
    dead_tokens: set[str] = field(default_factory=set)
    retry_keys: dict[str, tuple[float, str]] = field(default_factory=dict)
    quota: int = 200
    contents: dict[str, Content] = field(default_factory=dict)
    """What people sent, by message id."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Every request for content: the path and the authorization."""
    office: Office = field(default_factory=Office)
    """Rich menus, and the webhook's address."""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(461230966842064897))

    @property
    def accepted(self) -> list[Call]:
        """The messages that reached somebody, in order."""
        return [call for call in self.calls if call.status == 200 and call.endpoint in ("reply", "push")]

    def queue(self, *faults: Fault) -> None:
        """Let the next calls fail, one fault each."""
        for fault in faults:
            if fault.kind not in FAULTS:
                raise ValueError(f"unknown fault {fault.kind}")
            self.faults[fault.endpoint].append(fault)

    def reply(self, body: dict[str, Any], retry_key: str) -> tuple[int, dict[str, Any], str]:
        """Status, body and accepted request id of a reply."""
        if retry_key:
            return 400, {"message": "X-Line-Retry-Key is not supported by this endpoint"}, ""
        token = body.get("replyToken")
        if problem := _problem(body):
            return 400, problem, ""
        age = self.now() - self.issued.get(str(token), self.now())
        if not isinstance(token, str) or token in self.dead_tokens or age > TOKEN_SECONDS:
            return 400, {"message": INVALID_TOKEN}, ""
        self.dead_tokens.add(token)
        return 200, self._sent(body), ""

    def push(self, body: dict[str, Any], retry_key: str, request_id: str) -> tuple[int, dict[str, Any], str]:
        """Status, body and accepted request id of a push."""
        if problem := _problem(body):
            return 400, problem, ""
        if not isinstance(body.get("to"), str) or not body["to"]:
            return (
                400,
                {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"},
                "",
            )
        if not retry_key:
            return 200, self._sent(body), ""
        if not _is_uuid(retry_key):
            return 400, {"message": "The X-Line-Retry-Key header is not a UUID"}, ""
        at, first = self.retry_keys.get(retry_key, (0.0, ""))
        if first and self.now() - at < RETRY_KEY_SECONDS:
            return 409, {"message": "The retry key is already accepted", **self._sent(body)}, first
        self.retry_keys[retry_key] = (self.now(), request_id)
        return 200, self._sent(body), ""

    def loading(self, body: dict[str, Any]) -> tuple[int, dict[str, Any], str]:
        """Status and body of a loading animation."""
        person = str(body.get("chatId", "")).startswith("U")
        if not person or body.get("loadingSeconds") not in range(5, 61, 5):
            return 400, {"message": "The request body has 1 error(s)"}, ""
        return 202, {}, ""

    def _sent(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"sentMessages": [{"id": str(next(self._ids)), "quoteToken": "q"} for _ in body["messages"]]}


def _problem(body: dict[str, Any]) -> dict[str, Any] | None:
    messages = body.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return _error("messages", "Size must be between 1 and 5")
    for index, message in enumerate(messages):
        text = message.get("text") if message.get("type") == "text" else message.get("altText")
        if not isinstance(text, str) or not text.strip():
            return _error(f"messages[{index}].text", "May not be empty")
    return None


def _error(where: str, message: str) -> dict[str, Any]:
    return {
        "message": "The request body has 1 error(s)",
        "details": [{"message": message, "property": where}],
    }


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
