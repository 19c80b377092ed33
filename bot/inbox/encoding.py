"""JSON of webhooks, in and out: orjson for what it takes, the standard library for the rest.

orjson is five times as fast, and a webhook does little else; but it refuses a body for half a surrogate pair, and
writes NaN as null. What it refuses is read again by the standard library, so that one odd event spoils itself only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson

DEEPEST = 64
"""Levels of a provider event. One that can just be read here might be too deep to be read again later."""


class _NoNumber:
    """Stands where a body has NaN, Infinity or 1e999: what holds it can't be encoded again."""


def decode(body: bytes) -> Any:
    """A body as data. Raises `ValueError` or `RecursionError` where it is no JSON."""
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body, parse_constant=lambda _: _NoNumber(), parse_float=_number)


def encode(event: Mapping[str, Any]) -> str:
    """An event as it is stored.

    Raises `ValueError`, `TypeError` or `RecursionError` where it can't be stored: no number, nested too deeply.
    """
    try:
        text = orjson.dumps(event).decode()
    except TypeError:
        text = _strict(event)
    if "null" in text:
        text = _strict(event)  # was it a null?
    if text.count("{") + text.count("[") > DEEPEST and _depth(event) > DEEPEST:
        raise ValueError("the event is nested too deeply")
    return text


_strict = json.JSONEncoder(allow_nan=False).encode


def _number(text: str) -> float | _NoNumber:
    value = float(text)
    return value if math.isfinite(value) else _NoNumber()


def _depth(value: Any) -> int:
    levels, level = 0, [value]
    while level:
        levels += 1
        inner = [v.values() if isinstance(v, Mapping) else v for v in level if isinstance(v, Mapping | list)]
        level = [item for items in inner for item in items]
    return levels
