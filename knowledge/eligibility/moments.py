"""Days and points in time as whole numbers, and back. Local wall time; no zone is involved."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

FIRST_DAY, LAST_DAY = date(1990, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
"""Days outside are no day that a school means."""
DAY = 24 * 60 * 60
"""Seconds."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_WEEKDAYS = "一二三四五六日"


def read_date(text: str) -> int | None:
    """`2025-06-30` as a number of days; None for what is no day."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def read_datetime(text: str) -> int | None:
    """`2016-10-28T17:00` (seconds allowed) as a number of seconds; None for what is no point in time."""
    if not _DATETIME.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.toordinal() * DAY + at.hour * 3600 + at.minute * 60 + at.second


def write_date(day: int) -> str:
    """The contrary of `read_date`."""
    return date.fromordinal(day).isoformat()


def write_datetime(second: int) -> str:
    """The contrary of `read_datetime`."""
    at = _datetime(second)
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def say_date(day: int) -> str:
    """`2025年6月30日（一）`."""
    at = date.fromordinal(day)
    return f"{at.year}年{at.month}月{at.day}日（{_WEEKDAYS[at.weekday()]}）"


def say_datetime(second: int) -> str:
    """`2016年10月28日（五）17:00`; seconds where there are any."""
    at = _datetime(second)
    return f"{say_date(at.toordinal())}{at:%H:%M:%S}" if at.second else f"{say_date(at.toordinal())}{at:%H:%M}"


def _datetime(second: int) -> datetime:
    return datetime.fromordinal(second // DAY) + timedelta(seconds=second % DAY)
