"""`xueban deadlines`: what is due when. Imports no SDK, no database and no web server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.commands.facts_file import local_now, read_json
from bot.commands.failures import BadInputError
from knowledge.deadlines.engine import Due, EditionState, State, edition_state, resolve
from knowledge.deadlines.facts import FactsError
from knowledge.deadlines.loader import UnknownProgrammeError, load_deadlines
from knowledge.deadlines.model import Deadlines
from knowledge.eligibility.facts import read_facts as read_answers
from knowledge.eligibility.loader import UnknownProgrammeError as NoChecklistError
from knowledge.eligibility.loader import load_checklist
from knowledge.loader import load_base

_WORDS = {
    State.UPCOMING: "還有時間",
    State.DUE_TODAY: "今天到期",
    State.OVERDUE: "已經逾期",
    State.DONE: "已完成",
    State.PASSED: "已經過了",
}
_EDITIONS = {
    EditionState.FUTURE: "計畫期程還沒開始",
    EditionState.RUNNING: "期限如下",
    EditionState.PAST: "這一期已經結束，以下是當時的期限",
}
_WEEKDAYS = "一二三四五六日"


def deadlines_command(slug: str, facts: str, now: str, *, as_json: bool) -> None:
    """Print every deadline of the newest edition.

    Args:
        facts: a facts file, `-` for standard input, or empty for none. It may hold what the programme's
            checklist asks too, so that one file serves both.
        now: ISO moment, Taipei without a zone; empty: the present.

    Raises:
        BadInputError: no such programme, a facts file that can't be right, or no moment.
    """
    try:
        deadlines = load_deadlines(slug)
    except UnknownProgrammeError as error:
        raise BadInputError(f"沒有「{slug[:40]}」這個計畫的期限；有的是：{'、'.join(error.known)}。") from None
    moment = local_now(now)
    try:
        rows = resolve(deadlines, _own(deadlines, read_json(facts) if facts else {}), moment)
    except FactsError as error:
        raise BadInputError(str(error)) from None
    text = json.dumps(as_data(rows), ensure_ascii=False) if as_json else in_words(deadlines, rows, moment)
    sys.stdout.buffer.write(f"{text}\n".encode())  # UTF-8, whatever the terminal's own encoding is


def as_data(rows: tuple[Due, ...]) -> dict[str, Any]:
    """The JSON of the contract."""
    return {"deadlines": [_row(row) for row in rows]}


def in_words(deadlines: Deadlines, rows: tuple[Due, ...], now: datetime) -> str:
    """The same for people: which edition, then a line a deadline, and what must still be known."""
    programme = load_base().programme(deadlines.programme, deadlines.edition)
    head = f"{programme.name}（{programme.year_label}）：{_EDITIONS[edition_state(deadlines, now.date())]}"
    return "\n".join([head, *map(_line, rows), *_open(deadlines, rows)])


def _own(deadlines: Deadlines, given: Any) -> Any:
    """The facts without those that only the checklist asks; these are checked too, since a slip is a slip."""
    if not isinstance(given, dict) or given.keys() <= deadlines.by_fact.keys():
        return given
    try:
        checklist = load_checklist(deadlines.programme, deadlines.edition)
    except NoChecklistError:
        return given
    asked = {key: value for key, value in given.items() if key in checklist.by_key and key not in deadlines.by_fact}
    read_answers(checklist, asked)
    return {key: value for key, value in given.items() if key not in asked}


def _row(row: Due) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "due": row.due.isoformat(timespec="minutes") if row.due else None,
        "state": row.state.value,
        "needs": list(row.needs),
        "citations": [{"section": section} for section in row.cite],
    }


def _line(row: Due) -> str:
    return f"{_day(row.due)} {row.title}（{_WORDS[row.state]}）：{row.note}〔{'、'.join(row.cite)}〕"


def _day(due: datetime | None) -> str:
    if due is None:
        return "日期待確認"
    hour = "" if (due.hour, due.minute) == (23, 59) else f" {due:%H:%M}"
    return f"{due.year}年{due.month}月{due.day}日（{_WEEKDAYS[due.weekday()]}）{hour}"


def _open(deadlines: Deadlines, rows: tuple[Due, ...]) -> Iterator[str]:
    needed = {fact for row in rows for fact in row.needs}
    if needed:
        yield "還要知道："
    for fact in deadlines.facts:
        if fact.key in needed:
            yield f"  {fact.title}（{fact.key}）：{fact.unsure}"
