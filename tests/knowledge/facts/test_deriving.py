"""What the records tell of a school's facts, and where somebody stated another."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge.facts.deriving import contradictions, derive, kinds_read
from knowledge.facts.loader import load_sheet
from knowledge.requirements.records import Kind, Record, read_record

ONSITE, REMOTE = load_sheet("onsite-mentoring", "114"), load_sheet("distance-teaching", "114")
START, END = date(2025, 8, 1), date(2025, 12, 31)
NOW = datetime(2025, 11, 20, 10)


def visit(number: int, day: date, **more: object) -> Record:
    said = {"id": f"v{number}", "kind": "mentoring_visit", "starts_at": f"{day}T09:00", "hours": 5, "mode": "onsite"}
    return read_record({**said, **more})


def told(*visits: Record) -> dict[str, str]:
    return derive(ONSITE, visits, START, END, NOW)


def test_only_editions_that_say_so_derive_anything() -> None:
    assert kinds_read(ONSITE) == {Kind.MENTORING_VISIT}
    assert kinds_read(REMOTE) == frozenset()
    assert derive(REMOTE, [visit(1, date(2025, 9, 1))], START, END, NOW) == {}


def test_the_first_visit_tells_the_first_day_and_the_last_is_open_until_all_are_there() -> None:
    first, second, third = (visit(n, date(2025, 9, n)) for n in (1, 8, 15))
    assert told() == {}
    assert told(second, first) == {"first_visit_on": "2025-09-01"}
    assert told(third, second, first) == {"first_visit_on": "2025-09-01", "last_visit_on": "2025-09-15"}


def test_what_is_planned_counts_and_what_is_online_or_out_of_the_span_does_not() -> None:
    first, second = visit(1, date(2025, 9, 1)), visit(2, date(2025, 9, 8))
    assert told(first, second, visit(3, date(2025, 11, 28)))["last_visit_on"] == "2025-11-28"
    assert "last_visit_on" not in told(first, second, visit(3, date(2025, 9, 15), mode="online"))
    assert told(visit(0, date(2025, 7, 31)), first)["first_visit_on"] == "2025-09-01"


@given(st.sets(st.integers(0, 150), max_size=8))
def test_the_first_is_never_after_the_last_and_both_are_days_of_visits(steps: set[int]) -> None:
    days = sorted(START + timedelta(days=step) for step in steps)
    found = told(*(visit(number, day) for number, day in enumerate(days)))
    assert set(found.values()) <= {day.isoformat() for day in days}
    assert found.get("first_visit_on", "") <= found.get("last_visit_on", "9")
    assert ("first_visit_on" in found) is bool(days)


def test_another_day_than_the_records_tell_is_told() -> None:
    derived = {"first_visit_on": "2025-09-01"}
    (found,) = contradictions(ONSITE, {"first_visit_on": "2025-08-25"}, derived)
    assert "2025年8月25日" in found
    assert "2025年9月1日" in found
    assert contradictions(ONSITE, {}, derived) == contradictions(ONSITE, derived, derived) == ()
