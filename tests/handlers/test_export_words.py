"""What is heard as a wish to export, and which days that means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.export_words import Asked, read, resolve, said_period

YEAR = (date(2025, 8, 1), date(2026, 7, 31))
TODAY = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("匯出", Asked()),
        ("我要匯出", Asked()),
        ("請幫我匯出資料", Asked()),
        ("匯出紀錄", Asked("records")),
        ("匯出記錄總表 Excel", Asked("records")),
        ("匯出excel", Asked("records")),
        ("匯出 11 月", Asked(period="m11")),
        ("匯出十一月的紀錄", Asked("records", "m11")),
        ("匯出上學期", Asked(period="s1")),
        ("匯出下學期輔導紀錄 Word", Asked("mentoring", "s2")),
        ("匯出上個學期", Asked(period="ls")),
        ("匯出這學期社群運作紀錄", Asked("community", "ts")),
        ("匯出本月紀錄", Asked("records", "tm")),
        ("匯出上個月的社群紀錄", Asked("community", "lm")),
        ("匯出114年11月", Asked(period="2025-11")),
        ("匯出 2025 年 3 月", Asked(period="2025-03")),
        ("匯出 2025-11", Asked(period="2025-11")),
        ("匯出114-1", Asked(period="114-1")),
        ("匯出114學年度第2學期成果報告", Asked("report", "114-2")),
        ("匯出114學年度", Asked(period="114")),
        ("匯出全部紀錄", Asked("records")),
        ("匯出成果報告書", Asked("report")),
        ("下載成果報告", Asked("report")),
        ("社群運作紀錄匯出", Asked("community")),
        ("把11月的紀錄匯出", Asked("records", "m11")),
        ("匯出入校入班紀錄表", Asked("mentoring")),
        ("匯出諮詢報告", Asked("mentoring")),
        ("匯出共學活動紀錄", Asked("community")),
    ],
)
def test_wishes_are_understood(text: str, asked: Asked) -> None:
    assert read(text) == asked


def test_a_name_of_a_school_is_left_over() -> None:
    found = read("匯出 某某高中 11 月的紀錄")
    assert found is not None
    assert (found.what, found.period) == ("records", "m11")
    assert found.school


@pytest.mark.parametrize(
    "text",
    [
        "匯出我的資料",
        "下載我的個資",
        "成果報告什麼時候交？",
        "紀錄",
        "今天開社群會議兩小時",
        "補助多少錢",
        "",
        "匯" * 600,
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert read(text) is None


@given(st.text())
def test_no_text_is_too_much(text: str) -> None:
    read(f"匯出{text}")
    read(text)


@pytest.mark.parametrize(
    ("period", "first", "last", "said"),
    [
        ("", *YEAR, "整個計畫"),
        ("m11", date(2025, 11, 1), date(2025, 11, 30), "114 年 11 月"),
        ("m3", date(2026, 3, 1), date(2026, 3, 31), "115 年 3 月"),
        ("tm", date(2025, 11, 1), date(2025, 11, 30), "114 年 11 月"),
        ("lm", date(2025, 10, 1), date(2025, 10, 31), "114 年 10 月"),
        ("s1", date(2025, 8, 1), date(2026, 1, 31), "114 學年度第 1 學期"),
        ("s2", date(2026, 2, 1), date(2026, 7, 31), "114 學年度第 2 學期"),
        ("ts", date(2025, 8, 1), date(2026, 1, 31), "114 學年度第 1 學期"),
        ("114-2", date(2026, 2, 1), date(2026, 7, 31), "114 學年度第 2 學期"),
        ("114", *YEAR, "114 學年度"),
        ("2025-09", date(2025, 9, 1), date(2025, 9, 30), "114 年 9 月"),
    ],
)
def test_days_lie_within_the_programme(period: str, first: date, last: date, said: str) -> None:
    found = resolve(period, *YEAR, TODAY)
    assert found is not None
    assert (found.first, found.last, said_period(found.label)) == (first, last, said)


@pytest.mark.parametrize("period", ["ls", "2024-11", "113", "113-2"])
def test_days_outside_the_programme_are_none(period: str) -> None:
    assert resolve(period, *YEAR, TODAY) is None


def test_the_last_semester_is_the_one_before_today() -> None:
    found = resolve("ls", *YEAR, date(2026, 3, 1))
    assert found is not None
    assert found.label == "114-1"


def test_of_two_such_months_it_is_the_last_that_has_begun() -> None:
    two_years = (date(2024, 8, 1), date(2026, 7, 31))
    for today, year in ((TODAY, 2025), (date(2025, 11, 1), 2025), (date(2025, 10, 31), 2024), (date(2024, 8, 2), 2024)):
        found = resolve("m11", *two_years, today)
        assert found is not None
        assert found.first == date(year, 11, 1)
