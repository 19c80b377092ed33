"""Counts and lengths in a form's field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken.numbers import read_hours, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("３", 3),
        ("三", 3),
        ("十二人", 12),
        ("廿五", 25),
        ("一百二十", 120),
        ("一百五", 150),
        ("一百零五", 105),
        ("兩百", 200),
        ("1,200", 1200),
        ("25萬", 250_000),
        ("兩萬五", 25_000),
        ("1.5萬", 15_000),
        ("25萬元", 250_000),
        ("三十萬", 300_000),
        ("人數8", 8),
        ("-3", -3),
        ("0", 0),
    ],
)
def test_a_number_is_read(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "人", "三到五", "3、5", "十幾人", "三四個", "1.5", "很多", "10億", "20多人", "萬"]
)
def test_what_is_no_single_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.integers(0, 10**9))
def test_digits_are_themselves(number: int) -> None:
    assert read_number(str(number)) == read_number(f"{number:,}") == read_number(f"共{number}元") == number


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("一個半小時", 90),
        ("7.5", 450),
        ("三", 180),
        ("90分鐘", 90),
        ("半小時", 30),
        ("2小時20分", 140),
        ("兩小時半", 150),
        ("2hr", 120),
        ("共6小時", 360),
        ("三刻鐘", 45),
        ("2節，每節45分", 90),
    ],
)
def test_a_length_is_read_in_minutes(text: str, minutes: int) -> None:
    assert read_hours(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "半天", "兩三個小時", "2-3小時", "一節課", "-2小時", "很久", "兩個多小時", "2小時或3小時"]
)
def test_a_length_that_is_not_sure_is_none(text: str) -> None:
    assert read_hours(text) is None


@given(st.text(max_size=40))
def test_any_text_may_be_given(text: str) -> None:
    read_number(text)
    minutes = read_hours(text)
    assert minutes is None or minutes >= 0
