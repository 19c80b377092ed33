"""Reads `lines.txt`, the lines and what they say, in a form that people of the field can write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.spoken.model import Reading

FIELDS = ("kind", "starts_at", "hours")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of chat and what it says."""

    text: str
    now: datetime
    says: dict[str, str]
    """Field to value as text; "-" for unsaid."""
    asks: tuple[str, ...]
    is_log: bool


def scripted(path: Path) -> Iterator[Line]:
    """Every line of the file, in order."""
    now = datetime(2025, 11, 20, 18)
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("now "):
            now = datetime.fromisoformat(row[4:])
        elif row and not row.startswith("#"):
            text, _, said = row.partition(" => ")
            yield _line(text, now, said.split())


def _line(text: str, now: datetime, words: list[str]) -> Line:
    if words == ["~"]:
        return Line(text, now, {}, (), False)
    says = {name: word.removeprefix("?") for name, word in zip(FIELDS, words, strict=False) if word != "?"}
    more = dict(word.split("=", 1) for word in words[3:])
    asks = tuple(name for name, word in zip(FIELDS, words, strict=False) if word.startswith("?"))
    return Line(text.replace("\\n", "\n").replace("\\t", "\t"), now, says | more, asks, True)


def in_words(reading: Reading, name: str) -> str:
    """A field of the draft as `lines.txt` writes it."""
    draft = reading.draft
    if name == "starts_at":
        if draft.starts_at is None:
            return "-"
        return draft.starts_at.strftime("%Y-%m-%d" if draft.day_only else "%Y-%m-%dT%H:%M")
    if name == "hours":
        return "-" if draft.minutes is None else f"{round(draft.minutes / 60, 2):g}"
    value = getattr(draft, name)
    return "-" if value in ("", None) else str(value)
