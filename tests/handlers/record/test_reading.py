"""Words as answers to one field of a record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.stored_record import WORDS
from handlers.forms.form import Reply
from handlers.record import reading
from handlers.record.draft import LONGEST
from handlers.record.form import TITLES
from handlers.record.reading import READERS
from tests.handlers.record.samples import NOW, PLACES, TODAY

LABELS = {each: place["label"] for each, place in PLACES.items()}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("kind", "社群共備", "community_meeting"),
        ("kind", "公開觀課", "open_class"),
        ("day", "昨天", "2025-11-19"),
        ("day", "11/18", "2025-11-18"),
        ("day", "114年11月18日", "2025-11-18"),
        ("day", "明天", "2025-11-21"),
        ("time", "14:00-16:00", {"start": "14:00", "minutes": 120}),
        ("time", "下午兩點到四點", {"start": "14:00", "minutes": 120}),
        ("time", "2小時", {"start": "", "minutes": 120}),
        ("time", "1.5", {"start": "", "minutes": 90}),
        ("time", "50分鐘", {"start": "", "minutes": 50}),
        ("headcount", "6人", 6),
        ("headcount", "十二", 12),
        ("mode", "用 Teams 開的", "online"),
        ("topic", "  共同  備課 ", "共同 備課"),
        ("topic", "14:00-16:00", "14:00-16:00"),
    ],
)
def test_an_answer_is_taken(key: str, text: str, value: Any) -> None:
    reply = READERS[key](text, NOW)
    assert (reply.answered, reply.value) == (True, value), reply


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("day", "2/30"),
        ("day", "上週"),
        ("day", "1911/10/10"),
        ("day", "2999/1/1"),
        ("day", "民國0年1月1日"),
        ("day", "11/18 或 11/19"),
        ("time", "25小時"),
        ("time", "0小時"),
        ("time", "0"),
        ("time", "16:00-14:00"),
        ("time", "兩節"),
        ("time", "14:00"),
        ("headcount", "-3"),
        ("headcount", "0"),
        ("headcount", "1000000000"),
        ("topic", "字" * 5000),
        ("host", "人" * 41),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(key: str, text: str) -> None:
    reply = READERS[key](text, NOW)
    assert not reply.answered
    assert reply.problem.endswith("。")


@pytest.mark.parametrize("key", sorted(READERS))
@pytest.mark.parametrize("text", ["可以線上辦嗎", "社群會議一次要兩小時嗎？", "一定要到校呢？"])
def test_a_question_is_no_answer_to_any_field(key: str, text: str) -> None:
    assert READERS[key](text, NOW) == Reply()


@pytest.mark.parametrize("key", ["topic", "host", "group"])
@pytest.mark.parametrize("text", ["確認", "好", "存檔"])
def test_words_about_the_card_are_nobodys_topic(key: str, text: str) -> None:
    assert READERS[key](text, NOW) == Reply()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("乙高中", "e2"),
        ("乙", None),
        ("甲高中入校陪伴", "e3"),
        ("入校陪伴", "e3"),
        ("乙高中的", "e2"),
        ("丙高中", None),
    ],
)
def test_a_school_is_known_by_its_name(text: str, expected: str | None) -> None:
    assert reading.read_school(text, LABELS).value == expected


def test_a_school_with_two_programmes_is_asked_back() -> None:
    assert reading.read_school("甲高中", LABELS).problem


@pytest.mark.parametrize("value", ["", "x", "2025-02-30", "2025-11-18T10:00", "2025-11-18:x", "١٢٣٤-11-18"])
def test_a_calendar_that_gives_no_day_gives_nothing(value: str) -> None:
    assert not reading.picked_day(value, TODAY).answered


def test_every_field_but_the_school_has_a_reader() -> None:
    assert READERS.keys() == TITLES.keys() - {"school"}


@given(st.text(max_size=60) | st.text("0123456789:-/點時月日年人小半節民國上下午 ", max_size=16))
def test_whatever_is_typed_an_answer_can_be_stored(text: str) -> None:
    for key, read in READERS.items():
        reply = read(text, NOW)
        assert not (reply.answered and reply.problem)
        if reply.answered:
            assert_storable(key, reply.value)


def assert_storable(key: str, value: Any) -> None:
    """Hold an answer against what the store takes."""
    match key:
        case "day":
            assert reading.picked_day(value, TODAY).value == value
        case "time":
            assert 0 < value["minutes"] <= 24 * 60
        case "headcount":
            assert 1 <= value <= reading.MOST_PEOPLE
        case "topic" | "host" | "group":
            assert 0 < len(value) <= LONGEST[key]
        case _:
            assert value in {word.value for word in WORDS[key]}
