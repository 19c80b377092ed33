"""What an expression can still come to, when some answers are unknown: sets of truths, ranges of numbers.

This is Kleene's three-valued logic with its edges sharpened: an unknown number is not just "unknown" but lies
between the question's bounds, so `students * 0` or `percent <= 200` need no asking. An unknown answer is never
taken for no, zero or the first option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from knowledge.eligibility.tree import (
    All,
    Any,
    Arithmetic,
    Compare,
    Const,
    Count,
    Extreme,
    If,
    Name,
    Node,
    Not,
    OneOf,
    Picked,
    Value,
    children,
    names,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number from `low` to `high`, both inclusive."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Picks:
    """The options that are certainly picked, and those that may be."""

    must: frozenset[str]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class OneOfThese:
    """A choice among these ids."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether it can be true, and whether it can be false; at least one of them holds."""

    yes: bool
    no: bool


Possible: TypeAlias = Span | Picks | OneOfThese | Truth
_Condition: TypeAlias = Compare | OneOf | Any | All | Not | Picked
World: TypeAlias = Mapping[str, Possible]
"""What is possible for each question; a known answer is the only possibility."""

YES, NO, EITHER = Truth(True, False), Truth(False, True), Truth(True, True)


def _truth(yes: bool, no: bool) -> Truth:
    """One of the three, which are there already: making objects is half of what a condition costs."""
    if yes:
        return EITHER if no else YES
    return NO


@lru_cache(maxsize=4096, typed=True)  # typed: True is no 1
def only(value: Value) -> Possible:
    """The one possibility of something known."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return Span(value, value)
    return OneOfThese(frozenset({value})) if isinstance(value, str) else Picks(value, value)


def decided(possible: Possible) -> bool:
    """Whether one possibility is left."""
    match possible:
        case Truth(yes, no):
            return yes != no
        case Span(low, high):
            return low == high
        case Picks(must, may):
            return must == may
        case OneOfThese(ids):
            return len(ids) == 1


class Fixed(dict[str, Possible]):
    """A world that changes no more, so that what was once found in it is kept: amounts share most of their parts."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.found: dict[int, tuple[Node, Possible]] = {}
        self.live: dict[tuple[int, frozenset[str]], tuple[Node, frozenset[str]]] = {}
        """By identity; each entry holds its node, so that no other can take its place in memory."""


def evaluate(node: Node, world: World) -> Possible:
    """What the node can come to in this world. Never raises on a tree that was read by `expression.parse`."""
    if isinstance(node, Name):
        return world[node.name]
    if isinstance(node, Const):
        return only(node.value)
    if not isinstance(world, Fixed):
        return _evaluate(node, world)
    kept = world.found.get(id(node))
    if kept is None:
        kept = world.found[id(node)] = (node, _evaluate(node, world))
    return kept[1]


def _evaluate(node: _Condition | Arithmetic | Count | Extreme | If, world: World) -> Possible:
    if not isinstance(node, (Arithmetic, Count, Extreme, If)):
        return _evaluate_truth(node, world)
    match node:
        case If(condition, then, other):
            return _evaluate_if(condition, then, other, world)
        case Arithmetic(sign, left, right):
            return _compute(sign, span(left, world), span(right, world))
        case Extreme(largest, items):
            spans = [span(item, world) for item in items]
            pick = max if largest else min
            return Span(pick(s.low for s in spans), pick(s.high for s in spans))
        case Count(item):
            picks = world[item.name]
            assert isinstance(picks, Picks)
            return Span(len(picks.must), len(picks.may))


def _evaluate_if(condition: Node, then: Node, other: Node, world: World) -> Possible:
    which = truth(condition, world)
    if which.yes and which.no:
        return _either_way(evaluate(then, world), evaluate(other, world))
    return evaluate(then if which.yes else other, world)


def truth(node: Node, world: World) -> Truth:
    """`evaluate`, for a condition."""
    found = evaluate(node, world)
    assert isinstance(found, Truth)
    return found


def _evaluate_truth(node: _Condition, world: World) -> Truth:
    match node:
        case Compare(sign, left, right):
            return _compare(sign, span(left, world), span(right, world))
        case OneOf(item, options):
            return _one_of(evaluate(item, world), options)
        case Any(items):
            return _until(YES, NO, items, world)
        case All(items):
            return _until(NO, YES, items, world)
        case Not(item):
            inner = truth(item, world)
            return _truth(inner.no, inner.yes)
        case Picked(option, item):
            picks = world[item.name]
            assert isinstance(picks, Picks)
            return _truth(option in picks.may, option not in picks.must)


