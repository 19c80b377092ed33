"""knowledge.requirements.windows: fifteen hours within three months, in one of two ways."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.requirements.engine import Progress, State, progress
from knowledge.requirements.loader import load_requirements
from knowledge.requirements.records import Kind, Mode, Record
from knowledge.requirements.windows import last_day
from tests.knowledge.requirements.notes import moment, record

MENTORING = load_requirements("onsite-mentoring", "114")
SPAN = date(2025, 1, 1), date(2025, 12, 31)


def visit(day: str, hours: float, mode: Mode | None = None) -> Record:
    return record(f"2025-{day}T09:00", Kind.MENTORING_VISIT, hours, mode=mode)


def workshop(day: str, hours: float) -> Record:
    return record(f"2025-{day}T09:00", Kind.WORKSHOP, hours)


def hours_and_visits(*records: Record, now: str = "2025-12-31T23:59") -> tuple[Progress, Progress]:
    found = progress(MENTORING, records, *SPAN, moment(now))
    hours, visits, *_ = found
    assert (hours.key, visits.key) == ("mentoring_hours", "visits")
    return hours, visits


def told(*records: Record, now: str = "2025-12-31T23:59") -> tuple[float, State, float, float, State]:
    hours, visits = hours_and_visits(*records, now=now)
    return hours.done, hours.state, visits.done, visits.needed, visits.state


@pytest.mark.parametrize(
    ("last", "hours", "done"),
    [("06-09", 5, 15), ("06-10", 5, 15), ("06-11", 5, 10), ("06-10", 4.75, 14.75), ("06-10", 8, 18)],
)
def test_the_months_end_with_the_same_day_three_months_later(last: str, hours: float, done: float) -> None:
    found, visits = hours_and_visits(visit("03-10", 5), visit("04-10", 5), visit(last, hours))
    assert (found.done, found.needed, found.deadline) == (done, 15, date(2025, 6, 10))
    assert (found.state, visits.done) == (State.MET if done >= 15 else State.MISSED, 2 if last == "06-11" else 3)


@pytest.mark.parametrize(("now", "state"), [("2025-06-10T23:59", State.OPEN), ("2025-06-11T00:00", State.MISSED)])
def test_time_is_over_when_the_months_are_although_the_span_goes_on(now: str, state: State) -> None:
    assert hours_and_visits(visit("03-10", 5), now=now)[0].state is state


@pytest.mark.parametrize(
    ("workshop_hours", "visit_hours", "done", "needed", "state"),
    [
        (6, 9, 15, 2, State.MET),
        (8, 9, 15, 2, State.MET),
        (6, 8.5, 14.5, 2, State.MISSED),
        (24, 8.5, 14.5, 2, State.MISSED),
        (5.75, 9, 9, 3, State.MISSED),
        (3, 15, 15, 3, State.MET),
    ],
)
def test_a_workshop_of_six_hours_counts_six(
    workshop_hours: float, visit_hours: float, done: float, needed: int, state: State
) -> None:
    half = visit_hours / 2
    found, visits = hours_and_visits(visit("03-10", half), visit("04-10", half), workshop("05-01", workshop_hours))
    assert (found.done, found.state, visits.needed) == (done, state, needed)


def test_two_workshops_are_credited_once_and_short_ones_are_not_added_up() -> None:
    own = visit("03-10", 4), visit("04-10", 4)
    assert told(*own, workshop("03-20", 6), workshop("03-27", 6))[0] == 14
    assert told(*own, workshop("03-20", 3), workshop("03-21", 3))[0] == 8


@pytest.mark.parametrize(
    ("day", "done", "needed"),
    [("06-10", 15, 2), ("06-11", 9, 3), ("03-10", 15, 2), ("03-01", 15, 2), ("01-01", 15, 2)],
)
def test_a_workshop_counts_where_all_of_it_lies_within_three_months(day: str, done: float, needed: int) -> None:
    found, visits = hours_and_visits(visit("03-10", 4.5), visit("04-01", 4.5), workshop(day, 6))
    assert (found.done, visits.needed) == (done, needed)


def test_with_an_earlier_workshop_the_months_begin_with_it() -> None:
    early = workshop("03-01", 6)
    assert told(visit("03-10", 5), visit("06-01", 4), early)[:2] == (15, State.MET)
    assert told(visit("03-10", 5), visit("06-02", 4), early)[:2] == (11, State.MISSED)


def test_visits_alone_may_be_enough_although_a_workshop_came_too_early() -> None:
    own = visit("03-10", 5), visit("04-10", 5), visit("06-10", 5)
    assert told(*own, workshop("01-05", 6)) == (15, State.MET, 3, 3, State.MET)


def test_a_workshop_more_than_three_months_before_the_first_visit_is_not_part_of_it() -> None:
    own = visit("06-10", 4.5), visit("06-20", 4.5)
    assert told(*own, workshop("03-10", 6))[0] == 10.5
    assert told(*own, workshop("03-09", 6))[0] == 9


def test_before_the_first_visit_nothing_counts() -> None:
    assert told(workshop("03-01", 6), now="2025-04-01T09:00") == (0, State.OPEN, 0, 3, State.OPEN)


def test_visits_on_one_day_are_one_where_the_workshop_was_taken() -> None:
    one_day = record("2025-03-10T09:00", Kind.MENTORING_VISIT, 4.5), record("2025-03-10T13:30", Kind.MENTORING_VISIT, 5)
    assert told(*one_day)[2:4] == (2, 3)
    assert told(*one_day, workshop("03-20", 6)) == (15.5, State.MET, 1, 2, State.MISSED)


def test_a_planned_workshop_changes_nothing_yet() -> None:
    hours, visits = hours_and_visits(visit("03-10", 5), visit("03-11", 4), workshop("04-02", 6), now="2025-04-01T09:00")
    assert (hours.done, hours.planned, visits.done, visits.needed) == (9, 6, 2, 3)


@pytest.mark.parametrize(("mode", "done"), [(Mode.ONSITE, 5), (None, 5), (Mode.ONLINE, 0), (Mode.WRITTEN, 0)])
def test_only_coming_to_the_school_is_a_visit(mode: Mode | None, done: float) -> None:
    assert told(visit("03-10", 5, mode))[0] == done


def test_an_earlier_visit_moves_the_months() -> None:
    own = visit("03-10", 7), visit("06-01", 8)
    assert told(*own)[0] == 15
    assert told(visit("02-10", 1), *own)[0] == 8


def test_months_begin_only_with_a_record() -> None:
    hours = MENTORING.requirement("mentoring_hours")
    assert last_day(hours, []) is None
    assert last_day(hours, [visit("11-30", 5)]) == date(2026, 2, 28)
