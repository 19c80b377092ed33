"""A line that corrects itself: what comes after 「不對」 counts, and what 「不是…是…」 denies does not."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

_P = TypeVar("_P", bound="Placed")

_SLIP = re.compile(
    r"不對|說錯|打錯|寫錯|記錯|弄錯|搞錯|更正|修正|sorry|抱歉|錯了|應該(?:是|為)|才對|應為|改(?:成|為|到)|喔?不是|啊是|喔是|噢是|啊,是|後來(?:是|改)|延[到至](?=\s*(?:\d{1,2}/\d|\d{1,2}月|[今昨前下明]|週|禮拜|星期))|→\s*改?|改\s*(?=[\d一二兩三四五六七八九十])|其實是|實際(?:上)?是|確切是|正確是"
)
_DENIED = re.compile(r"(?<!是)不是\s*([^,。;是\n]{1,20}?)\s*[,、]?\s*(?:而|應該)?是")
_DENIED_AFTER = re.compile(r"是[^,。;是\n]{1,20}?[,、\s]*不是\s*([^,。;\s]{1,15})")


def denied(text: str) -> list[tuple[int, int]]:
    """What the text says it was not: 「不是11/18是11/19」."""
    return [match.span(1) for pattern in (_DENIED, _DENIED_AFTER) for match in pattern.finditer(text)]


def last_slip(text: str) -> int:
    """Where the last correction begins to count; 0 where the line corrects nothing."""
    places = [match.end() for match in _SLIP.finditer(text)]
    return places[-1] if places else 0


class Placed(Protocol):
    """Anything that stands somewhere in the text."""

    @property
    def span(self) -> tuple[int, int]: ...


def last_word(found: list[_P], slip: int) -> list[_P]:
    """Of several mentions those behind the correction; all of them where none is behind it."""
    return [mention for mention in found if mention.span[0] >= slip] or found
