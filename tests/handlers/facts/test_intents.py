"""Words that open the facts of a school are whole messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.facts import intents
from tests.knowledge.facts.samples import FACTS, LOGS, QUESTIONS


@pytest.mark.parametrize(
    "words",
    ["設定", "學校資料", "填日期", "計畫資料", "我要填學校資料", "修改學校資料", "補填資料", "我們學校的資料設定"][:7],
)
def test_words_that_open_the_form(words: str) -> None:
    assert intents.opens(words)


@pytest.mark.parametrize(
    "words",
    [
        "提醒設定",
        "我的資料",
        "刪除我的資料",
        "學校資料要怎麼填？",
        "申請要附哪些資料",
        "設定提醒時間",
        "填日期要填哪一天",
    ],
)
def test_words_that_mean_something_else(words: str) -> None:
    assert not intents.opens(words)


@pytest.mark.parametrize("words", [*QUESTIONS, *LOGS])
def test_questions_and_logs_open_nothing(words: str) -> None:
    assert not intents.opens(words)
    assert not intents.wanted_fact(FACTS, words)


def test_one_fact_can_be_asked_for_by_any_of_its_names() -> None:
    assert intents.wanted_fact(FACTS, "修改核定日期") == "approved_on"
    assert intents.wanted_fact(FACTS, "我要改開學日期。") == "semester_start"
    assert intents.wanted_fact(FACTS, "修改日期") == ""
    assert intents.wanted_fact(FACTS, "修改核定日期那一筆") == ""


@given(st.text(max_size=40))
def test_nothing_that_is_typed_fails(text: str) -> None:
    intents.opens(text)
    intents.wanted_fact(FACTS, text)
