"""Dates as deadlines write them, and sums of months.

    2025-05-05                                      a day: due by its last minute, 23:59
    2016-10-28T17:00                                a day and an hour
    semester_start + 1 month                        so long after a fact (months or days)
    last_visit_on + 2 months, not after 2025-12-15  … and never later than a day
    plan_ends_on                                    the day of a fact itself

Months are counted to the same day of a later month, or to its last day where it has no such day: 31 December
and two months is 28 or 29 February. The Civil Code (§121) gives a period that begins on the first of a month the
whole last month, so that 28 February and one month would be 31 March; ours is then up to three days early,
never late.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LAST_MINUTE = time(23, 59)
"""When a day is due that the document gives no hour for."""
LONGEST = 120
"""Months or days that may be added; more is a slip of the pen."""

_FIXED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}))?")
_RELATIVE = re.compile(r"([a-z][a-z0-9_]*)(?: \+ ([0-9]{1,4}) (month|day)s?)?")
_CAP = ", not after "


class MomentError(ValueError):
    """What is written is no moment; the message says why."""


@dataclass(frozen=True)
class Fixed:
    """A day of the calendar with its hour."""

    at: datetime


@dataclass(frozen=True)
class Relative:
    """So long after a fact."""

    fact: str
    months: int = 0
    days: int = 0
    cap: datetime | None = None
    """Never later than this."""

    def after(self, day: date) -> datetime:
        """When it is due where the fact is this day."""
        due = datetime.combine(add_months(day, self.months) + timedelta(days=self.days), LAST_MINUTE)
        return due if self.cap is None else min(due, self.cap)


Moment = Fixed | Relative


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def parse_moment(text: str) -> Moment:
    """What a `due` says.

    Raises:
        MomentError: it is not of the forms above, or of a day that does not exist.
    """
    main, capped, cap = text.partition(_CAP)
    if _FIXED.fullmatch(main):
        if capped:
            raise MomentError("a day of the calendar needs no `not after`")
        return Fixed(parse_fixed(main))
    found = _RELATIVE.fullmatch(main)
    if found is None:
        raise MomentError(
            f"{text!r}; expected as 2025-05-05, 2016-10-28T17:00 or `fact + 2 months, not after 2025-12-15`"
        )
    fact, count, unit = found.groups()
    number = int(count or 0)
    if count and not 1 <= number <= LONGEST:
        raise MomentError(f"{number} {unit}s; expected 1 to {LONGEST}")
    months, days = (number, 0) if unit == "month" else (0, number)
    return Relative(fact, months, days, parse_fixed(cap) if capped else None)


def parse_fixed(text: str) -> datetime:
    """A day, by its last minute, or a day with its hour.

    Raises:
        MomentError: no such day or hour.
    """
    found = _FIXED.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day, hour = found.groups()
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour) if hour else LAST_MINUTE)
    except ValueError:
        raise MomentError(f"{text!r}; expected a day that exists, as 2025-05-05 or 2016-10-28T17:00") from None
