"""Judges calls against a description of the Bot API as JSON (the form of telegram-bot-api-spec)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SCALARS: dict[str, type] = {"Integer": int, "String": str, "Boolean": bool, "Float": float}


class Specification:
    """The methods and types of one version of the Bot API."""

    def __init__(self, path: Path) -> None:
        data = json.loads(path.read_text(encoding="utf-8"))
        self._methods: dict[str, Any] = data["methods"]
        self._types: dict[str, Any] = data["types"]

    def faults(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """Everything that is wrong with a call; empty for a good one."""
        if method not in self._methods:
            return [f"{method}: no such method"]
        return self._object(method, self._methods[method], params)

    def _object(self, where: str, described: Mapping[str, Any], value: Any) -> list[str]:
        if not isinstance(value, Mapping):
            return [f"{where}: not an object"]
        fields = {field["name"]: field for field in described.get("fields", ())}
        found = [f"{where}.{name}: unknown" for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                found += self._one_of(f"{where}.{name}", field["types"], value[name])
            elif field["required"]:
                found.append(f"{where}.{name}: missing")
        return found

    def _one_of(self, where: str, types: list[str], value: Any) -> list[str]:
        results = [self._value(where, kind, value) for kind in types]
        return min(results, key=len)

    def _value(self, where: str, kind: str, value: Any) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            return [
                fault
                for index, item in enumerate(value)
                for fault in self._value(f"{where}[{index}]", kind.removeprefix("Array of "), item)
            ]
        if kind in _SCALARS:
            fits = isinstance(value, _SCALARS[kind]) and (kind == "Boolean") == isinstance(value, bool)
            return [] if fits else [f"{where}: not {kind}"]
        return self._object(where, self._types[kind], value)
