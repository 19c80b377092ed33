"""Which fields the lists of `checklist.yaml` have, and how options, numbers and answers are read from YAML nodes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from knowledge.eligibility.tree import Kind
from knowledge.reading import Field, Reader

LABEL_LIMIT = 20
"""Characters of an option's label, which stands on a button."""

_TEXT, _TEXTS, _RECORDS = Field("text"), Field("texts"), Field("records")
_MAYBE = Field("text", required=False)


def _special(kind: str) -> Field:
    return Field(cast(Any, kind), required=False)


TOP = {
    "questions": _RECORDS,
    "terms": Field("records", required=False),
    "rules": _RECORDS,
    "amounts": _RECORDS,
    "priorities": Field("records", required=False),
    "examples": _RECORDS,
}
QUESTION = {
    "key": _TEXT,
    "title": _TEXT,
    "ask": _TEXT,
    "type": _TEXT,
    "why": _TEXT,
    "unsure": _TEXT,
    "options": _special("options"),
    "min": _special("number"),
    "max": _special("number"),
    "unit": _MAYBE,
    "only_if": _MAYBE,
    "words": _special("words"),
}
TERM = {"key": _TEXT, "is": _TEXT}
RULE = {
    "key": _TEXT,
    "title": _TEXT,
    "when": _MAYBE,
    "needs": _TEXT,
    "cite": _TEXTS,
    "fail": _TEXT,
    "pass": _TEXT,
    "caution": _MAYBE,
}
AMOUNT = {"key": _TEXT, "title": _TEXT, "unit": _TEXT, "when": _MAYBE, "is": _TEXT, "cite": _TEXTS, "explain": _TEXT}
PRIORITY = {"key": _TEXT, "title": _TEXT, "when": _TEXT, "cite": _TEXTS, "text": _TEXT}
EXAMPLE = {
    "name": _TEXT,
    "facts": Field(cast(Any, "facts")),
    "verdict": _TEXT,
    "fails": _special("keys"),
    "amounts": _special("facts"),
    "missing": _special("keys"),
}
NEEDS_BY_KIND = {
    Kind.CHOICE: {"options"},
    Kind.SEVERAL: {"options"},
    Kind.NUMBER: {"min", "max", "unit"},
    Kind.HOURS: {"min", "max"},
}
YES_WORD, NO_WORD = "是", "否"
"""Under which a yes-or-no question keeps its wordings: YAML would read yes and no as truths."""
NOUNS = ""
"""Under which a number or a day keeps the nouns that people use for it."""
VERDICTS = ("eligible", "ineligible", "incomplete")


@dataclass
class Words:
    """What people call the answers, by option, and the line each of them stands in."""

    wordings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


class FieldReader(Reader):
    """A reader that also knows options, wordings, numbers and answers."""

    def _value(self, name: str, node: Any, kind: Any) -> Any:
        if kind == "number":
            return self._number(name, node)
        if kind == "options":
            return self._options(name, node)
        if kind == "words":
            return self._words(name, node)
        if kind in ("facts", "keys"):
            return self._plain(name, node, dict if kind == "facts" else list)
        if kind == "text" and isinstance(node, yaml.ScalarNode) and name in ("is", "needs", "when", "only_if"):
            return str(node.value).strip() or super()._value(name, node, kind)  # `is: 12` is an expression too
        return super()._value(name, node, kind)

    def _number(self, name: str, node: Any) -> int:
        if (
            isinstance(node, yaml.ScalarNode)
            and node.tag == "tag:yaml.org,2002:int"
            and re.fullmatch(r"[0-9_]+", node.value)
        ):
            return int(node.value)
        self.report(node.start_mark.line + 1, f"`{name}` is no whole number; expected one as 12")
        return 0

    def _options(self, name: str, node: Any) -> dict[str, str]:
        if not isinstance(node, yaml.MappingNode) or len(node.value) < 2:
            self.report(node.start_mark.line + 1, f"`{name}`; expected two or more `id: label`")
            return {}
        found: dict[str, str] = {}
        for key, label in node.value:
            id_ = self._text(f"{name} id", key)
            if id_ in found:
                self.report(key.start_mark.line + 1, f"option `{id_}` stands twice; keep one")
            found[id_] = self._text(id_, label)
            if len(found[id_]) > LABEL_LIMIT:
                self.report(label.start_mark.line + 1, f"label of `{id_}` is long; expected at most {LABEL_LIMIT}")
        return found

    def _words(self, name: str, node: Any) -> Words:
        found = Words()
        if not isinstance(node, yaml.MappingNode):
            return Words({NOUNS: super()._value(name, node, "texts")}, {NOUNS: node.start_mark.line + 1})
        owners: dict[str, str] = {}
        for key, items in node.value:
            id_ = self._text(f"{name} id", key)
            line = key.start_mark.line + 1
            if id_ in found.wordings:
                self.report(line, f"`{id_}` stands twice in `{name}`; keep one")
            found.wordings[id_], found.lines[id_] = super()._value(id_, items, "texts"), line
            for wording in found.wordings[id_]:
                owner = owners.setdefault(same(wording), id_)
                if owner != id_:
                    self.report(line, f"`{id_}` and `{owner}` are both called {wording!r}; keep it under one of them")
        return found

    def _plain(self, name: str, node: Any, wanted: type) -> Any:
        """Answers as JSON has them: days and hours as written."""
        try:
            value = _json(node)
        except (yaml.YAMLError, ValueError) as error:
            self.report(node.start_mark.line + 1, f"`{name}` can't be read: {str(error).splitlines()[0]}")
            return wanted()
        if not isinstance(value, wanted):
            self.report(node.start_mark.line + 1, f"`{name}`; expected a {'mapping' if wanted is dict else 'list'}")
            return wanted()
        return value


def same(wording: str) -> str:
    """One form for wordings that a person would not tell apart."""
    return "".join(unicodedata.normalize("NFKC", wording).casefold().split())


def _json(node: Any) -> Any:
    maker = yaml.constructor.SafeConstructor()
    if isinstance(node, yaml.MappingNode):
        own = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in own if own.count(key) > 1}
        if twice:
            raise ValueError(f"`{min(twice)}` stands twice")
        maker.flatten_mapping(node)
        return {key.value: _json(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_json(item) for item in node.value]
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value
    return maker.construct_object(node)
