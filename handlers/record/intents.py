"""Words about records that are no record: 「記錄」, 「11月的紀錄」, 「刪掉上一筆」, 「修改 11/18 那筆」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from handlers.dialogue import State
from knowledge.answering.normalise import squash
from knowledge.spoken import letters
from knowledge.spoken.amounts import amount
from knowledge.spoken.days import read_day

_PLEASE = r"(?:幫我|請|麻煩|把|將|我要|我想|要|再)*"
_NEW = re.compile(
    r"(?:我要|我想|要|新增|開始|來|幫我)*"
    r"(?:記錄|登記|登錄|記一筆|記一下|新增紀錄|新增記錄|新紀錄|再記一筆|填紀錄|紀錄活動|記錄活動)[。!~]*"
)
_LIST = re.compile(
    r"(?:看|查|列出|列|顯示|我要看|我想看|看一下)?(?:我們|我|我們學校|本校)?的?"
    r"(?P<when>本月|這個月|這月|上個月|上月|下個月)?(?:(?P<roc>\d{2,4})年)?(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?)?的?"
    r"(?:所有|全部)?的?(?:紀錄|記錄|活動紀錄|活動記錄)(?:列表|清單|一覽|有哪些|查詢)?[。!?~嗎呢]*"
)
_THAT = (
    r"(?:上一?筆|前一?筆|剛才那一?筆|剛剛那一?筆|最後一?筆|最近一?筆|這一?筆|剛才的?"
    r"|.{2,14}?那一?(?:筆|次|場)|.{2,14}?的(?:紀錄|記錄))"
)
_DELETE = re.compile(
    rf"{_PLEASE}(?:刪掉|刪除|刪去|刪|移除)(?P<which>{_THAT})(?:紀錄|記錄)?[。!~]*"
    rf"|{_PLEASE}(?P<other>{_THAT})(?:刪掉|刪除|移除|刪)[。!~]*"
)
_EDIT = re.compile(rf"{_PLEASE}(?:修改|更改|更正|編輯|改)(?P<which>{_THAT})(?:紀錄|記錄)?[。!~]*")
_COPY = re.compile(rf"{_PLEASE}(?:複製|拷貝|照抄|比照|跟)(?P<which>{_THAT})(?:一樣)?(?:紀錄|記錄)?[。!~]*")
_BACK = {"本月": 0, "這個月": 0, "這月": 0, "上個月": -1, "上月": -1, "下個月": 1}

_YES = frozenset(
    map(
        squash, ("有", "有的", "有開", "有辦", "有開成", "有辦成", "對", "是", "是的", "好", "確定", "確認", "刪", "要")
    )
)
_NO = frozenset(
    map(squash, ("沒有", "沒", "沒開", "沒辦", "沒開成", "沒辦成", "不", "不要", "不用", "取消", "算了", "不是"))
)
_QUESTIONS = (("r:held:", "r:unheld:"), ("r:delete!:", "r:show:"))
"""Buttons of a question that a bare 「有」 or 「不要」 answers too: what yes means, what no means."""

NEW, LIST, DELETE, EDIT, COPY = "new", "list", "delete", "edit", "copy"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted."""

    what: str
    day: date | None = None
    """Of the record that is meant; None for the last one."""
    month: tuple[int, int] | None = None
    """Year and month of a list; None for the one that runs."""


def read(text: str, now: datetime) -> Intent | None:
    """What someone wants done with records; None where the words are about something else."""
    plain = re.sub(r"\s+", "", letters.fold(text))
    if len(plain) > 40:
        return None
    if _NEW.fullmatch(plain):
        return Intent(NEW)
    if listing := _LIST.fullmatch(plain):
        return Intent(LIST, month=_month(listing, now))
    for what, pattern in ((DELETE, _DELETE), (EDIT, _EDIT), (COPY, _COPY)):
        if found := pattern.fullmatch(plain):
            return _about_one(what, found, now)
    return None


def _month(listing: re.Match[str], now: datetime) -> tuple[int, int] | None:
    if listing["month"]:
        month = int(amount(listing["month"]) or 0)
        year = int(listing["roc"]) if listing["roc"] else 0
        if year:
            return (year + 1911 if year < 1911 else year, month)
        # Without a year the last one that has begun is meant.
        return (now.year if month <= now.month else now.year - 1, month)
    if listing["when"] in _BACK:
        count = now.year * 12 + now.month - 1 + _BACK[listing["when"]]
        return (count // 12, count % 12 + 1)
    return None


def _about_one(what: str, found: re.Match[str], now: datetime) -> Intent | None:
    groups = found.groupdict()
    which = groups.get("which") or groups.get("other") or ""
    if re.match(r"上|前|剛|最|這", which) and not re.search(r"\d|週|星期|禮拜|天|月", which):
        return Intent(what)
    day = read_day(which, now, lean="nearest")
    return Intent(what, day.day) if day.day and not day.problem else None


def answered(state: State, text: str) -> str:
    """The button that a bare yes or no means, where one such question is what was said last; else empty."""
    word = squash(text)
    if state.focus is not None:
        return ""
    for yes, no in _QUESTIONS:
        wanted = yes if word in _YES else no if word in _NO else ""
        asked = [choice for choice in state.offered if choice.action.startswith(yes)]
        meant = [choice.action for choice in state.offered if wanted and choice.action.startswith(wanted)]
        if len(asked) == 1 and meant:
            return meant[0]
    return ""
