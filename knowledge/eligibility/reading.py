"""Reads `checklist.yaml`: YAML to frozen objects, or a list of problems with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from knowledge.eligibility.expression import ExpressionError, Scope, parse, parse_condition, parse_number
from knowledge.eligibility.fields import (
    AMOUNT,
    EXAMPLE,
    NEEDS_BY_KIND,
    NO_WORD,
    NOUNS,
    PRIORITY,
    QUESTION,
    RULE,
    TERM,
    TOP,
    VERDICTS,
    YES_WORD,
    FieldReader,
    Words,
    same,
)
from knowledge.eligibility.model import Amount, Checklist, Example, Priority, Question, Rule
from knowledge.eligibility.tree import Kind, Node
from knowledge.reading import Field, Reader, Record
from knowledge.schema import KnowledgeError, Problem

TITLE_LIMIT = 20
"""Characters of a title."""
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RESERVED = frozenset({"min", "max", "date", "hours", "count", "and", "or", "not", "in", "if", "else", "is"})
_T = TypeVar("_T")


def read_checklist(content: bytes, file: str, programme: str, edition: str, fingerprint: str = "") -> Checklist:
    """The checklist that this file says. Names and types are checked here; sense is checked in `checking`.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    reader = FieldReader(file, problems)
    top = reader.document(content, TOP)
    if top is None:
        raise KnowledgeError(problems)
    builder = _Builder(reader)
    questions = builder.each(top, "questions", QUESTION, builder.question)
    terms = builder.each(top, "terms", TERM, builder.term)
    amounts_first = _amounts_before_rules(top)
    amounts = builder.each(top, "amounts", AMOUNT, builder.amount) if amounts_first else ()
    rules = builder.each(top, "rules", RULE, builder.rule)
    amounts = amounts if amounts_first else builder.each(top, "amounts", AMOUNT, builder.amount)
    priorities = builder.each(top, "priorities", PRIORITY, builder.priority)
    examples = builder.each(top, "examples", EXAMPLE, builder.example)
    if problems:
        raise KnowledgeError(problems)
    return Checklist(programme, edition, questions, dict(terms), rules, amounts, priorities, examples, fingerprint)


def _amounts_before_rules(top: Record) -> bool:
    return top.lines.get("amounts", 0) < top.lines.get("rules", 0)


