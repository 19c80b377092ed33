"""How deadlines and duties are said: one line each, with the date, so that it stays true however late it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.store.access import Enrolment
from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.workdays import is_working_day, workdays_left
from knowledge.requirements.engine import Progress
from knowledge.requirements.engine import State as Standing
from knowledge.schema import Base
from scheduler.due import LAST

_WEEKDAYS = "一二三四五六日"
_MONTH = re.compile(r"\d{4}-(\d{2})")
_SEMESTER = re.compile(r"(\d{2,3})-([12])")


def say_day(day: date) -> str:
    """「115/7/31（五）」: the year as schools write it."""
    return f"{day.year - 1911}/{day.month}/{day.day}（{_WEEKDAYS[day.weekday()]}）"


def say_moment(due: datetime) -> str:
    """The day, and the hour where the document gives one."""
    return say_day(due.date()) + ("" if due.time() == LAST else f"{due:%H:%M}")


def say_minute(minute: int) -> str:
    """「09:00」 of a minute of the day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def of_due(due: Due, now: datetime, facts: Sequence[str] = ()) -> str:
    """A deadline in one line. `now` is naive local time; `facts`: how those are called that its date waits for."""
    if due.end is None:
        return f"{due.title}：日期還不知道，要先填{_called(facts)}"
    if due.due is not None or due.state is State.DONE:
        return _of_end(due, due.end, now)
    said = _of_end(due, due.end, now, "最晚 ")
    return said if now > due.end else f"{said}；填{_called(facts)}就知道確切的日期"


def _called(facts: Sequence[str]) -> str:
    return f"「{'、'.join(facts)}」" if facts else "相關的日期"


def _of_end(due: Due, end: datetime, now: datetime, at_most: str = "") -> str:
    why = f"：{due.moved.reason}" if due.moved and due.moved.reason else ""
    moved = f"（原訂 {say_moment(due.moved_from)}，已改期{why}）" if due.moved_from else ""
    days = (end.date() - now.date()).days
    if due.state is State.DONE:
        return f"{due.title}：已完成（期限 {say_moment(end)}）"
    if due.state is State.OVERDUE:
        late = f"過了 {-days} 天" if days < 0 else "過了"
        return f"{due.title}：{at_most}{say_moment(end)}到期{moved}，已經{late}，還沒有標示完成"
    if due.state is State.PASSED:
        return f"{due.title}：{at_most}{say_moment(end)}已截止{moved}"
    left = "就是今天" if days == 0 else "就是明天" if days == 1 else f"還有 {days} 天"
    return f"{due.title}：{at_most}{say_moment(end)}到期{moved}，{left}"


def of_move(due: Due) -> str:
    """That a date was moved, from which day to which, and why."""
    why = f"，原因：{due.moved.reason}" if due.moved and due.moved.reason else ""
    if due.due is None:
        return f"期限改了：{due.title}改回照文件計算，日期還不知道，要先填相關的日期{why}"
    stood = f"原 {say_moment(due.stood)} → " if due.stood else ""
    again = "，照文件的日期" if due.moved and due.moved.due is None else ""
    return f"期限改了：{due.title} {stood}{say_moment(due.due)}{again}{why}"


def of_row(row: Progress, now: datetime) -> str:
    """An unmet requirement in one line, with the time that is left."""
    rest = row.needed - row.done
    group = f"「{row.group}」" if row.group else ""
    said = f"{row.title}{say_period(row.period)}{group}：{row.done:g}／{row.needed:g} {row.unit}"
    if row.state is Standing.MISSED:
        return f"{said}；{say_day(row.deadline)}已截止，沒有達到，差 {rest:g} {row.unit}"
    return f"{said}，還差 {rest:g} {row.unit}；{say_day(row.deadline)}截止，{_left(row.deadline, now)}"


def _left(last: date, now: datetime) -> str:
    """How long there is until the end of a day: near it in working days, which is what schools have."""
    days = (last - now.date()).days
    if days <= 1:
        return "就是今天" if days == 0 else "就是明天"
    worked = workdays_left(now, datetime.combine(last, LAST)) if days <= 14 else days
    if worked == 1 and is_working_day(now.date()):
        return "今天是最後一個上班日"
    return f"還有 {worked} 個上班日" if days <= 14 and worked else f"還有 {days} 天"


def say_period(label: str) -> str:
    """「（9 月）」, 「（114 學年度上學期）」; nothing for the whole span."""
    if month := _MONTH.fullmatch(label):
        return f"（{int(month[1])} 月）"
    if semester := _SEMESTER.fullmatch(label):
        return f"（{semester[1]} 學年度{'上' if semester[2] == '1' else '下'}學期）"
    return f"（{label} 學年度）" if label.isdecimal() else ""


def place_name(base: Base, place: Enrolment) -> str:
    """「某某高中・跨校遠距教學」"""
    try:
        return f"{place.school}・{base.programme(place.programme, place.edition).short_name}"
    except KeyError:  # it was taken out of the knowledge base; what is stored of it stays
        return f"{place.school}・{place.programme} {place.edition}"


def told_apart(base: Base, place: Enrolment, others: Iterable[Enrolment]) -> str:
    """What tells a place from others: its school, else its programme; empty where there is no other."""
    rest = [each for each in others if each.id != place.id]
    if not rest:
        return ""
    if all(each.school != place.school for each in rest):
        return place.school
    return place_name(base, place).partition("・")[2]


def source(base: Base, place: Enrolment, sections: tuple[str, ...]) -> str:
    """「依據：跨校遠距教學（114 學年度）陸/二」"""
    try:
        programme = base.programme(place.programme, place.edition)
    except KeyError:
        return ""
    return f"依據：{programme.short_name}（{programme.year_label}）{'、'.join(sections)}" if sections else ""
