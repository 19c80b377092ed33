"""Several activities in one message."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken.line import parse_line
from knowledge.spoken.splitting import beyond, split_lines
from tests.knowledge.spoken.scripts import in_words

NOW = datetime(2025, 11, 20, 18)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("11/18社群2小時、11/19工作坊3小時", ["community_meeting 2025-11-18 2", "workshop 2025-11-19 3"]),
        (
            "11/18 14:00-16:00社群\n11/19 9:00-12:00工作坊",
            ["community_meeting 2025-11-18T14:00 2", "workshop 2025-11-19T09:00 3"],
        ),
        ("昨天社群2小時，另外教授到校輔導3小時", ["community_meeting 2025-11-19 2", "mentoring_visit 2025-11-19 3"]),
        ("11/18、11/19社群各2小時", ["community_meeting 2025-11-18 2", "community_meeting 2025-11-19 2"]),
        ("昨天社群2小時", ["community_meeting 2025-11-19 2"]),
        ("11/18社群、11/19社群 都2小時", ["community_meeting 2025-11-18 2", "community_meeting 2025-11-19 2"]),
        ("社群2小時、工作坊3小時都是昨天的", ["community_meeting 2025-11-19 2", "workshop 2025-11-19 3"]),
        (
            "昨天14:00-15:00社群，16:30-17:30觀課",
            ["community_meeting 2025-11-19T14:00 1", "open_class 2025-11-19T16:30 1"],
        ),
        (
            "昨天社群9:00-10:00、15:00-16:00",
            ["community_meeting 2025-11-19T09:00 1", "community_meeting 2025-11-19T15:00 1"],
        ),
        ("昨天研習 9:00-12:00、13:00-16:00", ["workshop 2025-11-19T09:00 6"]),
        ("昨天社群2小時\n昨天社群2小時", ["community_meeting 2025-11-19 2", "community_meeting 2025-11-19 2"]),
        (
            "11/18社群14:00-16:00 8人 11/19 工作坊 9:00-12:00 20人",
            ["community_meeting 2025-11-18T14:00 2", "workshop 2025-11-19T09:00 3"],
        ),
        ("日期：11/18\n時間：14:00-16:00\n類別：社群", ["community_meeting 2025-11-18T14:00 2"]),
    ],
)
def test_each_activity_is_one_reading(text: str, parts: list[str]) -> None:
    readings = split_lines(text, NOW)
    assert [" ".join(in_words(r, name) for name in ("kind", "starts_at", "hours")) for r in readings] == parts
    assert not any(reading.ask for reading in readings)


@pytest.mark.parametrize("text", ["昨天社群2小時 工作坊3小時", "昨天上傳教材並開社群2小時", "11/18、11/19社群各2小時"])
def test_the_whole_of_it_asks_back(text: str) -> None:
    assert parse_line(text, NOW).ask


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("11/18、11/19社群2小時", [("hours",), ("hours",)]),
        ("11/18社群、11/19社群 共4小時", [("hours",), ("hours",)]),
        ("11/18社群、11/30社群 各2小時", [(), ("starts_at",)]),
        ("11/18、11/25社群各2小時", [(), ("starts_at",)]),
        ("11/18~11/20研習 18小時", [("starts_at",)]),
        ("2/30社群2小時、工作坊3小時", [("starts_at",), ("starts_at",)]),
    ],
)
def test_what_is_not_said_of_each_is_asked(text: str, doubts: list[tuple[str, ...]]) -> None:
    assert [reading.ask for reading in split_lines(text, NOW)] == doubts


def test_a_question_beside_a_record_is_kept() -> None:
    record, question = split_lines("昨天社群2小時。請問下個月要開幾次？", NOW)
    assert record.is_log
    assert (question.is_log, question.said) == (False, "請問下個月要開幾次？")


def test_what_is_too_long_to_be_read_is_kept() -> None:
    lines = [f"11/{1 + place % 18} 社群 2小時 第{place}次" for place in range(100)]
    readings = split_lines("\n".join(lines), NOW)
    assert all(sum(f"第{place}次" in reading.said for reading in readings) == 1 for place in range(100))
    assert not readings[-1].is_log


@given(
    st.lists(st.sampled_from(["11/18", "社群", "2小時", "、", "；", "\n", "昨天", "工作坊", "14:00-16:00", "8人", " "]))
)
def test_nothing_gets_lost(words: list[str]) -> None:
    text = "".join(words)
    readings = split_lines(text, NOW)
    if len(readings) > 1 and all(reading.said for reading in readings):
        bare = str.maketrans("", "", "、；\n ")
        assert "".join(reading.said for reading in readings).translate(bare) == text.translate(bare)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("11/17社群2小時，11/18工作坊3小時，回程車子拋錨", "回程車子拋錨"),
        ("11/17、11/18社群各2小時；鑰匙還沒還總務處", "鑰匙還沒還總務處"),
        ("11/17社群2小時\n11/18工作坊3小時\n備註：冷氣要修", "備註：冷氣要修"),
        ("11/17社群2小時，11/18工作坊3小時，請問下次是什麼時候", "請問下次是什麼時候"),
    ],
)
def test_words_behind_the_last_activity_are_handed_back(text: str, left: str) -> None:
    *logs, last = split_lines(text, NOW)
    assert [reading.is_log for reading in logs] == [True, True]
    assert (last.is_log, last.said) == (False, left)


@pytest.mark.parametrize("behind", ["討論評量規準", "共8人", "謝謝", "大家辛苦了", "主持人：林組長"])
def test_words_that_say_something_of_the_last_activity_or_nothing_at_all_are_not(behind: str) -> None:
    readings = split_lines(f"11/17社群2小時，11/18工作坊3小時，{behind}", NOW)
    assert [reading.is_log for reading in readings] == [True, True]


def test_each_day_of_a_part_is_one_reading() -> None:
    readings = split_lines("11/17、11/18社群各2小時，11/19輔導1小時", NOW)
    assert [in_words(reading, "starts_at") for reading in readings] == ["2025-11-17", "2025-11-18", "2025-11-19"]


def test_what_is_too_far_behind_is_told_apart() -> None:
    assert beyond("昨天社群2小時") == ""
    assert beyond("昨天社群2小時，" + "教學相長，" * 300 + "明天輔導").endswith("明天輔導")
