"""The JSON lines of `xueban chat --json`: what a line of input asks for, and how an answer is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.limits import clean
from bot.clock import parse_local
from bot.messages import Kind, Message, plain

LONGEST_NAME = 100
"""Characters of a user's name: it is part of a key in the database."""
_SPEECH = {"text": Kind.TEXT, "tap": Kind.TEXT, "file": Kind.FILE}
"""A tap is the label typed: the engine knows what it offered, and an unknown label is mere text."""


class MalformedLineError(ValueError):
    """A line of input that cannot be read; the message is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of input: a moment to move the clock to, something that a person says, or both."""

    user: str = ""
    text: str = ""
    kind: Kind | None = None
    """None where nobody says anything."""
    now: datetime | None = None
    file: str = ""
    """Path of the file that a `Kind.FILE` sends."""


def read_line(line: str, number: int, user: str = "") -> Said:
    """One line of input; `number` is named in the complaint, `user` speaks where the line names nobody.

    Raises `MalformedLineError`.
    """
    try:
        data = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise MalformedLineError(f"第 {number} 行不是 JSON。") from None
    if not isinstance(data, dict):
        raise MalformedLineError(f'第 {number} 行不是 JSON 物件，請寫成 {{"user": …, "text": …}}。')
    now = read_moment(data["now"], f"第 {number} 行的 now ") if "now" in data else None
    speech = [key for key in _SPEECH if key in data]
    if not speech and now and "user" not in data:
        return Said(now=now)
    if len(speech) != 1:
        raise MalformedLineError(f"第 {number} 行要有 text、tap、file 其中一項，或只有 now。")
    words = data[speech[0]]
    if not isinstance(words, str):
        raise MalformedLineError(f"第 {number} 行的 {speech[0]} 要是文字。")
    name = read_name(data.get("user", user), f"第 {number} 行的 user ")
    kind = _SPEECH[speech[0]]
    is_file = kind is Kind.FILE
    return Said(user=name, text="" if is_file else words, kind=kind, now=now, file=words if is_file else "")


def as_line(user: str, messages: Sequence[Message], *, push: bool = False) -> str:
    """One line of output."""
    shown = [{"text": plain(m), "choices": [choice.label for choice in m.choices]} for m in messages]
    head: dict[str, Any] = {"user": user, "push": True} if push else {"user": user}
    return json.dumps({**head, "messages": shown}, ensure_ascii=False)


def read_name(value: object, where: str) -> str:
    """A user's name. Raises `MalformedLineError`, which says `where` it stood."""
    if not isinstance(value, str) or not value or len(value) > LONGEST_NAME or clean(value).strip() != value:
        raise MalformedLineError(f"{where}要是 1 到 {LONGEST_NAME} 個字的名字。")
    return value


def read_moment(value: object, where: str) -> datetime:
    """An ISO date or date-time, Taipei wall time where it has no zone. Raises `MalformedLineError`."""
    try:
        if isinstance(value, str):
            return parse_local(value)
    except ValueError:
        pass  # said below, as for a value of another type
    raise MalformedLineError(f"{where}不是日期或時間，請寫成 2025-09-05T14:00。")
