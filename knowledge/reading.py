"""Reads YAML by its nodes, so that each problem has a file and a line, and one run reports them all.

YAML's own guesses are refused rather than followed: where text is expected, `114` or `2025-05-05` without
quotes is an error, not a number that is turned back into text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import yaml

from knowledge.schema import Problem

Kind = Literal["text", "texts", "date", "days", "records"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_INT = "tag:yaml.org,2002:int"
_COUNT = re.compile(r"[1-9][0-9]{0,3}")
_SAYS = {
    _INT: "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "yes or no",
    "tag:yaml.org,2002:null": "nothing",
    _TIMESTAMP: "a date",
    _TEXT: "text",
}


@dataclass(frozen=True)
class Field:
    """What a field of a record must be."""

    kind: Kind
    required: bool = True


@dataclass
class Record:
    """A mapping that was read: its values, and the line each of them stands in."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class Reader:
    """Reads one file; problems pile up in `problems`."""

    file: str
    problems: list[Problem]

    def report(self, line: int, message: str) -> None:
        """Note a problem in this file."""
        self.problems.append(Problem(self.file, line, message))

    def document(self, content: bytes, fields: Mapping[str, Field]) -> Record | None:
        """The one mapping that the file consists of; None where it can't be read at all."""
        try:
            node = yaml.compose(content.decode("utf-8"), Loader=_LOADER)
        except UnicodeDecodeError as error:
            self.report(content[: error.start].count(b"\n") + 1, "bytes that are not UTF-8; save it as UTF-8")
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.report(mark.line + 1 if mark else 1, f"not YAML: {what}")
            return None
        if node is None:
            self.report(1, f"the file is empty; expected {_listed(fields)}")
            return None
        return self.record(node, fields)

    def record(self, node: Any, fields: Mapping[str, Field]) -> Record | None:
        """A mapping with these fields; None where it is no mapping or a required field is unusable."""
        if not isinstance(node, yaml.MappingNode):
            self.report(_line(node), f"{_says(node)}; expected the fields {_listed(fields)}")
            return None
        before = len(self.problems)
        record = Record(_line(node))
        for name, value in self._pairs(node, fields):
            record.lines[name] = _line(value)
            record.values[name] = self._value(name, value, fields[name].kind)
        for name, wanted in fields.items():
            if wanted.required and name not in record.values:
                self.report(record.line, f"no `{name}`; every one of {_listed(fields)} is needed")
        return record if len(self.problems) == before else None

    def records(self, nodes: list[Any], fields: Mapping[str, Field]) -> Iterator[Record]:
        """Those items of a list that could be read."""
        for node in nodes:
            record = self.record(node, fields)
            if record is not None:
                yield record

    def _pairs(self, node: Any, fields: Mapping[str, Field]) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                self.report(_line(key), f"`{name}` stands twice; keep one")
            elif name not in fields:
                self.report(_line(key), f"unknown field `{name}`; known are {_listed(fields, all_of=True)}")
            else:
                yield name, value
            seen.add(name)

    def _value(self, name: str, node: Any, kind: Kind) -> Any:
        if kind == "text":
            return self._text(name, node)
        if kind == "date":
            return self._date(name, node)
        if kind == "days":
            return self._days(name, node)
        if not isinstance(node, yaml.SequenceNode):
            self.report(_line(node), f"`{name}` is {_says(node)}; expected a list")
            return ()
        if not node.value:
            self.report(_line(node), f"`{name}` is an empty list; expected at least one item")
        if kind == "records":
            return list(node.value)
        return tuple(self._text(name, item) for item in node.value)

    def _text(self, name: str, node: Any) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT:
            mend = f"; put quotes around it: '{node.value}'" if isinstance(node, yaml.ScalarNode) else ""
            self.report(_line(node), f"`{name}` is {_says(node)}; expected text{mend}")
            return ""
        text = str(node.value).strip()
        if not text:
            self.report(_line(node), f"`{name}` is empty; expected text")
        return text

    def _date(self, name: str, node: Any) -> date:
        if isinstance(node, yaml.ScalarNode) and node.tag in (_TEXT, _TIMESTAMP):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                self.report(_line(node), f"`{name}` is {node.value!r}; expected a day that exists, as 2025-08-01")
        else:
            self.report(_line(node), f"`{name}` is {_says(node)}; expected a day, as 2025-08-01")
        return date.min

    def _days(self, name: str, node: Any) -> int:
        if isinstance(node, yaml.ScalarNode) and node.tag == _INT and _COUNT.fullmatch(node.value):
            return int(node.value)
        self.report(_line(node), f"`{name}` is {_says(node)}; expected a number of days from 1 to 9999")
        return 1


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _says(node: Any) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return _SAYS.get(node.tag, f"of the type {node.tag}")


def _listed(fields: Mapping[str, Field], *, all_of: bool = False) -> str:
    return ", ".join(name for name, wanted in fields.items() if wanted.required or all_of)
