"""Words for what the page of a person lists: facts of schools, reminders and wishes for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.store.my_reminders import Note
from bot.store.my_work import SaidFact
from handlers.facts.form import say_fact
from knowledge.facts.loader import deadlines_of, load_sheet, requirements_of
from scheduler.matters import DEADLINE, HELD, NUDGE
from scheduler.wording import say_minute

TAKEN_BACK = "收回（改回待確認）"
WHOLE = "全部"
KINDS = {"reminder": "提醒", "wish": "提醒的設定", "mark": "您說已辦好", "move": "您改的期限"}
STATES = {
    "planned": "排好了，還沒提醒", "enqueued": "已提醒", "cancelled": "取消（日期改了、您關掉了，或不再由您負責）",
    "superseded": "改由更近的一則提醒", "expired": "過時沒有提醒", "done": "已完成，不再提醒",
}  # fmt: skip
TRACES = {"session": "登入", "log": "操作", "decision": "處理沒答好的問題"}
HELD_TITLE = "預定的活動有沒有辦成"
_NAMES = {
    "due": "期限", "reason": "原因", "day": "提醒日", "rule": "種類", "state": "狀態", "offsets": "提前",
    "at_minute": "時間", "quiet_from": "安靜時段從", "quiet_until": "安靜時段到", "muted": "靜音",
}  # fmt: skip
_RULES: tuple[tuple[str, str], ...] = (
    (r"T-0", "當天"),
    (r"T-(\d+)", "{0} 天前"),
    (r"W-(\d+)", "剩 {0} 個工作天"),
    (r"late-(\d+)", "逾期第 {0} 天"),
    (r"again-(.+)", "您要我再提醒"),
    (r"office", "告知計畫辦公室"),
    (r"moved-\d+", "期限改了"),
    (r"missed", "已截止"),
    (r"asked", "問有沒有辦成"),
)


def fact_title(said: SaidFact) -> str:
    """How a fact is called; its key where the edition asks for it no more."""
    found = load_sheet(said.programme, said.edition).by_key.get(said.fact)
    return found.title if found else said.fact


def fact_value(said: SaidFact) -> str:
    """What was said of it, in words."""
    if said.value is None:
        return TAKEN_BACK
    found = load_sheet(said.programme, said.edition).by_key.get(said.fact)
    return say_fact(found, said.value) if found else str(said.value)


def subject(note: Note) -> str:
    """What a note is about, by its title."""
    kind, _, key = note.subject.partition(":")
    if note.what in ("mark", "move"):
        kind, key = DEADLINE, note.subject
    if not note.subject:
        return WHOLE
    if kind == HELD:
        return HELD_TITLE
    titles = {DEADLINE: _deadlines, NUDGE: _requirements}.get(kind, _none)(note.programme, note.edition)
    return titles.get(key, key or note.subject)


def detail(note: Note) -> str:
    """The rest of a note, in words."""
    return "；".join(f"{_NAMES.get(name, name)}：{_value(name, value)}" for name, value in _told(note.data))


def _told(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is worth telling: not what is as it is for everybody."""
    yield from (
        (name, value) for name, value in data.items() if value not in (None, "") and (name, value) != ("muted", 0)
    )


def _value(name: str, value: Any) -> str:
    words: dict[str, Callable[[Any], str]] = {
        "rule": _rule, "state": lambda state: STATES.get(state, state), "muted": lambda _: "是", "offsets": _days,
        "at_minute": say_minute, "quiet_from": say_minute, "quiet_until": say_minute,
    }  # fmt: skip
    return words.get(name, str)(value)


def _rule(rule: str) -> str:
    found = ((re.fullmatch(pattern, rule), words) for pattern, words in _RULES)
    return next((words.format(*match.groups()) for match, words in found if match), rule)


def _days(offsets: str) -> str:
    return "、".join("當天" if day == "0" else f"{day} 天" for day in offsets.split(","))


def _deadlines(programme: str, edition: str) -> dict[str, str]:
    found = deadlines_of(programme, edition)
    return {each.key: each.title for each in found.deadlines} if found else {}


def _requirements(programme: str, edition: str) -> dict[str, str]:
    found = requirements_of(programme, edition)
    return {each.key: each.title for each in found.items} if found else {}


def _none(programme: str, edition: str) -> dict[str, str]:
    return {}
