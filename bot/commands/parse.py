"""`xueban parse`: lines of chat to records as JSON lines. Imports no SDK, no database and no programme."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.commands.failures import BadInputError
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Draft, Reading
from knowledge.spoken.splitting import beyond


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch."""

    id: Any
    text: str
    now: datetime
    number: int
    """Its place in the batch, from 1."""


def parse_batch(path: str) -> None:
    """Read each line of a file (`-` is standard input) and print what it states, as soon as it is read."""
    with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as source:
        for line in read(source):
            if beyond(line.text):
                print(f"第 {line.number} 行超過 1,000 個字，只讀了前面；請分成幾行。", file=sys.stderr)
            _print({"id": line.id, **as_data(parse_line(line.text, line.now))})


def read(lines: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a batch; blank ones are skipped. Raises `BadInputError`, which names the line."""
    for number, raw in enumerate(lines, 1):
        try:
            text = raw.decode("utf-8-sig").strip()
            data = json.loads(text) if text else None
        except (ValueError, RecursionError):
            raise BadInputError(f"第 {number} 行不是 JSON（UTF-8）。") from None
        if text:
            yield _line(data, number)


def _line(data: Any, number: int) -> Line:
    if not isinstance(data, dict) or not {"id", "text", "now"} <= data.keys():
        raise BadInputError(f'第 {number} 行要是 {{"id": …, "text": …, "now": …}} 這樣的 JSON 物件。')
    if not isinstance(data["text"], str):
        raise BadInputError(f"第 {number} 行的 text 要是文字。")
    return Line(data["id"], data["text"].encode("utf-8", "ignore").decode(), _moment(data["now"], number), number)


def _moment(said: Any, number: int) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is not None or not 1912 < moment.year < 9000:
        raise BadInputError(f"第 {number} 行的 now 要是臺北時間，例如 2025-11-20T10:00。")
    return moment


def as_data(reading: Reading) -> dict[str, Any]:
    """A reading as the contract has it, without an id: the fields that the text states, and what must be asked for."""
    draft = reading.draft
    stated: dict[str, Any] = {
        "kind": draft.kind,
        "starts_at": _starts_at(draft),
        "hours": None if draft.minutes is None else _hours(draft.minutes),
        "mode": draft.mode,
        "topic": draft.topic,
        "host": draft.host,
        "headcount": draft.headcount,
        "group": draft.group,
        "mentor_kind": draft.mentor_kind,
        "meeting": draft.meeting,
        "deliverable": draft.deliverable,
        "topic_kind": draft.topic_kind,
    }
    return {**{key: value for key, value in stated.items() if value not in ("", None)}, "ask": list(reading.ask)}


def _starts_at(draft: Draft) -> str:
    if draft.starts_at is None:
        return ""
    return draft.starts_at.strftime("%Y-%m-%d" if draft.day_only else "%Y-%m-%dT%H:%M")


def _hours(minutes: int) -> int | float:
    whole, rest = divmod(minutes, 60)
    return round(minutes / 60, 2) if rest else whole


def _print(data: dict[str, Any]) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whatever the locale says; half a surrogate pair, which JSON can carry in an id, must not end the batch.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    print(json.dumps(data, ensure_ascii=False), flush=True)
