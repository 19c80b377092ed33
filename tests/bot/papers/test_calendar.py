"""Calendars as files: whatever people write comes back as they wrote it, in lines as RFC 5545 wants them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.clock import TAIPEI
from bot.papers.calendar import Entry, calendar_file

CHANGED = 1_763_604_000_000
PLAIN = Entry("u@xueban", "期限：成果報告", "說明", date(2026, 7, 31), 0, 2, CHANGED)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 30)).map(lambda at: at.replace(second=0, microsecond=0))


def read(content: bytes) -> Any:
    """The calendar as another program understands it."""
    return Calendar.from_ical(content)


def only(content: bytes) -> Any:
    """Its one event."""
    (event,) = read(content).walk("VEVENT")
    return event


def test_a_day_is_a_whole_day_that_blocks_nothing() -> None:
    event = only(calendar_file("名稱", [PLAIN]))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 7, 31), date(2026, 8, 1))
    assert event["transp"] == "TRANSPARENT"
    assert (event["uid"], event["sequence"], event["status"]) == ("u@xueban", 2, "CONFIRMED")
    assert event.decoded("dtstamp") == event.decoded("last-modified") == datetime(2025, 11, 20, 2, tzinfo=UTC)


def test_an_hour_is_an_hour_in_taipei() -> None:
    meeting = Entry("u", "社群會議", "", datetime(2025, 11, 18, 23), 120, 0, CHANGED, firm=False)
    content = calendar_file("名稱", [meeting])
    event = only(content)
    assert b"DTSTART;TZID=Asia/Taipei:20251118T230000" in content
    assert event.decoded("dtstart") == datetime(2025, 11, 18, 15, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2025, 11, 19, 1, tzinfo=TAIPEI)
    assert (event["transp"], event["status"]) == ("OPAQUE", "TENTATIVE")


def test_the_zone_is_told_with_it_for_calendars_that_know_none() -> None:
    (zone,) = read(calendar_file("名稱", [PLAIN])).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Taipei"
    (standard,) = zone.walk("STANDARD")
    assert standard.decoded("tzoffsetfrom") == standard.decoded("tzoffsetto") == timedelta(hours=8)


def test_what_takes_no_time_has_no_end() -> None:
    moment = Entry("u", "期限", "", datetime(2016, 10, 28, 17), 0, 0, CHANGED)
    event = only(calendar_file("名稱", [moment]))
    assert event.decoded("dtstart") == datetime(2016, 10, 28, 17, tzinfo=TAIPEI)
    assert "dtend" not in event


def test_alarms_of_a_day_ring_at_nine_a_week_and_a_day_ahead() -> None:
    entry = Entry("u", "期限", "", date(2026, 7, 31), 0, 0, CHANGED, alarms=True)
    start = datetime(2026, 7, 31)
    rings = [start + alarm.decoded("trigger") for alarm in only(calendar_file("名稱", [entry])).walk("VALARM")]
    assert rings == [datetime(2026, 7, 24, 9), datetime(2026, 7, 30, 9)]
    assert only(calendar_file("名稱", [PLAIN])).walk("VALARM") == []


def test_an_empty_calendar_is_one() -> None:
    found = read(calendar_file("學伴", []))
    assert found["x-wr-calname"] == "學伴"
    assert found.walk("VEVENT") == []
    assert len(found.walk("VTIMEZONE")) == 1  # a calendar without any part is none


@given(title=WORDS, details=st.lists(WORDS).map("\n".join), day=st.dates(date(1990, 1, 1), date(2199, 12, 30)))
def test_whatever_is_written_comes_back(title: str, details: str, day: date) -> None:
    event = only(calendar_file("名稱", [Entry("u", title, details, day, 0, 0, CHANGED, category="期限")]))
    assert (str(event["summary"]), str(event["description"])) == (title, details)
    assert event.decoded("dtstart") == day


@given(starts=MOMENTS, minutes=st.integers(0, 24 * 60))
def test_every_moment_comes_back(starts: datetime, minutes: int) -> None:
    event = only(calendar_file("名稱", [Entry("u", "t", "", starts, minutes, 0, CHANGED)]))
    assert event.decoded("dtstart") == starts.replace(tzinfo=TAIPEI)
    if minutes:
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=minutes)


@given(title=st.text(), details=st.text(), name=st.text())
def test_nothing_that_people_write_breaks_out_of_its_line(title: str, details: str, name: str) -> None:
    content = calendar_file(name, [Entry("u", title, details, date(2026, 1, 1), 0, 0, CHANGED, alarms=True)])
    assert content.endswith(b"\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        told = line.decode()  # no letter is cut in two
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", told)
    event = only(content)
    assert (event["uid"], event["sequence"]) == ("u", 0)
    assert len(event.walk("VALARM")) == 2


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x85", "\u2028", "\ud800", "\r", "\t"])
def test_what_no_calendar_can_hold_is_a_blank(odd: str) -> None:
    event = only(calendar_file(f"名{odd}稱", [Entry("u", f"甲{odd}乙", f"丙{odd}丁", date(2026, 1, 1), 0, 0, CHANGED)]))
    assert str(event["summary"]) == "甲 乙"
    assert str(event["description"]) in ("丙 丁", "丙\n丁")


@given(title=st.text(), details=st.text())
def test_the_same_entries_are_the_same_bytes(title: str, details: str) -> None:
    entries = [Entry("u", title, details, date(2026, 1, 1), 0, 0, CHANGED)]
    assert calendar_file("名稱", entries) == calendar_file("名稱", entries)
