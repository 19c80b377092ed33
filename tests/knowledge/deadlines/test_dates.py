"""Sums of months, and what a `due` may say."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.deadlines.dates import Fixed, MomentError, Relative, add_months, parse_fixed, parse_moment

DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
MONTHS = st.integers(1, 120)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2025-07-15", 2, "2025-09-15"),
        ("2025-11-30", 2, "2026-01-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2023-12-29", 2, "2024-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 1, "2024-03-29"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2025-10-31", 0, "2025-10-31"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(DAYS, MONTHS)
def test_the_month_is_always_the_one_so_many_later(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or then.day == monthrange(then.year, then.month)[1] < day.day


@given(DAYS, DAYS, MONTHS)
def test_a_later_start_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(DAYS, st.integers(0, 120), st.integers(0, 120), st.none() | st.datetimes(datetime(2025, 1, 1)))
def test_a_relative_date_is_never_later_than_its_cap(day: date, months: int, days: int, cap: datetime | None) -> None:
    free, capped = Relative("fact", months, days).after(day), Relative("fact", months, days, cap).after(day)
    assert free.date() >= day
    assert capped == (free if cap is None else min(free, cap))


def test_each_form_of_a_moment_is_read() -> None:
    assert parse_moment("2025-05-05") == Fixed(datetime(2025, 5, 5, 23, 59))
    assert parse_moment("2016-10-28T17:00") == Fixed(datetime(2016, 10, 28, 17))
    assert parse_moment("ends_on") == Relative("ends_on")
    assert parse_moment("opened + 1 month") == Relative("opened", months=1)
    assert parse_moment("opened + 10 days") == Relative("opened", days=10)
    assert parse_moment("last + 2 months, not after 2025-12-15") == Relative(
        "last", months=2, cap=datetime(2025, 12, 15, 23, 59)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-30",
        "2025-05-05T25:00",
        "2025-5-5",
        "2025-05-05, not after 2025-06-01",
        "opened + 0 months",
        "opened + 121 days",
        "opened - 1 month",
        "opened + 1 week",
        "opened + one month",
        "last + 2 months, not after 2025-02-30",
        "last + 2 months, not after ",
        "last + 2 months not after 2025-12-15",
        "114年5月5日",
    ],
)
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(MomentError):
        parse_moment(text)


def test_an_example_may_give_a_day_or_an_hour_but_no_sum() -> None:
    assert parse_fixed("2024-02-29") == datetime(2024, 2, 29, 23, 59)
    with pytest.raises(MomentError, match="2025-02-29"):
        parse_fixed("2025-02-29")
