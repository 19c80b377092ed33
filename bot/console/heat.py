"""From the progress of many schools to a table of schools by requirements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.store.access import Enrolment
from bot.store.tallies import Standing
from knowledge.requirements.engine import Progress, State
from knowledge.requirements.model import Requirements

WORDS = {
    State.MET: ("已達", "good"),
    State.OPEN: ("尚可補", "warn"),
    State.MISSED: ("已逾", "bad"),
    State.UPCOMING: ("未開始", "calm"),
}
"""How a state is called, and its tone."""
WORST = (State.MISSED, State.OPEN, State.MET, State.UPCOMING)
"""What decides over a school, or over a requirement with several periods, if any of them is so."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement of one school, over all of its periods and groups that have begun."""

    state: State
    text: str
    """`3／5`: done of needed, or of several periods how many are met."""

    @property
    def words(self) -> tuple[str, str]:
        """The state in words, and its tone."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One school."""

    enrolment: Enrolment
    cells: tuple[Cell | None, ...]
    """In the order of the columns; None where the requirement is not due from this school."""
    state: State
    """The worst of all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One requirement."""

    key: str
    title: str
    met: int
    """Schools that have met all of it that has begun."""
    schools: int
    """Schools of which something of it has begun."""

    @property
    def per_cent(self) -> int:
        """Of the schools of which something has begun."""
        return round(100 * self.met / self.schools) if self.schools else 0


def rows(requirements: Requirements, standings: Iterable[Standing]) -> list[HeatRow]:
    """A row for each school, in the order given."""
    keys = [item.key for item in requirements.items]
    return [_row(keys, each) for each in standings]


def columns(requirements: Requirements, found: Sequence[HeatRow]) -> list[Column]:
    """A column for each requirement, with how many of the schools have met it."""
    made = []
    for place, item in enumerate(requirements.items):
        begun = [row.cells[place] for row in found]
        states = [cell.state for cell in begun if cell is not None and cell.state is not State.UPCOMING]
        made.append(Column(item.key, item.title, states.count(State.MET), len(states)))
    return made


def counts(found: Iterable[HeatRow]) -> Mapping[State, int]:
    """How many schools are in each state."""
    states = [row.state for row in found]
    return {state: states.count(state) for state in WORST}


def worst(states: Iterable[State]) -> State:
    """The one that decides; nothing at all has not begun."""
    found = set(states)
    return next((state for state in WORST if state in found), State.UPCOMING)


def _row(keys: Sequence[str], standing: Standing) -> HeatRow:
    by_key: dict[str, list[Progress]] = {}
    for each in standing.progress:
        by_key.setdefault(each.key, []).append(each)
    cells = tuple(_cell(by_key[key]) if key in by_key else None for key in keys)
    return HeatRow(standing.enrolment, cells, worst(cell.state for cell in cells if cell is not None))


def _cell(found: Sequence[Progress]) -> Cell:
    begun = [each for each in found if each.state is not State.UPCOMING]
    state = worst(each.state for each in begun)
    if len(found) == 1:
        only = found[0]
        return Cell(state, f"{only.done:g}／{only.needed:g} {only.unit}")
    met = sum(each.state is State.MET for each in begun)
    return Cell(state, f"{met}／{len(begun)} 期" if begun else f"{len(found)} 期")
