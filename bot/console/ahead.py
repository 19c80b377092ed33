"""Deadlines of many schools as an office looks at them: which are near or over, and how many schools still owe them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from knowledge.deadlines.engine import Due, State
from scheduler.matters import Matter

NEAR = timedelta(days=14)
_NEAR = (State.UPCOMING, State.DUE_TODAY)


@dataclass(frozen=True, slots=True)
class Row:
    """One date of an edition; schools whose facts give another date are in another row."""

    programme: str
    edition: str
    key: str
    title: str
    due: datetime
    """Local wall time."""
    schools: int
    """To how many it applies."""
    open: int
    """How many have not done it yet."""
    is_over: bool

    @property
    def done(self) -> int:
        """How many have done it."""
        return self.schools - self.open


def rows(matters: Iterable[Matter], today: date) -> tuple[list[Row], list[Row]]:
    """What is overdue at some school, and what falls due within `NEAR`; both the earliest first."""
    grouped: dict[tuple[str, str, str, datetime], list[Due]] = defaultdict(list)
    for each in matters:
        if isinstance(each.what, Due) and each.what.due is not None:
            grouped[each.place.programme, each.place.edition, each.what.key, each.what.due].append(each.what)
    overdue, near = [], []
    for (programme, edition, key, due), schools in grouped.items():
        states = [each.state for each in schools]
        late = states.count(State.OVERDUE)
        if late:
            overdue.append(Row(programme, edition, key, schools[0].title, due, len(schools), late, is_over=True))
        elif today <= due.date() <= today + NEAR:
            still = sum(state in _NEAR for state in states)
            near.append(Row(programme, edition, key, schools[0].title, due, len(schools), still, is_over=False))
    return sorted(overdue, key=_order), sorted(near, key=_order)


def _order(row: Row) -> tuple[datetime, str, str]:
    return row.due, row.programme, row.key
