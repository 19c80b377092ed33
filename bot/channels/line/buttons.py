"""Things to tap in LINE: numbered rows inside a bubble, and quick replies under the last message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.limits import clean, clip, is_blank, utf16_units
from bot.messages import Choice

QUICK_REPLIES = 13
LABEL = 20
"""LINE counts a label in graphemes, checks that know only JSON in code points, which are never fewer."""
ROW_LABEL = 80
"""Code points. A row wraps, so that the words of a long choice can all be read."""
DATA = 300
"""UTF-16 units of postback data."""
ROWS = 10
ROW_BYTES = 10_000
"""Bytes of JSON that the rows of one bubble may take of its 30 KB."""

_GREY = "#DCDFE5"
_INK = "#111111"


def label_of(choice: Choice) -> str:
    """What a choice is called, in one line; never blank."""
    label = " ".join(clean(choice.label).split())
    return "…" if is_blank(label) else label


def chunks(choices: Sequence[Choice], first_number: int) -> list[list[dict[str, Any]]]:
    """The choices as numbered rows, in as many lists as bubbles are needed."""
    found: list[list[dict[str, Any]]] = []
    used = 0
    for number, choice in enumerate(choices, first_number):
        row = _row(number, choice)
        size = json_bytes(row)
        if not found or len(found[-1]) == ROWS or used + size > ROW_BYTES:
            found.append([])
            used = 0
        found[-1].append(row)
        used += size
    return found


def quick_reply(asides: Iterable[Choice]) -> dict[str, Any] | None:
    """The asides as quick replies, each once; None where there are none."""
    once = list(dict.fromkeys(asides))[:QUICK_REPLIES]
    if not once:
        return None
    return {"items": [{"type": "action", "action": _action(choice, label_of(choice))} for choice in once]}


def json_bytes(data: Any) -> int:
    """Bytes of JSON as the SDK writes it, where a Chinese character takes six: the largest possible count."""
    return len(json.dumps(data))


def _row(number: int, choice: Choice) -> dict[str, Any]:
    """A button; or, since a button cuts long words off, a box that looks like one and wraps."""
    label = f"{number} {label_of(choice)}"
    action = _action(choice, label)
    if len(label) <= LABEL:
        return {
            "type": "button",
            "style": "secondary",
            "color": _GREY,
            "adjustMode": "shrink-to-fit",
            "scaling": True,
            "action": action,
        }
    return {
        "type": "box",
        "layout": "vertical",
        "backgroundColor": _GREY,
        "cornerRadius": "md",
        "paddingAll": "lg",
        "action": action,
        "contents": [
            {
                "type": "text",
                "text": clip(label, ROW_LABEL, len),
                "color": _INK,
                "align": "center",
                "wrap": True,
                "scaling": True,
            }
        ],
    }


def _action(choice: Choice, label: str) -> dict[str, Any]:
    """A tap says in the chat what was chosen, since a postback alone leaves no trace there.

    Data that LINE would not carry gives way to a message with the label, which means the same when it is
    typed.
    """
    shown = clip(label_of(choice), ROW_LABEL, len)
    short = clip(label, LABEL, len)
    data = clean(choice.action)
    if choice.picker == "date":
        return {"type": "datetimepicker", "label": short, "data": data, "mode": "date"}
    if is_blank(data) or utf16_units(data) > DATA:
        return {"type": "message", "label": short, "text": shown}
    return {"type": "postback", "label": short, "data": data, "displayText": shown}
