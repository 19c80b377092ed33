"""One activity among several that was called off: what the line says of the others is a record all the same."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise

from knowledge.spoken import clock, days, durations, kinds, timing, topics
from knowledge.spoken.model import DayReading

_CLAUSE = re.compile(r"[^,。;!()\n]+")
_PARTS = re.compile(r"[\s、]|[^\w\s!-/:-@\[-`{-~（「」]")
_ENUMERATED = re.compile(r"[\s、,和及與跟]*")
_CALLED_OFF = re.compile(
    r"取消|停辦|停開|暫停(?!\d)|延期|改期|因故(?:未|沒)|未(?:開成|舉行|召開)|沒(?:有)?(?:開成|辦成|開(?!始|完)|辦(?!完)|舉行)"
)
_NOT_SO = re.compile(r"(?:差一?點|險些|沒有?|並未|不會|未)(?:被|要)?(?:取消|延期|停辦)|如期|照常|照樣|還是")
_MOVED = re.compile(r"補[開辦]|改\s*[在到至於成為\d下上禮星週]|[延移換提](?:後|前|期)?[到至]|順延|延後")


def without(folded: str, now: datetime) -> str:
    """The folded text with the clause that calls one day off made unreadable, and that day with it.

    The text itself where nothing, or all of it, was called off, or where a meeting was moved.
    """
    if not _CALLED_OFF.search(folded) or _NOT_SO.search(folded) or _MOVED.search(folded):
        return folded
    mentions = days.find_days(folded, now)
    off, gone = set[date](), list[tuple[int, int]]()
    for start, end in _clauses(folded, mentions):
        word = _CALLED_OFF.search(folded, start, end)
        named = [m for m in mentions if word and start <= m.span[0] < word.start()]
        if word and len(named) == 1 and named[0].day and not named[0].problem:
            if _is_one_of_many(folded, mentions, named[0]):
                return folded
            off.add(named[0].day)
            gone.append((start, end))
    left = topics.blank(folded, gone + [m.span for m in mentions if m.day in off])
    return left if gone and _is_whole(left, now) else folded


def _clauses(folded: str, mentions: list[DayReading]) -> list[tuple[int, int]]:
    """Where the clauses stand; a blank before a day parts them too."""
    found = list[tuple[int, int]]()
    for clause in _CLAUSE.finditer(folded):
        begun = [m.span[0] for m in mentions if clause.start() < m.span[0] < clause.end()]
        places = [clause.start(), *(place for place in begun if _PARTS.match(folded[place - 1])), clause.end()]
        found.extend(pairwise(places))
    return found


def _is_one_of_many(folded: str, mentions: list[DayReading], called_off: DayReading) -> bool:
    """「11/11、11/18取消」: whether both were called off, who knows."""
    before = [m.span[1] for m in mentions if m.span[1] <= called_off.span[0]]
    return bool(before) and bool(_ENUMERATED.fullmatch(folded, before[-1], called_off.span[0]))


def _is_whole(left: str, now: datetime) -> bool:
    """Whether what is left names a kind, a time and a day, not ahead of now, of its own."""
    mentions = days.find_days(left, now)
    if (
        not any(m.day and m.day <= now.date() for m in mentions)
        or not kinds.find_kinds(left)
        or _CALLED_OFF.search(left)
    ):
        return False
    plain = timing.blank(left, [m.span for m in mentions])
    return bool(clock.find_stretches(plain, day_known=True) or durations.find_lengths(plain))
