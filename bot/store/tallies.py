"""Progress of many schools at once: the database counts, `knowledge.requirements.engine` judges.

One statement for each family of requirements: those of one kind of period are counted in one pass over the records,
with a column for each; those due from groups, and those that count distinct days or groups, take a statement of
their own. What is no plain count (`Requirement.countable`, `share_of`) is counted by the engine itself, from the few
records of the kinds that it names. No statement runs for one school alone.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store.access import Enrolment, Scope
from bot.store.enrolments import visible
from bot.store.records import counts
from bot.store.stored_record import COUNTED, counted_record
from bot.store.work_tables import enrolments, records
from knowledge.requirements.engine import Place, Progress, Tally, periods, settle, tally
from knowledge.requirements.model import Count, Filter, Requirement, Requirements
from knowledge.requirements.periods import Period

_NUMBER = "number_of_period"
"""Grouped by name: PostgreSQL takes two equal expressions with parameters for different ones."""
BREATH = 100
"""Schools that are judged before others get a turn: thousands take longer than a webhook may wait."""
Span = tuple[date, date]
Counted = dict[str, dict[Place, Tally]]
"""By enrolment."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one school is."""

    enrolment: Enrolment
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class _Round:
    """What all statements of one look at a programme have in common."""

    scope: Scope
    requirements: Requirements
    span: Span
    now: datetime
    at: int

    def held(self, *columns: Any) -> Select[Any]:
        """What counts of the programme's records within the span, of enrolments that the person may see."""
        first, last = self.span
        ours = select(enrolments.c.id).where(
            enrolments.c.programme == self.requirements.programme,
            enrolments.c.edition == self.requirements.edition,
            enrolments.c.starts_on == first.isoformat(),
            enrolments.c.ends_on == last.isoformat(),
            self.scope.reads(enrolments.c.id),
        )
        return select(records.c.enrolment_id, *columns).where(
            records.c.enrolment_id.in_(ours), counts(self.at), _within(first, last)
        )


async def standings(
    tx: AsyncConnection, scope: Scope, requirements: Requirements, now: datetime, *, county: str = ""
) -> list[Standing]:
    """How far every school of an edition is that the person may see, by county and name. `now` is aware."""
    local, at = now.astimezone(TAIPEI).replace(tzinfo=None), epoch_ms(now)
    shown = await visible(tx, scope, programme=requirements.programme, edition=requirements.edition, county=county)
    counted: Counted = {}
    for span in {(each.starts_on, each.ends_on) for each in shown}:
        counted |= await _count(tx, _Round(scope, requirements, span, local, at), shown)
    found: list[Standing] = []
    for number, each in enumerate(shown):
        if number % BREATH == 0:
            await asyncio.sleep(0)
        tallies = counted.get(each.id, {})
        progress = settle(requirements, tallies, each.starts_on, each.ends_on, local, each.facts)
        found.append(Standing(each, progress))
    return found


async def _count(tx: AsyncConnection, look: _Round, shown: Sequence[Enrolment]) -> Counted:
    found: Counted = defaultdict(dict)
    due: dict[str, tuple[Requirement, list[Period]]] = {}
    for item, period in periods(look.requirements, *look.span):
        due.setdefault(item.key, (item, []))[1].append(period)
    families: dict[tuple[Period, ...], list[Requirement]] = defaultdict(list)
    for item, spread in due.values():
        if not _is_plain(item):
            continue
        if item.per_group or item.count in (Count.DAYS, Count.GROUPS):
            await _count_one(tx, look, item, spread, found)
        else:
            families[tuple(spread)].append(item)
    for shared, items in families.items():
        await _count_family(tx, look, items, shared, found)
    await _count_rest(tx, look, [item for item, _ in due.values() if not _is_plain(item)], shown, found)
    return found


def _is_plain(item: Requirement) -> bool:
    return item.countable and not item.share_of


