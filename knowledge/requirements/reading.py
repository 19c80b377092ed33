"""Reads `requirements.yaml`: YAML to frozen objects, or a list of problems with file and line.

left_out: ['105-1']         # periods that the span touches and the edition asks nothing of (optional)
facts:                      # what `unless` and `share_of` name: yesno or number, see knowledge/facts/reading.py
  - {key: some_fact, …}
requirements:               # the agreed keys; `extra:` holds further duties of the source, in the same form
  - key: community_meeting
    title: 社群活動
    per: semester and group # month, semester, school_year or total; `and group`: due from each group
    kind: [community_meeting]
    mode: [onsite, none]    # likewise mentor_kind, meeting, deliverable, topic_kind; none: not stated
    count: records          # records (default), hours, days, groups
    needed: 5
    unit: 次
    cite: [捌/四]
    mend: 請補辦……           # what to do where it is not met
    note: ……                # how an open point of the source is read (optional)
    within_months: 3        # from the first counted record on (optional)
    instead:                # another way, open to whom has such a record in that window (optional)
      - {kind: [workshop], least_hours: 6, adds: 6, needed: 15, count: hours}
    each_of: visits         # as many as that requirement has, at least `needed` (optional)
    unless: some_fact       # exempt where the fact is true (optional)
    share_of: some_fact     # the headcount must be the `share`-th part of this number (optional, with share)
    share: 3
examples:
  - {name: ……, from: 2025-08-01, to: 2026-07-31, now: 2025-09-01T09:00, facts: {}, records: […], expect: […]}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from knowledge.eligibility.fields import FieldReader
from knowledge.eligibility.tree import Kind as FactKind
from knowledge.facts.reading import FACT, FactReader
from knowledge.reading import Field
from knowledge.reading import Record as Fields
from knowledge.requirements.model import (
    MINUTES_AN_HOUR,
    WORD_FIELDS,
    Count,
    Example,
    Filter,
    Instead,
    Requirement,
    Requirements,
)
from knowledge.requirements.periods import Per
from knowledge.requirements.records import (
    Deliverable,
    Kind,
    Meeting,
    MentorKind,
    Mode,
    Record,
    RecordError,
    TopicKind,
    Word,
    read_moment,
    read_record,
)
from knowledge.schema import KnowledgeError, Problem

TITLE_LIMIT = 20
"""Characters of a title."""
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FACT_KINDS = (FactKind.NUMBER, FactKind.YESNO)
_AND_GROUP = " and group"
_NOT_STATED = "none"
_VOCABULARY: dict[str, type[Word]] = {
    "mode": Mode,
    "mentor_kind": MentorKind,
    "meeting": Meeting,
    "deliverable": Deliverable,
    "topic_kind": TopicKind,
}

_TEXT, _TEXTS, _NUMBER = Field("text"), Field("texts"), Field(cast(Any, "number"))
_MAYBE, _MAYBE_TEXTS = Field("text", required=False), Field("texts", required=False)
_MAYBE_NUMBER, _MAYBE_RECORDS = Field(cast(Any, "number"), required=False), Field("records", required=False)
_FILTER = {"kind": _TEXTS, **dict.fromkeys(WORD_FIELDS, _MAYBE_TEXTS)}
_TOP = {
    "left_out": _MAYBE_TEXTS,
    "facts": _MAYBE_RECORDS,
    "requirements": Field("records"),
    "extra": _MAYBE_RECORDS,
    "examples": Field("records"),
}
_REQUIREMENT = {
    **_FILTER,
    **dict.fromkeys(("key", "title", "per", "unit", "mend"), _TEXT),
    "needed": _NUMBER,
    "cite": _TEXTS,
    **dict.fromkeys(("count", "note", "each_of", "unless", "share_of"), _MAYBE),
    **dict.fromkeys(("within_months", "share"), _MAYBE_NUMBER),
    "instead": _MAYBE_RECORDS,
}
_INSTEAD = {**_FILTER, "least_hours": _NUMBER, "adds": _NUMBER, "needed": _NUMBER, "count": _TEXT}
_EXAMPLE = {
    "name": _TEXT,
    "from": Field("date"),
    "to": Field("date"),
    "now": _TEXT,
    "records": Field(cast(Any, "keys")),
    "facts": Field(cast(Any, "facts"), required=False),
    "expect": Field(cast(Any, "keys")),
}


def read_requirements(content: bytes, file: str, programme: str, edition: str) -> Requirements:
    """The requirements that this file says. Names and types are checked here; sense is checked in `checking`.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    reader = FieldReader(file, problems)
    top = reader.document(content, _TOP)
    if top is None:
        raise KnowledgeError(problems)
    builder = _Builder(reader)
    facts = FactReader(reader, _FACT_KINDS)
    asked = tuple(facts.read(fields) for fields in reader.records(top.values.get("facts", []), FACT))
    agreed = builder.requirements(top.values["requirements"], extra=False)
    further = builder.requirements(top.values.get("extra", []), extra=True)
    examples = tuple(builder.example(fields) for fields in reader.records(top.values["examples"], _EXAMPLE))
    if problems:
        raise KnowledgeError(problems)
    left_out = frozenset(top.values.get("left_out", ()))
    return Requirements(programme, edition, agreed + further, left_out, examples, file, asked)


