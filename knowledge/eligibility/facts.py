"""Answers as they come from a file (JSON values) to the values that conditions compare, and back; and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.moments import (
    DAY,
    FIRST_DAY,
    LAST_DAY,
    read_date,
    read_datetime,
    say_date,
    say_datetime,
    write_date,
    write_datetime,
)
from knowledge.eligibility.tree import Kind, Value

UNFILLED = "尚未填"


class FactsError(ValueError):
    """An answer can't be right; the message is one clear sentence in the user's language."""


def read_facts(checklist: Checklist, given: Any) -> dict[str, Value]:
    """The answers of a facts file, checked.

    Raises:
        FactsError: an unknown key, a wrong type or an impossible value.
    """
    if not isinstance(given, Mapping):
        raise FactsError('事實檔要是一個 JSON 物件，例如 {"欄位": 值}。')
    unknown = [str(key) for key in given if key not in checklist.by_key]
    if unknown:
        known = "、".join(checklist.by_key)
        raise FactsError(f"沒有「{_short(unknown[0])}」這個欄位；這個計畫的欄位是：{known}。")
    return {q.key: read_answer(q, given[q.key]) for q in checklist.questions if q.key in given}


def read_answer(question: Question, given: Any) -> Value:
    """One answer, checked.

    Raises:
        FactsError: a wrong type or an impossible value.
    """
    match question.kind:
        case Kind.YESNO:
            if isinstance(given, bool):
                return given
            raise _wrong(question, given, "要是 true 或 false")
        case Kind.CHOICE:
            if isinstance(given, str) and given in question.options:
                return given
            raise _wrong(question, given, f"要是 {'、'.join(question.options)} 其中之一")
        case Kind.SEVERAL:
            return _several(question, given)
        case Kind.NUMBER:
            if isinstance(given, int) and not isinstance(given, bool):
                return _within(question, given, given)
            raise _wrong(question, given, "要是整數")
        case Kind.HOURS:
            return _hours(question, given)
    return _moment(question, given)


def write_answer(question: Question, value: Value) -> Any:
    """The JSON value that `read_answer` reads as this one."""
    match question.kind:
        case Kind.SEVERAL:
            assert isinstance(value, frozenset)
            return [key for key in question.options if key in value]
        case Kind.HOURS:
            assert isinstance(value, int)
            return value / 2 if value % 2 else value // 2
        case Kind.DATE:
            assert isinstance(value, int)
            return write_date(value)
        case Kind.DATETIME:
            assert isinstance(value, int)
            return write_datetime(value)
    return value


def say_answer(question: Question, value: Value | None) -> str:
    """An answer in words; 「尚未填」 for None."""
    match value:
        case None:
            return UNFILLED
        case bool():
            return "是" if value else "否"
        case str():
            return question.options[value]
        case frozenset():
            return "、".join(label for key, label in question.options.items() if key in value) or "（沒有）"
    if question.kind is Kind.DATE:
        return say_date(value)
    if question.kind is Kind.DATETIME:
        return say_datetime(value)
    return say_number(question, value)


def say_number(question: Question, value: int) -> str:
    """A number with its unit: 「12 人」, 「7.5 小時」, 「250,000 元」."""
    if question.kind is Kind.HOURS:
        return f"{value // 2}{'.5' if value % 2 else ''} 小時"
    return f"{value:,} {question.unit}".strip()


def _several(question: Question, given: Any) -> Value:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise _wrong(question, given, "要是清單，例如 [] 或 [選項]")
    strange = [item for item in given if item not in question.options]
    if strange:
        raise _wrong(question, strange[0], f"的選項只有 {'、'.join(question.options)}")
    return frozenset(given)


def _hours(question: Question, given: Any) -> Value:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise _wrong(question, given, "要是時數，可以有半小時，例如 7.5")
    if isinstance(given, float) and not (abs(given) < 10**6 and (given * 2).is_integer()):
        raise _wrong(question, given, "要是時數，最小單位是半小時，例如 7.5")
    return _within(question, int(given * 2), given)


def _moment(question: Question, given: Any) -> Value:
    is_day = question.kind is Kind.DATE
    text = given if isinstance(given, str) else ""
    value = read_date(text) if is_day else read_datetime(text)
    if value is None:
        wanted = "要是存在的日期，例如 2025-06-30" if is_day else "要是存在的日期和時間，例如 2016-10-28T17:00"
        raise _wrong(question, given, wanted)
    if not FIRST_DAY <= (value if is_day else value // DAY) <= LAST_DAY:
        raise _wrong(question, given, "要在 1990 年到 2199 年之間")
    return value


def _within(question: Question, value: int, given: Any) -> int:
    if question.low <= value <= question.high:
        return value
    low, high = (say_number(question, bound) for bound in (question.low, question.high))
    raise _wrong(question, given, f"要在 {low}到 {high}之間")


def _wrong(question: Question, given: Any, wanted: str) -> FactsError:
    return FactsError(f"「{question.key}」（{question.title}）{wanted}，收到的是 {_short(_json(given))}。")


def _json(given: Any) -> str:
    known = {True: "true", False: "false", None: "null"}
    if given is None or isinstance(given, bool):
        return known[given]
    if isinstance(given, int) and abs(given) >= 10**18:
        return "一個極大的數" if given > 0 else "一個極小的數"
    return f"「{given}」" if isinstance(given, str) else str(given)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"
