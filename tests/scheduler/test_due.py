"""When a deadline is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.model import Asks, Kind
from knowledge.deadlines.workdays import is_working_day
from scheduler.due import LATE_TIMES, next_workday, occasions, office_occasion

FRIDAY = datetime(2026, 7, 31, 23, 59)
OFFSETS = (30, 14, 7, 3, 1, 0)
LONG_AFTER = date(2027, 1, 1)


def due(at: datetime | None = FRIDAY, state: State = State.UPCOMING) -> Due:
    return Due("report", "成果報告", at, state, (), ("陸/二",), "", Kind.SOFT)


def days(found: Due, today: date, offsets: tuple[int, ...] = OFFSETS) -> dict[str, str]:
    return {each.rule: each.day.isoformat() for each in occasions(found, offsets, today)}


def test_it_is_told_so_many_days_ahead() -> None:
    assert days(due(), date(2026, 7, 31)) == {
        "T-30": "2026-07-01",
        "T-14": "2026-07-17",
        "T-7": "2026-07-24",
        "T-3": "2026-07-28",
        "T-1": "2026-07-30",
        "T-0": "2026-07-31",
    }


def test_what_would_fall_on_a_holiday_is_told_on_the_working_day_before() -> None:
    sunday = due(datetime(2025, 10, 12, 23, 59))
    assert days(sunday, date(2025, 10, 12), (2, 1, 0)) == {
        "T-2": "2025-10-09",
        "T-1": "2025-10-09",
        "T-0": "2025-10-09",
    }


def test_what_is_done_or_has_no_date_is_not_told() -> None:
    assert days(due(state=State.DONE), LONG_AFTER) == {}
    assert days(due(None), LONG_AFTER) == {}


def test_what_is_owed_is_told_on_the_working_days_after_a_bounded_number_of_times() -> None:
    late = [rule for rule in days(due(state=State.OVERDUE), LONG_AFTER) if rule.startswith("late")]
    assert late == [f"late-{number}" for number in range(1, LATE_TIMES + 1)]
    assert days(due(state=State.OVERDUE), date(2026, 8, 3))["late-1"] == "2026-08-03", "a Monday"


def test_the_office_is_told_after_the_last_time() -> None:
    overdue = due(state=State.OVERDUE)
    assert office_occasion(overdue, date(2026, 8, 7)) is None
    told = office_occasion(overdue, date(2026, 8, 10))
    assert told is not None
    assert told.day == date(2026, 8, 10)
    assert office_occasion(overdue, LONG_AFTER) is None
    assert office_occasion(due(), date(2026, 8, 10)) is None


def test_what_closed_is_said_only_where_nothing_was_said_before() -> None:
    found = occasions(due(state=State.PASSED), OFFSETS, date(2026, 8, 3))
    assert [each.rule for each in found if each.only_if_silent] == ["missed"]


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.sets(st.integers(0, 365), max_size=8), st.integers(-400, 60))
def test_a_reminder_comes_on_a_working_day_and_never_after_the_date(day: date, offsets: set[int], ahead: int) -> None:
    found = occasions(due(datetime.combine(day, FRIDAY.time())), offsets, day + timedelta(days=ahead))
    assert all(is_working_day(each.day) and each.day <= day for each in found)
    assert [each.day for each in found] == sorted(each.day for each in found)


@pytest.mark.parametrize(("day", "after"), [("2026-07-17", "2026-07-20"), ("2026-07-16", "2026-07-17")])
def test_the_next_working_day_skips_the_weekend(day: str, after: str) -> None:
    assert next_workday(date.fromisoformat(day)) == date.fromisoformat(after)


def test_a_date_that_waits_for_a_fact_is_told_by_the_last_day_that_it_can_be() -> None:
    waiting = replace(due(None), needs=("last_visit_on",), latest=FRIDAY)
    assert days(waiting, date(2026, 7, 31)) == days(due(), date(2026, 7, 31))
    late = replace(waiting, state=State.OVERDUE)
    assert days(late, date(2026, 8, 3))["late-1"] == "2026-08-03"
    assert office_occasion(late, date(2026, 8, 10)) is not None


@pytest.mark.parametrize(
    ("offsets", "told"), [(OFFSETS, ["T-30", "T-7"]), ((7, 1, 0), ["T-7"]), ((10, 3), ["T-10", "T-3"]), ((), [])]
)
def test_a_day_on_which_nothing_is_handed_in_is_told_twice_at_most(offsets: tuple[int, ...], told: list[str]) -> None:
    only_a_day = replace(due(), asks=Asks.NOTHING)
    assert list(days(only_a_day, date(2026, 7, 31), offsets)) == told
