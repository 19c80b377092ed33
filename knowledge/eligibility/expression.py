"""Reads a condition: a typed subset of Python's own expressions, without floats, calls, attributes or loops.

    students >= 12 or remote and students >= 8
    min(host_courses, 3) * 150000 if mode in ('hybrid', 'remote') else 0
    'sharing' in covered_items and submitted_at <= date('2016-10-28T17:00')

Everything is checked when it is read: names, types, option ids. What passes can always be evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from knowledge.eligibility.moments import read_date, read_datetime
from knowledge.eligibility.tree import (
    All,
    Any,
    Arithmetic,
    Compare,
    Const,
    Count,
    Extreme,
    If,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Picked,
    kind_of,
)

LONGEST = 400
"""Characters of an expression."""
LARGEST = 10**12
"""No number in an expression is larger."""

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_OPERATIONS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//"}


class ExpressionError(ValueError):
    """The expression can't be right; the message says what was expected."""


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use."""

    kinds: Mapping[str, Kind]
    """Questions."""
    options: Mapping[str, frozenset[str]]
    """Option ids of choices and of several-of-a-list questions."""
    values: Mapping[str, Node]
    """Terms and amounts that stand earlier; they are put in place of their names."""


def parse(text: str, scope: Scope) -> Node:
    """The tree of an expression.

    Raises:
        ExpressionError: it is no expression of the language, or its types or names can't be right.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"{len(text)} characters; expected at most {LONGEST}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return _Parser(scope).node(tree.body)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"no expression: {text!r} ({getattr(error, 'msg', None) or 'too deep'})") from None


def parse_condition(text: str, scope: Scope) -> Node:
    """`parse`, for what must be true or false."""
    return _must(parse(text, scope), Kind.YESNO, text)


def parse_number(text: str, scope: Scope) -> Node:
    """`parse`, for what must be a whole number."""
    return _must(parse(text, scope), Kind.NUMBER, text)


def _must(node: Node, kind: Kind, text: str) -> Node:
    if kind_of(node) is not kind:
        raise ExpressionError(f"{text!r} is a {kind_of(node)}; expected a {kind}")
    return node


