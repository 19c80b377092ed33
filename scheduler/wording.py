"""How deadlines and duties are said: one line each, with the date, so that it stays true however late it is read."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.store.access import Enrolment
from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.workdays import workdays_left
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


def of_due(due: Due, now: datetime) -> str:
    """A deadline in one line. `now` is naive local time."""
    if due.due is None:
        return f"{due.title}：日期還不知道，要先填相關的日期"
    why = f"：{due.moved.reason}" if due.moved and due.moved.reason else ""
    moved = f"（原訂 {say_moment(due.moved_from)}，已改期{why}）" if due.moved_from else ""
    days = (due.due.date() - now.date()).days
    if due.state is State.DONE:
        return f"{due.title}：已完成（期限 {say_moment(due.due)}）"
    if due.state is State.OVERDUE:
        late = f"過了 {-days} 天" if days < 0 else "過了"
        return f"{due.title}：{say_moment(due.due)}到期{moved}，已經{late}，還沒有標示完成"
    if due.state is State.PASSED:
        return f"{due.title}：{say_moment(due.due)}已截止{moved}"
    left = "就是今天" if days == 0 else "就是明天" if days == 1 else f"還有 {days} 天"
    return f"{due.title}：{say_moment(due.due)}到期{moved}，{left}"


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
    days = (row.deadline - now.date()).days
    left = f"還有 {days} 天"
    if days <= 14:
        left = f"還有 {workdays_left(now, datetime.combine(row.deadline, LAST))} 個上班日"
    group = f"「{row.group}」" if row.group else ""
    said = f"{row.title}{say_period(row.period)}{group}：{row.done:g}／{row.needed:g} {row.unit}"
    if row.state is Standing.MISSED:
        return f"{said}；{say_day(row.deadline)}已截止，沒有達到，差 {rest:g} {row.unit}"
    return f"{said}，還差 {rest:g} {row.unit}；{say_day(row.deadline)}截止，{left}"


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


def source(base: Base, place: Enrolment, sections: tuple[str, ...]) -> str:
    """「依據：跨校遠距教學（114 學年度）陸/二」"""
    try:
        programme = base.programme(place.programme, place.edition)
    except KeyError:
        return ""
    return f"依據：{programme.short_name}（{programme.year_label}）{'、'.join(sections)}" if sections else ""
