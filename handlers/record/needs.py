"""What a programme must know of a record for it to count; follows from its requirements, is written down nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Count, Filter, Requirements
from knowledge.requirements.records import Kind, Word


class Needs:
    """For one programme's edition. Where its requirements are not known, nothing counts and everything may be said."""

    def __init__(self, requirements: Requirements | None) -> None:
        self._filters: list[tuple[Filter, bool]] = []
        for item in requirements.items if requirements else ():
            by_group = item.per_group or item.count is Count.GROUPS
            self._filters.append((item.where, by_group))
            if item.instead:
                self._filters.append((item.instead.where, False))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds that count for something, in the vocabulary's order; all where nothing is known."""
        counted = frozenset[Kind]().union(*(where.kinds for where, _ in self._filters))
        return tuple(kind for kind in Kind if kind in counted) or tuple(Kind)

    def fields(self, kind: str) -> tuple[str, ...]:
        """Fields beside time that decide whether a record of this kind counts, in asking order."""
        found: dict[str, None] = {}
        for where, by_group in self._of(kind):
            found |= dict.fromkeys(name for name, allowed in where.words.items() if allowed != {None})
            found |= {"group": None} if by_group else {}
        order = ("deliverable", "meeting", "mentor_kind", "mode", "group", "topic_kind")
        return tuple(name for name in order if name in found)

    def options(self, kind: str, field: str) -> tuple[Word, ...]:
        """The words of a field that make a record of this kind count for something."""
        named: set[Word] = set()
        for where, _ in self._of(kind):
            named |= {word for word in where.words.get(field, ()) if word is not None}
        words: Iterable[Word] = type(next(iter(named))) if named else ()
        return tuple(word for word in words if word in named)

    def _of(self, kind: str) -> list[tuple[Filter, bool]]:
        return [(where, by) for where, by in self._filters if any(each.value == kind for each in where.kinds)]


def load_needs() -> Mapping[tuple[str, str], Needs]:
    """Of every programme and edition that has requirements."""
    return {edition: Needs(load_requirements(*edition)) for edition in available()}
