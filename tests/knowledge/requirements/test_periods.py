"""knowledge.requirements.periods: where months, semesters and school years begin and end."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.requirements.periods import Per, Period, add_months, school_year, split

DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))
EACH = pytest.mark.parametrize("per", list(Per))


def label(per: Per, day: date) -> str:
    [period] = split(per, day, day)
    return period.label


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-07-31", "113-2"),
        ("2025-08-01", "114-1"),
        ("2025-12-31", "114-1"),
        ("2026-01-01", "114-1"),
        ("2026-01-31", "114-1"),
        ("2026-02-01", "114-2"),
        ("2026-07-31", "114-2"),
        ("2026-08-01", "115-1"),
        ("2017-02-01", "105-2"),
    ],
)
def test_the_first_semester_ends_on_31_january(day: str, expected: str) -> None:
    assert label(Per.SEMESTER, date.fromisoformat(day)) == expected


@pytest.mark.parametrize(("day", "year"), [("2025-07-31", "113"), ("2025-08-01", "114"), ("2026-07-31", "114")])
def test_a_school_year_begins_in_august(day: str, year: str) -> None:
    assert label(Per.SCHOOL_YEAR, date.fromisoformat(day)) == year
    assert str(school_year(date.fromisoformat(day))) == year


def test_a_month_is_called_by_year_and_month() -> None:
    assert label(Per.MONTH, date(2025, 9, 30)) == "2025-09"


def test_the_whole_span_is_one_period() -> None:
    span = date(2025, 3, 5), date(2025, 12, 31)
    assert list(split(Per.TOTAL, *span)) == [Period("total", *span)]


def test_outer_months_are_cut_to_the_span() -> None:
    assert list(split(Per.MONTH, date(2025, 9, 15), date(2025, 11, 2))) == [
        Period("2025-09", date(2025, 9, 15), date(2025, 9, 30)),
        Period("2025-10", date(2025, 10, 1), date(2025, 10, 31)),
        Period("2025-11", date(2025, 11, 1), date(2025, 11, 2)),
    ]


def test_a_calendar_year_touches_three_semesters() -> None:
    assert [p.label for p in split(Per.SEMESTER, date(2017, 1, 1), date(2017, 12, 31))] == ["105-1", "105-2", "106-1"]


@EACH
@given(start=DAYS, length=st.integers(0, 900))
def test_periods_follow_each_other_without_gap_and_fill_the_span(per: Per, start: date, length: int) -> None:
    end = min(start + timedelta(days=length), date(2199, 12, 31))
    found = list(split(per, start, end))
    assert (found[0].first, found[-1].last) == (start, end)
    for before, after in pairwise(found):
        assert after.first - before.last == timedelta(days=1)
        assert before.label != after.label
    assert all(period.first <= period.last for period in found)


@EACH
@given(day=DAYS, length=st.integers(0, 900))
def test_a_day_has_the_same_label_whatever_the_span(per: Per, day: date, length: int) -> None:
    start = max(day - timedelta(days=length), date(1970, 1, 1))
    [around] = [period for period in split(per, start, day) if period.last == day]
    assert around.label == label(per, day)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-03-10", 3, "2025-06-10"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2025-01-31", 3, "2025-04-30"),
        ("2025-10-01", 3, "2026-01-01"),
        ("2025-09-30", 3, "2025-12-30"),
        ("2025-05-31", 12, "2026-05-31"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)
