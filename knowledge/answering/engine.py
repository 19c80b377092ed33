"""Answers a question from the base: deterministic, offline, and with its reasons.

The way of a question: fold → programmes named, others refused by name → fresh or follow-up → candidates of each
programme in question → probabilities → one of three zones. Nothing is asserted that is not in the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge.answering import wording, zones
from knowledge.answering.asked import FOCUS_MS, Asked, understand
from knowledge.answering.editions import Editions
from knowledge.answering.model import Answer, Focus, Status
from knowledge.answering.naming import Named, Names
from knowledge.answering.ranking import (
    DEPTH,
    NONE,
    NONE_WHERE_NO_PROGRAMME_IS_NAMED,
    SHALLOW,
    Candidate,
    candidates,
    with_probabilities,
)
from knowledge.answering.shelf import Shelf, load_shelves
from knowledge.answering.words import load_vocabulary
from knowledge.schema import Base

STRONG = 17.0
"""Likeness from which a question that names another programme is still about one of ours, which mentions it."""


class Answerer:
    """Ready to answer; holds nothing of any conversation."""

    def __init__(self, base: Base, cache_folders: Iterable[Path] | None = None) -> None:
        self.base = base
        self._vocabulary = load_vocabulary()
        self._names = Names(base)
        self.editions = Editions(load_shelves(base, self._names, self._vocabulary, cache_folders))

    def warm(self) -> None:
        """Prepare all that is otherwise prepared at the first question that needs it."""
        for shelf in self.editions.all():
            shelf.warm()

    def answer(self, question: str, focus: Focus | None = None, now: datetime | None = None) -> Answer:
        """Answer one question.

        Args:
            question: what the person wrote.
            focus: what was talked about, as the previous answer gave it.
            now: the present moment, for follow-ups and for "that date is past". Default: the system's.
        """
        now = now or datetime.now(UTC)
        at = _epoch_ms(now)
        folded = self._vocabulary.read(question)
        named = self._names.find(folded)
        if focus is not None and (at - focus.at > FOCUS_MS or focus.programme not in self.editions.slugs):
            focus = None
        asked = understand(named, folded, focus, slugs=self.editions.slugs, vocabulary=self._vocabulary)
        shelves = {slug: self.editions.choose(slug, folded) for slug in asked.slugs}
        ranked = _rank(asked, shelves)
        answer = self._decide(ranked, list(shelves.values()), asked, named, folded, now)
        return replace(
            answer,
            folded=folded,
            focus=_new_focus(answer, asked, at),
            reasons=(f"folded: {folded}", _programmes(asked, named), *(c.explain() for c in ranked[:5])),
        )

    def entry(self, ref: str, now: datetime | None = None) -> Answer | None:
        """The answer of a suggestion that was tapped; None where there is no such entry any more."""
        found = self.base.find(ref)
        if found is None:
            return None
        now = now or datetime.now(UTC)
        programme, item = found
        focus = Focus(programme.slug, ref, self.editions.edition(programme.id).bare(item.title), _epoch_ms(now))
        return replace(
            zones.assertion(programme, item, now.date()), focus=focus, folded=self._vocabulary.read(item.title)
        )

    def _decide(
        self, ranked: list[Candidate], shelves: list[Shelf], asked: Asked, named: Named, folded: str, now: datetime
    ) -> Answer:
        best = ranked[0] if ranked else None
        if named.others and not named.slugs and (best is None or best.likeness < STRONG):
            return Answer(Status.REFUSED, wording.not_held(named.others[0], self.base))
        declined = None if best and best.is_exact else self._other_year(best, shelves, folded)
        if declined is not None:
            return declined
        answer = zones.which_programme(ranked) if asked.open else None
        answer = answer or zones.decide(ranked, now.date(), is_open=asked.open)
        return answer or Answer(
            Status.REFUSED, wording.nothing_found(self.base, [shelf.programme for shelf in shelves])
        )

    def _other_year(self, best: Candidate | None, shelves: list[Shelf], folded: str) -> Answer | None:
        """A year that the programme in question does not speak of; an alias that names one is met to the letter."""
        sole = shelves[0] if len(shelves) == 1 else None
        shelf = sole or (best.shelf if best else None)
        year = self.editions.foreign_year(shelf, folded) if shelf else None
        if shelf is None or year is None:
            return None
        text = wording.other_year(shelf.programme, year)
        return Answer(Status.REFUSED, text, shelf.programme.slug, shelf.programme.edition)


def _rank(asked: Asked, shelves: Mapping[str, Shelf]) -> list[Candidate]:
    depth = SHALLOW if asked.open else DEPTH
    found = [c for slug, question in asked.questions.items() for c in candidates(shelves[slug], question, depth)]
    return with_probabilities(found, NONE_WHERE_NO_PROGRAMME_IS_NAMED if asked.open else NONE)


def _new_focus(answer: Answer, asked: Asked, at: int) -> Focus | None:
    programme = answer.programme or (asked.slugs[0] if len(asked.slugs) == 1 else "")
    return Focus(programme, answer.ref, asked.carried, at) if programme else None


def _programmes(asked: Asked, named: Named) -> str:
    how = (
        "open" if asked.open else "misspelt" if named.misspelt else "named" if named.slugs else "from the conversation"
    )
    return f"programmes ({how}): {', '.join(asked.slugs)}"


def _epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