def _until(ends: Truth, otherwise: Truth, items: tuple[Node, ...], world: World) -> Truth:
    """`ends` as soon as one item is that; `otherwise` where all are the contrary."""
    found = otherwise
    for item in items:
        one = truth(item, world)
        if one.yes is ends.yes and one.no is ends.no:
            return ends
        if one.yes and one.no:
            found = EITHER
    return found


def span(node: Node, world: World) -> Span:
    """`evaluate`, for an ordered value."""
    found = evaluate(node, world)
    assert isinstance(found, Span)
    return found


def live(node: Node, world: World, unsure: frozenset[str] = frozenset()) -> frozenset[str]:
    """The questions whose answer can still change what this node comes to.

    Args:
        unsure: questions that a person could not answer and is not asked again. A comparison or sum that needs one of
            them stays open whatever else is said, so nothing is asked for its sake.
    """
    if not isinstance(world, Fixed):
        return _live(node, world, unsure)
    kept = world.live.get((id(node), unsure))
    if kept is None:
        kept = world.live[id(node), unsure] = (node, _live(node, world, unsure))
    return kept[1]


def _live(node: Node, world: World, unsure: frozenset[str]) -> frozenset[str]:
    if decided(evaluate(node, world)):
        return frozenset()
    match node:
        case Name(name, _):
            return frozenset({name}) - unsure
        case All(items) | Any(items):
            return frozenset[str]().union(*(live(item, world, unsure) for item in items))
        case Not(item):
            return live(item, world, unsure)
        case If(condition, then, other):
            return _live_ways(node, world, unsure, condition, then, other)
    if isinstance(node, Extreme):
        parts = [live(item, world) for item in _contenders(node, world)]
    else:
        parts = [live(item, world) for item in children(node)]
    found = frozenset[str]().union(*parts)
    return frozenset() if found & unsure else found


def _live_ways(
    node: If, world: World, unsure: frozenset[str], condition: Node, then: Node, other: Node
) -> frozenset[str]:
    which = truth(condition, world)
    first = live(condition, world, unsure)
    if which == EITHER and not first and names(condition) & unsure:
        return frozenset()
    ways = [way for way, open_ in ((then, which.yes), (other, which.no)) if open_]
    return first.union(*(live(way, world, unsure) for way in ways))


def _contenders(node: Extreme, world: World) -> list[Node]:
    """The items that can still be the smallest or largest."""
    whole = span(node, world)
    if node.largest:
        return [item for item in node.items if span(item, world).high > whole.low]
    return [item for item in node.items if span(item, world).low < whole.high]


def _either_way(then: Possible, other: Possible) -> Possible:
    match then, other:
        case Truth(), Truth():
            return _truth(then.yes or other.yes, then.no or other.no)
        case Span(), Span():
            return Span(min(then.low, other.low), max(then.high, other.high))
        case OneOfThese(), OneOfThese():
            return OneOfThese(then.ids | other.ids)
        case Picks(), Picks():
            return Picks(then.must & other.must, then.may | other.may)
    raise AssertionError("both ways are of one kind")


def _compute(sign: str, left: Span, right: Span) -> Span:
    if sign == "+":
        return Span(left.low + right.low, left.high + right.high)
    if sign == "-":
        return Span(left.low - right.high, left.high - right.low)
    if sign == "//":
        return Span(left.low // right.low, left.high // right.low)
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Span(min(corners), max(corners))


def _compare(sign: str, left: Span, right: Span) -> Truth:
    match sign:
        case "<":
            return _truth(left.low < right.high, left.high >= right.low)
        case "<=":
            return _truth(left.low <= right.high, left.high > right.low)
        case ">":
            return _compare("<", right, left)
        case ">=":
            return _compare("<=", right, left)
        case "==":
            return _truth(
                left.low <= right.high and right.low <= left.high, not left.low == left.high == right.low == right.high
            )
    equal = _compare("==", left, right)
    return _truth(equal.no, equal.yes)


def _one_of(item: Possible, options: frozenset[str] | frozenset[int]) -> Truth:
    if isinstance(item, OneOfThese):
        return _truth(bool(item.ids & options), not item.ids <= options)
    assert isinstance(item, Span)
    inside = {option for option in options if isinstance(option, int) and item.low <= option <= item.high}
    return _truth(bool(inside), len(inside) < item.high - item.low + 1)
