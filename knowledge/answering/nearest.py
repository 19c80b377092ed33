"""Which entries a question that was not answered well comes nearest to: what a curator is offered first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rapidfuzz import fuzz

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer, Focus
from knowledge.answering.normalise import fold


@dataclass(frozen=True, slots=True)
class Nearest:
    """An entry or known gap near to a question."""

    ref: str
    """`slug/edition/key`"""
    title: str
    nearness: float
    """0 to 1."""


class Nearby:
    """Finds what is near, first among what the engine thinks of, then among all wordings."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._titles = {p.ref(item): item.title for p in answerer.base.programmes for item in p.items}
        self._wordings = {
            p.ref(item): [fold(words) for words in (item.title, *item.aliases)]
            for p in answerer.base.programmes
            for item in p.items
        }

    def find(self, text: str, programme: str = "") -> Nearest | None:
        """The nearest; None where there is nothing."""
        return next(iter(self.several(text, 1, programme)), None)

    def several(self, text: str, limit: int = 5, programme: str = "") -> list[Nearest]:
        """The nearest few: what the engine thinks of comes first, each part the nearest first.

        Args:
            text: the question as it was asked.
            limit: how many at most.
            programme: slug of the only programme to look in; empty for all.
        """
        thought = [ref for ref in self._thought_of(text, programme) if _of(ref, programme)]
        found = self._ranked(text, thought)
        if len(found) < limit:
            found += self._ranked(text, (ref for ref in self._wordings if ref not in thought and _of(ref, programme)))
        return found[:limit]

    def _thought_of(self, text: str, programme: str) -> list[str]:
        answer = answer_in(self._answerer, text, programme)
        refs = (answer.ref, *(suggestion.ref for suggestion in answer.suggestions))
        return [ref for ref in dict.fromkeys(refs) if ref in self._wordings]

    def _ranked(self, text: str, refs: Iterable[str]) -> list[Nearest]:
        folded = fold(text)
        found = [Nearest(ref, self._titles[ref], _nearness(folded, self._wordings[ref])) for ref in refs]
        return sorted(found, key=lambda each: -each.nearness)


def answer_in(answerer: Answerer, text: str, programme: str, now: datetime | None = None) -> Answer:
    """The answer to a question that was asked of a programme, whether it names it or not.

    Args:
        programme: a slug; empty where it is not known.
        now: the present moment, aware. Default: the system's.
    """
    now = now or datetime.now(UTC)
    focus = Focus(programme, "", "", int(now.timestamp() * 1000)) if programme else None
    return answerer.answer(text, focus, now)


def _of(ref: str, programme: str) -> bool:
    return not programme or ref.startswith(f"{programme}/")


def _nearness(folded: str, wordings: list[str]) -> float:
    return max(fuzz.ratio(folded, wording) for wording in wordings) / 100
