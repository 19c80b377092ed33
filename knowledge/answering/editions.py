"""Which edition of a programme a question is about: the newest, unless it names a year that only an older one has."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.answering.shelf import Shelf
from knowledge.answering.years import Years


class Editions:
    """All editions that are held, each ready for search."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self._by_id = {shelf.programme.id: shelf for shelf in shelves}
        self._years = {name: Years(shelf.programme) for name, shelf in self._by_id.items()}
        self._by_slug: dict[str, list[Shelf]] = {}
        for shelf in sorted(self._by_id.values(), key=lambda s: s.programme.valid_until, reverse=True):
            self._by_slug.setdefault(shelf.programme.slug, []).append(shelf)
        self.slugs = tuple(dict.fromkeys(shelf.programme.slug for shelf in self._by_id.values()))
        """The programmes, in the order of the base."""

    def all(self) -> Iterable[Shelf]:
        """Every edition of every programme."""
        return self._by_id.values()

    def edition(self, programme_id: str) -> Shelf:
        """The edition `slug/edition`. Raises `KeyError` where it is not held."""
        return self._by_id[programme_id]

    def choose(self, slug: str, folded: str = "") -> Shelf:
        """The edition of a programme that a question is about."""
        editions = self._by_slug[slug]
        return next((shelf for shelf in editions if self.foreign_year(shelf, folded) is None), editions[0])

    def foreign_year(self, shelf: Shelf, folded: str) -> int | None:
        """The first year of a question that an edition does not speak of."""
        return self._years[shelf.programme.id].foreign(folded)
