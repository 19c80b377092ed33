"""The nouns of answering: a question's outcome, its source, and what a follow-up refers to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How sure we are, which decides what may be said."""

    ANSWERED = "answered"
    """One answer, asserted, with its source."""
    UNSURE = "unsure"
    """Asks back or suggests; asserts nothing."""
    REFUSED = "refused"
    """Not in the knowledge base: says so, and whom to ask."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands."""

    programme: str
    edition: str
    section: str
    """The source's own labels joined by `/`, half-width parentheses: `柒/一/(一)`."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry that may be meant."""

    ref: str
    """`slug/edition/key`"""
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class Focus:
    """What was last talked about; a follow-up within ten minutes refers to it."""

    programme: str
    entry: str
    """`slug/edition/key` of the entry last answered or suggested, or empty."""
    question: str
    """The question, folded, that led there."""
    at: int
    """Epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to a question, and why."""

    status: Status
    text: str
    programme: str = ""
    edition: str = ""
    ref: str = ""
    """`slug/edition/key` of the entry or known gap behind the text; empty where there is none."""
    title: str = ""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    focus: Focus | None = None
    """What the next question may refer to."""
    folded: str = ""
    """The question as it was compared."""
    reasons: tuple[str, ...] = ()
    """One line a step, for `--explain`."""
