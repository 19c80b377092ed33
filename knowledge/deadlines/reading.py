"""Reads `deadlines.yaml`: YAML to frozen objects, or a list of problems with file and line.

from: 2025-08-01           # the edition's days, the same as in programme.yaml
until: 2026-07-31
facts:                     # what dates depend on; each is something that a chat can ask for
  - key: approved_on
    type: date             # or choice; the other fields as in knowledge/facts/reading.py
deadlines:
  - key: withdrawal_notice # two of the same key: one duty under different conditions
    title: 撤銷計畫備文說明
    kind: hard             # hard, soft, internal; see model.py
    after: owed            # owed, closed; see model.py
    asks: perhaps          # work, nothing, perhaps; see model.py; left out: work
    when: {authority: moe} # left out: always
    due: approved_on + 2 months
    cite: [拾壹/四]
    note: …
examples:                  # tried at every load
  - name: …
    facts: {approved_on: 2025-07-01}
    now: 2025-08-01T09:00
    due: {withdrawal_notice: 2025-09-01, settlement: null}
    states: {withdrawal_notice: upcoming}
    absent: [apply_authority]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

import yaml

from knowledge.deadlines.dates import Fixed, Moment, MomentError, parse_fixed, parse_moment
from knowledge.deadlines.model import After, Asks, Deadline, Deadlines, Example, Kind
from knowledge.eligibility.fields import FieldReader
from knowledge.eligibility.tree import Kind as FactKind
from knowledge.facts.reading import FACT, FactReader
from knowledge.reading import Field, Record
from knowledge.schema import KnowledgeError, Problem

TITLE_LIMIT, NOTE_LIMIT = 20, 120
"""Characters of a deadline's title and of its note."""

_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DATE, _TEXT, _TEXTS = Field("date"), Field("text"), Field("texts")
_PLAIN, _MAYBE_PLAIN = (Field(cast(Any, "facts"), required=required) for required in (True, False))
_RAW = Field(cast(Any, "raw"))
_LISTED = Field("records", required=False)
_TOP = {"from": _DATE, "until": _DATE, "facts": _LISTED, "deadlines": Field("records"), "examples": Field("records")}
_DEADLINE = {
    "key": _TEXT,
    "title": _TEXT,
    "kind": _TEXT,
    "after": _TEXT,
    "asks": Field("text", required=False),
    "when": _MAYBE_PLAIN,
    "due": _RAW,
    "cite": _TEXTS,
    "note": _TEXT,
}
_EXAMPLE = {
    "name": _TEXT,
    "facts": _PLAIN,
    "now": _RAW,
    "due": _PLAIN,
    "states": _MAYBE_PLAIN,
    "absent": Field("texts", required=False),
}
_FACT_KINDS = (FactKind.DATE, FactKind.CHOICE)
_Named = TypeVar("_Named", bound=StrEnum)
_Read = TypeVar("_Read")


