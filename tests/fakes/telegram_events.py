"""Updates as Telegram sends them."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.fakes.telegram import USERNAME

PERSON = 70001
GROUP = -1001987654321
SECRET = "secret-Of_the-webhook"

_updates = itertools.count(880_000_001)
_messages = itertools.count(501)


def update(**content: Any) -> dict[str, Any]:
    """An update with the next id."""
    return {"update_id": next(_updates), **content}


def user(identity: int = PERSON, **more: Any) -> dict[str, Any]:
    """A person; names and language are there because Telegram sends them, and we keep none of them."""
    return {"id": identity, "is_bot": False, "first_name": "老師", "language_code": "zh-hant", **more}


def us() -> dict[str, Any]:
    """The bot itself."""
    return {"id": 123456, "is_bot": True, "first_name": "學伴", "username": USERNAME}


def chat(identity: int = PERSON, kind: str = "") -> dict[str, Any]:
    """A chat, private where its id is positive."""
    if identity > 0:
        return {"id": identity, "first_name": "老師", "type": kind or "private"}
    return {"id": identity, "title": "計畫群組", "type": kind or "supergroup"}


def message(*, where: int = PERSON, at: int | None = None, who: int = PERSON, **content: Any) -> dict[str, Any]:
    """A message; `at` in epoch seconds."""
    return {
        "message_id": next(_messages),
        "from": user(who),
        "chat": chat(where),
        "date": int(time.time()) if at is None else at,
        **content,
    }


def text(words: str, **common: Any) -> dict[str, Any]:
    """Somebody writes."""
    return update(message=message(text=words, **common))


def mention(words: str, name: str = USERNAME) -> list[dict[str, Any]]:
    """The entities of a text that names a bot once, in UTF-16 units as Telegram counts."""
    before = words.split(f"@{name}")[0]
    return [{"type": "mention", "offset": len(before.encode("utf-16-le")) // 2, "length": len(name) + 1}]


def asked_in_group(words: str, **common: Any) -> dict[str, Any]:
    """Somebody writes in a group and names us."""
    return text(words, entities=mention(words), where=GROUP, **common)


def edited(words: str, **common: Any) -> dict[str, Any]:
    """Somebody changes what they wrote, a minute later."""
    before = message(text=words, **common)
    return update(edited_message={**before, "edit_date": before["date"] + 60})


def tap(action: str, *, where: int = PERSON, who: int = PERSON, **more: Any) -> dict[str, Any]:
    """Somebody presses one of our buttons."""
    bearer = {**message(text="請選擇：", where=where), "from": us()}
    query = {
        "id": "4382bfdwdsb323b2d9",
        "from": user(who),
        "message": bearer,
        "chat_instance": "-3",
        "data": action,
    }
    return update(callback_query=query | more)


def membership(old: str, new: str, *, where: int = GROUP, **member: Any) -> dict[str, Any]:
    """Our standing in a chat changes from one status to another."""
    return update(
        my_chat_member={
            "chat": chat(where),
            "from": user(),
            "date": int(time.time()),
            "old_chat_member": {"user": us(), "status": old},
            "new_chat_member": {"user": us(), "status": new, **member},
        }
    )
