"""The chat page as a channel: our own server makes its events, its answers are delivered by being stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.limits import clean
from bot.messages import FileRef, Incoming, Kind, Message, Outgoing, to_json


class WebChannel:
    """One conversation a browser. The session in an event is a hash: the cookie itself is never stored."""

    name = "web"

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """Read `{"id", "session", "text", "action", "at", "kind"?, "files"?}`; `at` in epoch milliseconds.

        Raises `KeyError`, `TypeError` or `ValueError` on anything else.
        """
        return parse_own(self.name, event, person=event["session"])

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """The messages as they are; layout is made when the page is shown."""
        return shown(messages)

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """The same: nothing has to be sent."""
        return shown(messages)


def parse_own(channel: str, event: Mapping[str, Any], *, person: Any) -> Incoming:
    """An event that our own page or terminal made. A button's label stays behind: the action says it all."""
    action = _text(event.get("action", ""))
    files = tuple(FileRef(**file) for file in event.get("files", ()))
    said = Kind.CHOICE if action else Kind.FILE if files else Kind.TEXT
    kind = Kind(event["kind"]) if "kind" in event else said
    identity = _text(event["id"])
    return Incoming(
        channel=channel,
        event_id=identity,
        conversation=_text(person),
        address=_text(person),
        occurred_at=int(event["at"]),
        kind=kind,
        text=clean(_text(event.get("text", ""))).strip() if kind in (Kind.TEXT, Kind.FILE) else "",
        action=action,
        message_id=identity,  # so that retention and taking back find it
        files=files if kind is Kind.FILE else (),
    )


def shown(messages: Sequence[Message]) -> Outgoing:
    """A body that is delivered by being stored."""
    return Outgoing(method="show", payload={"messages": [to_json(message) for message in messages]})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("an event holds text only")
    return value
