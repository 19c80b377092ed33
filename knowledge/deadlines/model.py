"""The deadlines of an edition: what is due, when, for whom. Frozen; read from `deadlines.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from knowledge.deadlines.dates import Fixed, Moment
from knowledge.facts.model import Fact


class Kind(StrEnum):
    """How much a date binds."""

    HARD = "hard"
    """Late is lost: an application that no longer counts, money that must be paid back."""
    SOFT = "soft"
    """A date of the document whose missing has no stated consequence."""
    INTERNAL = "internal"
    """A school's own date before the real one."""


class After(StrEnum):
    """What becomes of a deadline that went by undone."""

    OWED = "owed"
    """The duty stays: a report, a settlement, a notice."""
    CLOSED = "closed"
    """Nothing is left to do: an application window, the end of the programme."""


class Asks(StrEnum):
    """What a date asks of the school."""

    WORK = "work"
    """Something to see to: hand in, settle, finish."""
    NOTHING = "nothing"
    """A day to know; there is nothing to hand in, or somebody else hands it in."""
    PERHAPS = "perhaps"
    """Something only where a thing has happened that rarely does: a plan withdrawn, a class that can't open."""


@dataclass(frozen=True)
class Deadline:
    """One date of the document. Two of the same key are the same duty under different conditions."""

    key: str
    title: str
    kind: Kind
    after: After
    due: Moment
    when: Mapping[str, str]
    """Choices that must hold for it to apply, by fact; empty: it always does."""
    cite: tuple[str, ...]
    note: str
    """What a person must know beside the date, in our own words."""
    file: str
    line: int
    asks: Asks = Asks.WORK


@dataclass(frozen=True)
class Example:
    """Facts, a moment, and what must come of them."""

    name: str
    facts: Mapping[str, Any]
    now: datetime
    due: Mapping[str, Any]
    """ISO local minutes or days by key; None where a fact is missing."""
    states: Mapping[str, Any]
    absent: tuple[str, ...]
    """Keys that must not be listed."""
    file: str
    line: int


@dataclass(frozen=True)
class Deadlines:
    """All of one edition of one programme."""

    programme: str
    edition: str
    valid_from: date
    """First day of the edition, the same as in programme.yaml."""
    valid_until: date
    """Its last day, inclusive."""
    facts: tuple[Fact, ...]
    """Dates and choices that deadlines depend on, in asking order."""
    deadlines: tuple[Deadline, ...]
    """In the order of the file, which is that of telling."""
    examples: tuple[Example, ...]
    by_fact: Mapping[str, Fact] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_fact", {fact.key: fact for fact in self.facts})

    @property
    def keys(self) -> tuple[str, ...]:
        """Each key once, in order."""
        return tuple(dict.fromkeys(deadline.key for deadline in self.deadlines))

    @property
    def last_day(self) -> date:
        """The last day that the document names, or the edition's own."""
        fixed = [each.due.at.date() for each in self.deadlines if isinstance(each.due, Fixed)]
        return max([self.valid_until, *fixed])
