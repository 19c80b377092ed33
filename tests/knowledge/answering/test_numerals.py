"""Numerals become digits before a unit and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.normalise import fold
from knowledge.answering.numerals import to_digits, value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("十五小時", "15小时"),
        ("兩所學校", "2所学校"),
        ("廿小時", "20小时"),
        ("一百二十萬元", "120万元"),
        ("1萬5千元", "1.5万元"),
        ("300,000元", "30万元"),
        ("15000元", "1.5万元"),
        ("百分之五十", "50%"),
        ("二分之一", "1/2"),
        ("第三條第二項", "第3条第2项"),
        ("民國一百一十五年", "民国115年"),
        ("2025年8月", "114年8月"),
        ("二○二五年", "114年"),
    ],
)
def test_numerals_before_units_become_digits(written: str, read: str) -> None:
    assert fold(written) == read


@pytest.mark.parametrize("word", ["一定要一起討論", "統一", "萬一", "一般遠距", "十分重要"])
def test_numerals_that_are_part_of_a_word_stay(word: str) -> None:
    assert not any(char.isdigit() for char in fold(word))


@given(st.integers(1, 9999))
def test_every_number_up_to_ten_thousand_is_read_back(number: int) -> None:
    assert value(_chinese(number)) == number


@given(st.text(alphabet="零〇一二两三四五六七八九十百千廿卅万0123456789.,%/分之元年小时", max_size=12))
def test_any_run_of_numerals_is_read_without_failing(text: str) -> None:
    assert isinstance(to_digits(text), str)


def _chinese(number: int) -> str:
    digits, names, text = "零一二三四五六七八九", ("千", "百", "十", ""), ""
    for figure, name in zip(f"{number:04d}", names, strict=True):
        if figure != "0":
            text += ("" if figure == "1" and name == "十" and not text else digits[int(figure)]) + name
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
