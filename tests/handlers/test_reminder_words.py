"""Which whole messages are about reminders, and which questions are not."""

from __future__ import annotations

import pytest

from handlers.reminder_words import Wish, read


@pytest.mark.parametrize(
    ("text", "wish", "about"),
    [
        ("我的期限", Wish.LIST, ""),
        ("期限", Wish.LIST, ""),
        ("看我們的截止日", Wish.LIST, ""),
        ("最近有什麼期限？", Wish.LIST, ""),
        ("完成", Wish.DONE, ""),
        ("已經交了！", Wish.DONE, ""),
        ("完成：成果報告", Wish.DONE, "成果報告"),
        ("明早提醒", Wish.MORNING, ""),
        ("明天再提醒我", Wish.MORNING, ""),
        ("下個上班日", Wish.WORKDAY, ""),
        ("不要再提醒", Wish.MUTE, ""),
        ("靜音", Wish.MUTE, ""),
    ],
)
def test_what_is_wanted(text: str, wish: Wish, about: str) -> None:
    assert read(text) == (wish, about)


@pytest.mark.parametrize(
    "text",
    ["跨校遠距的申請期限是什麼時候？", "成果報告要什麼時候交？", "完成後要交什麼", "提醒", "", "明天下午開會" * 20],
)
def test_a_question_stays_a_question(text: str) -> None:
    assert read(text) is None
