"""Every state an interview can reach, without trying every sheet of answers.

Two answers are the same where they leave the same *residual*: the rules' states, and what is left of the undecided
ones. So a state stands for thousands of sheets, and the walk ends. It draws the interview, and tests use it to hold
every programme to the same promises.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.eligibility.engine import Facts, State, questions_ahead, rule_state, world_of
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.possible import OneOfThese, Picks, Span, Truth, World, decided, evaluate, live, truth
from knowledge.eligibility.tree import (
    All,
    Any,
    Const,
    Extreme,
    If,
    Name,
    Node,
    OneOf,
    Picked,
    Value,
    children,
    names,
    walk,
)

SCANNED = 300
"""Numbers with more values than this are not tried one by one, but where a decision flips."""

Key = Hashable


@dataclass(frozen=True)
class Edge:
    """Answers to one question that lead to the same state."""

    question: str
    values: tuple[Value, ...]
    """Every value that was tried; for a wide number the ends of each range."""
    target: int


@dataclass
class Spot:
    """A state: answers that stand for all that lead here, how the rules stand, and where to go."""

    number: int
    facts: dict[str, Value]
    unsure: frozenset[str]
    rules: tuple[State, ...]
    asked: Question | None
    """The question that is put here; None at an end."""
    edges: list[Edge] = field(default_factory=list)


def states(checklist: Checklist, *, with_unsure: bool = False, at_most: int = 50_000) -> list[Spot]:
    """Every reachable state, the first one first.

    Args:
        with_unsure: also answer 「不確定」 everywhere.

    Raises:
        RuntimeError: more than `at_most` states; the checklist is too entangled to be judged.
    """
    spots = [_spot(checklist, 0, {}, frozenset())]
    known: dict[Key, int] = {_key(checklist, {}, frozenset()): 0}
    waiting = deque(spots)
    while waiting:
        spot = waiting.popleft()
        for values, facts, unsure in _ways_on(checklist, spot, with_unsure=with_unsure):
            key = _key(checklist, facts, unsure)
            if key not in known:
                known[key] = len(spots)
                spots.append(_spot(checklist, known[key], facts, unsure))
                waiting.append(spots[-1])
            assert spot.asked is not None
            spot.edges.append(Edge(spot.asked.key, values, known[key]))
        if len(spots) > at_most:
            raise RuntimeError(f"more than {at_most} states")
    return spots


def _spot(checklist: Checklist, number: int, facts: dict[str, Value], unsure: frozenset[str]) -> Spot:
    world = world_of(checklist, facts)
    ahead = questions_ahead(checklist, facts, unsure)
    return Spot(
        number, facts, unsure, tuple(rule_state(r, world) for r in checklist.rules), ahead[0] if ahead else None
    )


def _ways_on(
    checklist: Checklist, spot: Spot, *, with_unsure: bool
) -> Iterator[tuple[tuple[Value, ...], dict[str, Value], frozenset[str]]]:
    if spot.asked is None:
        return
    groups: dict[Key, list[Value]] = {}
    for value in _values(checklist, spot, spot.asked):
        key = _key(checklist, {**spot.facts, spot.asked.key: value}, spot.unsure)
        groups.setdefault(key, []).append(value)
    for values in groups.values():
        yield tuple(values), {**spot.facts, spot.asked.key: values[0]}, spot.unsure
    if with_unsure:
        yield (), spot.facts, spot.unsure | {spot.asked.key}


def _key(checklist: Checklist, facts: Facts, unsure: frozenset[str]) -> Key:
    world = world_of(checklist, facts)
    stand = tuple(rule_state(rule, world) for rule in checklist.rules)
    if State.FAIL in stand:
        return stand
    rules = stand, tuple(residual(r.holds, world) for r in checklist.rules)
    ahead = tuple(question.key for question in questions_ahead(checklist, facts, unsure))
    amounts = tuple(
        (a.when is not None and residual(a.when, world), live(a.value, world, unsure)) for a in checklist.amounts
    )
    guards = tuple(
        (q.key, residual(q.only_if, world)) for q in checklist.questions if q.only_if is not None and q.key not in facts
    )
    told = tuple(live(p.when, world, unsure) for p in checklist.priorities)
    return rules, ahead, amounts, guards, told, unsure & frozenset(_open(checklist, world) if unsure else ())


def _open(checklist: Checklist, world: World) -> Iterator[str]:
    for node in checklist.nodes:
        yield from live(node, world)


def residual(node: Node, world: World) -> Key:
    """What is left of a node, once all that is known has been put in."""
    possible = evaluate(node, world)
    if decided(possible):
        return possible
    match node:
        case Name(name, _):
            return (name,)
        case OneOf(item, options):
            return ("in", residual(item, world), options)
        case Picked(option, item):
            return ("has", option, item.name)
        case If(condition, then, other):
            which = truth(condition, world)
            if not (which.yes and which.no):
                return residual(then if which.yes else other, world)
    parts = tuple(residual(child, world) for child in children(node))
    if isinstance(node, (All, Any)):
        parts = tuple(part for part in parts if not isinstance(part, Truth))  # such parts decide nothing any more
    return (type(node).__name__, getattr(node, "sign", ""), isinstance(node, Extreme) and node.largest, parts)


def _values(checklist: Checklist, spot: Spot, question: Question) -> Iterator[Value]:
    match question.possible:
        case OneOfThese():
            yield from question.options
        case Picks(_, every):
            yield from _some_picks(every, question)
        case Span() as whole:
            if whole.high - whole.low <= SCANNED:
                yield from range(whole.low, whole.high + 1)
            else:
                yield from sorted(_flips(checklist, spot, question, whole))
        case _:
            yield from (True, False)


def _some_picks(every: frozenset[str], question: Question) -> Iterator[frozenset[str]]:
    """All, none, all but one, and one alone."""
    options = [option for option in question.options if option in every]
    yield from dict.fromkeys(
        [every, frozenset(), *(every - {option} for option in options), *(frozenset({option}) for option in options)]
    )


def _flips(checklist: Checklist, spot: Spot, question: Question, whole: Span) -> set[int]:
    """The ends of the ranges of a wide number in which nothing is decided otherwise."""

    touched = [node for node in checklist.nodes if question.key in names(node) or _guards(checklist, question)]

    def seen(value: int) -> Key:
        world = world_of(checklist, {**spot.facts, question.key: value})
        return tuple(_glance(node, world) for node in touched)

    found: set[int] = set()
    for low, high in pairwise(sorted(_corners(checklist, question, whole))):
        while seen(low) != seen(high):
            first, last = low, high
            while last - first > 1:
                middle = (first + last) // 2
                first, last = (middle, last) if seen(middle) == seen(low) else (first, middle)
            found |= {low, first, last}
            low = last
        found |= {low, high}
    return found


def _guards(checklist: Checklist, question: Question) -> bool:
    """Whether another question is asked or not by the answer to this one."""
    return any(q.only_if is not None and question.key in names(q.only_if) for q in checklist.questions)


def _glance(node: Node, world: World) -> Key:
    """What a node is decided to be, or what it still waits for; sums count only as decided or not."""
    possible = evaluate(node, world)
    if decided(possible):
        return possible if isinstance(possible, Truth) else True
    return live(node, world)


def _corners(checklist: Checklist, question: Question, whole: Span) -> set[int]:
    """The bounds, and the numbers written beside this kind in the rules, each with its neighbours."""
    nodes = [*checklist.nodes, *(q.only_if for q in checklist.questions if q.only_if is not None)]
    written = {
        at.value
        for node in nodes
        for at in walk(node)
        if isinstance(at, Const) and at.kind is question.kind and isinstance(at.value, int)
    }
    near = {value + step for value in written for step in (-1, 0, 1)}
    return {value for value in {whole.low, whole.high, *near} if whole.low <= value <= whole.high}
