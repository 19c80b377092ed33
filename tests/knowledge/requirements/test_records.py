"""knowledge.requirements.records: what is a record, and what is refused in one sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.requirements.records import (
    Deliverable,
    Kind,
    Meeting,
    MentorKind,
    Mode,
    Record,
    RecordError,
    TopicKind,
    Word,
    read_record,
)

PLAIN: dict[str, Any] = {"id": "r1", "kind": "workshop", "starts_at": "2025-09-10T14:00", "hours": 2}
WORDS: list[type[Word]] = [Kind, Mode, MentorKind, Meeting, Deliverable, TopicKind]


def refusal(data: object) -> str:
    with pytest.raises(RecordError) as refused:
        read_record(data)
    return str(refused.value)


def test_everything_that_is_stated_is_read() -> None:
    stated = {
        **PLAIN,
        "kind": "mentoring_visit",
        "mode": "online",
        "topic": " 備課 ",
        "host": "教務處",
        "headcount": 12,
        "group": " 數學社群 ",
        "mentor_kind": "professor",
        "meeting": "regional",
        "topic_kind": "transfer",
    }
    assert read_record(stated) == Record(
        "r1", Kind.MENTORING_VISIT, datetime(2025, 9, 10, 14), 120, Mode.ONLINE, "備課", "教務處", 12, "數學社群",
        MentorKind.PROFESSOR, Meeting.REGIONAL, None, TopicKind.TRANSFER,
    )  # fmt: skip


def test_null_is_the_same_as_not_stated() -> None:
    nothing = dict.fromkeys(("mode", "topic", "host", "headcount", "group", "mentor_kind", "meeting", "topic_kind"))
    assert read_record({**PLAIN, **nothing}) == read_record(PLAIN)


@pytest.mark.parametrize(("hours", "minutes"), [(0.83, 50), (1.5, 90), (24, 1440), (0.001, 1), (5, 300)])
def test_hours_become_whole_minutes(hours: float, minutes: int) -> None:
    assert read_record({**PLAIN, "hours": hours}).minutes == minutes


@pytest.mark.parametrize("hours", [None, 0, 1.5])
def test_a_deliverable_needs_no_hours(hours: float | None) -> None:
    data = {**PLAIN, "kind": "deliverable", "deliverable": "module", "hours": hours}
    assert read_record(data).deliverable is Deliverable.MODULE


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-10", datetime(2025, 9, 10)),
        ("2025-09-10 14:05", datetime(2025, 9, 10, 14, 5)),
        ("2025-09-10T14:05:30", datetime(2025, 9, 10, 14, 5, 30)),
        ("2025-09-10T14:05+08:00", datetime(2025, 9, 10, 14, 5)),
        ("2025-09-10T20:05Z", datetime(2025, 9, 11, 4, 5)),
    ],
)
def test_a_day_or_a_moment_is_wall_time_in_taipei(text: str, moment: datetime) -> None:
    assert read_record({**PLAIN, "starts_at": text}).starts_at == moment


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"kind": "meetin"}, "kind「meetin」不認得"),
        ({"kind": ["workshop"]}, "不認得"),
        ({"kind": None}, "缺少 kind"),
        ({"id": None}, "缺少 id"),
        ({"id": " "}, "id 要是文字"),
        ({"id": True}, "id 要是文字"),
        ({"starts_at": None}, "缺少 starts_at"),
        ({"starts_at": "2025-02-30T09:00"}, "不是日期或時間"),
        ({"starts_at": "2025-09-10T25:00"}, "不是日期或時間"),
        ({"starts_at": "114-09-10"}, "不是日期或時間"),
        ({"starts_at": "20250910"}, "不是日期或時間"),
        ({"starts_at": "2025-W37-3"}, "不是日期或時間"),
        ({"starts_at": "1969-12-31"}, "不是日期或時間"),
        ({"starts_at": "9999-12-31T23:59Z"}, "不是日期或時間"),
        ({"starts_at": 20250910}, "不是日期或時間"),
        ({"hours": None}, "缺少 hours"),
        ({"hours": 0}, "大於 0"),
        ({"hours": -1}, "大於 0"),
        ({"hours": 24.01}, "不超過 24"),
        ({"hours": float("nan")}, "大於 0"),
        ({"hours": "2"}, "大於 0"),
        ({"hours": True}, "大於 0"),
        ({"mode": "zoom"}, "mode「zoom」不認得"),
        ({"mentor_kind": "teacher"}, "mentor_kind「teacher」不認得"),
        ({"headcount": -1}, "headcount"),
        ({"headcount": 1.5}, "headcount"),
        ({"headcount": True}, "headcount"),
        ({"group": 3}, "group 要是文字"),
        ({"deliverable": "module"}, "只有 kind 是 deliverable"),
        ({"room": "301"}, "沒有「room」這個欄位"),
        ({"minutes": 90}, "沒有「minutes」這個欄位"),
    ],
)
def test_what_can_t_be_right_is_refused_by_its_field(change: dict[str, Any], because: str) -> None:
    said = refusal({**PLAIN, **change})
    assert because in said
    assert "\n" not in said


@pytest.mark.parametrize("data", [None, 3, "workshop", [], [PLAIN]])
def test_only_an_object_is_a_record(data: object) -> None:
    assert "JSON 物件" in refusal(data)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)


@given(st.dictionaries(st.sampled_from([*PLAIN, "mode", "group", "headcount"]), VALUES))
def test_whatever_is_given_is_read_or_refused(data: dict[str, object]) -> None:
    with suppress(RecordError):
        assert read_record({**PLAIN, **data}).minutes >= 0


def test_every_word_is_called_something_in_chinese_and_no_two_alike() -> None:
    for of in WORDS:
        called = [word.words for word in of]
        assert len(set(called)) == len(called)
        assert all(any("一" <= letter <= "鿿" for letter in words) for words in called)
