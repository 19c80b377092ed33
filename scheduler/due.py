"""When a deadline is told: so many days ahead, and for a while after it went by. Pure; local wall time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.workdays import is_working_day, reminder_day

LATE_TIMES = 5
"""How often somebody is told that a duty is overdue; then the office is told, once."""
OFFICE = "office"
MISSED = "missed"
MISSED_DAYS = 7
"""So long after a date that closed while we were down it is still said that it did."""
OFFICE_DAYS = 30
LATE_DAYS = 14
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
    if due.due is None or due.state is State.DONE:
        return ()
    ahead = [
        Occasion(f"T-{days}", _reminder_day(due.due.date(), days), due.due) for days in sorted(offsets, reverse=True)
    ]
    after = _late(due.due) if due.state is State.OVERDUE else _missed(due.due) if due.state is State.PASSED else ()
    return tuple(each for each in (*ahead, *after) if each.day <= today)


def office_occasion(due: Due, today: date) -> Occasion | None:
    """When the office is told that a duty stays undone; None where it is not yet, or not any more."""
    if due.due is None or due.state is not State.OVERDUE:
        return None
    day = _workday_after(due.due.date(), LATE_TIMES + 1)
    expires = datetime.combine(day + timedelta(days=OFFICE_DAYS), LAST)
    return Occasion(OFFICE, day, expires) if day <= today <= expires.date() else None


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
