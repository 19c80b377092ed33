"""Words about records that are no record."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice
from handlers.dialogue import State
from handlers.record import intents
from handlers.record.intents import COPY, DELETE, EDIT, LIST, NEW, Intent
from knowledge.answering.model import Focus
from tests.handlers.record.samples import NOW

NOVEMBER_18 = date(2025, 11, 18)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("記錄", Intent(NEW)),
        ("我要記錄活動", Intent(NEW)),
        ("再記一筆", Intent(NEW)),
        ("11月的紀錄", Intent(LIST, month=(2025, 11))),
        ("十一月的紀錄", Intent(LIST, month=(2025, 11))),
        ("看12月的紀錄", Intent(LIST, month=(2024, 12))),
        ("115年3月的紀錄", Intent(LIST, month=(2026, 3))),
        ("上個月的紀錄", Intent(LIST, month=(2025, 10))),
        ("下個月的紀錄", Intent(LIST, month=(2025, 12))),
        ("我們的活動紀錄", Intent(LIST)),
        ("刪掉上一筆", Intent(DELETE)),
        ("把剛才那筆刪掉", Intent(DELETE)),
        ("刪除 11/18 那筆", Intent(DELETE, NOVEMBER_18)),
        ("修改 11/18 那筆", Intent(EDIT, NOVEMBER_18)),
        ("改昨天的紀錄", Intent(EDIT, date(2025, 11, 19))),
        ("修改上一筆", Intent(EDIT)),
        ("複製上一筆", Intent(COPY)),
    ],
)
def test_what_is_wanted(text: str, expected: Intent) -> None:
    assert intents.read(text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "11/18 14:00-16:00 社群會議",
        "記錄要保存幾年",
        "紀錄表在哪裡下載",
        "輔導紀錄要上傳嗎",
        "刪掉",
        "修改",
        "修改 13/45 那筆",
        "補助多少",
        "",
    ],
)
def test_what_is_about_something_else(text: str) -> None:
    assert intents.read(text, NOW) is None


@given(st.text(max_size=50) | st.text("刪改看複製1/8月的那上一筆紀錄年 ", max_size=14))
def test_nothing_that_is_typed_fails(text: str) -> None:
    intents.read(text, NOW)


HELD = (Choice("有", "r:held:a:1"), Choice("改", "r:edit:a"), Choice("沒有", "r:unheld:a:1"))
DELETING = (Choice("確定刪除", "r:delete!:a:1"), Choice("不刪", "r:show:a"))


@pytest.mark.parametrize(
    ("offered", "word", "action"),
    [
        (HELD, "有", "r:held:a:1"),
        (HELD, "沒有", "r:unheld:a:1"),
        (DELETING, "確定", "r:delete!:a:1"),
        (DELETING, "不要", "r:show:a"),
        (DELETING, "再說", ""),
        ((), "有", ""),
        ((*HELD, Choice("有", "r:held:b:1"), Choice("沒有", "r:unheld:b:1")), "有", ""),
    ],
)
def test_a_bare_yes_or_no_answers_the_one_question_on_the_screen(
    offered: tuple[Choice, ...], word: str, action: str
) -> None:
    assert intents.answered(State(offered=offered), word) == action


def test_a_bare_yes_deletes_nothing_once_something_else_was_answered() -> None:
    elsewhere = State(offered=DELETING, focus=Focus("distance-teaching", entry="", question="補助", at=1))
    assert intents.answered(elsewhere, "好") == ""
