"""Requirements that must be met within some months from the first record on, perhaps in one of two ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.requirements.model import Count, Requirement
from knowledge.requirements.periods import add_months
from knowledge.requirements.records import Record


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """What was reached in one way; of several the greatest is the best for the school."""

    met: bool
    above: int
    """What was reached less what is needed."""
    other: bool
    """Whether this is the way under `instead`."""
    needed: int

    @property
    def reached(self) -> int:
        """In records, days, groups or minutes."""
        return self.needed + self.above


def best_way(item: Requirement, fitting: Sequence[Record], around: Sequence[Record]) -> Way:
    """The best way for the school.

    Args:
        item: a requirement.
        fitting: the records that count for it.
        around: all records of the period, for the way under `instead`.
    """
    return max(_ways(item, fitting, around))


def last_day(item: Requirement, fitting: Sequence[Record]) -> date | None:
    """The last day of the months that began with the first of these records; None before there is one."""
    if not item.within_months or not fitting:
        return None
    return add_months(min(record.starts_at.date() for record in fitting), item.within_months)


def measure(count: Count, records: Sequence[Record]) -> int:
    """How many records, minutes, distinct days or distinct named groups these are."""
    match count:
        case Count.HOURS:
            return sum(record.minutes for record in records)
        case Count.DAYS:
            return len({record.starts_at.date() for record in records})
        case Count.GROUPS:
            return len({record.group for record in records if record.group})
    return len(records)


def _ways(item: Requirement, fitting: Sequence[Record], around: Sequence[Record]) -> Iterator[Way]:
    last = last_day(item, fitting)
    yield _way(measure(item.count, _until(fitting, last)), item.needed, other=False)
    if item.instead is None or last is None:
        return
    first = min(record.starts_at.date() for record in fitting)
    for day in {record.starts_at.date() for record in around if item.instead.where.fits(record)}:
        last = add_months(min(first, day), item.within_months)
        if max(first, day) <= last:
            reached = item.instead.adds + measure(item.instead.count, _until(fitting, last))
            yield _way(reached, item.instead.needed, other=True)


def _way(reached: int, needed: int, *, other: bool) -> Way:
    return Way(reached >= needed, reached - needed, other, needed)


def _until(records: Sequence[Record], last: date | None) -> list[Record]:
    return [record for record in records if last is None or record.starts_at.date() <= last]