@dataclass(frozen=True)
class _Parser:
    scope: Scope

    def node(self, at: ast.expr) -> Node:
        match at:
            case ast.Constant():
                return self._constant(at)
            case ast.Name(id=name):
                return self._name(name)
            case ast.BoolOp(op=op, values=values):
                items = tuple(self._truth(value) for value in values)
                return All(items) if isinstance(op, ast.And) else Any(items)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self._truth(operand))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if type(value) is int:
                return Const(-value, Kind.NUMBER)
            case ast.Compare():
                return self._comparison(at)
            case ast.BinOp():
                return self._arithmetic(at)
            case ast.IfExp():
                return self._if(at)
            case ast.Call():
                return self._call(at)
        raise ExpressionError(f"{ast.unparse(at)!r} is not in the language")

    def _truth(self, at: ast.expr) -> Node:
        return _must(self.node(at), Kind.YESNO, ast.unparse(at))

    def _constant(self, at: ast.Constant) -> Node:
        value = at.value
        if isinstance(value, bool):
            return Const(value, Kind.YESNO)
        if isinstance(value, int) and value <= LARGEST:
            return Const(value, Kind.NUMBER)
        if isinstance(value, str):
            return Const(value, Kind.CHOICE)
        raise ExpressionError(f"{ast.unparse(at)}; expected a whole number up to {LARGEST}, an id or True or False")

    def _name(self, name: str) -> Node:
        if name in self.scope.values:
            return self.scope.values[name]
        if name in self.scope.kinds:
            return Name(name, self.scope.kinds[name])
        raise ExpressionError(f"unknown name {name!r}; expected a question, or a term or amount that stands earlier")

    def _comparison(self, at: ast.Compare) -> Node:
        sides = [at.left, *at.comparators]
        parts = tuple(self._compare(left, op, right) for left, op, right in zip(sides, at.ops, sides[1:], strict=False))
        return parts[0] if len(parts) == 1 else All(parts)

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(op, (ast.In, ast.NotIn)):
            found = self._member(left, right)
            return Not(found) if isinstance(op, ast.NotIn) else found
        sign = _SIGNS.get(type(op))
        one, two = self.node(left), self.node(right)
        said = f"{ast.unparse(left)} {sign} {ast.unparse(right)}"
        if kind_of(one) is not kind_of(two):
            raise ExpressionError(f"{said!r} compares a {kind_of(one)} with a {kind_of(two)}")
        if kind_of(one).ordered and sign:
            return Compare(sign, one, two)
        if kind_of(one) is Kind.CHOICE and sign in ("==", "!="):
            found = self._is(one, two, said)
            return Not(found) if sign == "!=" else found
        hint = "; use a yes/no bare" if kind_of(one) is Kind.YESNO else ""
        raise ExpressionError(f"{said!r}: a {kind_of(one)} can't be compared so{hint}")

    def _is(self, one: Node, two: Node, said: str) -> Node:
        if isinstance(one, Const):
            one, two = two, one
        if isinstance(one, Name) and isinstance(two, Const):
            return self._one_of(one, [two])
        raise ExpressionError(f"{said!r}; expected a choice question and one of its ids")

    def _member(self, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(right, (ast.Tuple, ast.List)):
            return self._one_of(self.node(left), [self.node(item) for item in right.elts])
        whole, option = self.node(right), self.node(left)
        if isinstance(whole, Name) and whole.kind is Kind.SEVERAL and isinstance(option, Const):
            self._known(whole.name, option)
            return Picked(str(option.value), whole)
        raise ExpressionError(f"{ast.unparse(left)!r} in {ast.unparse(right)!r}; expected (…, …) or a list question")

    def _one_of(self, item: Node, options: list[Node]) -> Node:
        for option in options:
            if not isinstance(option, Const) or option.kind is not kind_of(item):
                raise ExpressionError(f"expected only {kind_of(item)} literals after `in` or `==`")
            if option.kind is Kind.CHOICE:
                if not isinstance(item, Name):
                    raise ExpressionError("expected a choice question before `in` or `==`")
                self._known(item.name, option)
        if not options or kind_of(item) not in (Kind.CHOICE, Kind.NUMBER):
            raise ExpressionError("expected a choice or a number, and one option or more, with `in`")
        return OneOf(item, frozenset(option.value for option in options if isinstance(option, Const)))  # type: ignore[arg-type]

    def _known(self, name: str, option: Const) -> None:
        known = self.scope.options.get(name, frozenset())
        if option.value not in known:
            raise ExpressionError(
                f"{option.value!r} is no option of {name}; expected one of {', '.join(sorted(known))}"
            )

    def _arithmetic(self, at: ast.BinOp) -> Node:
        sign, left, right = _OPERATIONS.get(type(at.op)), self.node(at.left), self.node(at.right)
        both = {kind_of(left), kind_of(right)}
        fits = both == {Kind.NUMBER} or (both == {Kind.HOURS} and sign in ("+", "-"))
        if sign is None or not fits:
            raise ExpressionError(f"{ast.unparse(at)!r}; expected + - * // between whole numbers")
        if sign == "//" and not (isinstance(right, Const) and int(right.value) > 0):
            raise ExpressionError(f"{ast.unparse(at)!r}; expected a written number above 0 after //")
        return Arithmetic(sign, left, right, kind_of(left))

    def _if(self, at: ast.IfExp) -> Node:
        then, other = self.node(at.body), self.node(at.orelse)
        if kind_of(then) is not kind_of(other):
            raise ExpressionError(f"{ast.unparse(at)!r}: one way is a {kind_of(then)}, the other a {kind_of(other)}")
        return If(self._truth(at.test), then, other, kind_of(then))

    def _call(self, at: ast.Call) -> Node:
        name = at.func.id if isinstance(at.func, ast.Name) else ""
        literal = at.args[0].value if len(at.args) == 1 and isinstance(at.args[0], ast.Constant) else None
        if at.keywords or name not in ("date", "hours", "count", "min", "max"):
            raise ExpressionError(f"{ast.unparse(at)!r}; the only functions are date, hours, count, min, max")
        if name == "date":
            return _moment(literal)
        if name == "hours":
            return Const(_half_hours(literal), Kind.HOURS)
        items = tuple(self.node(item) for item in at.args)
        if name == "count":
            if len(items) == 1 and isinstance(items[0], Name) and items[0].kind is Kind.SEVERAL:
                return Count(items[0])
            raise ExpressionError(f"{ast.unparse(at)!r}; expected one list question")
        kinds = {kind_of(item) for item in items}
        if len(items) < 2 or len(kinds) != 1 or not kind_of(items[0]).ordered:
            raise ExpressionError(f"{ast.unparse(at)!r}; expected two or more values of one kind")
        return Extreme(name == "max", items, kind_of(items[0]))


def _moment(literal: object) -> Const:
    text = literal if isinstance(literal, str) else ""
    day, second = read_date(text), read_datetime(text)
    if day is not None:
        return Const(day, Kind.DATE)
    if second is not None:
        return Const(second, Kind.DATETIME)
    raise ExpressionError(f"date({literal!r}); expected date('2025-06-30') or date('2016-10-28T17:00')")


def _half_hours(literal: object) -> int:
    try:
        halves = Fraction(str(literal)) * 2 if type(literal) in (int, str) else Fraction(1, 3)
    except ValueError:
        halves = Fraction(1, 3)
    if halves.denominator != 1 or not 0 <= halves <= 10_000:
        raise ExpressionError(f"hours({literal!r}); expected hours(15) or hours('7.5')")
    return int(halves)
