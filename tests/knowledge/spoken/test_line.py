"""A line of chat, as teachers type it, and what it says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken.line import parse_line
from knowledge.spoken.splitting import split_lines
from tests.knowledge.spoken.scripts import Line, in_words, scripted

HERE = Path(__file__)
LINES = [line for name in ("lines.txt", "styles.txt", "doubts.txt") for line in scripted(HERE.with_name(name))]
CONTAINED = ("topic", "host", "group")


@pytest.mark.parametrize("line", LINES, ids=[line.text for line in LINES])
def test_a_line_says_what_it_says(line: Line) -> None:
    reading = parse_line(line.text, line.now)
    assert reading.is_log == line.is_log, reading
    assert reading.ask == line.asks, reading
    assert tuple(reading.reasons) == line.asks
    for name, said in line.says.items():
        found = in_words(reading, name)
        assert said in found if name in CONTAINED and said != "-" else said == found, (name, reading)


NOW = datetime(2025, 11, 20, 18)
WORDS = [
    "11/18",
    "昨天",
    "上週三",
    "14:00",
    "-",
    "2小時",
    "下午",
    "社群",
    "工作坊",
    "8人",
    "改成",
    "不對",
    "主題：",
    "，",
    "到",
    "三點",
    "25:00",
    "教授",
    "已上傳",
    "教材",
    "？",
    "「",
    "」",
    "-3人",
    "0小時",
    ";",
]


@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_any_text_has_a_reading_within_bounds(text: str) -> None:
    reading = parse_line(text, NOW)
    draft = reading.draft
    assert draft.minutes is None or 0 < draft.minutes <= 24 * 60
    assert draft.headcount is None or 1 <= draft.headcount <= 5_000
    assert (
        draft.starts_at is None or "starts_at" in reading.ask or draft.starts_at.date() <= NOW.date() or reading.planned
    )
    assert set(reading.ask) == set(reading.reasons)
    assert draft.kind or "kind" in reading.ask or not reading.is_log
    assert all(len(value) <= 200 for value in (draft.topic, draft.host, draft.group))


@given(st.text(max_size=60))
def test_split_parts_are_readings_too(text: str) -> None:
    assert split_lines(text, NOW)


def test_a_very_long_topic_is_cut() -> None:
    reading = parse_line("昨天社群2小時 主題：" + "閱讀" * 2_500, NOW)
    assert reading.draft.topic == "閱讀" * 100
    assert not reading.ask


def test_markup_is_not_kept() -> None:
    assert "<" not in parse_line("昨天社群2小時 主題：<script>alert(1)</script>素養", NOW).draft.topic


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("昨天開會2小時", "kind", "no_kind"),
        ("社群2小時", "starts_at", "no_day"),
        ("上週社群2小時", "starts_at", "vague_day"),
        ("2/30社群2小時", "starts_at", "impossible"),
        ("11/18(三)社群2小時", "starts_at", "weekday_contradicts"),
        ("11/25社群2小時", "starts_at", "future"),
        ("2999/1/1社群2小時", "starts_at", "far"),
        ("11/18、11/19社群2小時", "starts_at", "several"),
        ("昨天社群", "hours", "no_hours"),
        ("昨天共備一節課", "hours", "lesson"),
        ("昨天研習半天", "hours", "vague_length"),
        ("昨天14:00-16:00社群3小時", "hours", "disagree"),
        ("昨天16:00-14:00社群", "hours", "end_before_start"),
        ("昨天社群25小時", "hours", "out_of_bounds"),
    ],
)
def test_what_is_asked_has_its_reason(text: str, field: str, reason: str) -> None:
    assert parse_line(text, NOW).reasons[field] == reason


def test_what_is_planned_lies_ahead() -> None:
    assert parse_line("預計11/25 14:00-16:00社群", NOW).planned
    assert not parse_line("昨天社群2小時", NOW).planned
