"""Random sheets of answers, and a second, plain way to judge them: Python's own `eval` of the YAML's own text.

It shares nothing with the engine but the language, so that a fault in one shows against the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date as day
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import yaml

from knowledge.eligibility.facts import write_answer
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.possible import Span
from knowledge.eligibility.tree import Const, Kind, Value, walk

PROGRAMMES = Path(__file__).parents[3] / "knowledge" / "programmes"


def random_sheets(checklist: Checklist, seed: int, count: int) -> Iterator[dict[str, Value]]:
    """Complete sheets of answers; numbers lie mostly at the edges of the rules. Reproducible by the seed."""
    random = Random(seed)
    pools = {question.key: _pool(checklist, question) for question in checklist.questions}
    for _ in range(count):
        yield {q.key: _answer(q, pools[q.key], random) for q in checklist.questions}


def _answer(question: Question, pool: list[int], random: Random) -> Value:
    if question.kind is Kind.YESNO:
        return random.random() < 0.5
    if question.kind is Kind.CHOICE:
        return random.choice(list(question.options))
    if question.kind is Kind.SEVERAL:
        kept = random.choice([1.0, 0.9, 0.5])
        return frozenset(option for option in question.options if random.random() < kept)
    whole = question.possible
    assert isinstance(whole, Span)
    return random.choice(pool) if random.random() < 0.9 else random.randint(whole.low, whole.high)


def _pool(checklist: Checklist, question: Question) -> list[int]:
    whole = question.possible
    if not isinstance(whole, Span):
        return []
    written = {
        at.value
        for node in checklist.nodes
        for at in walk(node)
        if isinstance(at, Const) and at.kind is question.kind and isinstance(at.value, int)
    }
    small = {value + step for value in written for step in (-1, 0, 1)} | {whole.low, whole.low + 1, whole.high}
    return sorted(value for value in small if whole.low <= value <= whole.high)


class Plain:
    """Judges a complete sheet by `eval` of the file's text."""

    def __init__(self, path: Path) -> None:
        self.data = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.questions = {q["key"]: q for q in self.data["questions"]}
        self.compiled: dict[str, Any] = {}

    def judge(self, sheet: Mapping[str, Any]) -> tuple[set[str], dict[str, int]]:
        """Keys of the failing rules, and the amounts."""
        names = {**_FUNCTIONS, **{key: _plain(self.questions[key]["type"], value) for key, value in sheet.items()}}
        for term in self.data.get("terms", []):
            names[term["key"]] = self._value(term["is"], names)
        amounts = {}
        for amount in self.data["amounts"]:
            if "when" not in amount or self._value(amount["when"], names):
                amounts[amount["key"]] = names[amount["key"]] = self._value(amount["is"], names)
        applying = [r for r in self.data["rules"] if "when" not in r or self._value(r["when"], names)]
        return {rule["key"] for rule in applying if not self._value(rule["needs"], names)}, amounts

    def _value(self, text: object, names: dict[str, Any]) -> Any:
        words = str(text).strip()
        if words not in self.compiled:
            self.compiled[words] = compile(words, "<checklist>", "eval")
        return eval(self.compiled[words], {"__builtins__": {}}, names)


def _date(text: str) -> day | datetime:
    return datetime.fromisoformat(text) if "T" in text else day.fromisoformat(text)


_FUNCTIONS = {"date": _date, "hours": Fraction, "count": len, "min": min, "max": max}


def _plain(kind: str, value: Any) -> Any:
    if kind in ("date", "datetime"):
        return _date(value)
    return Fraction(value) if kind == "hours" else value


def as_json(checklist: Checklist, sheet: Mapping[str, Value]) -> dict[str, Any]:
    """The sheet as in a facts file."""
    return {key: write_answer(checklist.question(key), value) for key, value in sheet.items()}
