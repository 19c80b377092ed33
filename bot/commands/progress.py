"""`xueban progress`: how far a school is. Imports no SDK, no database and no web server."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.commands.facts_file import local_now, named, parse_json, read_bytes, read_json
from bot.commands.failures import BadInputError
from knowledge.loader import load_base
from knowledge.requirements.engine import Progress, State, progress
from knowledge.requirements.loader import UnknownProgrammeError, load_requirements
from knowledge.requirements.model import Requirements
from knowledge.requirements.records import FIRST_YEAR, LAST_YEAR, Record, RecordError, read_record

_MARKS = {State.MISSED: "✗ 逾期", State.OPEN: "○ 未完成", State.UPCOMING: "－ 未到期", State.MET: "✓ 完成"}
"""In the order of telling."""
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for on the command line; empty is the edition's own day, or the present."""

    start: str = ""
    end: str = ""
    now: str = ""


def progress_command(slug: str, records: str, facts: str, span: Span, *, as_json: bool) -> None:
    """Print how far the records of a file (JSON lines; `-` is standard input) have come.

    Raises:
        BadInputError: no such programme, a span that can't be, or a file that can't be right.
    """
    try:
        requirements = load_requirements(slug)
    except UnknownProgrammeError as error:
        raise BadInputError(f"沒有「{slug}」這個計畫的執行要求；有的是：{'、'.join(error.known)}。") from None
    start, end = _days(requirements, span)
    now = local_now(span.now)
    if records == facts == "-":
        raise BadInputError("--records 和 --facts 不能都從標準輸入讀。")
    given = read_records(read_bytes(records), named(records))
    found = progress(requirements, given, start, end, now, _facts(facts, requirements))
    text = json.dumps(as_data(found), ensure_ascii=False) if as_json else card(requirements, found)
    # UTF-8, whatever the terminal's own encoding is; half a surrogate pair, which JSON can carry, is no reason to fail.
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))


def as_data(found: tuple[Progress, ...]) -> dict[str, Any]:
    """The JSON of the contract; duties beyond its keys are marked `extra`."""
    return {"requirements": [_row(row) for row in found]}


def card(requirements: Requirements, found: tuple[Progress, ...]) -> str:
    """The same for people: conclusion first, then what is late, what is open, what comes, what is done."""
    programme = load_base().programme(requirements.programme, requirements.edition)
    counts = "、".join(
        f"{mark[2:]} {sum(row.state is state for row in found)} 項"
        for state, mark in _MARKS.items()
        if any(row.state is state for row in found)
    )
    head = f"{programme.name}（{programme.year_label}）：{counts or '這段期間沒有要完成的事'}"
    order = list(_MARKS)
    return "\n".join([head, *map(_line, sorted(found, key=lambda row: order.index(row.state)))])


def read_records(content: bytes, name: str) -> list[Record]:
    """The records of JSON lines; blank lines are skipped, and a line that came twice counts once.

    Raises:
        BadInputError: a line can't be right; it is named.
    """
    found: dict[str, Record] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{name} 第 {number} 行"
        try:
            record = read_record(parse_json(line, where))
        except RecordError as error:
            raise BadInputError(f"{where}：{error}。") from None
        if found.setdefault(record.id, record) != record:
            raise BadInputError(f"{where}：id「{record.id[:40]}」前面已經有了，內容卻不同。")
    return list(found.values())


def _row(row: Progress) -> dict[str, Any]:
    return {
        "key": row.key,
        "period": row.period,
        **({"group": row.group} if row.group else {}),
        "needed": row.needed,
        "done": row.done,
        "unit": row.unit,
        "state": row.state.value,
        "citations": [{"section": section} for section in row.cite],
        **({"extra": True} if row.extra else {}),
    }


def _line(row: Progress) -> str:
    period = "" if row.period == "total" else f" {row.period}"
    group = f"（{row.group}）" if row.group else ""
    planned = f"，另有 {row.planned} {row.unit}已排定" if row.planned else ""
    advice = "" if row.state is State.MET else f"；最晚 {_day(row.deadline)}。{row.mend}"
    head = f"{_MARKS[row.state]} {row.title}{group}{period}：{row.done}／{row.needed} {row.unit}"
    return f"{head}{planned}{advice}〔{'、'.join(row.cite)}〕"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日（星期{_WEEKDAYS[day.weekday()]}）"


def _days(requirements: Requirements, span: Span) -> tuple[date, date]:
    programme = load_base().programme(requirements.programme, requirements.edition) if not _whole(span) else None
    start = _date("--from", span.start) if span.start or programme is None else programme.valid_from
    end = _date("--to", span.end) if span.end or programme is None else programme.valid_until
    if start > end:
        raise BadInputError(f"--from（{start}）晚於 --to（{end}），請對調。")
    return start, end


def _whole(span: Span) -> bool:
    return bool(span.start and span.end)


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text) if len(text) == len("2025-08-01") else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInputError(f"{option}「{text[:40]}」不是日期，要像 2025-08-01。")
    return day


def _facts(path: str, requirements: Requirements) -> dict[str, Any]:
    if not path:
        return {}
    facts = read_json(path)
    if not isinstance(facts, dict):
        raise BadInputError(f"{named(path)} 要是 JSON 物件，例如 {{}}。")
    for name in sorted(requirements.facts & facts.keys()):
        _right_type(name, facts[name], requirements)
    return facts


def _right_type(name: str, value: object, requirements: Requirements) -> None:
    if any(item.unless == name for item in requirements.items):
        if not isinstance(value, bool):
            raise BadInputError(f"{name} 要是 true 或 false。")
    elif isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadInputError(f"{name} 要是 1 以上的整數。")
