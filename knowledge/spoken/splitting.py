"""Several activities in one message, one by one, so that a chat can take them in turn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from knowledge.spoken import days, kinds, letters, timing
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Draft, Reading

_SPLIT = re.compile(r"\s*(?:[;\n]|[,。、]?\s*(?:另外|還有|以及|然後|接著|再來|並且?)(?=.)|[,。、]|\s{1,})\s*")


def split_lines(text: str, now: datetime) -> list[Reading]:
    """The activities of one message one by one, where it holds several; else the reading of the whole line alone.

    A part without a day takes the day of the part before it, and so with the kind. A part that is no log is among
    them too, since its words must not get lost.
    """
    whole = parse_line(text, now)
    if not ({"several", "several_kinds"} & set(whole.reasons.values())):
        return [whole]
    parts, before = list[str](), 0
    folded = letters.fold(text)
    for match in _SPLIT.finditer(folded):
        if _starts_another(folded[before : match.start()], folded[match.end() :], now):
            parts.append(text[before : match.start()])
            before = match.end()
    parts.append(text[before:])
    if len(parts) > 1:
        return _chained([replace(parse_line(part, now), said=part.strip()) for part in parts])
    return _day_by_day(whole, folded, now) or [whole]


def _day_by_day(whole: Reading, folded: str, now: datetime) -> list[Reading]:
    """「11/18、11/19社群各2小時」: one activity on each of the days."""
    named = days.find_days(folded, now)
    dates = list(dict.fromkeys(mention.day for mention in named if mention.day and not mention.problem))
    if whole.reasons.get("starts_at") != "several" or len(dates) < 2 or whole.draft.starts_at is None:
        return []
    if any(mention.problem or day > now.date() for mention, day in zip(named, dates, strict=False)):
        return []
    ask = tuple(field for field in whole.ask if field != "starts_at")
    reasons = {field: whole.reasons[field] for field in ask}
    hour = whole.draft.starts_at.time()
    return [
        replace(whole, draft=replace(whole.draft, starts_at=datetime.combine(day, hour)), ask=ask, reasons=reasons)
        for day in dates
    ]


def _starts_another(part: str, rest: str, now: datetime) -> bool:
    """Whether what follows names again what the part has already, a day or a kind: then it is about another time."""
    head = _SPLIT.split(rest, maxsplit=1)[0]
    has_day = bool(days.find_days(part, now))
    has_kind = bool(kinds.find_kinds(part) or kinds.handed_in(part, strongly=False))
    another = (has_day and bool(days.find_days(head, now))) or (has_kind and bool(kinds.find_kinds(head)))
    return another and (has_kind or bool(timing.read_time(part, 0, day_known=True).spans))


def _chained(readings: list[Reading]) -> list[Reading]:
    found, before = list[Reading](), Draft()
    for reading in readings:
        found.append(_filled(reading, before) if reading.is_log and found else reading)
        before = found[-1].draft if reading.is_log else before
    return found


def _filled(reading: Reading, before: Draft) -> Reading:
    draft, reasons = reading.draft, dict(reading.reasons)
    if reasons.get("starts_at") == "no_day" and before.starts_at:
        midnight = before.starts_at.replace(hour=0, minute=0)
        draft, _ = replace(draft, starts_at=midnight, day_only=True), reasons.pop("starts_at")
    if reasons.get("kind") == "no_kind" and before.kind:
        draft, _ = replace(draft, kind=before.kind), reasons.pop("kind")
    return replace(reading, draft=draft, reasons=reasons, ask=tuple(field for field in reading.ask if field in reasons))
