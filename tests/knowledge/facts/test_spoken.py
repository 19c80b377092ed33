"""A line states a fact only where it names one, and all the rest of it is the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.facts.judging import read_fact
from knowledge.facts.loader import load_sheet
from knowledge.facts.spoken import LONGEST, Stated, read_facts, read_line
from knowledge.spoken.line import parse_line
from tests.knowledge.facts.samples import EDITIONS, FACTS, LOGS, NOW, OTHERS, QUESTIONS, STATED


@pytest.mark.parametrize(("line", "key", "value"), STATED)
def test_a_line_states_its_fact(line: str, key: str, value: object) -> None:
    assert read_facts(FACTS, line, NOW) == (Stated(key, value),)


@pytest.mark.parametrize("line", [*QUESTIONS, *LOGS, *OTHERS])
def test_questions_logs_and_all_else_state_nothing(line: str) -> None:
    assert read_facts(FACTS, line, NOW) == ()


@pytest.mark.parametrize("line", LOGS[:5])
def test_the_logs_are_logs(line: str) -> None:
    assert parse_line(line, NOW).is_log


def test_several_facts_can_be_stated_at_once() -> None:
    said = read_facts(FACTS, "核定日期 9/15，開學 9/1；核心教師 8 人", NOW)
    assert [(each.key, each.value) for each in said] == [
        ("approved_on", "2025-09-15"),
        ("semester_start", "2025-09-01"),
        ("core_teachers", 8),
    ]


@pytest.mark.parametrize("text", ["核定日期 9/15，經費怎麼報", "核定日期 9/15，核定日期 9/16", "核定日期 9/15，謝謝"])
def test_of_several_parts_all_must_state_another_fact(text: str) -> None:
    assert len(read_facts(FACTS, text, NOW)) != 2
    assert not [each for each in read_facts(FACTS, text, NOW) if each.key != "approved_on"]


@pytest.mark.parametrize(
    ("line", "because"), [("核定日期是 2/30", "沒有 2 月 30 日"), ("核心教師 500 人", "1 到 300 位")]
)
def test_a_slip_is_told_to_whoever_began_to_state_a_fact(line: str, because: str) -> None:
    (found,) = read_facts(FACTS, line, NOW)
    assert found.value is None
    assert because in found.problem


def test_a_line_that_names_two_facts_states_none() -> None:
    assert read_line(FACTS, "核定日期和開學日都是 9/1", NOW) is None


@given(st.text(max_size=80))
def test_nothing_that_is_typed_fails(text: str) -> None:
    for each in read_facts(FACTS, text, NOW):
        assert bool(each.problem) is (each.value is None)


@given(
    st.sampled_from([fact.title for fact in FACTS]),
    st.sampled_from(["是", "：", " ", "改成"]),
    st.sampled_from(["9/15", "8 人", "教育部", "有", "明天", "2/30"]),
    st.sampled_from(["嗎", "？", "是什麼", "要多少", "怎麼辦", "可以嗎？"]),
)
def test_a_question_stays_a_question_whatever_it_names(title: str, joint: str, value: str, end: str) -> None:
    assert read_facts(FACTS, f"{title}{joint}{value}{end}", NOW) == ()


@given(st.sampled_from([line for line, _, _ in STATED]), st.sampled_from(["2小時", "14:00-16:00", "下午2點到4點"]))
def test_a_time_beside_it_makes_no_fact_of_a_log(line: str, time: str) -> None:
    assert read_facts(FACTS, f"{line.rstrip('。')} {time} 社群會議", NOW) == ()


@given(st.sampled_from(STATED))
def test_what_is_stated_is_a_value_of_its_fact(stated: tuple[str, str, object]) -> None:
    _, key, value = stated
    sheet = next(sheet for sheet in (load_sheet(*edition) for edition in EDITIONS) if key in sheet.by_key)
    if key not in ("plan_ends_on",):  # 111 is over in 2025
        assert read_fact(sheet, key, value, {}) == value


def test_a_long_text_is_not_read() -> None:
    assert read_line(FACTS, "核定日期是 9/15" + "。" * LONGEST, NOW) is None
