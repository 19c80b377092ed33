"""A day, in every form in which it may be typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken.day_forms import WEEKDAYS
from knowledge.spoken.days import find_days, read_day
from knowledge.spoken.model import Lean

NOW = datetime(2025, 11, 20, 10)
"""A Thursday."""
_ONES = "〇一二三四五六七八九"


def spelt(number: int) -> str:
    """1 to 99 in numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _ONES[tens] + "十") + (_ONES[ones] if ones else "")


def wide(text: str) -> str:
    """In full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


FORMS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "year month day": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "roc slashes": lambda d: f"{d.year - 1911}/{d.month}/{d.day}",
    "roc dots": lambda d: f"{d.year - 1911}.{d.month}.{d.day}",
    "roc dashes": lambda d: f"{d.year - 1911}-{d.month:02}-{d.day:02}",
    "roc in words": lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日",
    "roc digits spelt": lambda d: (
        "".join(_ONES[int(c)] for c in str(d.year - 1911)) + f"年{spelt(d.month)}月{spelt(d.day)}日"
    ),
    "month/day": lambda d: f"{d.month}/{d.day}",
    "month/day padded": lambda d: f"{d.month:02}/{d.day:02}",
    "month/day spaced": lambda d: f"{d.month} / {d.day}",
    "month day": lambda d: f"{d.month}月{d.day}日",
    "month day spelt": lambda d: f"{spelt(d.month)}月{spelt(d.day)}號",
    "month day without a unit": lambda d: f"{d.month}月{d.day}",
    "month/day with weekday": lambda d: f"{d.month}/{d.day}（{WEEKDAYS[d.weekday()]}）",
    "weekday before": lambda d: f"週{WEEKDAYS[d.weekday()]} {d.month}/{d.day}",
    "mmdd": lambda d: f"{d:%m%d}",
    "yyyymmdd": lambda d: f"{d:%Y%m%d}",
    "roc yyymmdd": lambda d: f"{d.year - 1911}{d:%m%d}",
    "full width": lambda d: wide(f"{d.month}/{d.day}"),
}


@given(st.integers(-100, 100), st.sampled_from(sorted(FORMS)), st.sampled_from(["past", "nearest"]))
def test_a_day_said_in_any_form_is_that_day(step: int, form: str, lean: Lean) -> None:
    day = NOW.date() + timedelta(days=step)
    said = FORMS[form](day)
    for text in (said, f"記錄 {said} 社群", f"社群，{said}，8人"):
        reading = read_day(text, NOW, lean)
        assert (reading.day, reading.problem) == (day, ""), text


@given(st.integers(0, 250), st.sampled_from(["month/day", "month day", "mmdd"]))
def test_what_is_to_come_is_not_put_into_the_past(step: int, form: str) -> None:
    day = NOW.date() + timedelta(days=step)
    assert read_day(FORMS[form](day), NOW, "future").day == day


@given(st.integers(-21, 20), st.sampled_from(["週", "禮拜", "星期", "個禮拜", "個星期"]))
def test_a_day_of_a_week_counts_from_monday(step: int, word: str) -> None:
    monday = NOW.date() - timedelta(days=NOW.weekday())
    day = monday + timedelta(days=step)
    prefix = {-3: "", -2: "上上", -1: "上", 0: "這", 1: "下", 2: "下下"}[step // 7]
    if prefix:
        assert read_day(f"{prefix}{word}{WEEKDAYS[day.weekday()]}", NOW).day == day


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("星期二", "2025-11-18", "2025-11-25"),
        ("禮拜四", "2025-11-20", "2025-11-20"),
        ("禮拜天", "2025-11-16", "2025-11-23"),
        ("明天", "2025-11-21", "2025-11-21"),
        ("大後天", "2025-11-23", "2025-11-23"),
        ("大前天", "2025-11-17", "2025-11-17"),
        ("18號", "2025-11-18", "2025-12-18"),
        ("十八號", "2025-11-18", "2025-12-18"),
        ("上個月18號", "2025-10-18", "2025-10-18"),
        ("下個月三號", "2025-12-03", "2025-12-03"),
        ("去年12月3日", "2024-12-03", "2024-12-03"),
        ("明年1/5", "2026-01-05", "2026-01-05"),
        ("五天前", "2025-11-15", "2025-11-15"),
        ("兩天後", "2025-11-22", "2025-11-22"),
        ("今晚", "2025-11-20", "2025-11-20"),
        ("剛剛", "2025-11-20", "2025-11-20"),
    ],
)
def test_the_lean_decides_only_what_is_open(text: str, past: str, future: str) -> None:
    assert read_day(text, NOW).day == date.fromisoformat(past)
    assert read_day(text, NOW, "future").day == date.fromisoformat(future)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2/30", "impossible"),
        ("114年9月31日", "impossible"),
        ("13/5", "impossible"),
        ("11/18（三）", "weekday"),
        ("昨天 11/18", "weekday"),
        ("上週", "vague"),
        ("前幾天", "vague"),
        ("上個月", "vague"),
        ("這個月底", "vague"),
        ("上週三或週四", "vague"),
        ("11/18還是11/19", "vague"),
        ("11/18、11/25", "several"),
        ("11/18、25", "several"),
        ("11/18~19", "several"),
        ("1911/10/10", "far"),
        ("2999/1/1", "far"),
        ("114學年度", "none"),
        ("每週三", "none"),
        ("7.5小時", "none"),
        ("1400-1600", "none"),
        ("完成1/2的教材", "none"),
        ("", "none"),
    ],
)
def test_what_is_not_sure_says_why(text: str, problem: str) -> None:
    assert read_day(text, NOW).problem == problem


def test_the_end_of_a_month_is_a_day_only_for_what_is_to_come() -> None:
    assert read_day("這個月底", NOW, "future").day == date(2025, 11, 30)
    assert read_day("下個月底", NOW, "future").day == date(2025, 12, 31)


def test_a_leap_day_is_a_day_only_in_a_leap_year() -> None:
    assert read_day("2/29", datetime(2027, 3, 1)).problem == "impossible"
    assert read_day("2/29", datetime(2028, 3, 1)).day == date(2028, 2, 29)


def test_the_last_weekday_is_today_at_the_latest() -> None:
    assert read_day("週四", NOW).day == NOW.date()


def test_a_day_comes_with_its_place() -> None:
    text = "社群　１１／１８（二） 2小時"
    (found,) = find_days(text, NOW)
    assert text[slice(*found.span)] == "１１／１８（二）"


@given(
    st.text(max_size=60) | st.text("0123456789/.-年月日號週禮拜上下昨今明一二三十、或~", max_size=25),
    st.sampled_from(["past", "future", "nearest"]),
)
def test_any_text_has_a_reading(text: str, lean: Lean) -> None:
    reading = read_day(text, NOW, lean)
    assert reading.day is not None or reading.problem
    assert 0 <= reading.span[0] <= reading.span[1] <= len(text)
