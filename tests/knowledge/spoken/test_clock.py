"""Times and ranges of the clock."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.spoken import letters
from knowledge.spoken.clock import find_stretches

LINKS = ["-", "~", "～", "至", "到", " - ", "–"]


def said(text: str) -> list[tuple[str, str]]:
    """Starts and ends as HH:MM; "" for none."""
    found = find_stretches(letters.fold(text), day_known=True)
    return [(shown(stretch.start), shown(stretch.end)) for stretch in found]


def shown(minutes: int | None) -> str:
    """HH:MM."""
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


MINUTES = st.sampled_from(range(0, 60, 5))


@given(st.integers(7, 22), MINUTES, st.integers(7, 23), MINUTES, st.sampled_from(LINKS))
def test_a_range_in_24_hours_is_itself(h1: int, m1: int, h2: int, m2: int, link: str) -> None:
    assume((h1, m1) < (h2, m2))
    start, end = f"{h1:02}:{m1:02}", f"{h2:02}:{m2:02}"
    assert said(f"{start}{link}{end}") == [(start, end)]
    assert said(f"{h1}點{m1:02}分{link}{h2}點{m2:02}分") == [(start, end)]
    assert said(f"社群 {start}{link}{end} 8人") == [(start, end)]
    if len(link) == 1:
        assert said(f"{h1:02}{m1:02}{link}{h2:02}{m2:02}") == [(start, end)]


@given(st.integers(1, 10), MINUTES, st.integers(1, 11), MINUTES, st.sampled_from(["下午", "pm"]))
def test_the_end_inherits_the_afternoon(h1: int, m1: int, h2: int, m2: int, period: str) -> None:
    assume((h1, m1) < (h2, m2))
    wanted = [(f"{h1 + 12:02}:{m1:02}", f"{h2 + 12:02}:{m2:02}")]
    assert said(f"{period}{h1}:{m1:02}-{h2}:{m2:02}") == wanted
    if h1 <= 6:
        assert said(f"{h1}:{m1:02}-{h2}:{m2:02}") == wanted


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("兩點到四點", "14:00", "16:00"),
        ("2-4點", "14:00", "16:00"),
        ("下午2-4", "14:00", "16:00"),
        ("2-4pm", "14:00", "16:00"),
        ("9-4pm", "09:00", "16:00"),
        ("11點到1點", "11:00", "13:00"),
        ("上午9點到4點", "09:00", "16:00"),
        ("中午12點到1點半", "12:00", "13:30"),
        ("三點一刻到四點三刻", "15:15", "16:45"),
        ("兩點四十到四點二十", "14:40", "16:20"),
        ("兩點開始，四點半結束", "14:00", "16:30"),
        ("從兩點開到四點", "14:00", "16:00"),
        ("14;00-16;00", "14:00", "16:00"),
        ("14.00-16.00", "14:00", "16:00"),
        ("晚上10點到12點", "22:00", "24:00"),
        ("早上6點", "06:00", ""),
        ("下午2點", "14:00", ""),
        ("四點結束", "", "16:00"),
        ("16:00-14:00", "16:00", ""),
        ("下午4點到2點", "16:00", ""),
        ("25:00", "", ""),
        ("上午14點", "", ""),
        ("7點到晚上9點", "07:00", ""),
    ],
)
def test_a_time_is_read(text: str, start: str, end: str) -> None:
    assert said(text) == [(start, end)]


@pytest.mark.parametrize(
    "text", ["三點建議", "3-5人", "2-3小時", "第3-4節", "晚一點", "有一點難", "重點", "同時", "7.5小時", "1200元"]
)
def test_what_is_no_time_is_left(text: str) -> None:
    assert said(text) == []


@given(st.text("0123456789:.-~點時半刻上下午晚到至一二兩三十 pam", max_size=30))
def test_no_time_lies_outside_the_day(text: str) -> None:
    for stretch in find_stretches(letters.fold(text), day_known=True):
        assert all(at is None or 0 <= at <= 24 * 60 for at in (stretch.start, stretch.end))
        assert stretch.minutes is None or 0 < stretch.minutes <= 24 * 60
