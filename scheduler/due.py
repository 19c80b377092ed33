"""When a deadline is told: so many days ahead, and for a while after it went by. Pure; local wall time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.model import Asks
from knowledge.deadlines.workdays import is_working_day, reminder_day

LATE_TIMES = 5
"""How often somebody is told that a duty is overdue; then the office is told, once."""
OFFICE = "office"
MISSED = "missed"
MISSED_DAYS = 7
"""So long after a date that closed while we were down it is still said that it did."""
OFFICE_DAYS = 30
LATE_DAYS = 14
MOVED = "moved-"
"""Before the revision: the date was moved, and this is said once."""
MOVED_DAYS = 14
"""So long after it was published it may still be said."""
NEAR = timedelta(days=30)
"""Whoever has a date this near hears that it was moved, though nothing of it was told yet."""
PERHAPS_DAYS = 7
"""What rarely has to be done is told once, so many days ahead."""
LAST = time(23, 59)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One telling of a duty."""

    rule: str
    day: date
    """A working day, unless it is the day after something planned."""
    expires: datetime
    """After this it is not told any more."""
    only_if_silent: bool = False
    """Told only where nothing of the duty was told in time."""


def occasions(due: Due, offsets: Iterable[int], today: date) -> tuple[Occasion, ...]:
    """Everything that should have been told to the school up to and including today, the latest last."""
    end = due.end
    if end is None or due.state is State.DONE:
        return ()
    if due.asks is not Asks.WORK:
        offsets = _once(offsets) if due.asks is Asks.PERHAPS else _twice(offsets)
    ahead = [Occasion(f"T-{days}", _reminder_day(end.date(), days), end) for days in sorted(offsets, reverse=True)]
    return tuple(each for each in (*ahead, *_after(due)) if each.day <= today)


def office_occasion(due: Due, today: date) -> Occasion | None:
    """When the office is told that a duty stays undone; None where it is not yet, or not any more."""
    if due.end is None or due.state is not State.OVERDUE:
        return None
    return office_after(due.end.date(), today)


def move_occasion(due: Due, today: date) -> Occasion | None:
    """When it is told that a date was moved; None where it never was, or so long ago that it need not be said."""
    if due.moved is None or due.moved.at is None or due.state is State.DONE:
        return None
    day = due.moved.at.date()
    expires = datetime.combine(day + timedelta(days=MOVED_DAYS), LAST)
    return Occasion(f"{MOVED}{due.revision}", day, expires) if day <= today <= expires.date() else None


def is_near(due: Due) -> bool:
    """Whether the date, or the one before it, lay within `NEAR` when it was moved."""
    if due.moved is None or due.moved.at is None:
        return False
    published = due.moved.at
    return any(each is not None and published <= each <= published + NEAR for each in (due.due, due.stood))


def missed_occasion(deadline: date, today: date) -> Occasion | None:
    """When a requirement whose time is over is told, once; None where it is not yet, or not any more."""
    day = _workday_after(deadline, 1)
    expires = datetime.combine(day + timedelta(days=MISSED_DAYS), LAST)
    return Occasion(MISSED, day, expires) if day <= today <= expires.date() else None


def office_after(deadline: date, today: date) -> Occasion | None:
    """When the office is told of what stayed undone on that day; None where it is not yet, or not any more."""
    day = _workday_after(deadline, LATE_TIMES + 1)
    expires = datetime.combine(day + timedelta(days=OFFICE_DAYS), LAST)
    return Occasion(OFFICE, day, expires) if day <= today <= expires.date() else None


def _once(offsets: Iterable[int]) -> tuple[int, ...]:
    """Of these days ahead the one on which it is told, if only once: a week before, or what comes nearest after."""
    wanted = sorted(offsets)
    near = [days for days in wanted if days <= PERHAPS_DAYS]
    return tuple(near[-1:] or wanted[:1])


def _twice(offsets: Iterable[int]) -> tuple[int, ...]:
    """Of these days ahead those on which a date is told on which nothing is handed in: the first, and the last week."""
    wanted = tuple(offsets)
    return tuple({*_once(wanted), *sorted(wanted)[-1:]})


def _after(due: Due) -> Iterator[Occasion]:
    """What is told once the date went by; nothing where there was nothing to see to, or only perhaps."""
    if due.end is not None and due.asks is Asks.WORK:
        if due.state is State.OVERDUE:
            yield from _late(due.end)
        elif due.state is State.PASSED:
            yield from _missed(due.end)


def _late(due: datetime) -> Iterator[Occasion]:
    for number in range(1, LATE_TIMES + 1):
        day = _workday_after(due.date(), number)
        yield Occasion(f"late-{number}", day, datetime.combine(day + timedelta(days=LATE_DAYS), LAST))


def _missed(due: datetime) -> Iterator[Occasion]:
    day = _workday_after(due.date(), 1)
    yield Occasion(MISSED, day, datetime.combine(day + timedelta(days=MISSED_DAYS), LAST), only_if_silent=True)


@lru_cache(maxsize=4096)
def _reminder_day(due: date, days: int) -> date:
    return reminder_day(due, days)


@lru_cache(maxsize=4096)
def _workday_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def next_workday(day: date) -> date:
    """The first working day after this one."""
    return _workday_after(day, 1)
