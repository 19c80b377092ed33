"""Several activities in one message, one by one, so that a chat can take them in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from knowledge.spoken import clock, days, intent, kinds, letters, slips, timing, topics
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Reading, Reason

_SPLIT = re.compile(
    r"\s*(?:[;\n]|[,。、]?\s*(?:另外|還有|以及|然後|接著|再來|並且?|[和跟與及](?=\d{1,2}:|[上下]午))(?=.)|[,。、]|\s)\s*"
)
_ASKS_BEHIND = re.compile(r"[，,、]\s*(?=(?:另外|順便|還)?(?:請問|想問|想請問))")
_SENTENCE = re.compile(r"[\n。;!]+")
_CUT = re.compile(r".*[\n。;]|.*[,、\s]", re.DOTALL)
_MOST_SENTENCES = 30
"""More are no record with a question beside it."""
_EACH = re.compile(r"[各每都均皆]")
_EACH_LENGTH = re.compile(r"[各每都均皆]\s*(?:是|為|開|次|場|約)*\s*[\d一二兩三四五六七八九十半]")
_TOTAL_LENGTH = re.compile(
    r"(?:共|合計|總計)\s*(?:計|是|為|約)?\s*[\d一二兩三四五六七八九十]+(?:\.\d+)?\s*(?:個|小時|hr|h|分)"
)
_UNTIL = re.compile(r"[-~至到]")
_DOUBTS: frozenset[str] = frozenset({"several", "several_kinds"})
_NOTE = re.compile(r"\s*(?:備註|附註|附記|p\.?s\.?)\s*[:.]")
_LAST_CLAUSE = re.compile(r"(.*[^，,。；;！!\n\s])\s*[，,。；;！!\n]+[^，,。；;！!\n]+[，,。；;！!\n\s]*", re.DOTALL)
_SHORTEST_CLAUSE = 3
_POLITE = re.compile(r"謝|感恩|辛苦|拜託|麻煩")


def split_lines(text: str, now: datetime) -> list[Reading]:
    """The activities of one message one by one, where it holds several; else the reading of the whole line alone.

    A part without a day or a kind takes the one that the message names, or that of the part before it. A part that is
    no log is among them too, with the words it `said`, and so is what goes beyond `letters.LONGEST_LINE`.
    """
    text, rest = _within(letters.tidy_whole(text))
    whole = parse_line(text, now)
    found = _several(text, whole, now)
    left = _left_over(text, found, now) if sum(reading.is_log for reading in found) > 1 else ""
    unread = [Reading(is_log=False, said=said) for said in (left, rest) if said]
    return [*(found or [whole]), *unread]


def beyond(text: str) -> str:
    """What of a text is too far behind to be read; "" for all but the longest."""
    return _within(letters.tidy_whole(text))[1]


def _left_over(text: str, found: list[Reading], now: datetime) -> str:
    """The words behind the last of several activities that say nothing of it: 「…，還有一件事沒做完」."""
    last = found[-1]
    if not last.is_log:
        return ""
    said = last.said or text
    alone, cut = parse_line(said, now), len(said)
    while match := _LAST_CLAUSE.fullmatch(said, 0, cut):
        if replace(parse_line(match[1], now), said="") != alone:
            break
        cut = match.end(1)
    left = said[cut:].strip(" \t\n，、。；,;!！")
    return "" if len(left) < _SHORTEST_CLAUSE or intent.is_talk(letters.fold(left)) or _POLITE.search(left) else left


def _within(text: str) -> tuple[str, str]:
    """As much as is read, cut between two words, and the rest."""
    if len(text) <= letters.LONGEST_LINE:
        return text, ""
    cut = _CUT.match(text, 0, letters.LONGEST_LINE)
    place = cut.end() if cut else letters.LONGEST_LINE
    return text[:place].rstrip(), text[place:].strip()


def _several(text: str, whole: Reading, now: datetime) -> list[Reading]:
    if not whole.is_log:
        return _beside_a_question(text, now)
    doubts = _DOUBTS & set(whole.reasons.values())
    parts = _parts(text, now) if doubts else _whole_sentences(text, now)
    if len(parts) < 2:
        return _day_by_day(whole, text, now) if doubts else []
    read = [reading for part in parts for reading in _read(part, now)]
    return _shared(read, text, now)


def _whole_sentences(text: str, now: datetime) -> list[str]:
    """The lines of the message where each of them is a record for itself, be it of the same day and kind."""
    lines = [line.strip() for line in _SENTENCE.split(letters.fold(text)) if line.strip()]
    full = len(lines) > 1 and all(_is_full(parse_line(line, now)) for line in lines)
    return [line.strip() for line in re.split(r"[\n。；;！!]+", text) if line.strip()] if full else []


def _is_full(reading: Reading) -> bool:
    draft = reading.draft
    return reading.is_log and bool(draft.kind and draft.starts_at and (draft.minutes or draft.deliverable))


def _beside_a_question(text: str, now: datetime) -> list[Reading]:
    """「昨天社群2小時。請問下個月要開幾次？」: the record, and the question for itself."""
    sentences = [part.strip() for part in re.split(r"[\n。；;！!]+", _ASKS_BEHIND.sub("。", text)) if part.strip()]
    if not 1 < len(sentences) <= _MOST_SENTENCES:
        return []
    read = [replace(parse_line(part, now), said=part) for part in sentences]
    others = [letters.fold(reading.said) for reading in read if not reading.is_log]
    asked = all(intent.is_question(other, whole=False) and not intent.is_edit(other) for other in others)
    if not asked or not any(_is_full(reading) or _DOUBTS & set(reading.reasons.values()) for reading in read):
        return []
    return [each for reading in read for each in (reading.is_log and _several(reading.said, reading, now)) or [reading]]


def _read(part: str, now: datetime) -> list[Reading]:
    """The reading of a part; where it is none, of its sentences, if one of them is."""
    if _NOTE.match(letters.fold(part)):
        return [Reading(is_log=False, said=part)]
    reading = replace(parse_line(part, now), said=part)
    first, *more = (reading.is_log and _day_by_day(reading, part, now)) or [reading]
    return (
        [first, *(replace(each, said="") for each in more)]
        if reading.is_log
        else _beside_a_question(part, now) or [reading]
    )


@dataclass(slots=True)
class _Names:
    """What a stretch of the text names."""

    day: bool = False
    kind: bool = False
    time: bool = False

    def __or__(self, other: _Names) -> _Names:
        return _Names(self.day or other.day, self.kind or other.kind, self.time or other.time)


def _parts(text: str, now: datetime) -> list[str]:
    """The text cut wherever a day or a kind, or on a single day a range of times, is named for another time."""
    folded = slips.mend(letters.fold(letters.parted(text)))
    places = _places(folded, now)
    parts, begin, before, here = list[str](), 0, 0, _Names()
    cuts = [*((match.start(), match.end()) for match in _SPLIT.finditer(folded)), (len(folded), len(folded))]
    for end, following in cuts:
        piece = _named_in(places, before, end)
        another = (here.day and piece.day) or (here.kind and piece.kind) or (here.time and piece.time)
        if another and (here.kind or here.time) and begin < before:
            parts.append(text[begin:before])
            begin, here = before, _Names()
        here, before = here | piece, following
    return [part for each in (*parts, text[begin:]) if (part := each.strip(" \t\n，、。；,;"))]


def _places(folded: str, now: datetime) -> tuple[list[int], list[int], list[int]]:
    """Where days, kinds and, if a single day is named, ranges of times begin."""
    plain = topics.blank(folded, topics.find_topic(folded)[1])
    mentions = days.find_days(plain, now)
    named = [mention.span[0] for mention in kinds.find_kinds(plain)]
    if len({mention.day for mention in mentions}) > 1 or len(named) > 1:
        return [mention.span[0] for mention in mentions], named, []
    timed = timing.blank(plain, [mention.span for mention in mentions])
    ranges = [stretch.span[0] for stretch in clock.find_stretches(timed, day_known=True) if stretch.minutes]
    return [mention.span[0] for mention in mentions], named, ranges


def _named_in(places: tuple[list[int], list[int], list[int]], start: int, end: int) -> _Names:
    return _Names(*(any(start <= place < end for place in each) for each in places))


def _day_by_day(whole: Reading, text: str, now: datetime) -> list[Reading]:
    """「11/18、11/19社群各2小時」: one activity on each of the days."""
    folded = letters.fold(text)
    named = days.find_days(folded, now)
    dates = list(dict.fromkeys(mention.day for mention in named if mention.day))
    between = folded[named[0].span[1] : named[-1].span[0]] if named else ""
    if whole.reasons.get("starts_at") != "several" or len(dates) < 2 or whole.draft.starts_at is None:
        return []
    if any(mention.problem for mention in named) or _UNTIL.fullmatch(between.strip()):
        return []
    hour = whole.draft.starts_at.time()
    # Without 各 the length may be that of all of them.
    unsure = whole.draft.day_only and "hours" not in whole.ask and not _EACH.search(folded)
    reasons: dict[str, Reason] = {"hours": "several", **whole.reasons} if unsure else dict(whole.reasons)
    del reasons["starts_at"]
    return [_on(replace(whole, reasons=reasons), datetime.combine(day, hour), now.date()) for day in dates]


def _on(reading: Reading, starts_at: datetime, today: date) -> Reading:
    ahead = starts_at.date() > today and not reading.planned
    reasons: dict[str, Reason] = {"starts_at": "future", **reading.reasons} if ahead else reading.reasons
    return _asking(replace(reading, draft=replace(reading.draft, starts_at=starts_at)), reasons)


def _asking(reading: Reading, reasons: dict[str, Reason]) -> Reading:
    ask = tuple(field for field in ("kind", "starts_at", "hours") if field in reasons)
    return replace(reading, ask=ask, reasons={field: reasons[field] for field in ask})


def _shared(readings: list[Reading], text: str, now: datetime) -> list[Reading]:
    """Each reading with what it lacks: the one day or kind of the whole message, else that of the part before it."""
    logs = [reading for reading in readings if reading.is_log]
    day_of_all, kind_of_all = _only(map(_sure_day, logs)), _only(reading.draft.kind or None for reading in logs)
    each = _each_takes(logs)
    found, day, kind = list[Reading](), day_of_all, kind_of_all
    for reading in readings:
        if reading.is_log:
            reading = _filled(_of_all_together(reading, logs), day, kind, each)
            day, kind = day_of_all or _sure_day(reading), kind_of_all or reading.draft.kind
        found.append(reading)
    return found


_T = TypeVar("_T")


def _only(values: Iterable[_T | None]) -> _T | None:
    """The one value there is among these."""
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None


def _sure_day(reading: Reading) -> date | None:
    starts_at = reading.draft.starts_at
    return starts_at.date() if starts_at and "starts_at" not in reading.ask else None


def _each_takes(logs: list[Reading]) -> int | None:
    """Minutes of each, where the last part says so: 「…都2小時」."""
    return logs[-1].draft.minutes if logs and _EACH_LENGTH.search(letters.fold(logs[-1].said)) else None


def _of_all_together(reading: Reading, logs: list[Reading]) -> Reading:
    """「11/18社群、11/19社群 共4小時」: the length of all is nobody's own."""
    lacking = any(other.draft.minutes is None for other in logs)
    if not lacking or reading.draft.minutes is None or not _TOTAL_LENGTH.search(letters.fold(reading.said)):
        return reading
    return _asking(
        replace(reading, draft=replace(reading.draft, minutes=None)), {**reading.reasons, "hours": "several"}
    )


def _filled(reading: Reading, day: date | None, kind: str | None, minutes: int | None) -> Reading:
    draft, reasons = reading.draft, dict(reading.reasons)
    if reasons.get("starts_at") == "no_day" and day:
        start = timing.read_time(letters.fold(reading.said), 0, day_known=False).start
        known = start is not None and start < timing.LONGEST
        midnight = datetime.combine(day, datetime.min.time())
        draft = replace(
            draft, starts_at=midnight + timedelta(minutes=start or 0) if known else midnight, day_only=not known
        )
        del reasons["starts_at"]
    if reasons.get("kind") == "no_kind" and kind:
        draft, _ = replace(draft, kind=kind), reasons.pop("kind")
    if reasons.get("hours") == "no_hours" and minutes:
        draft, _ = replace(draft, minutes=minutes), reasons.pop("hours")
    return _asking(replace(reading, draft=draft), reasons)
