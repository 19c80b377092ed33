"""What a school is asked once for all programmes, and what each programme's checklist learns from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.tree import Node, Value


@dataclass(frozen=True)
class Giving:
    """How one fact of a programme follows from the answer to one shared question."""

    fact: str
    """A question of the programme's checklist."""
    source: str
    """A shared question."""
    values: Mapping[Value, Value | None] | None
    """Answer to fact; None for an answer that leaves the fact open. No mapping at all: the same value."""
    when: Node | None
    """A condition on the shared answers; where it is not certainly true the fact stays open."""

    def image(self, answer: Value) -> Value | None:
        """The fact that this answer gives; None where it leaves it open."""
        return answer if self.values is None else self.values[answer]


@dataclass(frozen=True)
class Share:
    """One programme's part: the facts it is given, and what can be said of it from the shared answers alone."""

    givings: tuple[Giving, ...]
    own: Checklist
    """The shared questions with this programme's rules on them; its priorities are the notes."""


@dataclass(frozen=True)
class SchoolQuestions:
    """The stable facts of a school, asked once."""

    questions: tuple[Question, ...]
    """In the order of asking; of the same kind as a checklist's."""
    shares: Mapping[str, Share]
    """By programme."""
    fingerprint: str = ""
    """Digest of the file: answers kept from an earlier file are checked again where it differs."""
    sheet: Checklist = field(init=False, compare=False, repr=False)
    """The questions as a checklist without rules: `facts.read_facts` reads kept answers by it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sheet", sheet_of(self.questions, fingerprint=self.fingerprint))

    def question(self, key: str) -> Question:
        """The shared question of this key.

        Raises:
            KeyError: there is none.
        """
        return self.sheet.question(key)


def sheet_of(questions: tuple[Question, ...], *, fingerprint: str = "") -> Checklist:
    """These questions as a checklist that requires nothing."""
    return Checklist("school", "", questions, {}, (), (), (), (), fingerprint)
