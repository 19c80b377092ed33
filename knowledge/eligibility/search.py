"""Looks for answers that make a condition true: halves what is possible until it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.eligibility.possible import EITHER, OneOfThese, Picks, Possible, Span, Truth, World, live, truth
from knowledge.eligibility.possible import NO as NEVER
from knowledge.eligibility.possible import YES as ALWAYS
from knowledge.eligibility.tree import Node

MOST_STEPS = 20_000


@dataclass
class _Steps:
    left: int = MOST_STEPS


class UndecidedError(Exception):
    """The condition is too entangled to be searched."""


def can_be_true(node: Node, world: World) -> bool:
    """Whether some completion of this world makes the condition true.

    Raises:
        UndecidedError: none was found within `MOST_STEPS`, and none was excluded.
    """
    return witness(node, world) is not None


def witness(node: Node, world: World) -> World | None:
    """A part of this world in which the condition is true throughout; None where there is none.

    Raises:
        UndecidedError: as `can_be_true`.
    """
    return _search(node, world, _Steps())


def nearest_true(node: Node, world: World, name: str, within: Span, *, upward: bool) -> int | None:
    """The first value of one number, from one end of `within`, at which the condition is certainly true."""
    found = truth(node, {**world, name: within})
    if not found.yes:
        return None
    if not found.no:
        return within.low if upward else within.high
    if within.low == within.high:
        return None
    middle = (within.low + within.high) // 2
    halves = [Span(within.low, middle), Span(middle + 1, within.high)]
    for half in halves if upward else halves[::-1]:
        value = nearest_true(node, world, name, half, upward=upward)
        if value is not None:
            return value
    return None


def _search(node: Node, world: World, steps: _Steps) -> World | None:
    steps.left -= 1
    if steps.left < 0:
        raise UndecidedError
    found: Truth = truth(node, world)
    if found == ALWAYS:
        return world
    open_names = sorted(live(node, world))
    if found == NEVER or not open_names:
        return None
    assert found == EITHER
    narrowest = min(open_names, key=lambda name: (_width(world[name]), name))
    for part in halves(world[narrowest]):
        inner = _search(node, _with(world, narrowest, part), steps)
        if inner is not None:
            return inner
    return None


def _with(world: World, name: str, part: Possible) -> Mapping[str, Possible]:
    return {**world, name: part}


def _width(possible: Possible) -> int:
    match possible:
        case Span(low, high):
            return high - low
        case OneOfThese(ids):
            return len(ids)
        case Picks(must, may):
            return len(may - must)
    return 1


def halves(possible: Possible) -> Iterator[Possible]:
    """What is possible, in two parts that have nothing in common."""
    match possible:
        case Span(low, high):
            middle = (low + high) // 2
            yield Span(low, middle)
            yield Span(middle + 1, high)
        case OneOfThese(ids):
            ordered = sorted(ids)
            yield OneOfThese(frozenset(ordered[: len(ordered) // 2]))
            yield OneOfThese(frozenset(ordered[len(ordered) // 2 :]))
        case Picks(must, may):
            first = min(may - must)
            yield Picks(must, may - {first})
            yield Picks(must | {first}, may)
        case Truth():
            yield ALWAYS
            yield NEVER
