"""What a run holds of a record, from a line, from a stored record, and to the store."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.stored_record import DONE, PLANNED, WORDS, StoredRecord, columns_of
from bot.store.stored_record import fields_of as stated
from handlers.record import draft
from knowledge.spoken.line import parse_line
from tests.handlers.record.samples import NOW, stored

TEXT = st.text("甲乙ab 1", max_size=20).map(str.strip)


@st.composite
def any_record(draw: st.DrawFn) -> StoredRecord:
    """A record that the store can hold; one that takes no time is handed in."""
    words = {name: draw(st.sampled_from(["", *(word.value for word in words)])) for name, words in WORDS.items()}
    words["kind"] = draw(st.sampled_from([word.value for word in WORDS["kind"]]))
    handed_in = words["kind"] == "deliverable"
    day_only = handed_in or draw(st.booleans())
    start = datetime(2025, 1, 1) + timedelta(minutes=draw(st.integers(0, 365 * 24 * 60)))
    return stored(
        **words | {"deliverable": words["deliverable"] if handed_in else ""},
        starts_at=start.replace(hour=0, minute=0) if day_only else start,
        day_only=day_only,
        minutes=0 if handed_in else draw(st.integers(1, 24 * 60)),
        topic=draw(TEXT),
        host=draw(TEXT),
        group=draw(TEXT),
        headcount=draw(st.none() | st.integers(1, 9999)),
        state=draw(st.sampled_from([DONE, PLANNED])),
    )


@given(any_record())
def test_a_record_that_is_opened_and_stored_unchanged_stays_the_same(record: StoredRecord) -> None:
    assert columns_of(draft.fields_of(draft.of_record(record))) == columns_of(stated(record))


@given(any_record())
def test_a_change_in_words_takes_nothing_else_along(record: StoredRecord) -> None:
    answers = draft.of_record(record)
    back = draft.of_draft(draft.to_draft(answers))
    assert back == {key: value for key, value in answers.items() if key != "school" and not key.startswith("_")}


def test_what_a_line_leaves_open_is_not_taken_for_an_answer() -> None:
    answers = draft.of_reading(parse_line("上週 兩節 社群會議", NOW))
    assert answers == {"kind": "community_meeting"}


def test_what_a_line_says_for_sure_is_there() -> None:
    answers = draft.of_reading(parse_line("11/18 14:00-16:00 社群會議 6人", NOW))
    assert answers == {
        "kind": "community_meeting",
        "day": "2025-11-18",
        "time": {"start": "14:00", "minutes": 120},
        "headcount": 6,
    }


def test_an_hour_is_kept_although_the_day_is_missing() -> None:
    text = "14:00-16:00 社群會議"
    assert draft.of_reading(parse_line(text, NOW), text)["time"] == {"start": "14:00", "minutes": 120}


def test_a_line_that_says_so_is_a_plan() -> None:
    assert draft.of_reading(parse_line("11/26 14:00-16:00 預計開社群會議", NOW))["_planned"]


@pytest.mark.parametrize(
    ("day", "start", "said_so", "expected"),
    [
        ("2025-11-21", "", False, True),
        ("2025-11-20", "", False, False),
        ("2025-11-20", "", True, True),
        ("2025-11-20", "14:00", False, True),
        ("2025-11-20", "09:00", False, False),
        ("2025-11-19", "14:00", True, False),
    ],
)
def test_what_lies_ahead_is_a_plan_and_what_is_over_is_none(
    day: str, start: str, said_so: bool, expected: bool
) -> None:
    answers = {"day": day, "time": {"start": start, "minutes": 60}, "_planned": said_so}
    assert draft.is_planned(answers, NOW) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("昨天觀課", True), ("11/18 14:00-16:00 社群會議", True), ("改成三點", False), ("6人", False), ("線上", False)],
)
def test_a_kind_and_a_day_are_a_record_of_their_own(text: str, expected: bool) -> None:
    assert draft.names_another(text, NOW) is expected


def test_long_texts_are_cut_at_what_is_stored() -> None:
    answers = draft.of_draft(draft.to_draft({"topic": "字" * 5000, "host": "人" * 90}))
    assert (len(answers["topic"]), len(answers["host"])) == (draft.LONGEST["topic"], draft.LONGEST["host"])
