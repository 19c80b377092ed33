"""A fact: a question about a school's part in a programme, and what else is known of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.eligibility.model import Question


class Which(StrEnum):
    """Which of the records that count for a duty tells a day."""

    FIRST = "first"
    """The earliest."""
    LAST = "last"
    """The latest, once as much is done or planned as the duty asks for: before that nobody knows the last one."""


@dataclass(frozen=True)
class Derived:
    """How a day follows from records: the first or last that counts for a requirement."""

    which: Which
    requirement: str


@dataclass(frozen=True)
class Fact(Question):
    """Something that dates or duties depend on."""

    names: tuple[str, ...] = ()
    """What people call it beside its title."""
    derived: Derived | None = None
    """None: nothing but asking tells it."""
    not_before: str = ""
    """A day that this one never lies before; empty for none."""


@dataclass(frozen=True)
class Sheet:
    """All facts of one edition: those of its dates, then those of its duties, in asking order."""

    programme: str
    edition: str
    facts: tuple[Fact, ...]
    by_key: Mapping[str, Fact] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {fact.key: fact for fact in self.facts})
