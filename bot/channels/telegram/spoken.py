"""What a person said, without the name by which they called us. Telegram's entities count in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels import limits

_AFTER_A_NAME = " \t\n，,：:、"
_GAP = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a message or of a caption."""

    text: str
    mentions_us: bool


def listen(text: str, entities: Iterable[Mapping[str, Any]], username: str) -> Spoken:
    """Take our mentions out of a text; `username` without `@`, empty where it is not known yet.

    Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` where the entities are none.
    """
    if not isinstance(text, str):
        raise TypeError("a text was expected")
    units = text.encode("utf-16-le", "surrogatepass")
    spans = [span for entity in entities if (span := _mention(units, entity, username))]
    for start, end in sorted(spans, reverse=True):
        units = units[:start] + units[end:]
    rest = units.decode("utf-16-le", "surrogatepass")
    if spans:
        rest = _GAP.sub(" ", rest).lstrip(_AFTER_A_NAME)
    return Spoken(limits.clean(rest).strip(), bool(spans))


def _mention(units: bytes, entity: Mapping[str, Any], username: str) -> tuple[int, int] | None:
    """Where an entity names us, in bytes of UTF-16."""
    if entity["type"] != "mention" or not username:
        return None
    start, length = entity["offset"], entity["length"]
    if start < 0 or length < 0:
        raise ValueError("an entity lies outside its text")
    span = (2 * start, 2 * (start + length))
    name = units[slice(*span)].decode("utf-16-le", "surrogatepass")
    return span if name.lower() == f"@{username}".lower() else None
