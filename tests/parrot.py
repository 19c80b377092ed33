"""The smallest channel and the smallest router, for tests of what carries messages between them.

An event is `{"id", "who", "text", "at", "kind"?, "message"?, "in_group"?, "addressed"?}`. The router repeats what it
hears and counts; on the word `BREAK` it fails, and a message with the word `UNDRAWABLE` can't be rendered.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.inbox.ingest import new_events
from bot.messages import Incoming, Kind, Message, Outgoing, Text, plain
from bot.store.inbox import NewEvent
from bot.store.outbox import Delivery
from handlers.desk import Desk
from handlers.dialogue import KeepQuestion, State, Turn
from scheduler.dispatch import Outcome, Result

BREAK = "break"
UNDRAWABLE = "undrawable"

_ids = itertools.count(1)


class ParrotChannel:
    """Nothing to learn about it; every field of an event is taken as it comes."""

    def __init__(self, name: str = "parrot") -> None:
        self.name = name
        self.broken = False
        """While set, nothing at all can be rendered."""

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """Raises `KeyError` or `ValueError` on what is no such event; None for the kind `ignore`."""
        if event.get("kind") == "ignore":
            return None
        return Incoming(
            channel=self.name,
            event_id=event["id"],
            conversation=event["who"],
            address=event["who"],
            occurred_at=int(event["at"]),
            kind=Kind(event.get("kind", "text")),
            text=event.get("text", ""),
            message_id=event.get("message", ""),
            in_group=event.get("in_group", False),
            addressed=event.get("addressed", True),
        )

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """One push. Raises `RuntimeError` where told to."""
        texts = [plain(message) for message in messages]
        if self.broken or any(UNDRAWABLE in text for text in texts):
            raise RuntimeError("can't be drawn")
        return Outgoing("push", {"texts": texts})

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """The same, unasked."""
        return Outgoing("push", {"texts": [plain(message) for message in messages]})


def said(who: str, text: str = "hello", *, at: int = 1, **more: Any) -> dict[str, Any]:
    """A raw event with a fresh id."""
    return {"id": f"e{next(_ids)}", "who": who, "text": text, "at": at, **more}


def events(*raw: dict[str, Any], channel: str = "parrot") -> list[NewEvent]:
    """Raw events, ready to be stored."""
    return new_events(ParrotChannel(channel), raw)


@dataclass
class Parrot:
    """Repeats; `heard` is what came, in order."""

    heard: list[Incoming] = field(default_factory=list)

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """Answers `<text>`; keeps each question. Raises `RuntimeError` on `BREAK`."""
        self.heard.append(incoming)
        if BREAK in incoming.text:
            raise RuntimeError("asked to break")
        question = KeepQuestion(incoming.event_id[:26], incoming.text, incoming.text.casefold(), "refused", "", "", ())
        return Turn(State(question_id=incoming.event_id, welcomed=True), (Text(f"<{incoming.text}>"),), (question,))


@dataclass
class Postman:
    """A sender that notes what it was given, and answers as told, `SENT` when nothing was."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> Outcome:
        """Takes the next of `outcomes`."""
        self.sent.append(delivery)
        return self.outcomes.pop(0) if self.outcomes else Outcome(Result.SENT, "200")

    @property
    def texts(self) -> list[str]:
        """All that was sent, in order."""
        return [text for delivery in self.sent for text in delivery.payload["texts"]]
