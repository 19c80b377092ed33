"""The answering engine as curators use it: made when it is first wanted, and always asked beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer
from knowledge.answering.nearest import Nearby, Nearest, answer_in
from knowledge.answering.normalise import fold

AT_MOST = 8
"""Entries that are offered."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries somebody looks for."""

    text: str
    """The question as it was asked."""
    programme: str = ""
    """Slug of the only programme to look in; empty for all."""
    words: str = ""
    """What a curator looks for instead; empty: what is near to the question."""


class Engine:
    """What it would answer, and what is near.

    Args:
        make: gives the answerer; the first time it may take seconds.
    """

    def __init__(self, make: Callable[[], Answerer]) -> None:
        self._make = make

    @cached_property
    def _nearby(self) -> Nearby:
        return Nearby(self._make())

    async def answer(self, text: str, programme: str, now: datetime) -> Answer:
        """What is answered now to a question that was asked of a programme (a slug, or empty)."""
        return await asyncio.to_thread(lambda: answer_in(self._make(), text, programme, now))

    async def find(self, search: Search) -> list[Nearest]:
        """Entries and known gaps, the nearest first; of words, those first that have all of them."""
        return await asyncio.to_thread(self._find, search)

    def _find(self, search: Search) -> list[Nearest]:
        near = self._nearby.several(search.words or search.text, AT_MOST, search.programme)
        if not search.words:
            return near
        found = {each.ref: each for each in (*self._with(search), *near)}
        return list(found.values())[:AT_MOST]

    def _with(self, search: Search) -> Iterator[Nearest]:
        wanted = [folded for word in search.words.split() if (folded := fold(word))]
        for programme in self._make().base.programmes:
            if search.programme not in ("", programme.slug):
                continue
            for item in programme.items:
                if wanted and all(word in fold(item.title) for word in wanted):
                    yield Nearest(programme.ref(item), item.title, 1.0)
