"""What a programme requires of a school over time. Frozen; read from `requirements.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from knowledge.facts.model import Fact
from knowledge.requirements.periods import Per
from knowledge.requirements.records import Kind, Record, Word

WORD_FIELDS = ("mode", "mentor_kind", "meeting", "deliverable", "topic_kind")
"""Fields of a record, beside its kind, that decide whether it counts."""
MINUTES_AN_HOUR = 60


class Count(Enum):
    """What is counted."""

    RECORDS = "records"
    HOURS = "hours"
    """Minutes inside, hours outside."""
    DAYS = "days"
    """Distinct days."""
    GROUPS = "groups"
    """Distinct names of groups; records without one do not count."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records count: of one of these kinds, and each named field one of these words."""

    kinds: frozenset[Kind]
    words: Mapping[str, frozenset[Word | None]]
    """Field to its words; None among them: the record may leave it open."""
    least_minutes: int = 0

    def fits(self, record: Record) -> bool:
        """Whether a record counts."""
        return (
            record.kind in self.kinds
            and record.minutes >= self.least_minutes
            and all(getattr(record, name) in allowed for name, allowed in self.words.items())
        )


@dataclass(frozen=True, slots=True)
class Instead:
    """Another way of meeting a requirement, open to whom has such a record within the same months."""

    where: Filter
    adds: int
    """Credited once, however long the record or however many; minutes where hours are counted."""
    needed: int
    """In this way; minutes where hours are counted."""
    count: Count


@dataclass(frozen=True, slots=True)
class Requirement:
    """One countable duty."""

    key: str
    title: str
    per: Per
    per_group: bool
    """Due from each group of its own."""
    where: Filter
    count: Count
    needed: int
    """Minutes where hours are counted."""
    unit: str
    cite: tuple[str, ...]
    mend: str
    """What to do where it is not met."""
    note: str
    """How an open point of the source is read; empty where it is plain."""
    extra: bool
    """A duty of the source that is not among the programme's agreed keys."""
    within_months: int
    """What counts must lie within so many months from the first of it on; 0 for no such limit."""
    instead: Instead | None
    each_of: str
    """As many are needed as this requirement has, at least `needed`; empty for a fixed number."""
    unless: str
    """Fact that exempts where it is true; empty for none."""
    share_of: str
    """Fact with a number of people, of which a record's headcount must be the `share`-th part; empty for none."""
    share: int
    file: str
    line: int

    @property
    def countable(self) -> bool:
        """Whether a tally of it is one plain count, which a database can take."""
        return not self.within_months and self.instead is None


@dataclass(frozen=True, slots=True)
class Example:
    """Records, and what must come of them."""

    name: str
    start: date
    end: date
    now: datetime
    records: tuple[Record, ...]
    facts: Mapping[str, Any]
    expect: tuple[Mapping[str, Any], ...]
    """Each names a key and a period, a group where there are several, and what must hold there."""
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Requirements:
    """All of one edition of one programme."""

    programme: str
    edition: str
    items: tuple[Requirement, ...]
    """In the order of telling."""
    left_out: frozenset[str]
    """Labels of periods that the span touches and the edition asks nothing of."""
    examples: tuple[Example, ...]
    file: str = ""
    asked: tuple[Fact, ...] = ()
    """How each of `facts` is asked for, in asking order."""

    def requirement(self, key: str) -> Requirement:
        """The requirement of this key.

        Raises:
            KeyError: there is none.
        """
        found = next((item for item in self.items if item.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    @property
    def facts(self) -> frozenset[str]:
        """Facts about the school that something here depends on."""
        return frozenset(fact for item in self.items for fact in (item.unless, item.share_of) if fact)
