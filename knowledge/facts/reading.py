"""Reads one fact of a `deadlines.yaml` or `requirements.yaml`.

facts:
  - key: first_visit_on
    title: 第一次入校日       # at most 12 characters
    ask: 領航教師第一次入校陪伴是哪一天？
    type: date               # choice (with options), number (with min, max, unit), yesno
    names: [首次入校日]       # what people call it beside the title (optional)
    why: …
    unsure: …                # how to find out
    first_of: visits         # or last_of: follows from the records that count for this requirement (optional, dates)
    not_before: applied_on   # an earlier fact that this day never lies before (optional, dates)
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, cast

from knowledge.eligibility.fields import NEEDS_BY_KIND, NOUNS, FieldReader
from knowledge.eligibility.tree import Kind
from knowledge.facts.model import Derived, Fact, Which
from knowledge.reading import Field, Record

TITLE_LIMIT = 12
"""Characters of a fact's title, which stands in lists of answers."""

_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TEXT, _MAYBE = Field("text"), Field("text", required=False)
FACT = {
    **dict.fromkeys(("key", "title", "ask", "type", "why", "unsure"), _TEXT),
    "options": Field(cast(Any, "options"), required=False),
    **dict.fromkeys(("min", "max"), Field(cast(Any, "number"), required=False)),
    **dict.fromkeys(("unit", "first_of", "last_of", "not_before"), _MAYBE),
    "names": Field("texts", required=False),
}
"""The fields of a fact."""


class FactReader:
    """Turns records into facts, and keeps those that are known so far. `kinds`: those that a file may have."""

    def __init__(self, reader: FieldReader, kinds: Collection[Kind]) -> None:
        self.known: dict[str, Fact] = {}
        self._reader = reader
        self._kinds = {kind.value: kind for kind in kinds}

    def read(self, record: Record) -> Fact:
        """The fact that a record says; what can't be right is reported."""
        values = record.values
        self._named(record)
        kind = self._kind(record)
        if values["key"] in self.known:
            self._reader.report(record.lines["key"], f"fact `{values['key']}` stands twice; keep one")
        names = values.get("names", ())
        fact = Fact(
            values["key"], values["title"], values["ask"], kind or Kind.DATE, values["why"], values["unsure"],
            values.get("options", {}), values.get("min", 0), values.get("max", 0), values.get("unit", ""), None,
            self._reader.file, record.line,
            {NOUNS: names} if names and kind not in (Kind.CHOICE, Kind.YESNO) else {},
            names, self._derived(record, kind), self._not_before(record, kind),
        )  # fmt: skip
        return self.known.setdefault(fact.key, fact)

    def _named(self, record: Record) -> None:
        key, title = record.values["key"], record.values["title"]
        if not _KEY.fullmatch(key):
            self._reader.report(record.lines["key"], f"`key` is {key!r}; expected a-z, 0-9 and single _")
        if len(title) > TITLE_LIMIT:
            self._reader.report(record.lines["title"], f"`title` is long; expected at most {TITLE_LIMIT} characters")

    def _kind(self, record: Record) -> Kind | None:
        values = record.values
        kind = self._kinds.get(values["type"])
        if kind is None:
            expected = " or ".join(self._kinds)
            self._reader.report(record.lines["type"], f"`type` is {values['type']!r}; expected {expected}")
            return None
        for name in ("options", "min", "max", "unit"):
            wanted = name in NEEDS_BY_KIND.get(kind, set())
            if wanted != (name in values):
                self._reader.report(record.line, f"a {kind} {'needs' if wanted else 'has no'} `{name}`")
        if values.get("max", 0) < values.get("min", 0):
            self._reader.report(record.line, "`max` lies below `min`")
        return kind

    def _derived(self, record: Record, kind: Kind | None) -> Derived | None:
        given = [(which, record.values[f"{which}_of"]) for which in Which if f"{which}_of" in record.values]
        if len(given) > 1 or (given and kind is not Kind.DATE):
            self._reader.report(record.line, "`first_of` or `last_of` says how a day follows; expected one, of a date")
        return Derived(*given[0]) if given else None

    def _not_before(self, record: Record, kind: Kind | None) -> str:
        earlier: str = record.values.get("not_before", "")
        days = [fact.key for fact in self.known.values() if fact.kind is Kind.DATE]
        if earlier and (kind is not Kind.DATE or earlier not in days):
            message = f"`not_before` is {earlier!r}; expected an earlier date among the facts, of a date"
            self._reader.report(record.lines["not_before"], message)
        return earlier
