"""Who is spoken to in a group: finds our own mention in a message and takes it out of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.limits import code_point_index

_AT_SIGNS = ("@", "＠")
_AT_NAME = re.compile(r"[@＠]\S+")


def without_own_mention(message: Mapping[str, Any]) -> tuple[str, bool]:
    """The message's text without mentions of us, and whether we were mentioned. Others' mentions stay.

    Raises what plain access raises (`KeyError`, `TypeError`, `AttributeError`) where the message has not
    LINE's shape.
    """
    text = message["text"]
    if not isinstance(text, str):
        raise TypeError("message.text is not a string")
    mentionees = (message.get("mention") or {}).get("mentionees") or []
    own = [mentionee for mentionee in mentionees if mentionee.get("isSelf") is True]
    if not own:
        return text, False
    spans = {span for mentionee in own if (span := _span(text, mentionee))}
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start].rstrip(' ')} {text[end:].lstrip(' ')}"
    return text.strip(), True


def _span(text: str, mentionee: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where a mention stands. LINE does not say in what unit it counts: the reading that finds an @ holds."""
    index, length = mentionee.get("index"), mentionee.get("length")
    if not isinstance(index, int) or not isinstance(length, int):
        index, length = 0, 0
    index, length = max(index, 0), max(length, 0)
    by_utf16 = (code_point_index(text, index), code_point_index(text, index + length))
    for start, end in (by_utf16, (index, index + length)):
        if start < end <= len(text) and text[start] in _AT_SIGNS:
            return start, end
    names = [match.span() for match in _AT_NAME.finditer(text)]
    return min(names, key=lambda span: abs(span[0] - index), default=None)
