"""Reads one LINE webhook event, as plain data.

The SDK's event models are not used: they turn an event with one unknown or missing field into an
`UnknownEvent`, and an unknown `mode` loses the whole webhook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.limits import clean
from bot.channels.line.mention import without_own_mention
from bot.messages import FileRef, Incoming, Kind

CHANNEL = "line"

REPLY_WITHIN_MS = 50_000
"""LINE honours a reply token for one minute, without promise; ten seconds are kept for the call itself.

The minute of a redelivered event counts from its redelivery, whose moment LINE does not tell. It is counted
from the event all the same: a token given up too early costs one push, a token tried too late costs a call
and then the push.
"""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IDENTIFIER = re.compile(r"[\x21-\x7e]{1,64}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")
_LATEST = 2**53
_FILES = ("image", "video", "audio", "file")
_PLACES = {"group": "groupId", "room": "roomId"}


def read(event: Mapping[str, Any]) -> Incoming | None:
    """One stored event as an `Incoming`; None where there is nothing to do for us.

    Nothing is done in `standby` (another system answers) and for kinds of events that we do not know. Raises
    `KeyError`, `TypeError`, `ValueError` or `AttributeError` where a known kind has not LINE's shape.
    """
    if event.get("mode") == "standby":
        return None
    reader = _READERS.get(event["type"])
    envelope = _envelope(event) if reader else None
    return reader(event, envelope) if reader and envelope else None


def _envelope(event: Mapping[str, Any]) -> Incoming | None:
    """What all events have in common, in a group not addressed to us; None from an unknown kind of source."""
    source = event["source"]
    place = _PLACES.get(source["type"])
    if place is None and source["type"] != "user":
        return None
    occurred_at = _moment(event["timestamp"])
    person = source.get("userId")
    address = _identifier(source[place] if place else person)
    reply_token = _token(event.get("replyToken"))
    return Incoming(
        channel=CHANNEL,
        event_id=_identifier(event["webhookEventId"]),
        # LINE leaves out the person of many group events, among them taps on our own buttons.
        conversation=f"{address}:{_identifier(person)}" if place and person else address,
        address=address,
        occurred_at=occurred_at,
        in_group=place is not None,
        addressed=place is None,
        reply_token=reply_token,
        reply_until=occurred_at + REPLY_WITHIN_MS if reply_token else 0,
    )


def _message(event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    message = event["message"]
    is_text = message["type"] == "text"
    text, mentioned = without_own_mention(message) if is_text else ("", False)
    return replace(
        envelope,
        kind=Kind.TEXT if is_text else Kind.FILE,
        text=clean(text),
        addressed=envelope.addressed if not is_text else mentioned or not envelope.in_group,
        message_id=_identifier(message["id"]),
        quote_token=_token(message.get("quoteToken")),
        files=_files(message),
    )


def _files(message: Mapping[str, Any]) -> tuple[FileRef, ...]:
    """What LINE itself holds for us; a file that lies on somebody else's server is none of ours to fetch."""
    held = message.get("contentProvider", {"type": "line"})
    if message["type"] not in _FILES or not isinstance(held, Mapping) or held.get("type") != "line":
        return ()
    album = message.get("imageSet")
    album = album if isinstance(album, Mapping) else {}
    ref = FileRef(
        source=_identifier(message["id"]),
        name=clean(_string(message.get("fileName"))),
        media_type=message["type"],
        size=_count(message.get("fileSize")),
        album=_token(album.get("id")),
        album_size=_count(album.get("total")),
    )
    return (ref,)


def _edited(event: Mapping[str, Any], envelope: Incoming) -> Incoming | None:
    return _message(event, envelope) if event["message"]["type"] == "text" else None


def _postback(event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    data = event["postback"]["data"]
    if not isinstance(data, str):
        raise TypeError("postback.data is not a string")
    picked = (event["postback"].get("params") or {}).get("date", "")
    action = f"{data}:{picked}" if isinstance(picked, str) and _DAY.fullmatch(picked) else data
    return replace(envelope, kind=Kind.CHOICE, action=clean(action), addressed=True)


def _unsend(event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    return replace(envelope, kind=Kind.UNSEND, message_id=_identifier(event["unsend"]["messageId"]))


def _join(_event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    return replace(envelope, kind=Kind.JOIN, addressed=True)


def _follow(_event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    return replace(envelope, kind=Kind.FOLLOW)


def _leave(_event: Mapping[str, Any], envelope: Incoming) -> Incoming:
    return replace(envelope, kind=Kind.LEAVE)


_READERS: dict[str, Callable[[Mapping[str, Any], Incoming], Incoming | None]] = {
    "message": _message,
    "messageEdited": _edited,
    "postback": _postback,
    "unsend": _unsend,
    "join": _join,
    "follow": _follow,
    "leave": _leave,
    "unfollow": _leave,
}


def _identifier(value: Any) -> str:
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise ValueError("an id is missing, or is none")
    return value


def _token(value: Any) -> str:
    """A token, or nothing: without one the answer goes out as a push, or without a quote."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    """A number, or 0 for none: nothing rests on what is told of a file."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LATEST else 0


def _moment(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LATEST:
        raise ValueError("timestamp is not in epoch milliseconds")
    return value
