"""A record as a form: what is asked, in what order, and how answers are read and said."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.record.form import ASKS, TITLES, say_day, say_minutes, say_time
from tests.handlers.record.samples import NOW, PLACES, TODAY, form, run

ONE: dict[str, Any] = {"_schools": {"e1": PLACES["e1"]}, "school": "e1"}


def asked(slug: str = "distance-teaching", **answers: Any) -> list[str]:
    """Keys of what is still asked."""
    return [field.key for field in form(slug, **answers).ahead(run(**answers))]


def test_guided_entry_asks_for_kind_day_time_and_what_a_report_has_room_for() -> None:
    assert asked(**ONE, _guided=True) == ["kind", "day", "time", "topic", "headcount"]


def test_a_line_is_asked_only_for_what_it_lacks() -> None:
    assert asked(**ONE, kind="community_meeting", day="2025-11-18") == ["time"]


def test_what_is_handed_in_has_neither_hours_nor_people() -> None:
    assert asked(**ONE, _guided=True, kind="deliverable") == ["day", "deliverable", "topic"]


def test_what_counting_depends_on_is_asked() -> None:
    assert asked("mobile-learning", **ONE, kind="mentoring_visit", day="2025-11-18", time={}) == ["mentor_kind", "mode"]


def test_what_was_passed_over_is_not_asked_again() -> None:
    passed = run(**ONE, kind="community_meeting", day="2025-11-18", time={}, _guided=True)
    known = [field.key for field in form(**passed.answers).ahead(passed)]
    assert known == ["topic", "headcount"]


def test_where_there_are_several_schools_the_school_comes_first() -> None:
    assert asked(_schools=PLACES)[0] == "school"


def test_every_field_has_a_question() -> None:
    assert ASKS.keys() == TITLES.keys()
    for key in TITLES:
        field = form(**ONE, kind="deliverable").field(key)
        assert field is not None
        assert field.ask
        assert field.options or field.how, key  # either there is something to tap or a word on how to type it
    assert form().field("nothing") is None


def test_one_option_alone_is_asked_as_yes_or_pass() -> None:
    meeting = form("mobile-learning", **ONE, kind="school_meeting")
    field = meeting.field("meeting")
    assert field is not None
    assert field.ask == "是「校長參加的場次」嗎？不是就略過。"
    assert meeting.read("meeting", "是", NOW).value == "principal"


@pytest.mark.parametrize("text", ["2", "２", "昨天 114/11/19（三）"])
def test_an_option_is_chosen_by_number_or_label(text: str) -> None:
    assert form(**ONE).read("day", text, NOW).value == "2025-11-19"


def test_a_number_for_hours_is_hours_and_not_a_place() -> None:
    assert form(**ONE).read("time", "2", NOW).value == {"start": "", "minutes": 120}


@pytest.mark.parametrize("key", ["kind", "day", "time", "school"])
@pytest.mark.parametrize("text", ["11/18 14:00-16:00 社群會議", "11/15 繳交教材一份"])
def test_a_whole_line_is_no_answer_to_a_field(key: str, text: str) -> None:
    assert not form(**ONE).read(key, text, NOW).answered


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("kind", "open_class", True),
        ("kind", "party", False),
        ("kind", "", False),
        ("day", "2025-11-18", True),
        ("day", "2999-01-01", False),
        ("day", "tomorrow", False),
        ("school", "e1", True),
        ("school", "e2", False),
        ("topic", "x", False),
        ("time", "120", False),
    ],
)
def test_a_button_is_checked(key: str, value: str, taken: bool) -> None:
    assert form(**ONE).accept(key, value).answered is taken


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("school", "e1", "甲高中・跨校遠距教學"),
        ("school", "gone", "（已不在名單）"),
        ("kind", "community_meeting", "社群活動"),
        ("day", "2025-11-18", "114/11/18（二）"),
        ("headcount", 6, "6 人"),
        ("topic", "閱讀", "閱讀"),
    ],
)
def test_answers_are_said_in_words(key: str, value: Any, words: str) -> None:
    assert form(**ONE).say(key, value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"start": "14:00", "minutes": 120}, "14:00–16:00，2 小時"),
        ({"start": "23:00", "minutes": 90}, "23:00–00:30，1 小時 30 分"),
        ({"start": "14:00", "minutes": 0}, "14:00 開始"),
        ({"start": "", "minutes": 50}, "50 分"),
    ],
)
def test_times_are_said_with_their_length(value: dict[str, Any], words: str) -> None:
    assert say_time(value) == words


def test_days_and_lengths() -> None:
    assert say_day(TODAY) == "114/11/20（四）"
    assert say_minutes(0) == ""