class _Builder:
    """Turns what was read into objects."""

    def __init__(self, reader: FieldReader) -> None:
        self.reader = reader
        self.seen: dict[str, int] = {}

    def requirements(self, nodes: list[Any], *, extra: bool) -> tuple[Requirement, ...]:
        return tuple(self.requirement(fields, extra=extra) for fields in self.reader.records(nodes, _REQUIREMENT))

    def requirement(self, fields: Fields, *, extra: bool) -> Requirement:
        values = fields.values
        self._key(fields)
        if len(values["title"]) > TITLE_LIMIT:
            self._report(fields, "title", f"is long; expected at most {TITLE_LIMIT} characters")
        if ("share_of" in values) != ("share" in values):
            self.reader.report(fields.line, "`share_of` and `share` go together; expected both or none")
        count = self._one(fields, "count", Count, Count.RECORDS)
        per, per_group = self._per(fields)
        return Requirement(
            key=values["key"], title=values["title"], per=per, per_group=per_group, where=self._filter(fields),
            count=count, needed=self._amount(fields, "needed", count), unit=values["unit"], cite=values["cite"],
            mend=values["mend"], note=values.get("note", ""), extra=extra,
            within_months=values.get("within_months", 0), instead=self._instead(values.get("instead", [])),
            each_of=values.get("each_of", ""), unless=values.get("unless", ""),
            share_of=values.get("share_of", ""), share=values.get("share", 1),
            file=self.reader.file, line=fields.line,
        )  # fmt: skip

    def example(self, fields: Fields) -> Example:
        values = fields.values
        try:
            now = read_moment("now", values["now"])
        except RecordError as error:
            self._report(fields, "now", f"is no moment: {error}")
            now = read_moment("now", "2000-01-01")
        records = tuple(self._records(fields))
        if not all(isinstance(each, dict) and {"key", "period"} <= set(each) for each in values["expect"]):
            self._report(fields, "expect", "has an item without key or period; expected both")
        start, end = _days(values)
        return Example(
            values["name"], start, end, now, records, values.get("facts", {}), tuple(values["expect"]),
            self.reader.file, fields.line,
        )  # fmt: skip

    def _records(self, fields: Fields) -> Iterable[Record]:
        for number, data in enumerate(fields.values["records"], 1):
            try:
                yield read_record({"id": f"r{number}", **data} if isinstance(data, dict) else data)
            except RecordError as error:
                self._report(fields, "records", f"has a wrong one, number {number}: {error}")

    def _key(self, fields: Fields) -> None:
        key = fields.values["key"]
        if not _KEY.fullmatch(key):
            self._report(fields, "key", f"is {key!r}; expected a-z, 0-9 and single _")
        first = self.seen.setdefault(key, fields.line)
        if first != fields.line:
            self._report(fields, "key", f"{key!r} stands in line {first} too; expected one of its own")

    def _per(self, fields: Fields) -> tuple[Per, bool]:
        text = fields.values["per"]
        name = text.removesuffix(_AND_GROUP)
        found = next((per for per in Per if per.value == name), None)
        if found is None:
            known = ", ".join(per.value for per in Per)
            self._report(fields, "per", f"is {text!r}; expected one of {known}, perhaps with `{_AND_GROUP.strip()}`")
        return found or Per.TOTAL, text.endswith(_AND_GROUP)

    def _filter(self, fields: Fields) -> Filter:
        kinds = self._words(fields, "kind", Kind)
        words = {name: self._words(fields, name, _VOCABULARY[name]) for name in WORD_FIELDS if name in fields.values}
        least = fields.values.get("least_hours", 0) * MINUTES_AN_HOUR
        if None in kinds:
            self._report(fields, "kind", "has `none`; every record has a kind")
        return Filter(frozenset(kind for kind in kinds if isinstance(kind, Kind)), words, least)

    def _words(self, fields: Fields, name: str, of: type[Word]) -> frozenset[Word | None]:
        found: set[Word | None] = set()
        for text in fields.values[name]:
            word = next((word for word in of if word.value == text), None)
            if word is not None or text == _NOT_STATED:
                found.add(word)
                continue
            known = ", ".join(word.value for word in of)
            self._report(fields, name, f"has {text!r}; expected {known} or {_NOT_STATED}")
        return frozenset(found)

    def _instead(self, nodes: list[Any]) -> Instead | None:
        found = list(self.reader.records(nodes, _INSTEAD))
        if len(found) > 1:
            self.reader.report(found[1].line, "a second way under `instead`; expected one")
        if not found:
            return None
        fields = found[0]
        count = self._one(fields, "count", Count, Count.RECORDS)
        needed, adds = (self._amount(fields, name, count) for name in ("needed", "adds"))
        return Instead(self._filter(fields), adds, needed, count)

    def _one(self, fields: Fields, name: str, of: type[Count], default: Count) -> Count:
        text = fields.values.get(name, default.value)
        found = next((each for each in of if each.value == text), None)
        if found is None:
            self._report(fields, name, f"is {text!r}; expected one of {', '.join(each.value for each in of)}")
        return found or default

    def _amount(self, fields: Fields, name: str, count: Count) -> int:
        amount: int = fields.values[name]
        return amount * MINUTES_AN_HOUR if count is Count.HOURS else amount

    def _report(self, fields: Fields, name: str, message: str) -> None:
        self.reader.report(fields.lines[name], f"`{name}` {message}")


def _days(values: dict[str, Any]) -> tuple[date, date]:
    return values["from"], values["to"]