async def _count_family(
    tx: AsyncConnection, look: _Round, items: Sequence[Requirement], spread: Sequence[Period], found: Counted
) -> None:
    """Requirements of the same periods: a row for each enrolment and period, two columns for each requirement."""
    done = records.c.starts_at <= look.at
    columns: list[ColumnElement[Any]] = []
    for item in items:
        fits = _fits(item.where)
        columns += [_amount(item.count, and_(fits, done)), _amount(item.count, fits)]
    statement = (
        look.held(_number_of(spread), *columns)
        .where(or_(*(_fits(item.where) for item in items)), _in_one_of(spread))
        .group_by(records.c.enrolment_id, _NUMBER)
    )
    for enrolment, place, *amounts in await tx.execute(statement):
        tallies, label = found[enrolment], spread[place].label
        for item, reached, whole in zip(items, amounts[::2], amounts[1::2], strict=True):
            if whole:
                tallies[item.key, label, ""] = Tally(reached or 0, whole)


async def _count_one(
    tx: AsyncConnection, look: _Round, item: Requirement, spread: Sequence[Period], found: Counted
) -> None:
    """A requirement that is due from groups, or that counts what is distinct."""
    done = records.c.starts_at <= look.at
    group = records.c.group_name if item.per_group else literal("")
    fits = _fits(item.where)
    statement = (
        look.held(_number_of(spread), group, _amount(item.count, and_(fits, done)), _amount(item.count, fits))
        .where(fits, _in_one_of(spread))
        .group_by(records.c.enrolment_id, _NUMBER, *([group] if item.per_group else []))
    )
    for enrolment, place, name, reached, whole in await tx.execute(statement):
        found[enrolment][item.key, spread[place].label, name] = Tally(reached or 0, whole or 0)


async def _count_rest(
    tx: AsyncConnection, look: _Round, items: Sequence[Requirement], shown: Iterable[Enrolment], found: Counted
) -> None:
    """What takes the engine: the records that these requirements name, of all schools at once."""
    facts = {each.id: each.facts for each in shown}
    wanted = [item for item in items if not item.share_of or any(item.share_of in known for known in facts.values())]
    if not wanted:
        return
    filters = [where for item in wanted for where in (item.where, item.instead and item.instead.where) if where]
    rows = await tx.execute(look.held(*(records.c[name] for name in COUNTED)).where(or_(*map(_fits, filters))))
    held: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        held[row.enrolment_id].append(row)
    only = replace(look.requirements, items=tuple(wanted))
    for number, (enrolment, own) in enumerate(held.items()):
        if number % BREATH == 0:
            await asyncio.sleep(0)
        if enrolment in facts:
            found[enrolment] |= tally(only, map(counted_record, own), *look.span, look.now, facts[enrolment])


def _fits(where: Filter) -> ColumnElement[bool]:
    """`Filter.fits` in SQL; a word that is not stated is empty there and None here."""
    conditions: list[ColumnElement[bool]] = [records.c.kind.in_(sorted(kind.value for kind in where.kinds))]
    for name, allowed in where.words.items():
        conditions.append(records.c[name].in_(sorted(word.value if word else "" for word in allowed)))
    if where.least_minutes:
        conditions.append(records.c.minutes >= where.least_minutes)
    return and_(*conditions)


def _amount(count: Count, fits: ColumnElement[bool]) -> ColumnElement[Any]:
    match count:
        case Count.HOURS:
            return func.sum(records.c.minutes).filter(fits)
        case Count.DAYS:
            return func.count(distinct(records.c.day)).filter(fits)
        case Count.GROUPS:
            return func.count(distinct(records.c.group_name)).filter(fits, records.c.group_name != "")
    return func.count().filter(fits)


def _within(first: date, last: date) -> ColumnElement[bool]:
    return records.c.day.between(first.isoformat(), last.isoformat())


def _in_one_of(spread: Sequence[Period]) -> ColumnElement[bool]:
    """Whether a record lies in any of the periods: an edition may ask nothing of one in the middle."""
    return or_(*(_within(period.first, period.last) for period in spread))


def _number_of(spread: Sequence[Period]) -> ColumnElement[int]:
    """Which of the periods, which follow each other, a record lies in; to be used beside `_in_one_of`."""
    if len(spread) == 1:
        return literal(0).label(_NUMBER)
    ends = [(records.c.day <= period.last.isoformat(), number) for number, period in enumerate(spread)]
    return case(*ends[:-1], else_=len(spread) - 1).label(_NUMBER)