class _Builder:
    """Turns records into objects, and keeps the names that are known so far."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.kinds: dict[str, Kind] = {}
        self.options: dict[str, frozenset[str]] = {}
        self.values: dict[str, Node] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def each(
        self, top: Record, name: str, fields: Mapping[str, Field], build: Callable[[Record], _T | None]
    ) -> tuple[_T, ...]:
        """What could be built of one of the lists."""
        built = [build(record) for record in self.reader.records(top.values.get(name, []), fields)]
        return tuple(item for item in built if item is not None)

    def question(self, record: Record) -> Question | None:
        values = record.values
        self._key(record, "name")
        self._title(record)
        kind = next((kind for kind in Kind if kind.value == values["type"]), None)
        if kind is None:
            expected = ", ".join(kind.value for kind in Kind)
            self.reader.report(record.lines["type"], f"`type` is {values['type']!r}; expected one of {expected}")
            return None
        for name in ("options", "min", "max", "unit"):
            wanted = name in NEEDS_BY_KIND.get(kind, set())
            if wanted != (name in values):
                self.reader.report(record.line, f"a {kind} {'needs' if wanted else 'has no'} `{name}`")
        low, high = values.get("min", 0), values.get("max", 0)
        if high < low:
            self.reader.report(record.line, "`max` lies below `min`")
        guard = self._expression(record, "only_if", parse_condition)  # before the question is known: earlier ones only
        self.kinds[values["key"]] = kind
        self.options[values["key"]] = frozenset(values.get("options", {}))
        scale = 2 if kind is Kind.HOURS else 1
        return Question(
            values["key"], values["title"], values["ask"], kind, values["why"], values["unsure"],
            values.get("options", {}), low * scale, high * scale, values.get("unit", ""), guard,
            self.reader.file, record.line, self._words(record, kind),
        )  # fmt: skip

    def _words(self, record: Record, kind: Kind) -> Mapping[str, tuple[str, ...]]:
        words: Words = record.values.get("words", Words())
        options = record.values.get("options", {})
        known = tuple(options) or ((YES_WORD, NO_WORD) if kind is Kind.YESNO else (NOUNS,))
        labels = {same(label): id_ for id_, label in options.items()}
        for id_, wordings in words.wordings.items():
            line = words.lines[id_]
            if id_ not in known:
                expected = "a list" if known == (NOUNS,) else ", ".join(known)
                self.reader.report(line, f"`words` of {id_ or 'no option'!r}; expected {expected}")
            for wording in wordings:
                if labels.get(same(wording), id_) != id_:
                    self.reader.report(line, f"{wording!r} of `{id_}` is the label of `{labels[same(wording)]}`")
        return words.wordings

    def term(self, record: Record) -> tuple[str, Node] | None:
        self._key(record, "name")
        node = self._expression(record, "is", parse)
        if node is None:
            return None
        self.values[record.values["key"]] = node
        return record.values["key"], node

    def rule(self, record: Record) -> Rule | None:
        self._key(record, "rule")
        self._title(record)
        when, needs = (
            self._expression(record, "when", parse_condition),
            self._expression(record, "needs", parse_condition),
        )
        if needs is None:
            return None
        values = record.values
        return Rule(
            values["key"], values["title"], when, needs, values["cite"], values["fail"], values["pass"],
            values.get("caution", ""), self.reader.file, record.line,
        )  # fmt: skip

    def amount(self, record: Record) -> Amount | None:
        self._key(record, "name")
        self._title(record)
        when, value = self._expression(record, "when", parse_condition), self._expression(record, "is", parse_number)
        if value is None:
            return None
        values = record.values
        if "when" not in values:
            self.values[values["key"]] = value
        return Amount(
            values["key"], values["title"], values["unit"], when, value, values["cite"], values["explain"],
            self.reader.file, record.line,
        )  # fmt: skip

    def priority(self, record: Record) -> Priority | None:
        self._key(record, "priority")
        self._title(record)
        when = self._expression(record, "when", parse_condition)
        values = record.values
        if when is None:
            return None
        return Priority(
            values["key"], values["title"], when, values["cite"], values["text"], self.reader.file, record.line
        )

    def example(self, record: Record) -> Example:
        values = record.values
        if values["verdict"] not in VERDICTS:
            self.reader.report(record.lines["verdict"], f"`verdict`; expected one of {', '.join(VERDICTS)}")
        fails, missing = values.get("fails"), values.get("missing")
        return Example(
            values["name"], values["facts"], values["verdict"], None if fails is None else tuple(fails),
            values.get("amounts"), None if missing is None else tuple(missing), self.reader.file, record.line,
        )  # fmt: skip

    def _key(self, record: Record, space: str) -> None:
        key = record.values["key"]
        if not _KEY.fullmatch(key) or key in _RESERVED:
            self.reader.report(record.lines["key"], f"`key` is {key!r}; expected a-z, 0-9 and single _")
        first = self.seen.setdefault((space, key), record.line)
        if first != record.line:
            self.reader.report(
                record.lines["key"], f"`key` {key!r} stands in line {first} too; expected one of its own"
            )

    def _title(self, record: Record) -> None:
        if len(record.values["title"]) > TITLE_LIMIT:
            self.reader.report(record.lines["title"], f"`title` is long; expected at most {TITLE_LIMIT} characters")

    def _expression(self, record: Record, name: str, read: Callable[[str, Scope], Node]) -> Node | None:
        if name not in record.values:
            return None
        try:
            return read(record.values[name], Scope(self.kinds, self.options, self.values))
        except ExpressionError as error:
            self.reader.report(record.lines[name], f"`{name}`: {error}")
            return None
