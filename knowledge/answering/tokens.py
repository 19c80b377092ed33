"""Cuts folded text into what is compared: characters, pairs of neighbours, whole numbers, and notions.

No word segmentation: it cuts 十五小時 as 十五小/時 and costs 70 MB. Characters and pairs do better on Taiwanese
civic questions (measured, see docs/decisions), and a curated list of notions adds what pairs cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from knowledge.answering.normalise import fold, squash

_UNIT = re.compile(r"[a-z]+|\d+(?:[./]\d+)?%?|[^\sa-z\d]")


class Phrases:
    """A set of words that can be found in folded text, the longest at each place."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word for word in words if word)
        self._longest = max(map(len, self.words), default=0)
        self._first = frozenset(word[0] for word in self.words)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the words stand, from left to right, none overlapping another."""
        place = 0
        while place < len(text):
            end = self._match(text, place)
            if end:
                yield place, end
            place = end or place + 1

    def _match(self, text: str, place: int) -> int:
        if text[place] not in self._first:
            return 0
        # A Latin word is not found inside another: `cc` is not in `account`.
        for end in range(min(len(text), place + self._longest), place, -1):
            if text[place:end] in self.words and not _splits_latin(text, place, end):
                return end
        return 0


def _splits_latin(text: str, start: int, end: int) -> bool:
    def joined(left: str, right: str) -> bool:
        return left.isascii() and right.isascii() and left.isalpha() and right.isalpha()

    before = start > 0 and joined(text[start - 1], text[start])
    return before or (end < len(text) and joined(text[end - 1], text[end]))


class Vocabulary:
    """Notions, fillers and words of other languages, ready to be found in folded text."""

    def __init__(
        self,
        concepts: Mapping[str, Sequence[str]],
        fillers: Iterable[str],
        translations: Mapping[str, str] | None = None,
    ) -> None:
        self._notions: dict[str, set[str]] = {}
        for name, words in concepts.items():
            for word in words:
                self._notions.setdefault(squash(word), set()).add(f"#{name}")
        self._notion_words = Phrases(self._notions)
        self._fillers = Phrases(squash(word) for word in fillers)
        self._translations = {fold(word): fold(ours) for word, ours in (translations or {}).items()}
        self._foreign = Phrases(self._translations)

    def read(self, text: str) -> str:
        """A text folded, with English and Mainland words put into ours."""
        folded, read, last = fold(text), "", 0
        for start, end in self._foreign.spans(folded):
            read += folded[last:start] + self._translations[folded[start:end]]
            last = end
        return read + folded[last:]

    def strip_fillers(self, folded: str) -> str:
        """The text without politeness and particles; they become breaks between stretches."""
        return cut_out(folded, self._fillers.spans(folded))

    def notions(self, folded: str) -> set[str]:
        """The notions that the text names, each as `#name`."""
        found: set[str] = set()
        for start, end in self._notion_words.spans(folded):
            found |= self._notions[folded[start:end]]
        return found

    def tokens(self, folded: str) -> frozenset[str]:
        """Everything about a text that is compared."""
        found: set[str] = set()
        for stretch in folded.split(" "):
            units = _UNIT.findall(stretch)
            found.update(units)
            found.update(a + b for a, b in pairwise(units))
        return frozenset(found | self.notions(folded))


def cut_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the given places, which become breaks between stretches."""
    kept, last = [], 0
    for start, end in spans:
        kept.append(text[last:start])
        last = end
    kept.append(text[last:])
    return " ".join(" ".join(kept).split())
