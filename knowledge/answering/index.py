"""An inverted index over entries, each known by all its wordings and, more faintly, by its answer.

An entry's strength in a token grows with the share of its wordings that hold it, so that one odd alias does not
outweigh ten that agree. Tokens are looked up from the rarest on, up to a budget, which keeps a look-up at the same
cost for a few hundred entries and for a hundred thousand; the best candidates are then scored exactly.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

SHARE_POWER = 0.3
"""How much a token counts that stands in few of an entry's wordings: (share) ** this."""
ANSWER_ALONE = 0.35
ANSWER_BESIDE = 0.1
BUDGET = 1_500
"""Postings looked at for one question."""
CANDIDATES = 24
"""Entries scored exactly."""


@dataclass(frozen=True, slots=True)
class Document:
    """What an entry is found by."""

    phrasings: tuple[frozenset[str], ...]
    answer: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate: its place among the documents and how much of the question it accounts for, about 0 to 1."""

    document: int
    score: float


class Index:
    """Built once, read by all."""

    def __init__(self, postings: Mapping[str, Mapping[int, float]], size: int) -> None:
        self.size = size
        self._postings = postings
        self._idf = {token: math.log((size + 1) / (len(found) + 0.5)) for token, found in postings.items()}
        self._unseen = math.log((size + 1) / 0.5)

    @classmethod
    def build(cls, documents: Sequence[Document]) -> Index:
        """Index the documents; their order gives the numbers in `Hit`."""
        return cls(strengths(documents), len(documents))

    def weight(self, token: str) -> float:
        """How telling a token is: high for a rare one, highest for one never seen."""
        return self._idf.get(token, self._unseen)

    def documents(self, token: str) -> Collection[int]:
        """The documents that have a token."""
        return self._postings.get(token, {}).keys()

    def strength(self, token: str, document: int) -> float:
        """How much a document is about a token, 0 to about 1."""
        return self._postings.get(token, {}).get(document, 0.0)

    def search(self, query: Mapping[str, float], limit: int = 12) -> list[Hit]:
        """The best documents for weighted tokens (1.0 each for a plain question), best first."""
        mass = sum(self.weight(token) * factor for token, factor in query.items())
        if not mass:
            return []
        known = [(self._postings[t], self._idf[t] * factor) for t, factor in query.items() if t in self._postings]
        exact = [
            (sum([weight * found[document] for found, weight in known if document in found]) / mass, document)
            for document in self._candidates(query)
        ]
        return [Hit(document, score) for score, document in heapq.nlargest(limit, exact)]

    def score(self, query: Mapping[str, float], document: int) -> float:
        """One document's score, on the scale of `search`."""
        mass = sum(self.weight(token) * factor for token, factor in query.items())
        part = sum(self.weight(t) * factor * self.strength(t, document) for t, factor in query.items())
        return part / mass if mass else 0.0

    def _candidates(self, query: Mapping[str, float]) -> Collection[int]:
        known = sorted((len(self._postings[token]), token) for token in query if token in self._postings)
        scores: dict[int, float] = {}
        spent = 0
        for length, token in known:
            if scores and spent + length > BUDGET:
                break
            spent += length
            weight = self._idf[token] * query[token]
            for document, strength in self._postings[token].items():
                scores[document] = scores.get(document, 0.0) + weight * strength
        if len(scores) <= CANDIDATES:
            return scores
        return heapq.nlargest(CANDIDATES, scores, key=scores.__getitem__)


def strengths(documents: Iterable[Document]) -> dict[str, dict[int, float]]:
    """For each token the documents that have it, and how strongly."""
    postings: dict[str, dict[int, float]] = {}
    for number, document in enumerate(documents):
        share = Counter(token for phrasing in document.phrasings for token in phrasing)
        total = len(document.phrasings) or 1
        for token in share.keys() | document.answer:
            strength = (share[token] / total) ** SHARE_POWER if token in share else 0.0
            if token in document.answer:
                strength += ANSWER_BESIDE if strength else ANSWER_ALONE
            postings.setdefault(token, {})[number] = round(strength, 4)
    return postings
