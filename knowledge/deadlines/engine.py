"""When everything is due, for these facts, at this moment.

States, and how they are decided (`now` counts by whole minutes: the last minute is still in time):

- done: the key is in `done`. The facts of a file hold no such thing; whoever keeps a school's tasks says it.
- due_today: not yet over, and due on the day of `now`.
- upcoming: a later day, or a day that can't be told yet because a fact is missing (`due` None, `needs` says which).
- overdue: over, undone, and still owed (`after: owed`: reports, settlements, notices) in an edition that runs.
- passed: over, and nothing left to do: an application window, the end of a programme (`after: closed`), or
  anything of a past edition.

An edition runs from its first day until `WIND_UP` after the last day that its document names, since reports and
settlements go on being asked for. A deadline that does not apply to the facts is not listed; where the fact that
decides it is missing, it is listed with that fact in `needs`. A date that can't be told yet is late all the same
once the day is over that it can't be later than.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from knowledge.deadlines.dates import Fixed, Moment, Relative
from knowledge.deadlines.facts import read_facts
from knowledge.deadlines.loader import load_deadlines
from knowledge.deadlines.model import After, Asks, Deadline, Deadlines, Kind
from knowledge.eligibility.tree import Value

__all__ = ["Due", "EditionState", "Moved", "State", "edition_state", "load_deadlines", "resolve"]

WIND_UP = timedelta(days=92)
"""How long after its last day an edition still counts as running, and a duty as overdue rather than passed."""


class State(StrEnum):
    """Where a deadline stands; see the module."""

    UPCOMING = "upcoming"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    DONE = "done"
    PASSED = "passed"


class EditionState(StrEnum):
    """Where an edition stands on a day."""

    FUTURE = "future"
    RUNNING = "running"
    PAST = "past"


@dataclass(frozen=True)
class Moved:
    """Another date than the document's, as the office published it; or that the document's stands again."""

    due: datetime | None
    """None: the document's own date stands again."""
    revision: int
    """1 for the first change; the document itself is 0."""
    reason: str
    at: datetime | None = None
    """When it was published, local wall time."""
    before: datetime | None = None
    """The date of the revision before; None where that was the document's."""


@dataclass(frozen=True)
class Due:
    """One deadline, told."""

    key: str
    title: str
    due: datetime | None
    """Local wall time; None where a fact is missing."""
    state: State
    needs: tuple[str, ...]
    """Facts that would tell the date, in asking order."""
    cite: tuple[str, ...]
    note: str
    kind: Kind
    revision: int = 0
    moved_from: datetime | None = None
    """What the document itself says, where another date stands."""
    asks: Asks = Asks.WORK
    facts: tuple[str, ...] = ()
    """Those that the date rests on, and that are known; none for a moved one."""
    moved: Moved | None = None
    """The last that the office published of it."""
    latest: datetime | None = None
    """What a date that can't be told yet can't be later than; None where there is no such moment, or it is told."""

    @property
    def end(self) -> datetime | None:
        """The last moment that is in time for certain: the date, else what it can't be later than."""
        return self.due or self.latest

    @property
    def stood(self) -> datetime | None:
        """The date that stood before the last move; None where it was never moved, or could not be told."""
        if self.moved is None:
            return None
        return self.moved.before or self.moved_from


def edition_state(deadlines: Deadlines, today: date) -> EditionState:
    """Whether the edition has begun, runs (its winding-up included), or is past."""
    if today < deadlines.valid_from:
        return EditionState.FUTURE
    return EditionState.PAST if today > deadlines.last_day + WIND_UP else EditionState.RUNNING


def resolve(
    deadlines: Deadlines,
    facts: Mapping[str, Any],
    now: datetime,
    done: frozenset[str] = frozenset(),
    *,
    strict: bool = True,
    moved: Mapping[str, Moved] | None = None,
) -> tuple[Due, ...]:
    """Every deadline that applies or may apply, in the order of the file.

    Args:
        facts: as in a facts file: days as `2025-06-01`, choices by their id.
        now: naive local wall time.
        done: keys that are seen to; unknown ones are ignored.
        strict: whether an unknown fact is an error; else it is ignored.
        moved: dates that replace the document's, by key; unknown keys are ignored.

    Raises:
        FactsError: an unknown fact (where strict), a wrong type or an impossible value.
    """
    known = read_facts(deadlines, facts, strict=strict)
    situation = _Situation(deadlines, known, now.replace(second=0, microsecond=0), done, moved or {})
    rows = (situation.row(key) for key in deadlines.keys)
    return tuple(row for row in rows if row is not None)


@dataclass(frozen=True)
class _Situation:
    deadlines: Deadlines
    facts: Mapping[str, Value]
    now: datetime
    done: frozenset[str]
    moved: Mapping[str, Moved]

    def row(self, key: str) -> Due | None:
        """What is told of a key; None where none of its conditions can hold."""
        possible = [each for each in self.deadlines.deadlines if each.key == key and self._may_apply(each)]
        if not possible:
            return None
        first, moved = possible[0], self.moved.get(key)
        undecided = {fact for each in possible for fact in each.when if fact not in self.facts}
        due, needs = (None, self._in_order(undecided)) if undecided else self._due(first.due)
        other = moved.due if moved else None
        told = other or due
        latest = self._latest(possible)
        state = self._state(first, told, told or latest)
        cite = tuple(dict.fromkeys(section for each in possible for section in each.cite))
        note = "".join(each.note for each in possible)
        return Due(
            key, first.title, told, state, () if other else needs, cite, note, first.kind,
            moved.revision if moved else 0, due if other and due != other else None, first.asks,
            () if other else self._rests_on(first), moved, None if told or undecided else latest,
        )  # fmt: skip

    def _may_apply(self, deadline: Deadline) -> bool:
        return all(self.facts.get(fact, wanted) == wanted for fact, wanted in deadline.when.items())

    def _due(self, moment: Moment) -> tuple[datetime | None, tuple[str, ...]]:
        if isinstance(moment, Fixed):
            return moment.at, ()
        day = self.facts.get(moment.fact)
        return (moment.after(date.fromordinal(day)), ()) if isinstance(day, int) else (None, (moment.fact,))

    def _rests_on(self, deadline: Deadline) -> tuple[str, ...]:
        dated = {deadline.due.fact} if isinstance(deadline.due, Relative) else set()
        return self._in_order((dated | set(deadline.when)) & self.facts.keys())

    def _latest(self, possible: Iterable[Deadline]) -> datetime | None:
        """The moment that the date can't be later than, whatever is missing; None where there is none."""
        caps = [each.due.cap if isinstance(each.due, Relative) else None for each in possible]
        ends = [self._due(each.due)[0] or cap for each, cap in zip(possible, caps, strict=True)]
        return None if None in ends else max(end for end in ends if end is not None)

    def _in_order(self, facts: Iterable[str]) -> tuple[str, ...]:
        return tuple(fact.key for fact in self.deadlines.facts if fact.key in facts)

    def _state(self, deadline: Deadline, due: datetime | None, latest: datetime | None) -> State:
        if deadline.key in self.done:
            return State.DONE
        past = edition_state(self.deadlines, self.now.date()) is EditionState.PAST
        if latest is None:
            return State.PASSED if past else State.UPCOMING
        if self.now <= latest:
            return State.DUE_TODAY if due and due.date() == self.now.date() else State.UPCOMING
        lapsed = past and latest + WIND_UP < self.now
        return State.OVERDUE if deadline.after is After.OWED and not lapsed else State.PASSED
