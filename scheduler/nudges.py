"""When an unmet requirement is told: the nearer its last day, the shorter the notice that its period allows. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.store.reminder_tables import REVISION_WIDTH
from knowledge.deadlines.workdays import reminder_day, workdays_before
from knowledge.requirements.engine import Progress, State
from scheduler.due import LAST, Occasion, missed_occasion

WORKDAYS, DAYS = "W", "D"
NOTICES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "month": ((WORKDAYS, 5), (WORKDAYS, 1)),
    "semester": ((DAYS, 42), (DAYS, 21), (WORKDAYS, 5)),
    "longer": ((DAYS, 60), (DAYS, 21), (WORKDAYS, 5)),
}
"""Working days that are left, today included, or days ahead of the last one."""
_MONTH = re.compile(r"\d{4}-\d{2}")
_SEMESTER = re.compile(r"\d{2,3}-[12]")


def occasions(row: Progress, today: date) -> tuple[Occasion, ...]:
    """Everything that should have been told of an unmet requirement up to and including today, the latest last.

    What is met, or will be if all goes as planned, is never told; what was missed is told once.
    """
    if row.state is State.MISSED:
        told = missed_occasion(row.deadline, today)
        return (told,) if told else ()
    if not is_open(row):
        return ()
    expires = datetime.combine(row.deadline, LAST)
    found = [Occasion(f"{unit}-{number}", _day(row.deadline, unit, number), expires) for unit, number in notices(row)]
    return tuple(sorted((each for each in found if each.day <= today), key=lambda each: each.day))


def is_open(row: Progress) -> bool:
    """Whether something is still to be done, and can be."""
    return row.state is State.OPEN and row.done + row.planned < row.needed


def revision(row: Progress) -> str:
    """What makes it another duty: the period, and the group where it is due from groups."""
    whole = f"{row.period}|{row.group}" if row.group else row.period
    if len(whole) <= REVISION_WIDTH:
        return whole
    return f"{row.period}|{hashlib.sha256(row.group.encode()).hexdigest()[:32]}"


def notices(row: Progress) -> tuple[tuple[str, int], ...]:
    """How long ahead of its last day a requirement is told, the farthest first."""
    if _MONTH.fullmatch(row.period):
        return NOTICES["month"]
    return NOTICES["semester"] if _SEMESTER.fullmatch(row.period) else NOTICES["longer"]


@lru_cache(maxsize=4096)
def _day(deadline: date, unit: str, number: int) -> date:
    if unit == WORKDAYS:
        return workdays_before(deadline + timedelta(days=1), number)
    return reminder_day(deadline, number)
