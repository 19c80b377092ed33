"""What someone types in answer to a field of a record; asks rather than guesses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from handlers.forms.form import Reply
from handlers.record.draft import LONGEST
from knowledge.answering.normalise import squash
from knowledge.spoken import kinds, letters, timing
from knowledge.spoken.days import read_day
from knowledge.spoken.line import parse_line
from knowledge.spoken.numbers import read_hours, read_number

MOST_PEOPLE = 9999
LONGEST_DAY = 24 * 60
FURTHEST = timedelta(days=800)
"""Nothing is logged or planned further away."""

DAY_PROBLEMS = {
    "impossible": "沒有這一天，請再看一次日期。",
    "weekday": "日期和星期對不起來，請再確認是哪一天。",
    "vague": "這樣還不知道是哪一天，請打一個日期，例如 11/18。",
    "several": "您打了不只一天，請一次記一天。",
    "far": "這個日期離現在太遠了，請再確認年份。",
    "ambiguous": "這個日期可以有兩種讀法，請打成 11/18 這樣。",
}
TIME_PROBLEMS = {
    "end_before_start": "結束時間在開始之前，請再打一次幾點到幾點。",
    "lesson": "各校一節課的分鐘數不同，請打幾點到幾點，或幾分鐘。",
    "vague_length": "請打確切的時數，例如「2小時」或「14:00-16:00」。",
    "disagree": "起訖時間和時數對不起來，請再打一次幾點到幾點。",
    "out_of_bounds": "時數要在 0 到 24 小時之間，請再打一次。",
    "impossible": "沒有這個時間，請打成 14:00-16:00 這樣。",
    "ambiguous": "這個時間可以有兩種讀法，請打成 14:00-16:00 這樣。",
    "several": "您打了不只一段時間，請打一段，例如 14:00-16:00。",
}
NO_LENGTH = "只知道幾點開始，請打成「14:00-16:00」，或打時數。"
TOO_MANY = f"人數要在 1 到 {MOST_PEOPLE:,} 之間。"
SEVERAL_PLACES = "您在這個學校不只參加一個計畫，請點選，或連計畫名稱一起打。"
SHORTEST_NAME = 2
SETTLED = frozenset(map(squash, ("確認", "儲存", "存檔", "送出", "存", "ok", "好", "好的", "對", "是", "取消")))
"""Words about the card, which are nobody's topic."""
TOO_LONG = "最多 {most} 個字，請寫短一點。"
_ASKS = ("？", "?", "嗎", "呢")


def is_whole_line(text: str, now: datetime) -> bool:
    """Whether the words are a record of their own rather than one field of the record in hand."""
    found = parse_line(text, now)
    said = found.draft
    return found.is_log and bool(said.kind) and said.starts_at is not None and bool(said.minutes or said.deliverable)


def read_school(text: str, places: Mapping[str, str]) -> Reply:
    """The one place whose label holds these words, or whose school they name."""
    said = squash(text)
    named = [each for each, label in places.items() if said in squash(label) or squash(label.split("・")[0]) in said]
    exact = [each for each in named if all(squash(part) in said for part in places[each].split("・"))]
    found = exact or named
    if len(said) < SHORTEST_NAME or not found or _asks_back(text):
        return Reply()
    return Reply(True, found[0]) if len(found) == 1 else Reply(problem=SEVERAL_PLACES)


def _asks_back(text: str) -> bool:
    return text.rstrip("。!！ ").endswith(_ASKS)


def read_kind(text: str, now: datetime) -> Reply:
    """The one kind that is named."""
    if _asks_back(text):
        return Reply()
    folded = letters.fold(text)
    named = {mention.kind for mention in kinds.find_kinds(folded)} or {kinds.implied(folded)} - {""}
    return Reply(True, named.pop()) if len(named) == 1 else Reply()


def read_a_day(text: str, now: datetime) -> Reply:
    """A day in any form; one to come is a plan."""
    found = read_day(
        text, now, lean="nearest" if any(word in text for word in ("預計", "將", "下", "明", "後天")) else "past"
    )
    if found.problem == "none" or _asks_back(text):
        return Reply()
    if found.form == "month_day" and re.search(r"(?<![今去明前本])年", text[: found.span[0] + 1]):
        return Reply(problem=DAY_PROBLEMS["far"])  # a year that is none: 「民國0年1月1日」
    if found.problem:
        return Reply(problem=DAY_PROBLEMS.get(found.problem, DAY_PROBLEMS["vague"]))
    return picked_day(found.day.isoformat() if found.day else "", now.date())


def picked_day(value: str, today: date) -> Reply:
    """A day as a button or a calendar gives it."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Reply()
    if abs(day - today) > FURTHEST:
        return Reply(problem=DAY_PROBLEMS["far"])
    return Reply(True, day.isoformat())


def read_time(text: str, now: datetime) -> Reply:
    """A range, a start with a length, or a length."""
    if _asks_back(text):
        return Reply()
    found = timing.read_time(letters.fold(text), 0, day_known=True)
    problem = found.start_reason or found.reason
    if problem == "no_hours" or (problem is None and not found.minutes):
        bare = read_hours(text)
        if bare and 0 < bare <= LONGEST_DAY:
            return Reply(True, {"start": "", "minutes": bare})
        number = read_number(text)
        if number is not None and found.start is None:
            return Reply(problem=TIME_PROBLEMS["vague_length"])
        return Reply(problem=NO_LENGTH) if found.start is not None else Reply()
    if problem:
        return Reply(problem=TIME_PROBLEMS.get(problem, TIME_PROBLEMS["vague_length"]))
    assert found.minutes is not None
    start = "" if found.start is None else f"{found.start // 60:02}:{found.start % 60:02}"
    return Reply(True, {"start": start, "minutes": found.minutes})


def read_headcount(text: str, now: datetime) -> Reply:
    """How many people."""
    number = read_number(text)
    if number is None or _asks_back(text):
        return Reply()
    return Reply(True, number) if 1 <= number <= MOST_PEOPLE else Reply(problem=TOO_MANY)


def _text(key: str) -> Callable[[str, datetime], Reply]:
    def read(text: str, now: datetime) -> Reply:
        plain = " ".join(text.split())
        if not plain or _asks_back(plain) or squash(plain) in SETTLED:
            return Reply()
        most = LONGEST[key]
        if len(plain) > most:
            return Reply(problem=TOO_LONG.format(most=most))
        return Reply(True, plain)

    return read


def _word(find: Callable[[str], str]) -> Callable[[str, datetime], Reply]:
    def read(text: str, now: datetime) -> Reply:
        found = "" if _asks_back(text) else find(letters.fold(text))
        return Reply(True, found) if found else Reply()

    return read


READERS: Mapping[str, Callable[[str, datetime], Reply]] = {
    "kind": read_kind,
    "day": read_a_day,
    "time": read_time,
    "mode": _word(kinds.mode_of),
    "mentor_kind": _word(kinds.mentor_of),
    "meeting": _word(lambda text: kinds.meeting_of("official_meeting", text)),
    "deliverable": _word(lambda text: kinds.handed_in(text, strongly=True)),
    "topic_kind": _word(lambda text: kinds.topic_kind_of("mentoring_visit", text)),
    "group": _text("group"),
    "topic": _text("topic"),
    "headcount": read_headcount,
    "host": _text("host"),
}
