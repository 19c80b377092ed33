"""Orders candidates by a weighted sum of few features, and says how probable each is, "none of them" included.

A multinomial logit: probabilities are the softmax of the scores, with `NONE` as one more candidate of fixed score.
The weights were fitted on questions written blind to the base (`python -m tests.bench.fit`), and are meant to be read:
`xueban ask --explain` prints each feature with what it contributed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from knowledge.answering.shelf import Shelf, whole

DEPTH = 6
"""Documents that are looked at closely where it is clear which programme is meant."""
SHALLOW = 2
"""The same for each programme where it is not."""

SHORT = 7
"""Characters up to which a question is keywords that may fit several programmes."""

FEATURES = ("share", "nearest", "near", "spelling", "exact", "covered", "notions", "topic", "gap", "beside")
"""share: part of the question that the entry accounts for, over all its wordings and its answer;
nearest: cosine with the most similar wording; near: the same over the three most similar;
spelling: edit similarity with the closest wording; exact: 1 where that wording is the question itself;
covered: part of the question's characters and numbers that the entry has at all; notions: part of the question's
notions; topic: part of the entry's topic words that the question names; gap: 1 for a known gap;
beside: in a follow-up, 1 for the theme last talked about."""

WEIGHTS: dict[str, float] = {
    "share": 6.5,
    "nearest": 1.0,
    "near": 3.4,
    "spelling": 5.0,
    "exact": 6.0,
    "covered": 6.2,
    "notions": 1.4,
    "topic": 0.8,
    "gap": 0.2,
    "beside": 1.5,
}
NONE = 6.0
"""Score of "the base does not answer this"."""
NONE_WHERE_NO_PROGRAMME_IS_NAMED = 8.0
"""The same for a question that names no programme: more often it is about something else."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry or gap that may be meant."""

    shelf: Shelf
    number: int
    features: tuple[float, ...]
    score: float
    short: bool
    """Whether the question is of a few characters only."""
    probability: float = 0.0

    @property
    def is_gap(self) -> bool:
        """Whether it says that the document does not answer this."""
        return self.shelf.is_gap(self.number)

    @property
    def likeness(self) -> float:
        """The score for telling programmes apart: a short alias met to the letter (「資本門上限」) proves nothing."""
        return self.score - WEIGHTS["exact"] * (self.is_exact and self.short)

    @property
    def is_exact(self) -> bool:
        """Whether the question is one of its wordings to the letter."""
        return self.features[FEATURES.index("exact")] == 1.0

    @property
    def ref(self) -> str:
        """`slug/edition/key`"""
        return self.shelf.programme.ref(self.shelf.items[self.number])

    def explain(self) -> str:
        """Each feature with its contribution."""
        parts = (
            f"{name} {value:.2f}→{WEIGHTS[name] * value:+.2f}"
            for name, value in zip(FEATURES, self.features, strict=True)
        )
        return f"{self.ref} p={self.probability:.2f} score={self.score:.2f}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is compared with one programme."""

    text: str
    """Folded, without the programme's name and fillers."""
    tokens: frozenset[str]
    context: frozenset[str] = frozenset()
    """Tokens of what was talked about before; they count less and only in the share."""
    beside: str = ""
    """`slug/edition/key` of the entry last talked about."""

    def weighted(self, context_factor: float) -> Mapping[str, float]:
        """All tokens with their factors."""
        return {**dict.fromkeys(self.context, context_factor), **dict.fromkeys(self.tokens, 1.0)}


def candidates(shelf: Shelf, question: Question, depth: int = DEPTH, *, context_factor: float = 0.3) -> list[Candidate]:
    """The best documents of one programme with their features and scores, in no order."""
    query = question.weighted(context_factor)
    shares = {hit.document: hit.score for hit in shelf.index.search(query, depth)}
    for number in shelf.index.documents(whole(question.text)):
        shares.setdefault(number, shelf.index.score(query, number))
    measured = _Measured(shelf, question)
    found = []
    for number, share in shares.items():
        features = (share, *measured.features(number))
        score = sum(WEIGHTS[name] * value for name, value in zip(FEATURES, features, strict=True))
        found.append(Candidate(shelf, number, features, score, len(question.text) <= SHORT))
    return found


def with_probabilities(found: Iterable[Candidate], none: float = NONE) -> list[Candidate]:
    """The candidates with their probabilities beside each other and "none", the most probable first."""
    ordered = sorted(found, key=lambda c: (-c.score, c.ref))
    top = max([none, *(c.score for c in ordered[:1])])
    total = math.exp(none - top) + sum(math.exp(c.score - top) for c in ordered)
    return [replace(c, probability=math.exp(c.score - top) / total) for c in ordered]


class _Measured:
    """What all candidates of one question share, reckoned once."""

    def __init__(self, shelf: Shelf, question: Question) -> None:
        self._shelf = shelf
        self._question = question
        self._theme = shelf.theme(question.beside)
        index = shelf.index
        self._weights = {token: index.weight(token) for token in question.tokens}
        self._squares = {token: weight * weight for token, weight in self._weights.items()}
        self._length = math.sqrt(sum(self._squares.values())) or 1.0
        self._single = {t: w for t, w in self._weights.items() if len(t) == 1 or t[0].isdigit()}
        self._notions = {t: w for t, w in self._weights.items() if t[0] == "#"}

    def features(self, number: int) -> tuple[float, ...]:
        index = self._shelf.index
        near = self._cosines(number)
        closest = process.extractOne(self._question.text, self._shelf.wordings(number), scorer=fuzz.ratio)
        spelling = closest[1] / 100
        covered = sum(w for t, w in self._single.items() if index.strength(t, number))
        notions = sum(w * index.strength(t, number) for t, w in self._notions.items())
        return (
            near[0],
            sum(near) / len(near),
            spelling,
            float(spelling == 1.0),
            covered / (sum(self._single.values()) or 1.0),
            notions / sum(self._notions.values()) if self._notions else 0.5,
            self._topic(number),
            float(self._shelf.is_gap(number)),
            float(self._shelf.items[number].file == self._theme),
        )

    def _cosines(self, number: int) -> Sequence[float]:
        squares, tokens, found = self._squares, self._question.tokens, []
        for phrasing, length in self._shelf.phrasings(number):
            common = tokens & phrasing
            if common:
                found.append(sum([squares[token] for token in common]) / (self._length * length))
        return [*sorted(found, reverse=True), 0.0, 0.0, 0.0][:3]

    def _topic(self, number: int) -> float:
        topic, total = self._shelf.topics[number]
        return sum(self._weights[token] for token in topic & self._question.tokens) / total
