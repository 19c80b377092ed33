"""Which records count for a requirement: the engine says how many, a reader wants to see which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from knowledge.requirements.engine import periods
from knowledge.requirements.model import Requirement, Requirements
from knowledge.requirements.periods import Period, add_months
from knowledge.requirements.records import Record
from knowledge.requirements.windows import Way, measure

Spread = tuple[Period, list[Record]]


def counted(
    requirements: Requirements,
    item: Requirement,
    records: Sequence[Record],
    span: tuple[date, date],
    now: datetime,
    facts: Mapping[str, Any],
) -> Iterator[Spread]:
    """Each period in which a requirement is due, with the records that count there, done and planned.

    Args:
        records: those that count at all, see `Dossier.counts`.
        span: first and last day of the enrolment.
        now: wall time in Taipei, naive.
        facts: about the school.
    """
    for each, period in periods(requirements, *span):
        if each.key != item.key:
            continue
        within = [record for record in records if period.first <= record.starts_at.date() <= period.last]
        done = [record for record in within if record.starts_at <= now]
        used = {record.id for some in (done, within) for record in _used(item, some, facts)}
        reached = {record.id for record in _used(item, done, facts)}
        yield period, [each for each in within if each.id in (used if each.starts_at > now else reached)]


def _used(item: Requirement, within: Sequence[Record], facts: Mapping[str, Any]) -> list[Record]:
    fitting = [record for record in within if _fits(item, record, facts)]
    if not item.within_months or not fitting:
        return fitting
    return max(_ways(item, fitting, within), key=lambda way: way[0])[1]


def _fits(item: Requirement, record: Record, facts: Mapping[str, Any]) -> bool:
    if not item.where.fits(record):
        return False
    people = facts.get(item.share_of) if item.share_of else None
    return not isinstance(people, int) or (record.headcount or 0) * item.share >= people


def _ways(item: Requirement, fitting: Sequence[Record], within: Sequence[Record]) -> Iterator[tuple[Way, list[Record]]]:
    """The ways of `knowledge.requirements.windows`, each with its records."""
    first = min(record.starts_at.date() for record in fitting)
    own = _until(fitting, add_months(first, item.within_months))
    yield _way(measure(item.count, own), item.needed, other=False), own
    if item.instead is None:
        return
    openers = [record for record in within if item.instead.where.fits(record)]
    for opener in {record.starts_at.date(): record for record in reversed(openers)}.values():
        day = opener.starts_at.date()
        last = add_months(min(first, day), item.within_months)
        if max(first, day) <= last:
            own = _until(fitting, last)
            reached = item.instead.adds + measure(item.instead.count, own)
            yield _way(reached, item.instead.needed, other=True), [*own, opener]


def _way(reached: int, needed: int, *, other: bool) -> Way:
    return Way(reached >= needed, reached - needed, other, needed)


def _until(records: Sequence[Record], last: date) -> list[Record]:
    return [record for record in records if record.starts_at.date() <= last]
