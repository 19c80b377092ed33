"""Every number and comparison of every checklist, changed by the least: the golden file must show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from knowledge.eligibility.drawing import golden
from knowledge.eligibility.loader import available, load_checklist
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.tree import (
    All,
    Any,
    Arithmetic,
    Compare,
    Const,
    Extreme,
    If,
    Node,
    Not,
    OneOf,
    Picked,
    walk,
)
from knowledge.eligibility.walk import states
from tests.knowledge.eligibility.toy import toy

FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}


def with_other(node: Node, old: Node, new: Node) -> Node:
    """The tree with one node, by identity, put in place of another; a term stands in many trees as one node."""
    if node is old:
        return new
    changes: dict[str, Node | tuple[Node, ...]] = {}
    for name in ("item", "left", "right", "condition", "then", "other"):
        child = getattr(node, name, None)
        if child is not None and with_other(child, old, new) is not child:
            changes[name] = with_other(child, old, new)
    if isinstance(node, (All, Any, Extreme)):
        items = tuple(with_other(item, old, new) for item in node.items)
        if any(one is not other for one, other in zip(items, node.items, strict=True)):
            changes["items"] = items
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def _here(node: Node) -> Iterator[tuple[str, Node]]:
    match node:
        case Const(int() as value, kind) if kind.ordered:
            for step in (-1, 1):
                yield f"{value}{step:+}", Const(value + step, kind)
        case Compare(sign):
            yield f"{sign} to {FLIPPED[sign]}", replace(node, sign=FLIPPED[sign])
        case If(_, then, other):
            yield "ways swapped", replace(node, then=other, other=then)
        case Arithmetic(sign) if sign in "+-":
            yield "sign turned", replace(node, sign="-" if sign == "+" else "+")
        case Extreme():
            yield "min and max swapped", replace(node, largest=not node.largest)
    yield from _logic(node)


def _logic(node: Node) -> Iterator[tuple[str, Node]]:
    match node:
        case All(items):
            yield "and to or", Any(items)
        case Any(items):
            yield "or to and", All(items)
        case Not(item):
            yield "not dropped", item
        case OneOf(_, options) if len(options) > 1:
            for option in sorted(options, key=str):
                yield f"{option} dropped", replace(node, options=options - {option})
        case OneOf() | Picked():
            yield "negated", Not(node)


PARTS = {"rules": ("when", "needs"), "amounts": ("when", "value"), "questions": ("only_if",)}


def trees(checklist: Checklist) -> Iterator[tuple[str, Node]]:
    """Every tree that decides something, with its place."""
    for field, parts in PARTS.items():
        for item in getattr(checklist, field):
            for part in parts:
                if getattr(item, part) is not None:
                    yield f"{item.key}.{part}", getattr(item, part)


def changed(checklist: Checklist) -> Iterator[tuple[str, Checklist]]:
    """The checklist with one written place changed by the least, with a word for it."""
    places = {id(node): (where, node) for where, tree in trees(checklist) for node in walk(tree)}
    for where, node in places.values():
        for what, other in _here(node):
            yield f"{where}: {what}", _rebuilt(checklist, node, other)


def _rebuilt(checklist: Checklist, old: Node, new: Node) -> Checklist:
    fields = {}
    for field, parts in PARTS.items():
        items = []
        for item in getattr(checklist, field):
            known = {part: getattr(item, part) for part in parts if getattr(item, part) is not None}
            items.append(replace(item, **{part: with_other(node, old, new) for part, node in known.items()}))
        fields[field] = tuple(items)
    return replace(checklist, **fields)  # type: ignore[arg-type]


def survivors(checklist: Checklist, draw: Callable[[Checklist], str]) -> list[str]:
    """Changes that do not show."""
    right = draw(checklist)
    return [what for what, other in changed(checklist) if draw(other) == right]


def drawn(checklist: Checklist) -> str:
    return golden(checklist, states(checklist))


def test_every_change_of_the_toy_shows() -> None:
    assert survivors(toy(), drawn) == []


def test_a_change_in_depth_is_made() -> None:
    found = [what for what, _ in changed(toy())]
    assert "enough.needs: 12-1" in found
    assert "enough.needs: >= to >" in found
    assert "ceiling.value: ways swapped" in found


@pytest.mark.torture
@pytest.mark.parametrize("which", available(), ids="-".join)
def test_every_change_of_a_programme_shows_in_its_golden_file(which: tuple[str, str]) -> None:
    assert survivors(load_checklist(*which), drawn) == []
