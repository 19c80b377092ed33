"""How far a school is: records to tallies, tallies to progress.

    tally(...)     counts: one `Tally` a requirement, period and group that has any record
    settle(...)    judges: `Progress` for everything that is due, also where nothing was recorded
    progress(...)  both

For one school `progress` is enough. For thousands, let the database fill the tallies of the requirements that are
`countable`, and call `settle` with each school's. For a requirement and a period (`periods`), over the records of one
enrolment that fit `where` and start on a day of the period:

- `done` counts those that start at `now` or before, `whole` counts all of them: rows, sum of minutes, distinct
  days or distinct non-empty groups, as `count` says; grouped by `group` where `per_group` is set ("" has no name).
- With `share_of`, only records with a known `headcount` that, times `share`, is at least the fact.

What is not countable (`within_months`) takes `tally` with the records of the kinds that it names; a school has few.

More records never make less done, with two exceptions, both of `within_months`: an earlier first record moves the
months, and one that opens the way under `instead` changes what is counted and how many are needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from knowledge.requirements.model import MINUTES_AN_HOUR, Count, Requirement, Requirements
from knowledge.requirements.periods import Period, split
from knowledge.requirements.records import Record
from knowledge.requirements.windows import best_way, last_day


class State(Enum):
    """Where a requirement stands."""

    MET = "met"
    OPEN = "open"
    """Not met, and there is still time."""
    MISSED = "missed"
    """Not met, and the time is over."""
    UPCOMING = "upcoming"
    """Its period has not begun."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one requirement in one period and group; see the module."""

    done: int = 0
    whole: int = 0
    """Done and planned together."""
    needed: int = 0
    """Where it differs from the requirement's own; else 0."""
    last: date | None = None
    """The last day that counts, where that is not the period's."""


Place = tuple[str, str, str]
"""Requirement, period, group; the group is empty where none is named."""
Tallies = Mapping[Place, Tally]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a requirement is in one period, for one group where it is due from each."""

    key: str
    title: str
    period: str
    group: str
    """Empty where the requirement is not due from groups, or no group was named."""
    needed: int | float
    """Hours where hours are counted."""
    done: int | float
    planned: int | float
    """What would be added if all goes as planned."""
    unit: str
    state: State
    deadline: date
    """The last day on which it can still be met."""
    mend: str
    cite: tuple[str, ...]
    extra: bool


def progress(
    requirements: Requirements,
    records: Iterable[Record],
    start: date,
    end: date,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Progress, ...]:
    """Everything that is due from `start` to `end` (inclusive), in the order of requirements, periods and groups.

    Args:
        requirements: of one edition.
        records: of one school, in any order; what lies outside the span is passed over.
        start: first day of the span.
        end: its last day.
        now: wall time in Taipei, naive; a record that starts later is planned and not yet done.
        facts: about the school, those in `Requirements.facts`; a duty that depends on one not given is as strict
            as can be (`unless`) or not counted (`share_of`).
    """
    known = facts or {}
    return settle(requirements, tally(requirements, records, start, end, now, known), start, end, now, known)


def periods(requirements: Requirements, start: date, end: date) -> tuple[tuple[Requirement, Period], ...]:
    """Each requirement with each period of the span in which it is due."""
    return tuple(
        (item, period)
        for item in requirements.items
        for period in split(item.per, start, end)
        if period.label not in requirements.left_out
    )


def tally(
    requirements: Requirements,
    records: Iterable[Record],
    start: date,
    end: date,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> dict[Place, Tally]:
    """Count the records of one school; arguments as for `progress`."""
    held = sorted(records, key=attrgetter("starts_at"))
    days = [record.starts_at.date() for record in held]
    found: dict[Place, Tally] = {}
    for item, period in _due(requirements, start, end, facts or {}):
        within = held[bisect_left(days, period.first) : bisect_right(days, period.last)]
        fitting = [record for record in within if _fits(item, record, facts or {})]
        for group in sorted({record.group for record in fitting}) if item.per_group else [""]:
            own = [record for record in fitting if not item.per_group or record.group == group]
            if own:
                found[item.key, period.label, group] = _tally(item, own, within, now)
    return found


def settle(
    requirements: Requirements,
    tallies: Tallies,
    start: date,
    end: date,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Progress, ...]:
    """Judge what was counted; arguments as for `progress`."""
    found: list[Progress] = []
    for item, period in _due(requirements, start, end, facts or {}):
        for group in _groups(item, period, tallies):
            counted = tallies.get((item.key, period.label, group), Tally())
            found.append(_judge(item, period, group, counted, now, _each(item, period, found)))
    return tuple(found)


def _due(
    requirements: Requirements, start: date, end: date, facts: Mapping[str, Any]
) -> Iterator[tuple[Requirement, Period]]:
    for item, period in periods(requirements, start, end):
        exempt = bool(item.unless) and facts.get(item.unless) is True
        if not exempt and (not item.share_of or _people(item, facts)):
            yield item, period


def _each(item: Requirement, period: Period, found: Sequence[Progress]) -> int:
    """How many are done of the requirement that this one needs one each of."""
    if not item.each_of:
        return 0
    return int(sum(row.done for row in found if (row.key, row.period) == (item.each_of, period.label)))


def _people(item: Requirement, facts: Mapping[str, Any]) -> int:
    given = facts.get(item.share_of)
    return given if isinstance(given, int) and not isinstance(given, bool) else 0


def _fits(item: Requirement, record: Record, facts: Mapping[str, Any]) -> bool:
    if not item.where.fits(record):
        return False
    return not item.share_of or (record.headcount or 0) * item.share >= _people(item, facts)


def _tally(item: Requirement, fitting: Sequence[Record], around: Sequence[Record], now: datetime) -> Tally:
    done = [record for record in fitting if record.starts_at <= now]
    way = best_way(item, done, [record for record in around if record.starts_at <= now])
    return Tally(way.reached, best_way(item, fitting, around).reached, way.needed, last_day(item, done))


def _groups(item: Requirement, period: Period, tallies: Tallies) -> list[str]:
    """The groups that a requirement is due from: each that is named anywhere in the span, or nobody in particular."""
    if not item.per_group:
        return [""]
    named = sorted({group for key, _, group in tallies if key == item.key and group})
    nameless = not named or (item.key, period.label, "") in tallies
    return [*named, ""] if nameless else named


def _judge(item: Requirement, period: Period, group: str, counted: Tally, now: datetime, base: int) -> Progress:
    needed = max(counted.needed or item.needed, base)
    deadline = min(period.last, counted.last or period.last)
    return Progress(
        item.key, item.title, period.label, group, _shown(item, needed), _shown(item, counted.done),
        _shown(item, max(0, counted.whole - counted.done)), item.unit,
        _state(counted.done >= needed, period.first, deadline, now), deadline, item.mend, item.cite, item.extra,
    )  # fmt: skip


def _state(met: bool, first: date, deadline: date, now: datetime) -> State:
    if met:
        return State.MET
    if now.date() < first:
        return State.UPCOMING
    return State.OPEN if now.date() <= deadline else State.MISSED


def _shown(item: Requirement, amount: int) -> int | float:
    if item.count is not Count.HOURS:
        return amount
    whole, rest = divmod(amount, MINUTES_AN_HOUR)
    return round(amount / MINUTES_AN_HOUR, 2) if rest else whole
