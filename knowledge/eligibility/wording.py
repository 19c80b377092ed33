"""Fills the {placeholders} of a checklist's texts with answers, terms and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge.eligibility.facts import UNFILLED, say_answer
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.possible import Span, World, evaluate
from knowledge.eligibility.tree import Kind, Node, Value

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ABSENT = ":absent"


def placeholders(text: str) -> Iterator[str]:
    """What stands in braces, as written."""
    yield from _PLACEHOLDER.findall(text)


def unknown_placeholder(text: str, checklist: Checklist) -> str | None:
    """The first placeholder that nothing can fill; also a brace without its other half."""
    values = _values(checklist)
    for name in placeholders(text):
        base = name.removesuffix(_ABSENT)
        question = checklist.by_key.get(base)
        if question is None and name not in values:
            return name
        if name != base and (question is None or question.kind is not Kind.SEVERAL):
            return name
    rest = _PLACEHOLDER.sub("", text)
    return next((brace for brace in "{}" if brace in rest), None)


def fill(text: str, checklist: Checklist, facts: Mapping[str, Value], world: World) -> str:
    """The text with every placeholder filled; 「尚未填」 for what is not known."""
    values = _values(checklist)

    def one(found: re.Match[str]) -> str:
        name = found[1]
        if name in values:
            possible = evaluate(values[name], world)
            known = isinstance(possible, Span) and possible.low == possible.high
            return f"{possible.low:,}" if known and isinstance(possible, Span) else UNFILLED
        question = checklist.question(name.removesuffix(_ABSENT))
        value = facts.get(question.key)
        if name.endswith(_ABSENT) and isinstance(value, frozenset):
            value = frozenset(question.options) - value
        return say_answer(question, value)

    return _PLACEHOLDER.sub(one, text)


def _values(checklist: Checklist) -> dict[str, Node]:
    return {**checklist.terms, **{amount.key: amount.value for amount in checklist.amounts}}
