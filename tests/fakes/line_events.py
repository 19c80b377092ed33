"""Webhooks as LINE sends them, and their signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from typing import Any

DESTINATION = "U8e742f61d673b39c7fff3cecb7536ef0"
USER = "U4af4980629a0000000000000000000a1"
GROUP = "Ca56f94637c0000000000000000000b2"
ROOM = "Ra8dbf4673c000000000000000000000c3"
BOT_NAME = "@學伴"

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_counter = itertools.count(1)


def ulid(at: int) -> str:
    """A fresh id in the form of a ULID for a time in epoch milliseconds; unlike a real one it counts up."""
    value, letters = (at << 80) | next(_counter), []
    for _ in range(26):
        letters.append(_CROCKFORD[value & 31])
        value >>= 5
    return "".join(reversed(letters))


def now_ms() -> int:
    """The machine's time in epoch milliseconds."""
    return int(time.time() * 1000)


def source(*, user: str | None = USER, group: str = "", room: str = "") -> dict[str, str]:
    """Where an event comes from; `user=None` leaves the person out, as LINE does for many group events."""
    person = {"userId": user} if user else {}
    if group:
        return {"type": "group", "groupId": group, **person}
    if room:
        return {"type": "room", "roomId": room, **person}
    return {"type": "user", **person}


def event(
    kind: str,
    *,
    at: int | None = None,
    origin: dict[str, str] | None = None,
    event_id: str = "",
    reply_token: str | None = None,
    redelivered: bool = False,
    mode: str = "active",
    **rest: Any,
) -> dict[str, Any]:
    """An event with what all have in common. `reply_token=""` leaves the token out."""
    at = now_ms() if at is None else at
    token = f"{next(_counter):032x}" if reply_token is None else reply_token
    return {
        "type": kind,
        **rest,
        "webhookEventId": event_id or ulid(at),
        "deliveryContext": {"isRedelivery": redelivered},
        "timestamp": at,
        "source": origin or source(),
        **({"replyToken": token} if token else {}),
        "mode": mode,
    }


def text(
    words: str, *, mention: list[dict[str, Any]] | None = None, kind: str = "message", **common: Any
) -> dict[str, Any]:
    """A text message; `kind="messageEdited"` for one that was changed."""
    message: dict[str, Any] = {
        "id": common.pop("message_id", f"4687895778982{next(_counter):05d}"),
        "type": "text",
        "quoteToken": f"q3Plxr4AgKd{next(_counter):06d}_0-abc",
        "markAsReadToken": "30yhdy232",
        "text": words,
    }
    if mention is not None:
        message["mention"] = {"mentionees": mention}
    return event(kind, message=message, **common)


def mentionee(index: int, length: int, *, is_self: bool = True, user: str = DESTINATION) -> dict[str, Any]:
    """One mention of a person, by default of us."""
    return {"index": index, "length": length, "type": "user", "userId": user, "isSelf": is_self}


def asked_in_group(words: str, **common: Any) -> dict[str, Any]:
    """A question in a group that begins with our name."""
    mention = [mentionee(0, len(BOT_NAME))]
    return text(f"{BOT_NAME} {words}", mention=mention, origin=source(group=GROUP), **common)


def postback(data: str, **common: Any) -> dict[str, Any]:
    """A tap on one of our buttons."""
    return event("postback", postback={"data": data}, **common)


def sticker(**common: Any) -> dict[str, Any]:
    """A message without words."""
    message = {
        "type": "sticker",
        "id": f"1501597916{next(_counter):05d}",
        "quoteToken": "q3Plxr4AgKd...",
        "stickerId": "52002738",
        "packageId": "11537",
        "stickerResourceType": "ANIMATION",
        "keywords": ["cony", "sally"],
    }
    return event("message", message=message, **common)


def file(kind: str = "image", *, message_id: str = "", **common: Any) -> dict[str, Any]:
    """A picture, film, sound or file; `more` stands in the message itself."""
    more = common.pop("more", {})
    provider = {} if kind == "file" else {"contentProvider": {"type": "line"}}
    message = {"type": kind, "id": message_id or f"5897895778982{next(_counter):05d}", **provider, **more}
    return event("message", message=message, **common)


def unsend(message_id: str, **common: Any) -> dict[str, Any]:
    """A message taken back; it has no reply token."""
    return event("unsend", unsend={"messageId": message_id}, reply_token="", **common)


def body(*events: dict[str, Any]) -> bytes:
    """The raw body of a webhook."""
    return json.dumps({"destination": DESTINATION, "events": list(events)}, ensure_ascii=False).encode()


def signature(secret: str, raw: bytes) -> str:
    """What LINE would put into `x-line-signature`."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def headers(secret: str, raw: bytes) -> dict[str, str]:
    """The headers of a webhook."""
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "LineBotWebhook/2.0",
        "x-line-signature": signature(secret, raw),
    }
