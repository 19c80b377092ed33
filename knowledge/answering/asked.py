"""What is being asked, and of which programmes: a fresh question, or one that goes on from what was said before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.answering.model import Focus
from knowledge.answering.naming import Named
from knowledge.answering.normalise import fold
from knowledge.answering.ranking import Question
from knowledge.answering.tokens import Vocabulary

FOCUS_MS = 10 * 60 * 1000
"""A follow-up refers to what was said within ten minutes."""
_THEN = fold("那")
_ELLIPSIS = re.compile(f"{_THEN}.{{2,12}}{fold('呢')}[?]?")
"""「那合作學校呢」 names somebody else and asks the same of them; 「那申請期限呢」 asks something else."""
PARTIES = frozenset({
    "#teacher", "#student", "#head", "#school", "#partner", "#host", "#mentor", "#adviser", "#authority", "#agency",
    "#public", "#private", "#senior_high", "#junior_high", "#elementary", "#special_education", "#rural",
    "#part_time", "#full_time", "#co_teacher",
})  # fmt: skip
"""Notions of the vocabulary that are who, not what is asked."""
_EMPTY = fold("那這也的了呢嗎是有要多少幾怎樣如何什麼")
"""Characters that say nothing of a topic: 「那均質化要多少」 is about what was asked before."""
REMEMBERED = 60
"""Characters of earlier questions that a chain of follow-ups carries on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as each programme that it may concern is asked it."""

    questions: Mapping[str, Question]
    """By slug, in the order of mention."""
    open: bool
    """Neither the question nor the conversation says which programme is meant."""
    carried: str
    """What a follow-up to this question should know of it."""

    @property
    def slugs(self) -> tuple[str, ...]:
        """The programmes in question."""
        return tuple(self.questions)


def understand(
    named: Named, folded: str, focus: Focus | None, *, slugs: tuple[str, ...], vocabulary: Vocabulary
) -> Asked:
    """Read a question in the light of the conversation; `slugs` are all programmes that are held.

    A programme named anew keeps the topic where nothing else is said (「那均質化呢」); a question without a
    programme stays with the one talked about, and its tokens are joined by the earlier ones at a lower weight.
    """
    rest = vocabulary.strip_fillers(named.rest)
    if focus is None:
        rest = rest or folded  # nothing but the name: what is said of it under that very name
        return _asked(named.slugs or slugs, Question(rest, vocabulary.tokens(rest)), not named.slugs)
    rest = rest.removeprefix(_THEN).strip() or rest
    previous = vocabulary.tokens(focus.question)
    tokens = vocabulary.tokens(rest)
    if not named.slugs:
        text, both = rest or folded, f"{rest} {focus.question}".rstrip()
        if _ELLIPSIS.fullmatch(folded.replace(" ", "")) and not _sought(tokens):
            tokens, text = tokens | _sought(previous), both
        return _asked((focus.programme,), Question(text, tokens, previous - tokens, focus.entry), False, both)
    said = rest.replace(" ", "").strip(_EMPTY)
    if focus.question and not said:
        rest = f"{rest} {focus.question}".strip()
        return _asked(named.slugs, Question(rest, tokens | previous), False)
    return _asked(named.slugs, Question(rest or folded, tokens), False)


def _sought(tokens: frozenset[str]) -> frozenset[str]:
    """What is asked of somebody: an amount, a date, a permission."""
    return frozenset(token for token in tokens if token.startswith("#")) - PARTIES


def _asked(slugs: tuple[str, ...], question: Question, is_open: bool, carried: str = "") -> Asked:
    return Asked(dict.fromkeys(slugs, question), is_open, (carried or question.text)[:REMEMBERED])
