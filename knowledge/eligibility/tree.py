"""What a condition is, once read: a small tree of frozen nodes over plain whole numbers, truths, ids and sets of ids.

Every ordered type is a whole number inside, so that no float exists: hours count half hours, a day is its ordinal,
a point in time counts seconds. The kinds keep them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = bool | int | str | frozenset[str]
"""An answer, or what an expression comes to."""


class Kind(StrEnum):
    """The types of the language."""

    YESNO = "yesno"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    HOURS = "hours"
    DATE = "date"
    DATETIME = "datetime"

    @property
    def ordered(self) -> bool:
        """Whether values are whole numbers inside and can be compared."""
        return self in (Kind.NUMBER, Kind.HOURS, Kind.DATE, Kind.DATETIME)


@dataclass(frozen=True, slots=True)
class Const:
    """A value written in the expression."""

    value: bool | int | str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Name:
    """The answer to a question."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    item: Node


@dataclass(frozen=True, slots=True)
class All:
    """Each of the items."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the items."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two ordered values of one kind; `sign` is one of < <= > >= == !=."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a choice or a number is one of these."""

    item: Node
    options: frozenset[str] | frozenset[int]


@dataclass(frozen=True, slots=True)
class Picked:
    """Whether the answer to a several-of-a-list question holds this option."""

    option: str
    item: Name


@dataclass(frozen=True, slots=True)
class Count:
    """How many options were picked."""

    item: Name


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`sign` is one of + - * //; the kind is that of the result."""

    sign: str
    left: Node
    right: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Extreme:
    """The smallest or largest of the items."""

    largest: bool
    items: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class If:
    """`then` where the condition holds, else `other`; both of one kind."""

    condition: Node
    then: Node
    other: Node
    kind: Kind


Node: TypeAlias = Const | Name | Not | All | Any | Compare | OneOf | Picked | Count | Arithmetic | Extreme | If


def kind_of(node: Node) -> Kind:
    """The kind of what a node comes to."""
    if isinstance(node, (Const, Name, Arithmetic, Extreme, If)):
        return node.kind
    return Kind.NUMBER if isinstance(node, Count) else Kind.YESNO


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Not(item) | OneOf(item) | Picked(_, item) | Count(item):
            return (item,)
        case All(items) | Any(items) | Extreme(_, items):
            return items
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case If(condition, then, other):
            return (condition, then, other)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(*nodes: Node | None) -> frozenset[str]:
    """The questions that these read."""
    return frozenset(at.name for node in nodes if node is not None for at in walk(node) if isinstance(at, Name))
