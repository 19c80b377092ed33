"""Which entries and known gaps are due to be held against their source again, and which have outlived themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.schema import Base, Entry, Gap, Programme


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry or known gap that somebody has to look at."""

    ref: str
    """`slug/edition/key`"""
    title: str
    owner: str
    """Who keeps it right; may be empty."""
    verified_on: date | None
    """None: nobody ever noted it."""
    age: int | None
    """Days since then."""
    lapsed_on: date | None
    """The last day on which it held, where that is over; None where it still holds or names no day of its own."""
    file: str
    line: int


def stale(base: Base, today: date, days: int | None = None) -> list[Stale]:
    """What is due, that which never was verified first, then the longest ago.

    Args:
        today: the local day.
        days: how long a verification lasts; None: as each programme says.
    """
    found = [each for programme in base.programmes for each in _of(programme, today, days)]
    return sorted(found, key=lambda each: (each.verified_on or date.min, each.file, each.line))


def _of(programme: Programme, today: date, days: int | None) -> Iterator[Stale]:
    for item in programme.items:
        each = look(programme, item, today)
        lasts = programme.verify_every if days is None else days
        if each.lapsed_on or each.age is None or each.age > lasts:
            yield each


def look(programme: Programme, item: Entry | Gap, today: date) -> Stale:
    """How an entry stands, due or not."""
    verified, until = programme.verified(item), item.valid_until
    return Stale(
        ref=programme.ref(item),
        title=item.title,
        owner=programme.owner_of(item),
        verified_on=verified,
        age=None if verified is None else (today - verified).days,
        lapsed_on=until if until and until < today else None,
        file=item.file,
        line=item.line,
    )
