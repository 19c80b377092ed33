"""From a Telegram update to an `Incoming`. Pure; updates are plain dicts, so that unknown fields do no harm.

`occurred_at` of a button is 0, "not known": Telegram gives no time of the tap, and the date of the message
that bears the button would sort the tap before everything that was said since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.telegram import commands, files
from bot.channels.telegram.spoken import Spoken, listen
from bot.messages import Incoming, Kind

FILES = frozenset(
    {
        *(
            "animation",
            "audio",
            "contact",
            "dice",
            "document",
            "game",
            "location",
            "paid_media",
            "photo",
            "poll",
        ),
        *("sticker", "story", "venue", "video", "video_note", "voice"),
    }
)
"""Fields of a message that hold something other than words; service notices have none of them."""

_LARGEST_ID = 2**63
_LARGEST_SECONDS = 2**40
_OUTSIDE = ("left", "kicked")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something was said, and by whom."""

    chat: int
    user: int
    in_group: bool

    def incoming(self, event_id: str, occurred_at: int, message_id: str = "") -> Incoming:
        return Incoming(
            channel="telegram",
            event_id=event_id,
            conversation=f"{self.chat}:{self.user}" if self.in_group else str(self.user),
            address=str(self.chat),
            occurred_at=occurred_at,
            message_id=f"{self.chat}:{message_id}" if message_id else "",
            in_group=self.in_group,
            quote_token=message_id if self.in_group else "",
        )


def parse(update: Mapping[str, Any], username: str) -> Incoming | None:
    """One update; None where it asks nothing of us. `username` is the bot's, without `@`.

    Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` on what Telegram would not send.
    """
    event_id = str(_whole(update["update_id"], _LARGEST_ID))
    if "message" in update:
        message = _object(update["message"])
        return _message(event_id, message, username, "date")
    if "edited_message" in update:
        message = _object(update["edited_message"])
        # A live location is "edited" every few seconds; only words are worth an answer.
        return _message(event_id, message, username, "edit_date") if "text" in message else None
    if "callback_query" in update:
        return _tap(event_id, _object(update["callback_query"]))
    if "my_chat_member" in update:
        return _membership(event_id, _object(update["my_chat_member"]))
    return None


def _message(event_id: str, message: Mapping[str, Any], username: str, dated: str) -> Incoming | None:
    place = _place(message.get("chat"), message.get("from"))
    if place is None or _is_another_bot(message):
        return None
    moment = _whole(message.get(dated, message["date"]), _LARGEST_SECONDS) * 1000
    incoming = place.incoming(event_id, moment, str(_whole(message["message_id"], _LARGEST_ID)))
    if "text" in message:
        spoken = listen(message["text"], message.get("entities", ()), username)
        return _words(_addressed(incoming, spoken, message, username), spoken, username)
    if FILES.isdisjoint(message):
        return None
    spoken = listen(message.get("caption", ""), message.get("caption_entities", ()), username)
    heard = _addressed(incoming, spoken, message, username)
    return replace(heard, kind=Kind.FILE, text=spoken.text, files=files.refs(message))


def _addressed(incoming: Incoming, spoken: Spoken, message: Mapping[str, Any], username: str) -> Incoming:
    to_us = not incoming.in_group or spoken.mentions_us or _answers_us(message, username)
    return replace(incoming, addressed=to_us)


def _words(incoming: Incoming, spoken: Spoken, username: str) -> Incoming | None:
    command = commands.read(spoken.text)
    if command is None:
        return replace(incoming, text=spoken.text)
    ours = bool(username) and command.bot == username.lower()
    if command.bot and not ours and incoming.in_group:
        return None
    if not command.known:
        # In a group a bare "/roll" is meant for whichever bot knows it.
        return replace(incoming, text=spoken.text, addressed=incoming.addressed or ours)
    if command.name == commands.START:
        return replace(incoming, kind=Kind.FOLLOW, text=command.rest, addressed=True)
    return replace(incoming, text=commands.WORDS[command.name], addressed=True)


def _tap(event_id: str, query: Mapping[str, Any]) -> Incoming | None:
    if "message" not in query or "data" not in query:
        return None  # a game, or a message sent through inline mode: neither is ours
    message = _object(query["message"])
    place = _place(message["chat"], query["from"])
    if place is None:
        return None
    incoming = place.incoming(event_id, 0, str(_whole(message["message_id"], _LARGEST_ID)))
    # The query's id travels as the reply token: `render` answers it, which ends the spinner on the button.
    return replace(incoming, kind=Kind.CHOICE, action=_text(query["data"]), reply_token=_text(query["id"]))


def _membership(event_id: str, change: Mapping[str, Any]) -> Incoming | None:
    place = _place(change["chat"], change["from"])
    if place is None:
        return None
    incoming = place.incoming(event_id, _whole(change["date"], _LARGEST_SECONDS) * 1000)
    inside = _is_inside(_object(change["new_chat_member"]))
    if not inside:
        return replace(incoming, kind=Kind.LEAVE)
    # In private this is an unblocking: the /start that follows it is the greeting. In a group, a promotion.
    if not place.in_group or _is_inside(_object(change["old_chat_member"])):
        return None
    return replace(incoming, kind=Kind.JOIN)


def _is_inside(member: Mapping[str, Any]) -> bool:
    if member["status"] == "restricted":
        return bool(member.get("is_member", False))
    return member["status"] not in _OUTSIDE


def _place(chat: Any, sender: Any) -> _Place | None:
    """None in a channel, and where nobody stands behind the message."""
    if sender is None:
        return None
    where, who = _object(chat), _object(sender)
    if where["type"] not in ("private", "group", "supergroup"):
        return None
    return _Place(_signed(where["id"]), _whole(who["id"], _LARGEST_ID), where["type"] != "private")


def _is_another_bot(message: Mapping[str, Any]) -> bool:
    """Bots are not answered, or two of them would talk for ever; an anonymous admin only looks like one."""
    if not message["from"].get("is_bot", False):
        return False
    return bool(message.get("sender_chat", {}).get("id") != message["chat"]["id"])


def _answers_us(message: Mapping[str, Any], username: str) -> bool:
    author = message.get("reply_to_message", {}).get("from", {})
    return bool(username and author.get("is_bot", False) and author.get("username", "").lower() == username.lower())


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("an object was expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string was expected")
    return value


def _signed(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number was expected")
    if abs(value) >= _LARGEST_ID:
        raise ValueError("a number is too large")
    return value


def _whole(value: Any, largest: int) -> int:
    number = _signed(value)
    if not 0 <= number < largest:
        raise ValueError("a number is out of range")
    return number
