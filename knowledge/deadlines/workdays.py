"""Working days in Taiwan: what comes before a holiday is told before the holiday. The document's dates never move.

The calendar is that of the government's offices, make-up Saturdays included: from the `holidays` package, with
`knowledge/workdays.yaml` on top, for what a package learns late. The package is imported at first use: it costs
a cold start 30 ms.

    days_off:
      - {day: 2025-09-29, name: 教師節補假}
    working_days:
      - {day: 2025-02-08, name: 補 1月27日的班}

Days of typhoon are local and of the moment; no calendar holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from knowledge.reading import Field, Reader
from knowledge.schema import KnowledgeError, Problem

FILE = Path(__file__).parent.parent / "workdays.yaml"
MOST = 400
"""Working days that can be counted back; more is a slip of the pen."""
LONGEST_SPAN = timedelta(days=3660)
"""What `workdays_left` counts at most."""

_DAY = timedelta(days=1)
_LISTED = Field("records", required=False)
_TOP = {"days_off": _LISTED, "working_days": _LISTED}
_OVERRIDE = {"day": Field("date"), "name": Field("text")}


@dataclass(frozen=True)
class Overrides:
    """Days that are off, and days that are worked, whatever the package says."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def read_overrides(content: bytes, file: str = "knowledge/workdays.yaml") -> Overrides:
    """What a workdays.yaml says; a file of comments only says nothing.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    reader = Reader(file, problems)
    if not any(line.split(b"#")[0].strip() for line in content.splitlines()):
        return Overrides()
    top = reader.document(content, _TOP)
    days: dict[str, frozenset[date]] = {}
    for name in _TOP:
        records = reader.records(top.values.get(name, []) if top else [], _OVERRIDE)
        days[name] = frozenset(record.values["day"] for record in records)
    for day in sorted(days["days_off"] & days["working_days"]):
        reader.report(1, f"{day} is both off and worked; keep one")
    if problems:
        raise KnowledgeError(problems)
    return Overrides(days["days_off"], days["working_days"])


@lru_cache(maxsize=1)
def _packaged() -> Overrides:
    return read_overrides(FILE.read_bytes())


@lru_cache(maxsize=1)
def _calendar() -> Callable[[date], bool]:
    from holidays import country_holidays

    return country_holidays("TW", language="zh_TW").is_working_day


def is_working_day(day: date, overrides: Overrides | None = None) -> bool:
    """Whether offices work that day; `overrides` default to the packaged workdays.yaml.

    Raises:
        KnowledgeError: the packaged file can't be right.
    """
    known = _packaged() if overrides is None else overrides
    if day in known.off or day in known.worked:
        return day in known.worked
    return _calendar()(day)


def on_or_before(day: date) -> date:
    """The day itself where it is worked, else the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def workdays_before(day: date, number: int) -> date:
    """The working day that lies `number` working days before a day; 0 is the day itself or the last before it.

    Raises:
        ValueError: the number is negative or beyond `MOST`.
    """
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} working days; expected 0 to {MOST}")
    if number == 0:
        return on_or_before(day)
    for _ in range(number):
        day = on_or_before(day - _DAY)
    return day


def reminder_day(due: date, days_before: int) -> date:
    """When to remind of a date, so many calendar days ahead; moved back to a working day, never forward.

    Raises:
        ValueError: `days_before` is negative.
    """
    if days_before < 0:
        raise ValueError(f"{days_before} days; a reminder does not come after the day")
    return on_or_before(due - timedelta(days=days_before))


def internal(due: datetime, workdays_ahead: int) -> datetime:
    """A school's own deadline: so many working days before the real one, at the same hour.

    Raises:
        ValueError: the number is negative or beyond `MOST`.
    """
    return datetime.combine(workdays_before(due.date(), workdays_ahead), due.time())


def workdays_left(now: datetime, end: datetime) -> int:
    """Working days from today to the last day, both included where they are worked; 0 once it is over.

    Counts ten years at most.
    """
    if now > end:
        return 0
    days = min(end - now, LONGEST_SPAN).days + 1
    span = (now.date() + _DAY * ahead for ahead in range(days + 1))
    return sum(is_working_day(day) for day in span if day <= end.date())
