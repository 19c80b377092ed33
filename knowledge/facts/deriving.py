"""Facts that follow from what was logged, so that nobody needs to be asked for them.

A stated fact wins over a derived one; where the two differ, that is told (`contradictions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from knowledge.eligibility.facts import read_answer, say_answer
from knowledge.facts.loader import requirements_of
from knowledge.facts.model import Derived, Fact, Sheet, Which
from knowledge.requirements.engine import progress
from knowledge.requirements.model import Requirement, Requirements
from knowledge.requirements.records import Kind, Record

DIFFERS = "填的「{title}」是 {stated}，紀錄上是 {derived}；期限照填的算。"


def kinds_read(sheet: Sheet) -> frozenset[Kind]:
    """The kinds of records that some fact of the sheet follows from; none where nothing is derived."""
    return frozenset().union(*(item.where.kinds for _, item in _read(sheet)))


def derive(sheet: Sheet, records: Iterable[Record], start: date, end: date, now: datetime) -> dict[str, str]:
    """The facts that the records of one school tell: days as `2025-09-01`.

    Args:
        records: those that count, done and planned, of the kinds of `kinds_read` at least.
        start: first day of the enrolment's span.
        end: its last day.
        now: wall time in Taipei, naive.
    """
    held, found = list(records), {}
    requirements = requirements_of(sheet.programme, sheet.edition)
    for fact, item in _read(sheet):
        assert requirements is not None
        assert fact.derived is not None
        days = sorted(day for each in held if start <= (day := each.starts_at.date()) <= end and item.where.fits(each))
        if days and (fact.derived.which is Which.FIRST or _is_whole(requirements, item, held, (start, end), now)):
            found[fact.key] = (days[0] if fact.derived.which is Which.FIRST else days[-1]).isoformat()
    return found


def contradictions(sheet: Sheet, stated: Mapping[str, Any], derived: Mapping[str, Any]) -> tuple[str, ...]:
    """Where somebody stated another day than the records tell, as sentences."""
    return tuple(
        DIFFERS.format(title=fact.title, stated=_say(fact, stated[fact.key]), derived=_say(fact, derived[fact.key]))
        for fact in sheet.facts
        if fact.key in derived and stated.get(fact.key, derived[fact.key]) != derived[fact.key]
    )


def _read(sheet: Sheet) -> Iterator[tuple[Fact, Requirement]]:
    requirements = requirements_of(sheet.programme, sheet.edition)
    for fact in sheet.facts:
        if requirements is not None and isinstance(fact.derived, Derived):
            yield fact, requirements.requirement(fact.derived.requirement)


def _is_whole(
    requirements: Requirements, item: Requirement, held: Iterable[Record], span: tuple[date, date], now: datetime
) -> bool:
    """Whether as much is done or planned as the duty asks for."""
    only = replace(requirements, items=(item,))
    rows = progress(only, held, *span, now)
    return all(row.done + row.planned >= row.needed for row in rows)


def _say(fact: Fact, value: Any) -> str:
    return say_answer(fact, read_answer(fact, value))
