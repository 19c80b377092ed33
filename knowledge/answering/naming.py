"""Finds which programmes a question names: ours, misspelt ones of ours, and those that Xueban does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from knowledge.answering.normalise import fold
from knowledge.answering.tokens import Phrases, cut_out
from knowledge.schema import Base, OtherProgramme

T = TypeVar("T")

SHORTEST_MISSPELT = 4
"""Characters of a name that may be recognised with one of them wrong; shorter ones turn into other words."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names, and what is left of it."""

    slugs: tuple[str, ...]
    """Our programmes, in the order of mention; several where several are named."""
    others: tuple[OtherProgramme, ...]
    """Programmes not held, and not part of a name of ours."""
    rest: str
    """The question without our programmes' names."""
    misspelt: bool = False


class Names:
    """All the names by which programmes go."""

    def __init__(self, base: Base) -> None:
        self._owner: dict[str, str] = {}
        for programme in base.programmes:
            for name in (programme.name, programme.short_name, *programme.names):
                self._owner.setdefault(fold(name), programme.slug)
        self._other = {fold(name): other for other in base.others for name in (other.name, *other.names)}
        self._phrases = Phrases([*self._owner, *self._other])
        self._long = [name for name in self._owner if len(name) >= SHORTEST_MISSPELT]

    def find(self, folded: str) -> Named:
        """Names in a folded question: the longest where they overlap, misspelt ones only where none is right."""
        spans = list(self._phrases.spans(folded))
        ours = [(start, end) for start, end in spans if folded[start:end] in self._owner]
        others = [self._other[folded[start:end]] for start, end in spans if folded[start:end] not in self._owner]
        misspelt = False
        if not spans:
            ours = self._misspelt(folded)
            misspelt = bool(ours)
        owners = [self._closest(folded[start:end]) for start, end in ours]
        return Named(_unique(owners), _unique(others), cut_out(folded, ours), misspelt)

    def without(self, folded: str, slug: str) -> str:
        """A text without the names of one programme: what an alias of it says besides."""
        spans = [span for span in self._phrases.spans(folded) if self._owner.get(folded[span[0] : span[1]]) == slug]
        return cut_out(folded, spans) or folded

    def _closest(self, written: str) -> str:
        return self._owner.get(written) or self._owner[min(self._long, key=lambda n: Levenshtein.distance(n, written))]

    def _misspelt(self, folded: str) -> list[tuple[int, int]]:
        for name in sorted(self._long, key=len, reverse=True):
            for start in range(len(folded) - len(name) + 1):
                window = folded[start : start + len(name)]
                if Levenshtein.distance(name, window, score_cutoff=1) == 1 and " " not in window:
                    return [(start, start + len(name))]
        return []


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
