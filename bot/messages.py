"""The nouns of a conversation, free of any channel: what comes in, what goes out, and what a channel must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What an incoming event asks of us."""

    TEXT = "text"
    CHOICE = "choice"
    """A button: `Incoming.action` holds what the button carried."""
    FILE = "file"
    """A picture, a sticker, a voice message: anything that is not text."""
    FOLLOW = "follow"
    """The person befriended or started us."""
    JOIN = "join"
    """We were taken into a group."""
    UNSEND = "unsend"
    """The person took a message back; `Incoming.message_id` names it."""
    LEAVE = "leave"
    """The person blocked us, or we were put out of a group; nothing can be sent."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a message brought: how to get it, and what the provider says of it, on which nothing may rest."""

    source: str
    """The provider's id of the file; never an address."""
    name: str = ""
    media_type: str = ""
    """`image`, `video`, `audio` or `file`."""
    size: int = 0
    """Bytes; 0 where that is not known."""
    album: str = ""
    """The provider's id of what was sent at one go."""
    album_size: int = 0
    """Files in the album; 0 where that is not known."""
    problem: str = ""
    """Why it was not taken, one sentence; from our own page and terminal only."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a channel, parsed. Nothing in it is trusted beyond its type."""

    channel: str
    """`line`, `telegram`, `web` or `terminal`."""
    event_id: str
    """The provider's id of the event, unique within the channel; our own logs carry it."""
    conversation: str
    """Whose dialogue this is: the person in private, the person within the group in a group."""
    address: str
    """Where a message to this conversation is sent: a user's or a group's id."""
    occurred_at: int
    """When the provider says that it happened, epoch milliseconds."""
    kind: Kind = Kind.TEXT
    text: str = ""
    action: str = ""
    message_id: str = ""
    in_group: bool = False
    addressed: bool = True
    """False in a group where nobody spoke to us: then nothing may be answered."""
    reply_token: str = ""
    reply_until: int = 0
    """Epoch milliseconds after which the reply token is not worth trying; 0 where the channel has none."""
    quote_token: str = ""
    """Lets the channel quote the asker in a group."""
    files: tuple[FileRef, ...] = ()
    """Of `Kind.FILE`: what can be kept; empty for a sticker or a place."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap. A person may as well type its label, or its number where it is not an aside."""

    label: str
    """At most 20 graphemes are shown everywhere; channels shorten what is longer."""
    action: str
    """What the button carries, at most 64 bytes (Telegram's limit); enough to be understood without memory."""
    aside: bool = False
    """An aside (「有幫助」, 「選單」) stands beside the conversation: not numbered, shown lightly."""
    picker: str = ""
    """`date`: opens a calendar in channels that have one, and is not shown in others. The day follows the action."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One topic in a frame: a title, the words that matter, and where they come from."""

    title: str
    text: str
    source: str = ""
    """The citation line: 「依據：跨校遠距（114 學年度）柒/一/(一)」."""
    status: str = ""
    """A word at the head, never colour alone: 「查到了」, 「想確認一下」, 「查不到」."""
    choices: tuple[Choice, ...] = ()


Message = Text | Card


def plain(message: Message) -> str:
    """All that a message says, without layout: what a terminal prints and what a notification shows."""
    if isinstance(message, Text):
        return message.text
    return "\n".join(part for part in (message.text, message.source) if part)


def to_json(message: Message) -> dict[str, Any]:
    """A message as JSON-ready data, with its type under `type`."""
    return {"type": type(message).__name__.lower(), **asdict(message)}


def from_json(data: Mapping[str, Any]) -> Message:
    """The inverse of `to_json`. Raises `KeyError` or `TypeError` on data that it did not write."""
    fields = {key: value for key, value in data.items() if key not in ("type", "choices")}
    choices = tuple(Choice(**choice) for choice in data.get("choices", ()))
    kinds: dict[str, type[Text] | type[Card]] = {"text": Text, "card": Card}
    return kinds[data["type"]](**fields, choices=choices)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A rendered, frozen message body on its way to a channel; goes into one outbox row."""

    method: str
    """`reply` (by token), `push`, or `show` (delivered by being stored: web page and terminal)."""
    payload: dict[str, Any] = field(default_factory=dict)
    reply_token: str = ""
    reply_until: int = 0


class Channel(Protocol):
    """What every channel can do without touching the network."""

    name: str

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """One stored provider event as an `Incoming`; None where there is nothing to do for us."""
        ...

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """All messages answering one event as one body. Must not fail on any text and keep the channel's limits."""
        ...

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """Messages that answer nothing, for a private conversation, as one body. The same promises."""
        ...
