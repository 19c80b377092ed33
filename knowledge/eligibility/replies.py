"""Reads what a person types as the answer to one question: a value, a problem to tell, or nothing.

Strict: a text is an answer only where all of it is; whatever else it says makes it a question about the rules, or
something else that is not swallowed. Never guesses, never raises.
"""

from __future__ import annotations

import re
from datetime import datetime

from knowledge.eligibility.agreeing import read_yesno
from knowledge.eligibility.model import Question
from knowledge.eligibility.moments import DAY, FIRST_DAY, LAST_DAY, read_datetime
from knowledge.eligibility.phrases import FILLERS, LONGEST, Sort, asks, clean, cut, form, lexicon
from knowledge.eligibility.picking import read_choice, read_several
from knowledge.eligibility.quantities import nouns, read_quantity
from knowledge.eligibility.reply import NOTHING, Reading, wrong
from knowledge.eligibility.tree import Kind
from knowledge.spoken import clock, letters
from knowledge.spoken.days import read_day
from knowledge.spoken.model import DayReading

__all__ = ["Reading", "read_reply"]

_WHOLE_MOMENT = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\(.\)(\d{2}:\d{2}(?::\d{2})?)")
_NO_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日號号]?|(\d{1,2})/(\d{1,2})(?!/)")
_DAY_FILLERS = (
    "星期",
    "日期",
    "當天",
    "那天",
    "這天",
    "以前",
    "前",
    "送出",
    "送件",
    "寄出",
    "交",
    "上網",
    "完成",
    "送",
    "整",
    "分",
    "就",
)


def read_reply(question: Question, text: str, now: datetime) -> Reading:
    """What the reply comes to.

    Args:
        text: as it was typed; longer than `LONGEST` characters it is no answer.
        now: local wall time, Asia/Taipei; for days such as 「明天」.
    """
    cleaned = clean(text[: LONGEST * 4])
    if len(cleaned) > LONGEST and not re.fullmatch(r"[-+0-9.,]+", cleaned):
        return NOTHING
    match question.kind:
        case Kind.YESNO:
            return read_yesno(question, text)
        case Kind.CHOICE:
            return read_choice(question, text)
        case Kind.SEVERAL:
            return read_several(question, text)
        case Kind.NUMBER | Kind.HOURS:
            return read_quantity(question, text)
    return _moment(question, letters.fold(cleaned), now)


def _moment(question: Question, folded: str, now: datetime) -> Reading:
    exact = _exact(question, folded)
    if exact is not None:
        return exact
    if asks(form(folded)):
        return NOTHING
    found = read_day(folded, now, lean="nearest")
    if found.problem == "none":
        return _without_day(question, folded)
    start, end = found.span
    rest = folded[:start] + "\0" * (end - start) + folded[end:]
    minutes, rest = _clock(rest) if question.kind is Kind.DATETIME else ([], rest)
    if not _only_fillers(question, rest):
        return (
            _two_days(question) if found.problem in ("several", "vague") and _numbers_only(question, rest) else NOTHING
        )
    trouble = _trouble(question, found, folded[start:end])
    if trouble is not None:
        return trouble
    day = found.day.toordinal() if found.day else 0
    if found.day is None or not FIRST_DAY <= day <= LAST_DAY:
        return wrong(f"「{question.title}」要在 1990 年到 2199 年之間，請再輸入一次。")
    if question.kind is Kind.DATE:
        return Reading(day)
    if len(minutes) != 1 or minutes[0] is None:
        return wrong(f"「{question.title}」還要有一個時間，例如 {found.day.month}月{found.day.day}日 17:00。")
    return Reading(day * DAY + minutes[0] * 60)


def _exact(question: Question, folded: str) -> Reading | None:
    """A point in time as it is shown and as it is stored; seconds count."""
    if question.kind is not Kind.DATETIME:
        return None
    shown = _WHOLE_MOMENT.fullmatch(folded)
    written = f"{int(shown[1]):04}-{int(shown[2]):02}-{int(shown[3]):02}T{shown[4]}" if shown else folded.upper()
    value = read_datetime(written)
    if value is None or not FIRST_DAY <= value // DAY <= LAST_DAY:
        return None
    return Reading(value)


def _trouble(question: Question, found: DayReading, said: str) -> Reading | None:
    match found.problem:
        case "":
            return None
        case "far":
            return None if found.form in ("date", "compact") else _two_days(question)
        case "impossible":
            return wrong(f"沒有{_said_day(said)}這一天，請再輸入一次，例如 6月15日。")
        case "weekday":
            return wrong("日期和星期對不起來，請再輸入一次，例如 6月15日。")
        case "several" | "vague":
            return _two_days(question)
    return wrong(f"看不出是哪一個月，請連月份一起輸入「{question.title}」，例如 6月15日。")


def _said_day(said: str) -> str:
    found = _NO_DAY.search(said)
    if found is None:
        return f"「{said.strip()}」"
    month, day = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f" {int(month)} 月 {int(day)} 日"


def _two_days(question: Question) -> Reading:
    return wrong(f"一次只要一個日期：請輸入「{question.title}」確定的那一天，例如 6月15日。")


def _without_day(question: Question, folded: str) -> Reading:
    """A clock alone, or a number alone, means to answer."""
    minutes, rest = _clock(folded)
    if question.kind is Kind.DATETIME and minutes and _only_fillers(question, rest):
        return wrong(f"「{question.title}」還要有日期，例如 10月28日 17:00。")
    if re.fullmatch(r"[-+]?[0-9.,/ ]+", folded.strip()):
        return wrong(f"看不出是哪一天，請輸入「{question.title}」的月和日，例如 6月15日。")
    return NOTHING


def _clock(rest: str) -> tuple[list[int | None], str]:
    """Each time of the clock, in minutes after midnight (None where it can't be), and the text without them."""
    found = clock.find_stretches(rest, day_known=True)
    for each in found:
        rest = rest[: each.span[0]] + "\0" * (each.span[1] - each.span[0]) + rest[each.span[1] :]
    single = [each.start if each.end is None else each.end if each.start is None else None for each in found]
    return [None if each.trouble else at for each, at in zip(found, single, strict=True)], rest


def _pieces_left(question: Question, rest: str) -> list[Sort]:
    known = lexicon((), (*FILLERS, *_DAY_FILLERS, question.title, *nouns(question)))
    formed = form(rest.replace("\0", " "))
    return [piece.sort for piece in cut(formed, known, form(question.ask))]


def _only_fillers(question: Question, rest: str) -> bool:
    return not {Sort.OTHER, Sort.NUMBER} & set(_pieces_left(question, rest))


def _numbers_only(question: Question, rest: str) -> bool:
    return Sort.OTHER not in _pieces_left(question, re.sub("[月日號或到至]|還是", " ", rest))
