"""One programme edition made ready for search: its entries and known gaps side by side, each known by its wordings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from knowledge import cache
from knowledge.answering.index import Document, Index, strengths
from knowledge.answering.naming import Names
from knowledge.answering.tokens import Vocabulary
from knowledge.schema import Base, Entry, Gap, Programme

_CODE = ("index.py", "naming.py", "normalise.py", "numerals.py", "shelf.py", "tokens.py", "words.py")
"""What decides the postings besides the base: a change to any of these makes them anew."""
_CACHE_NAME = "knowledge-index"

Phrasing = tuple[frozenset[str], float]
"""The tokens of a wording and their length as a vector of weights."""


class Shelf:
    """Gaps compete with rules for a question: one that the document leaves open must not fall to a neighbour."""

    def __init__(
        self,
        programme: Programme,
        names: Names,
        vocabulary: Vocabulary,
        postings: Mapping[str, Mapping[int, float]] | None = None,
    ) -> None:
        self.programme = programme
        self.items: tuple[Entry | Gap, ...] = (*programme.entries, *programme.gaps)
        self._names = names
        self._vocabulary = vocabulary
        self.postings = strengths(map(self._document, range(len(self.items)))) if postings is None else postings
        self.index = Index(self.postings, len(self.items))
        self._themes = {programme.ref(item): item.file for item in self.items}
        self._wordings: dict[int, tuple[str, ...]] = {}
        self._phrasings: dict[int, tuple[Phrasing, ...]] = {}

    def is_gap(self, number: int) -> bool:
        """Whether a document is a known gap."""
        return number >= len(self.programme.entries)

    def theme(self, ref: str) -> str:
        """The file that an entry of this programme stands in, which holds one theme; empty for any other."""
        return self._themes.get(ref, "")

    def wordings(self, number: int) -> tuple[str, ...]:
        """A document's title and aliases, folded, without the programme's name and fillers."""
        if number not in self._wordings:
            item = self.items[number]
            self._wordings[number] = tuple(self.bare(text) for text in (item.title, *item.aliases))
        return self._wordings[number]

    def phrasings(self, number: int) -> tuple[Phrasing, ...]:
        """The tokens of each wording, with their length as a vector."""
        if number not in self._phrasings:
            self._phrasings[number] = tuple(map(self._phrasing, self.wordings(number)))
        return self._phrasings[number]

    def _phrasing(self, wording: str) -> Phrasing:
        tokens = self._vocabulary.tokens(wording)
        return tokens, math.sqrt(sum(self.index.weight(token) ** 2 for token in tokens)) or 1.0

    def bare(self, text: str) -> str:
        """What a text says besides naming this programme, folded."""
        folded = self._names.without(self._vocabulary.read(text), self.programme.slug)
        return self._vocabulary.strip_fillers(folded) or folded

    def warm(self) -> None:
        """Prepare every document now instead of at its first question."""
        for number in range(len(self.items)):
            self.phrasings(number)
        assert self.topics

    @cached_property
    def topics(self) -> Sequence[Phrasing]:
        """The tokens of each document's topic words, with their weight in all."""
        return [self._topic(" ".join(item.topic)) for item in self.items]

    def _topic(self, words: str) -> Phrasing:
        tokens = self._vocabulary.tokens(self._vocabulary.read(words))
        return tokens, sum(map(self.index.weight, tokens)) or 1.0

    def _document(self, number: int) -> Document:
        item = self.items[number]
        wordings = [self.bare(text) for text in (item.title, *item.aliases)]
        answer = self._vocabulary.tokens(self._vocabulary.read(f"{item.answer} {' '.join(item.topic)}"))
        return Document(tuple(self._vocabulary.tokens(text) | {whole(text)} for text in wordings), answer)


def whole(text: str) -> str:
    """The token of a wording as a whole: leads to the entries that have just this one."""
    return f"={text.replace(' ', '')}"


def load_shelves(
    base: Base, names: Names, vocabulary: Vocabulary, cache_folders: Iterable[Path] | None = None
) -> list[Shelf]:
    """A shelf for each edition; the postings are kept between runs where a cache folder can be written.

    Args:
        cache_folders: best first; default those of `knowledge.cache`. A base without fingerprint is never kept.
    """
    folders = list(cache.default_folders() if cache_folders is None else cache_folders) if base.fingerprint else []
    fingerprint = _fingerprint(base) if folders else ""
    kept = next((found for f in folders if isinstance(found := cache.read(f, _CACHE_NAME, fingerprint), dict)), {})
    shelves = [Shelf(p, names, vocabulary, _unpack(kept.get(p.id))) for p in base.programmes]
    if not kept:
        postings = {shelf.programme.id: shelf.postings for shelf in shelves}
        any(cache.write(folder, _CACHE_NAME, fingerprint, postings) for folder in folders)
    return shelves


def _unpack(postings: dict[str, dict[str, float]] | None) -> Mapping[str, Mapping[int, float]] | None:
    if postings is None:
        return None
    return {token: {int(number): value for number, value in found.items()} for token, found in postings.items()}


def _fingerprint(base: Base) -> str:
    here = Path(__file__).parent
    files = [here.parent / "vocabulary.yaml", *(here / name for name in _CODE)]
    return cache.digest(base.fingerprint.encode(), *(path.read_bytes() for path in files))
