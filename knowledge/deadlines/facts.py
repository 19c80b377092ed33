"""The facts that dates depend on, as they come from a file or a chat, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.deadlines.model import Deadlines
from knowledge.eligibility.facts import FactsError, read_answer
from knowledge.eligibility.tree import Value

__all__ = ["FactsError", "read_facts"]

_SHOWN = 40
"""Characters of a strange key that an error repeats."""


def read_facts(deadlines: Deadlines, given: Any, *, strict: bool = True) -> dict[str, Value]:
    """The facts of an object as JSON has them; days become their ordinal.

    Raises:
        FactsError: an unknown key (where strict), a wrong type, a day that does not exist, an unknown choice.
    """
    if not isinstance(given, Mapping):
        raise FactsError('事實檔要是一個 JSON 物件，例如 {"欄位": 值}。')
    unknown = [str(key) for key in given if key not in deadlines.by_fact]
    if unknown and strict:
        known = "、".join(deadlines.by_fact)
        told = f"算這個計畫的期限會用到的欄位是：{known}" if known else "這個計畫的期限不必填任何欄位"
        raise FactsError(f"沒有「{unknown[0][:_SHOWN]}」這個欄位；{told}。")
    return {fact.key: read_answer(fact, given[fact.key]) for fact in deadlines.facts if fact.key in given}
