"""Periods in which requirements must be met: months, semesters, school years, the whole span."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

TOTAL = "total"
_ROC = 1911
"""Year 1 of the Republic is 1912."""
_AUGUST, _FEBRUARY = 8, 2


class Per(Enum):
    """How often a requirement comes again."""

    MONTH = "month"
    SEMESTER = "semester"
    SCHOOL_YEAR = "school_year"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Period:
    """One period, cut to the span that is looked at."""

    label: str
    """`2025-09`, `114-1`, `114` or `total`."""
    first: date
    last: date
    """Inclusive."""


def split(per: Per, start: date, end: date) -> Iterator[Period]:
    """The periods that `start` to `end` (both inclusive) touches, in order; the outer ones are cut to it."""
    if per is Per.TOTAL:
        yield Period(TOTAL, start, end)
        return
    day = start
    while day <= end:
        label, last = _period_of(per, day)
        yield Period(label, day, min(last, end))
        day = last + timedelta(days=1)


def school_year(day: date) -> int:
    """The school year of a day, in years of the Republic: it begins on 1 August."""
    return day.year - _ROC - (day.month < _AUGUST)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _period_of(per: Per, day: date) -> tuple[str, date]:
    """Label and last day of the period that a day lies in."""
    year = school_year(day)
    if per is Per.SCHOOL_YEAR:
        return str(year), date(year + _ROC + 1, 7, 31)
    if per is Per.SEMESTER:
        first = not _FEBRUARY <= day.month < _AUGUST
        return (f"{year}-1", date(year + _ROC + 1, 1, 31)) if first else (f"{year}-2", date(day.year, 7, 31))
    return f"{day:%Y-%m}", day.replace(day=calendar.monthrange(day.year, day.month)[1])
