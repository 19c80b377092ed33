"""When something began and how long it took: range, start, length and lessons weighed against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.spoken import clock, corrections, durations
from knowledge.spoken.model import Reason

LONGEST = 24 * 60
"""Minutes; nothing longer is one meeting."""

_EXPLAINS = re.compile(r"休息|午休|扣除?|用餐|午餐|中午|含午")


_SHORTEST = 20
"""Minutes; with an end alone beside it, a shorter length is likelier a slip of ours than a meeting."""
_PAUSE, _LUNCH = 30, 150
"""Minutes between two sessions of one meeting."""
_NOON = (11 * 60, 13 * 60)


@dataclass(frozen=True, slots=True)
class Time:
    """The start and the length as a line states them."""

    start: int | None = None
    """Minutes after midnight."""
    minutes: int | None = None
    end: int | None = None
    """Minutes after midnight, where the line states the end alone."""
    start_reason: Reason | None = None
    """Why the start must be asked for, if it must."""
    reason: Reason | None = None
    """Why the length must be asked for, if it must."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where the line speaks of time."""
    ranges: int = 0
    """How many starts, ends and ranges it names."""


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with days and times made unreadable."""
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def read_time(text: str, slip: int, *, day_known: bool) -> Time:
    """Weigh every time and length in a folded text without days; what stands behind `slip` corrects the rest."""
    spelled = durations.find_spelled(text)
    found = clock.find_stretches(blank(text, [length.span for length in spelled]), day_known=day_known)
    ranges = [stretch for stretch in found if stretch.trouble or (stretch.start, stretch.end) != (None, None)]
    clocks = [span for stretch in found for span in stretch.apart or (stretch.span,)]
    left = blank(text, clocks)
    lengths = sorted([*spelled, *durations.find_lengths(left)], key=lambda length: length.span)
    places = (*clocks, *(length.span for length in lengths))
    said, reason = _length(lengths, slip, multiple=len(ranges) > 1)
    if said and durations.add_up(text, lengths):
        said, reason = None, "several"
    stretch = _settled(ranges, slip, said or 0)
    breaks = sum(length.minutes or 0 for length in lengths if length.role == "break")
    if stretch and stretch.minutes and not said and durations.is_moved(text, lengths):
        stretch, reason = replace(stretch, end=None), "disagree"
    time = _weighed(stretch, said, reason, breaks, explained=bool(_EXPLAINS.search(text)), about=_about(lengths))
    return _bounded(replace(time, spans=places, ranges=len(ranges)))


def _settled(ranges: list[clock.Stretch], slip: int, said: int) -> clock.Stretch | None:
    """One stretch out of several: the corrected one, or two sessions of one day as one with a gap."""
    last = clock.start_and_end(corrections.last_word(ranges, slip))
    if not last:
        return None
    if len(last) == 1:
        return _patched(ranges, last[0])
    whole = [stretch for stretch in last if stretch.minutes]
    if any(stretch.trouble for stretch in last):
        return next(stretch for stretch in last if stretch.trouble)
    if len(whole) == 1 and _agree(whole[0], last):
        return whole[0]
    if len(whole) == len(last):
        return _sessions(whole)
    begun = last[0].start
    if said and begun is not None and all((other.start or other.end or 0) >= begun + said for other in last[1:]):
        return last[0]  # 「14:00社群2小時，16:30聚餐」
    return clock.Stretch(begun, None, last[0].span, "ambiguous")


def _agree(whole: clock.Stretch, found: list[clock.Stretch]) -> bool:
    return all(
        other is whole or other.start == whole.start or (other.end and other.end == whole.end) for other in found
    )


def _patched(ranges: list[clock.Stretch], new: clock.Stretch) -> clock.Stretch:
    """A correction of the end alone keeps the start that was said before."""
    old = next((stretch for stretch in ranges if stretch is not new and stretch.minutes), None)
    if old is None or new.minutes or new.trouble:
        return new
    start = old.start if new.start is None else new.start
    end = old.end if new.end is None else new.end
    return clock.Stretch(start, end if start is not None and end is not None and end > start else None, new.span)


def _sessions(whole: list[clock.Stretch]) -> clock.Stretch:
    """A morning and an afternoon with the lunch between are one; sessions with another gap may be two records."""
    first, total = whole[0], 0
    for before, behind in pairwise(whole):
        if (behind.start or 0) < (before.end or 0):
            return clock.Stretch(first.start, None, first.span, "ambiguous")
        if not _over_lunch(before.end or 0, behind.start or 0):
            return clock.Stretch(first.start, None, first.span, "several")
    for stretch in whole:
        total += stretch.minutes or 0
    assert first.start is not None
    return clock.Stretch(first.start, first.start + total, first.span)


def _over_lunch(end: int, start: int) -> bool:
    """Whether a gap between two sessions needs no word: none at all to speak of, or a lunch."""
    return start - end <= _PAUSE or (_NOON[0] <= end <= _NOON[1] and start - end <= _LUNCH and start > _NOON[0] + 30)


def _about(lengths: list[durations.Length]) -> bool:
    return any(length.about for length in lengths)


def _length(lengths: list[durations.Length], slip: int, *, multiple: bool) -> tuple[int | None, Reason | None]:
    """The length that is stated, and why it can't be used where it can't."""
    counted = corrections.last_word([length for length in lengths if length.role not in ("break", "aside")], slip)
    exact = [length for length in counted if length.role in ("", "total")]
    totals = [length for length in exact if length.role == "total"] or exact
    minutes = {length.minutes for length in totals}
    if any(length.role == "bad" for length in counted):
        return None, "out_of_bounds"
    if len(minutes) > 1:
        return None, None if multiple else "several"
    if minutes:
        return minutes.pop(), None
    if any(length.role == "lesson" for length in counted):
        return None, "lesson"
    return None, "vague_length" if counted else "no_hours"


def _weighed(
    stretch: clock.Stretch | None, said: int | None, reason: Reason | None, breaks: int, *, explained: bool, about: bool
) -> Time:
    if stretch is None:
        return Time(minutes=said, reason=reason if said is None else None)
    if stretch.trouble == "impossible" and stretch.start is not None and said is None:
        return Time(stretch.start, reason="impossible")  # only the end can't be
    if stretch.trouble == "impossible":
        return Time(
            stretch.start,
            said,
            start_reason="impossible",
            reason=None if said or stretch.start is None else "no_hours",
        )
    if stretch.trouble == "several":
        return Time(stretch.start, None, start_reason="several")
    if stretch.trouble == "ambiguous":
        return Time(stretch.start, said, start_reason="ambiguous")
    if stretch.trouble == "end_before_start":
        return Time(stretch.start, reason="end_before_start")
    return _beside(stretch, said, reason, breaks, explained=explained, about=about)


def _beside(
    stretch: clock.Stretch, said: int | None, reason: Reason | None, breaks: int, *, explained: bool, about: bool
) -> Time:
    """A sound start, end or range beside a stated length."""
    held = stretch.minutes
    if held is None:
        if stretch.start is None and said is not None and stretch.end is not None and _SHORTEST <= said < stretch.end:
            return Time(stretch.end - said, said)
        if stretch.start is None and said is not None and said < _SHORTEST:
            return Time(end=stretch.end, reason="disagree")  # 「四點十分…開到五點四十」, misread
        return Time(stretch.start, said, stretch.end, reason=reason if said is None else None)
    if said is None:
        return Time(stretch.start, held - breaks if breaks < held else held)
    if said in (held, held - breaks) or (explained and not breaks and held - _LUNCH <= said < held):
        return Time(stretch.start, said)
    if about and abs(said - held) <= 15:
        return Time(stretch.start, held)
    return Time(stretch.start, held, reason="disagree")


def _bounded(time: Time) -> Time:
    if time.minutes is None or 0 < time.minutes <= LONGEST:
        return time
    return replace(time, minutes=None, reason=time.reason or "out_of_bounds")
