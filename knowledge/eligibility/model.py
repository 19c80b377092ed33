"""A checklist: what is asked, what must hold, how much is granted. Frozen; read from `checklist.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any as Json

from knowledge.eligibility.moments import DAY, FIRST_DAY, LAST_DAY
from knowledge.eligibility.possible import EITHER, OneOfThese, Picks, Possible, Span
from knowledge.eligibility.tree import All, Any, Kind, Node, Not, names


@dataclass(frozen=True)
class Question:
    """One fact about the school, and how a person is asked for it."""

    key: str
    title: str
    """At most 12 characters, for lists of answers."""
    ask: str
    kind: Kind
    why: str
    unsure: str
    """How to find out."""
    options: Mapping[str, str]
    """Id to label, in order; empty for other types."""
    low: int
    high: int
    """Bounds of a number, in halves for hours; outside is impossible, not merely forbidden."""
    unit: str
    only_if: Node | None
    """Asked only where this holds."""
    file: str
    line: int
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What people call it: by option, by 是 and 否, or under an empty key the nouns for a number or a day."""

    @cached_property
    def possible(self) -> Possible:
        """Every answer that can be given."""
        match self.kind:
            case Kind.YESNO:
                return EITHER
            case Kind.CHOICE:
                return OneOfThese(frozenset(self.options))
            case Kind.SEVERAL:
                return Picks(frozenset(), frozenset(self.options))
            case Kind.DATE:
                return Span(FIRST_DAY, LAST_DAY)
            case Kind.DATETIME:
                return Span(FIRST_DAY * DAY, LAST_DAY * DAY + DAY - 1)
        return Span(self.low, self.high)


@dataclass(frozen=True)
class Rule:
    """One requirement of the document."""

    key: str
    title: str
    when: Node | None
    """Does not apply where this is false."""
    needs: Node
    cite: tuple[str, ...]
    fail: str
    passed: str
    caution: str
    """What the source leaves open; empty where it is plain."""
    file: str
    line: int

    @cached_property
    def holds(self) -> Node:
        """True where the rule does not fail."""
        return self.needs if self.when is None else Any((Not(self.when), self.needs))

    @cached_property
    def fails(self) -> Node:
        """True where the rule fails."""
        return Not(self.needs) if self.when is None else All((self.when, Not(self.needs)))


@dataclass(frozen=True)
class Amount:
    """A sum or count that follows from the answers."""

    key: str
    title: str
    unit: str
    when: Node | None
    """There is no such amount where this is false."""
    value: Node
    cite: tuple[str, ...]
    explain: str
    file: str
    line: int


@dataclass(frozen=True)
class Priority:
    """Something that is told where it holds, and decides nothing."""

    key: str
    title: str
    when: Node
    cite: tuple[str, ...]
    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Example:
    """Answers and what must come of them."""

    name: str
    facts: Mapping[str, Json]
    """As in a facts file."""
    verdict: str
    fails: tuple[str, ...] | None
    """Exactly the failing rules; None where not stated."""
    amounts: Mapping[str, int] | None
    missing: tuple[str, ...] | None
    file: str
    line: int


@dataclass(frozen=True)
class Checklist:
    """All of one edition of one programme."""

    programme: str
    edition: str
    questions: tuple[Question, ...]
    """In the order of asking."""
    terms: Mapping[str, Node]
    rules: tuple[Rule, ...]
    amounts: tuple[Amount, ...]
    priorities: tuple[Priority, ...]
    examples: tuple[Example, ...]
    fingerprint: str = ""
    """Digest of the file: answers kept from an earlier file are checked again where it differs."""
    by_key: Mapping[str, Question] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {question.key: question for question in self.questions})

    def question(self, key: str) -> Question:
        """The question of this key.

        Raises:
            KeyError: there is none.
        """
        return self.by_key[key]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every condition and value that decides something; priorities decide nothing."""
        of_rules = tuple(rule.holds for rule in self.rules)
        of_amounts = tuple(node for a in self.amounts for node in (a.when, a.value) if node is not None)
        return of_rules + of_amounts

    @cached_property
    def decisive(self) -> frozenset[str]:
        """Questions that verdict or amounts depend on; the others only serve priorities."""
        direct = names(*self.nodes)
        guards = [self.question(key).only_if for key in direct]
        return direct | names(*guards)
