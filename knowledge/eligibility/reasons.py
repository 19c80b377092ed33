"""Why a rule stands as it does: its condition as a tree of short sentences with the answers in them."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.eligibility.engine import Facts, world_of
from knowledge.eligibility.facts import say_answer
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.possible import NO, YES, Span, World, span, truth
from knowledge.eligibility.tree import (
    All,
    Any,
    Compare,
    Const,
    Count,
    If,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Picked,
    kind_of,
)

_SIGNS = {"<": "小於", "<=": "不超過", ">": "大於", ">=": "至少", "==": "等於", "!=": "不等於"}


@dataclass(frozen=True)
class Reason:
    """One part of a condition: whether it holds (None while unknown), in words, and the parts it consists of."""

    text: str
    holds: bool | None
    parts: tuple[Reason, ...] = ()


def explain(checklist: Checklist, facts: Facts, node: Node) -> Reason:
    """The tree of reasons of a condition under these answers."""
    return _Explainer(checklist, facts, world_of(checklist, facts)).reason(node)


@dataclass(frozen=True)
class _Explainer:
    checklist: Checklist
    facts: Facts
    world: World

    def reason(self, node: Node) -> Reason:
        found = truth(node, self.world)
        holds = True if found == YES else False if found == NO else None
        match node:
            case All(items):
                return Reason("全部成立", holds, tuple(map(self.reason, items)))
            case Any(items):
                return Reason("至少一項成立", holds, tuple(map(self.reason, items)))
            case Not(All() | Any() | If() as item):
                return Reason("以下不成立", holds, (self.reason(item),))
            case If(condition, then, other) if kind_of(node) is Kind.YESNO:
                return Reason("看情形", holds, tuple(map(self.reason, (condition, then, other))))
        return Reason(self._say(node), holds)

    def _say(self, node: Node) -> str:
        match node:
            case Not(item):
                return f"不是「{self._say(item)}」"
            case Compare(sign, left, right):
                return f"{self._value(left, right)}{_SIGNS[sign]} {self._value(right, left)}"
            case OneOf(item, options):
                return f"{self._value(item, item)}是 {self._options(item, options)}"
            case Picked(option, item):
                question = self._question(item)
                return f"{question.title}有「{question.options[option]}」"
        return self._value(node, node)

    def _options(self, item: Node, options: frozenset[str] | frozenset[int]) -> str:
        labels = self._question(item).options if isinstance(item, Name) else {}
        return "或".join(labels.get(str(option), str(option)) for option in sorted(options, key=str))

    def _value(self, node: Node, beside: Node) -> str:
        if isinstance(node, Name):
            question = self._question(node)
            return f"{question.title}（{say_answer(question, self.facts.get(question.key))}）"
        if isinstance(node, Count):
            return f"{self._question(node.item).title}的項數"
        if isinstance(node, Const):
            if isinstance(beside, Name) and isinstance(node.value, int) and not isinstance(node.value, bool):
                return say_answer(self._question(beside), node.value)
            return str(node.value)
        if kind_of(node).ordered:
            value: Span = span(node, self.world)
            return f"{value.low:,}" if value.low == value.high else f"{value.low:,}～{value.high:,}"
        return self.reason(node).text

    def _question(self, item: Node) -> Question:
        assert isinstance(item, Name)
        return self.checklist.question(item.name)
