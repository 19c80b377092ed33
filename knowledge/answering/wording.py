"""The sentences of answering that stand in no programme file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from knowledge.schema import Base, Entry, Gap, OtherProgramme, Programme

LONGEST_ANSWER = 400
"""Characters; what is longer is no answer but a chapter."""

_ROC = 1911
_DAY = re.compile(r"\d{1,2} ?月 ?\d{1,2} ?日")


def past_note(programme: Programme, answer: str, today: date) -> str:
    """A note where an answer names a day and the edition's time is over, as long as there is room; else empty."""
    if today <= programme.valid_until or not _DAY.search(answer):
        return ""
    notes = (f"（提醒：這是 {programme.year_label}的日期，已經過了。）", "（日期已經過了。）")
    return next((note for note in notes if len(answer) + len(note) <= LONGEST_ANSWER), "")


def lapsed_note(item: Entry | Gap, today: date, *, room: int = LONGEST_ANSWER) -> str:
    """A note where an entry's own time is over; the shorter one, or none, where `room` characters are not enough."""
    until = item.valid_until
    if until is None or today <= until:
        return ""
    day = f"{until.year - _ROC}年{until.month}月{until.day}日"
    notes = (f"（提醒：這一條的適用期間到 {day}，已過。）", f"（適用期間到 {day}，已過。）", "（已過適用期間。）")
    return next((note for note in notes if len(note) <= room), "")


def other_year(programme: Programme, year: int) -> str:
    """The edition that is held is of another year."""
    return (
        f"您問的是 {year} 年，我這裡只有「{programme.short_name}」{programme.year_label}的規定，"
        f"不能當作 {year} 年的答案。其他年度請洽{programme.office}。"
    )


def not_held(other: OtherProgramme, base: Base) -> str:
    """A programme that is known by name only."""
    office = other.office or "該計畫的承辦單位或所屬縣市教育局（處）"
    return f"我沒有收錄「{other.name}」的規定，請洽{office}。我目前能回答的是：{held(base)}。"


def nothing_found(base: Base, programmes: Sequence[Programme]) -> str:
    """Nothing in the base answers the question."""
    if len(programmes) == 1:
        programme = programmes[0]
        return f"「{programme.short_name}」{programme.year_label}的文件裡查不到這一題的規定，請洽{programme.office}。"
    return f"這個問題我查不到依據，不敢亂答。我目前能回答的是：{held(base)}。請加上計畫名稱再問一次，或洽主辦單位。"


WHICH_PROGRAMME = "您問的是哪一個計畫？各計畫規定不同，請選一個，或加上計畫名稱再問一次："
WHICH_ENTRY = "我不太確定您的意思，您是想問下面哪一個？"
THIS_ENTRY = "我不太確定您的意思，您是想問下面這一題嗎？"


def both(entries: Sequence[Entry], today: date) -> str:
    """Two short answers side by side, each under its own title; empty where they would be too long."""
    text = "\n".join(f"▪ {entry.title}\n{entry.answer}{lapsed_note(entry, today)}" for entry in entries)
    return text if len(text) <= LONGEST_ANSWER else ""


def held(base: Base) -> str:
    """The programmes that are held, by their short names."""
    return "、".join(f"{p.short_name}（{p.year_label}）" for p in base.programmes)
