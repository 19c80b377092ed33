"""What is small talk, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.smalltalk import (
    BLANK,
    ONLY_EMOJI,
    ONLY_SIGNS,
    OTHER_SCRIPT,
    REPLIES,
    reply,
    unreadable,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", "hello"),
        ("您好～", "hello"),
        ("哈囉！", "hello"),
        ("Hello", "hello"),
        ("你好呀", "hello"),
        ("早安", "morning"),
        ("在嗎？", "presence"),
        ("請問", "go_on"),
        ("謝謝", "thanks"),
        ("谢谢", "thanks"),
        ("謝謝你喔！！", "thanks"),
        ("謝謝謝謝", "thanks"),
        ("好的，謝謝", "thanks"),
        ("ok 謝謝您", "thanks"),
        ("Thank you", "thanks"),
        ("掰掰", "bye"),
        ("謝謝，再見", "bye"),
        ("ㄅㄅ", "bye"),
        ("不好意思", "sorry"),
        ("OK", "ok"),
        ("好喔", "ok"),
        ("嗯嗯", "ok"),
        ("了解", "ok"),
        ("你好棒", "praise"),
        ("笨蛋", "scolding"),
        ("轉真人客服", "person"),
        ("測試", "test"),
        ("哈哈哈哈哈哈", "laughter"),
        ("XDDD", "laughter"),
        ("ㄏㄏㄏ", "laughter"),
    ],
)
def test_small_talk_is_answered(text: str, kind: str) -> None:
    assert reply(text) == REPLIES[kind]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "你好，請問補助多少錢",
            "請問截止日",
            "謝謝，那合作學校呢",
            "好的那設備呢",
            "早上好像有公告",
            "測試設備可以買嗎",
        ),
        *(
            "可以嗎",
            "好嗎",
            "在哪裡",
            "對象",
            "是什麼",
            "沒有寫的話呢",
            "客服電話幾號",
            "114",
            "謝謝" * 20,
            "",
            "哈"[:0],
        ),
    ],
)
def test_a_question_is_none(text: str) -> None:
    assert reply(text) is None


@pytest.mark.parametrize("line", REPLIES.values())
def test_replies_are_one_short_line(line: str) -> None:
    assert "\n" not in line
    assert len(line) <= 50


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", BLANK),
        (" \n\t", BLANK),
        ("\x00\x1b", BLANK),
        ("\u200e\u202e", BLANK),
        ("👍", ONLY_EMOJI),
        ("❤️", ONLY_EMOJI),
        ("？？", ONLY_SIGNS),
        ("……", ONLY_SIGNS),
        ("สวัสดี", OTHER_SCRIPT),
    ],
)
def test_what_holds_no_words_is_said_to(text: str, line: str) -> None:
    assert unreadable(text) == line


def test_a_text_of_ten_thousand_characters_is_declined() -> None:
    said = unreadable("補" * 10_000) or ""
    assert "10,000 字" in said
    assert "2,000 字" in said


@pytest.mark.parametrize("text", ["補助", "3", "OK", "ㄏㄏ", "👍補助"])
def test_words_are_readable(text: str) -> None:
    assert unreadable(text) is None


@given(st.text(alphabet="喔好嗯哈謝你的👍 ", max_size=40))
def test_any_chatter_is_judged_at_once(text: str) -> None:
    reply(text)
    unreadable(text)
