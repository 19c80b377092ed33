"""Working days, held against the calendar that the government published."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.deadlines.workdays import (
    MOST,
    Overrides,
    internal,
    is_working_day,
    read_overrides,
    reminder_day,
    workdays_before,
    workdays_left,
)
from knowledge.schema import KnowledgeError

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2016-06-04", True),  # a Saturday, for 10 June
        ("2016-09-28", False),  # a typhoon: closed by hand, see below
        ("2017-02-18", True),  # a Saturday, for 27 February
        ("2017-02-27", False),
        ("2025-01-27", False),
        ("2025-02-08", True),  # a Saturday, for 27 January
        ("2025-02-15", False),  # an ordinary Saturday
        ("2025-05-05", True),
        ("2025-05-30", False),
        ("2025-09-28", False),
        ("2025-09-29", False),
        ("2025-10-10", False),
        ("2025-10-24", False),
        ("2025-12-25", False),
        ("2026-02-16", False),
        ("2026-02-23", True),
        ("2026-07-31", True),
        ("2026-09-28", False),
    ],
)
def test_the_calendar_knows_holidays_and_make_up_days(day: str, worked: bool) -> None:
    typhoon = read_overrides("days_off:\n  - {day: 2016-09-28, name: 颱風}\n".encode())
    assert is_working_day(date.fromisoformat(day), typhoon) is worked


def test_the_packaged_overrides_are_in_force() -> None:
    assert not is_working_day(date(2025, 1, 1))
    assert is_working_day(date(2025, 1, 2))


def test_an_override_beats_the_package_either_way() -> None:
    known = Overrides(off=frozenset({date(2025, 5, 5)}), worked=frozenset({date(2025, 5, 4)}))
    assert not is_working_day(date(2025, 5, 5), known)
    assert is_working_day(date(2025, 5, 4), known)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("days_off:\n  - {day: 2025-02-30, name: x}\n", ":2: `day`"),
        ("days_off:\n  - {day: 2025-02-03}\n", ":2: no `name`"),
        ("holidays: []\n", ":1: unknown field `holidays`"),
        ("days_off:\n  - {day: 2025-02-03, name: x}\nworking_days:\n  - {day: 2025-02-03, name: y}\n", "both off"),
    ],
)
def test_overrides_that_cannot_be_right_are_refused(text: str, because: str) -> None:
    with pytest.raises(KnowledgeError) as refused:
        read_overrides(text.encode())
    assert because in str(refused.value)


def test_a_file_of_comments_overrides_nothing() -> None:
    assert read_overrides("# 沒有\n\n".encode()) == Overrides()


def test_working_days_are_counted_back_over_a_long_holiday() -> None:
    assert workdays_before(date(2025, 2, 3), 1) == date(2025, 1, 24)
    assert workdays_before(date(2025, 2, 10), 1) == date(2025, 2, 8)
    assert workdays_before(date(2025, 5, 5), 3) == date(2025, 4, 30)
    assert workdays_before(date(2025, 9, 29), 0) == date(2025, 9, 26)
    assert workdays_before(date(2025, 5, 5), 0) == date(2025, 5, 5)


def test_a_reminder_moves_before_the_holiday() -> None:
    assert reminder_day(date(2025, 5, 5), 3) == date(2025, 5, 2)
    assert reminder_day(date(2025, 5, 5), 1) == date(2025, 5, 2)
    assert reminder_day(date(2025, 2, 1), 0) == date(2025, 1, 24)


def test_an_internal_deadline_keeps_the_hour() -> None:
    assert internal(datetime(2016, 10, 28, 17), 3) == datetime(2016, 10, 25, 17)
    assert internal(datetime(2025, 10, 13, 23, 59), 1) == datetime(2025, 10, 9, 23, 59)


def test_working_days_left_count_today_and_the_last_day() -> None:
    friday = datetime(2025, 5, 2, 9)
    assert workdays_left(friday, datetime(2025, 5, 5, 23, 59)) == 2
    assert workdays_left(friday, datetime(2025, 5, 2, 17)) == 1
    assert workdays_left(datetime(2025, 5, 3, 9), datetime(2025, 5, 4, 23, 59)) == 0
    assert workdays_left(datetime(2025, 5, 5, 17, 1), datetime(2025, 5, 5, 17)) == 0
    assert workdays_left(datetime(2025, 5, 4, 23, 0), datetime(2025, 5, 6, 1, 0)) == 2


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_impossible_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        workdays_before(date(2025, 5, 5), number)
    with pytest.raises(ValueError, match="a reminder"):
        reminder_day(date(2025, 5, 5), -1)


@settings(deadline=None)
@given(DAYS, st.integers(0, 60))
def test_reminders_come_on_working_days_and_never_late(due: date, ahead: int) -> None:
    day = reminder_day(due, ahead)
    assert is_working_day(day)
    assert day <= due - timedelta(days=ahead)
    assert not any(is_working_day(day + timedelta(days=n)) for n in range(1, (due - day).days - ahead + 1))


@settings(deadline=None)
@given(DAYS, st.integers(1, 30))
def test_so_many_working_days_lie_between(day: date, number: int) -> None:
    start = workdays_before(day, number)
    assert is_working_day(start)
    assert sum(is_working_day(start + timedelta(days=n)) for n in range((day - start).days)) == number


def test_the_package_is_loaded_only_when_a_day_is_asked_for() -> None:
    code = "import sys, knowledge.deadlines.workdays, knowledge.deadlines.engine; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
