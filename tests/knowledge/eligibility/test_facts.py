"""Answers from a file: what is taken, and one clear sentence for what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.facts import FactsError, read_answer, read_facts, say_answer, write_answer
from knowledge.eligibility.moments import DAY, FIRST_DAY, LAST_DAY
from knowledge.eligibility.tree import Kind
from tests.knowledge.eligibility.toy import GOOD, toy

LIST = toy()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("first_time", False, "否"),
        ("authority", "moe", "教育部"),
        ("students", 1200, "1,200 人"),
        ("spent", 7.5, "7.5 小時"),
        ("spent", 15.0, "15 小時"),
        ("items", [], "（沒有）"),
        ("items", ["c", "a"], "甲、丙"),
        ("sent_at", "2016-10-28T17:00", "2016年10月28日（五）17:00"),
    ],
)
def test_an_answer_is_said_in_words(key: str, value: Any, said: str) -> None:
    assert say_answer(LIST.question(key), read_answer(LIST.question(key), value)) == said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("students", True),
        ("students", "12"),
        ("students", 12.0),
        ("students", -1),
        ("students", 2001),
        ("students", 10**30),
        ("students", None),
        ("students", float("nan")),
        ("spent", 7.3),
        ("spent", -0.5),
        ("spent", float("inf")),
        ("spent", float("nan")),
        ("spent", 1e300),
        ("spent", True),
        ("spent", "7"),
        ("authority", "MOE"),
        ("authority", ["moe"]),
        ("first_time", 1),
        ("first_time", "true"),
        ("items", "a"),
        ("items", ["z"]),
        ("items", [1]),
        ("items", {"a": 1}),
        ("sent_at", "2016-10-28"),
        ("sent_at", "2016-02-30T17:00"),
        ("sent_at", "2016-10-28T25:00"),
        ("sent_at", "2016-10-28T17:00+08:00"),
        ("sent_at", "0105-10-28T17:00"),
        ("sent_at", 20161028),
        ("tier", 0),
        ("tier", 6),
    ],
)
def test_what_can_not_be_right_is_refused_in_one_sentence_with_its_key(key: str, value: Any) -> None:
    with pytest.raises(FactsError) as refused:
        read_facts(LIST, {**GOOD, key: value})
    said = str(refused.value)
    assert f"「{key}」" in said
    assert said.endswith("。")
    assert "\n" not in said
    assert len(said) < 150


def test_an_unknown_key_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(FactsError, match=r"沒有「studnets」這個欄位.*students"):
        read_facts(LIST, {"studnets": 12})


@pytest.mark.parametrize("given_", [[], "x", 3, None, True])
def test_what_is_no_object_is_refused(given_: Any) -> None:
    with pytest.raises(FactsError, match="JSON 物件"):
        read_facts(LIST, given_)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(LIST.questions), json_values)
def test_any_value_is_taken_or_refused(question: Any, value: Any) -> None:
    try:
        answer = read_answer(question, value)
    except FactsError:
        return
    assert read_answer(question, write_answer(question, answer)) == answer
    assert say_answer(question, answer)


@given(st.integers(FIRST_DAY * DAY, LAST_DAY * DAY))
def test_a_moment_survives_writing_and_reading(second: int) -> None:
    question = LIST.question("sent_at")
    assert question.kind is Kind.DATETIME
    assert read_answer(question, write_answer(question, second)) == second
