"""Reads `forms.yaml`: YAML to frozen objects, or a list of problems with file and line.

forms:
  - what: community            # community, mentoring, report: at most one of each
    title: 教師社群運作紀錄
    short: 社群運作紀錄          # for a button, at most 12 characters
    cite: [陸/二/(二)]          # the sections that name it
    records: [community_meeting]
    rows:                      # of community and mentoring: a sheet a record
      - {label: 活動主題, is: topic}            # see knowledge.forms.model.Is
      - {label: 研討內容, is: write, lines: 6, hint: ……}
      - {label: 輔導方式, is: ticks, options: [到校, 線上]}
    signatures: [紀錄, 校長]
    note: ……                   # optional
  - what: report
    …
    parts:                     # of a report, in place of records and rows
      - title: 社群運作紀錄
        is: table              # table, write, progress, photos
        cite: [陸/二/(二)]
        records: [community_meeting]   # of table and photos
        deliverable: [module]          # only these, of records of kind deliverable (optional)
        columns: [{label: 日期, is: day}]
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, cast

from knowledge.eligibility.fields import FieldReader
from knowledge.forms.model import Chosen, Form, Forms, Is, Part, PartIs, Row, What
from knowledge.reading import Field, Record
from knowledge.requirements.records import Deliverable, Kind
from knowledge.schema import KnowledgeError, Problem

SHORT_LIMIT, LABEL_LIMIT = 12, 24
"""Characters."""
DEFAULT_LINES = 4
NOT_IN_TABLES = frozenset({Is.PHOTOS, Is.TICKS, Is.SCHOOL})

_TEXT, _TEXTS, _RECORDS = Field("text"), Field("texts"), Field("records")
_MAYBE, _MAYBE_TEXTS, _MAYBE_RECORDS = (Field(each.kind, required=False) for each in (_TEXT, _TEXTS, _RECORDS))
_NUMBER = Field(cast(Any, "number"), required=False)
_TOP = {"forms": _RECORDS}
_FORM = {
    **dict.fromkeys(("what", "title", "short"), _TEXT),
    **dict.fromkeys(("cite", "signatures"), _TEXTS),
    "records": _MAYBE_TEXTS,
    "rows": _MAYBE_RECORDS,
    "parts": _MAYBE_RECORDS,
    "note": _MAYBE,
}
_ROW = {"label": _TEXT, "is": _TEXT, "hint": _MAYBE, "lines": _NUMBER, "options": _MAYBE_TEXTS}
_PART = {
    **dict.fromkeys(("title", "is"), _TEXT),
    "cite": _TEXTS,
    **dict.fromkeys(("records", "deliverable"), _MAYBE_TEXTS),
    "columns": _MAYBE_RECORDS,
    "hint": _MAYBE,
    "lines": _NUMBER,
}
_E = TypeVar("_E", bound=Enum)


def read_forms(content: bytes, file: str, programme: str, edition: str) -> Forms:
    """The forms that this file says.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    reader = FieldReader(file, problems)
    top = reader.document(content, _TOP)
    if top is None:
        raise KnowledgeError(problems)
    builder = _Builder(reader)
    forms = tuple(map(builder.form, reader.records(top.values["forms"], _FORM)))
    if problems:
        raise KnowledgeError(problems)
    return Forms(programme, edition, forms, file)


class _Builder:
    """Turns what was read into objects."""

    def __init__(self, reader: FieldReader) -> None:
        self.reader = reader
        self.seen: set[What] = set()

    def form(self, fields: Record) -> Form:
        values = fields.values
        what = self._one(fields, "what", What)
        if what in self.seen:
            self.reader.report(fields.line, f"`{what.value}` stands twice; expected one form of it")
        self.seen.add(what)
        self._short(fields, "short", SHORT_LIMIT)
        wanted = {"parts"} if what is What.REPORT else {"records", "rows"}
        given = {"parts", "records", "rows"} & values.keys()
        if given != wanted:
            self.reader.report(fields.line, f"a {what.value} has {_and(given)}; expected {_and(wanted)}")
        return Form(
            what=what, title=values["title"], short=values["short"], cite=values["cite"], chosen=self._chosen(fields),
            rows=tuple(map(self.row, self.reader.records(values.get("rows", []), _ROW))),
            parts=tuple(map(self.part, self.reader.records(values.get("parts", []), _PART))),
            signatures=values["signatures"], note=values.get("note", ""), file=self.reader.file, line=fields.line,
        )  # fmt: skip

    def row(self, fields: Record) -> Row:
        values = fields.values
        what = self._one(fields, "is", Is)
        self._short(fields, "label", LABEL_LIMIT)
        if ("options" in values) != (what is Is.TICKS):
            self.reader.report(fields.line, "`options` go with `is: ticks`; expected both or none")
        return Row(
            values["label"], what, values.get("hint", ""), values.get("lines", DEFAULT_LINES), values.get("options", ())
        )

    def part(self, fields: Record) -> Part:
        values = fields.values
        what = self._one(fields, "is", PartIs)
        columns = tuple(map(self.row, self.reader.records(values.get("columns", []), _ROW)))
        if bool(columns) != (what is PartIs.TABLE):
            self.reader.report(fields.line, "`columns` go with `is: table`; expected both or none")
        if ("records" in values) != (what in (PartIs.TABLE, PartIs.PHOTOS)):
            self.reader.report(fields.line, "`records` go with `is: table` and `is: photos`; expected both or none")
        for column in columns:
            if column.what in NOT_IN_TABLES:
                self.reader.report(fields.line, f"a column is {column.what.value}; expected what fits into a cell")
        return Part(
            values["title"], what, values["cite"], self._chosen(fields), columns, values.get("hint", ""),
            values.get("lines", DEFAULT_LINES), fields.line,
        )  # fmt: skip

    def _chosen(self, fields: Record) -> Chosen:
        kinds = frozenset(self._words(fields, "records", Kind))
        handed_in = frozenset(self._words(fields, "deliverable", Deliverable))
        if handed_in and Kind.DELIVERABLE not in kinds:
            self.reader.report(fields.line, "`deliverable` without the kind; expected it among `records`")
        return Chosen(kinds, handed_in)

    def _words(self, fields: Record, name: str, of: type[_E]) -> list[_E]:
        return [self._word(fields, name, text, of) for text in fields.values.get(name, ())]

    def _one(self, fields: Record, name: str, of: type[_E]) -> _E:
        return self._word(fields, name, fields.values[name], of)

    def _word(self, fields: Record, name: str, text: str, of: type[_E]) -> _E:
        known: Mapping[str, _E] = {each.value: each for each in of}
        if text not in known:
            self.reader.report(fields.lines[name], f"`{name}` has {text!r}; expected one of {', '.join(known)}")
        return known.get(text, next(iter(known.values())))

    def _short(self, fields: Record, name: str, longest: int) -> None:
        if len(fields.values[name]) > longest:
            self.reader.report(fields.lines[name], f"`{name}` is long; expected at most {longest} characters")


def _and(names: set[str]) -> str:
    return " and ".join(sorted(names)) or "nothing"