def read_deadlines(content: bytes, file: str, programme: str, edition: str) -> Deadlines:
    """The deadlines that this file says. Whether they make sense together is checked in `checking`.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    builder = _Builder(_MomentReader(file, problems))
    top = builder.reader.document(content, _TOP)
    if top is None:
        raise KnowledgeError(problems)
    values, records = top.values, builder.reader.records
    if values["until"] < values["from"]:
        builder.reader.report(top.lines["until"], "`until` lies before `from`; expected the same day or later")
    facts = [builder.facts.read(record) for record in records(values.get("facts", []), FACT)]
    dates = [builder.deadline(record) for record in records(values["deadlines"], _DEADLINE)]
    examples = [builder.example(record) for record in records(values["examples"], _EXAMPLE)]
    if problems:
        raise KnowledgeError(problems)
    return Deadlines(
        programme, edition, values["from"], values["until"],
        tuple(facts), tuple(d for d in dates if d is not None), tuple(e for e in examples if e is not None),
    )  # fmt: skip


class _MomentReader(FieldReader):
    """A reader that leaves a moment as it is written, for `dates` to judge."""

    def _value(self, name: str, node: Any, kind: Any) -> Any:
        if kind == "raw":
            return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        return super()._value(name, node, kind)


class _Builder:
    """Turns records into objects, and keeps the facts that are known so far."""

    def __init__(self, reader: FieldReader) -> None:
        self.reader = reader
        self.facts = FactReader(reader, _FACT_KINDS)

    def deadline(self, record: Record) -> Deadline | None:
        values = record.values
        self._name(record)
        if len(values["note"]) > NOTE_LIMIT:
            self.reader.report(record.lines["note"], f"`note` is long; expected at most {NOTE_LIMIT} characters")
        kind, after, due = self._named(record, "kind", Kind), self._named(record, "after", After), self._due(record)
        asks = self._asks(record, after)
        when = values.get("when", {})
        for fact, wanted in when.items():
            self._condition(record, fact, wanted)
        if kind is None or after is None or asks is None or due is None:
            return None
        return Deadline(
            values["key"], values["title"], kind, after, due, when, values["cite"], values["note"],
            self.reader.file, record.line, asks,
        )  # fmt: skip

    def example(self, record: Record) -> Example | None:
        values = record.values
        now = self._moment(record, "now", parse_fixed)
        if not isinstance(now, datetime):
            return None
        return Example(
            values["name"], values["facts"], now, values["due"], values.get("states", {}), values.get("absent", ()),
            self.reader.file, record.line,
        )  # fmt: skip

    def _asks(self, record: Record, after: After | None) -> Asks | None:
        if "asks" not in record.values:
            return Asks.WORK
        asks = self._named(record, "asks", Asks)
        if asks is not Asks.WORK and after is After.OWED:
            message = "what is owed asks for work; expected `after: closed`, or no `asks`"
            self.reader.report(record.lines["asks"], message)
        return asks

    def _condition(self, record: Record, fact: str, wanted: Any) -> None:
        choices = {each.key: each.options for each in self.facts.known.values() if each.options}
        if not isinstance(wanted, str) or wanted not in choices.get(fact, {}):
            known = ", ".join(f"{key}: {'|'.join(options)}" for key, options in choices.items())
            message = f"`when` says {fact}: {wanted}; expected an option of a choice ({known or 'there is none'})"
            self.reader.report(record.lines["when"], message)

    def _due(self, record: Record) -> Moment | None:
        due = self._moment(record, "due", parse_moment)
        if isinstance(due, Fixed | None):
            return due
        known = [fact.key for fact in self.facts.known.values() if fact.kind is FactKind.DATE]
        if due.fact not in known:
            message = f"`due` reads `{due.fact}`, no date among the facts; expected one of {', '.join(known) or 'none'}"
            self.reader.report(record.lines["due"], message)
        return due

    def _moment(self, record: Record, name: str, parse: Callable[[str], _Read]) -> _Read | None:
        try:
            return parse(record.values[name])
        except MomentError as error:
            self.reader.report(record.lines[name], f"`{name}` is {error}")
            return None

    def _named(self, record: Record, name: str, known: type[_Named]) -> _Named | None:
        value = record.values[name]
        found = next((each for each in known if each.value == value), None)
        if found is None:
            expected = ", ".join(each.value for each in known)
            self.reader.report(record.lines[name], f"`{name}` is {value!r}; expected one of {expected}")
        return found

    def _name(self, record: Record) -> None:
        key, title = record.values["key"], record.values["title"]
        if not _KEY.fullmatch(key):
            self.reader.report(record.lines["key"], f"`key` is {key!r}; expected a-z, 0-9 and single _")
        if len(title) > TITLE_LIMIT:
            self.reader.report(record.lines["title"], f"`title` is long; expected at most {TITLE_LIMIT} characters")
