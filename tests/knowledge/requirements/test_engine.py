"""knowledge.requirements.engine: the edges of numbers and periods, and what must hold for any records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.requirements.engine import Place, Progress, State, Tally, periods, progress, settle, tally
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Requirements
from knowledge.requirements.records import (
    Kind,
    Mode,
    Record,
)
from tests.knowledge.requirements.notes import FIRST, LAST, item, moment, record, toy
from tests.knowledge.requirements.plain import rows
from tests.knowledge.requirements.random_years import random_look, random_records

NOON = moment("2025-11-20T12:00")
EACH = pytest.mark.parametrize("slug", sorted({slug for slug, _ in available()}))


@cache
def loaded(slug: str) -> Requirements:
    return load_requirements(slug)


def only(requirements: Requirements, *records: Record, now: datetime = NOON, **facts: Any) -> Progress:
    [row] = progress(requirements, records, FIRST, LAST, now, facts)
    return row


def by_period(requirements: Requirements, *records: Record, now: datetime = NOON) -> dict[str, tuple[State, float]]:
    found = progress(requirements, records, FIRST, LAST, now)
    return {row.period: (row.state, row.done) for row in found}


@pytest.mark.parametrize(("done", "state"), [(0, State.OPEN), (1, State.OPEN), (2, State.MET), (3, State.MET)])
def test_it_is_met_from_the_number_needed_on(done: int, state: State) -> None:
    records = [record(f"2025-09-1{n}T14:00") for n in range(done)]
    row = only(toy(item(needed=2)), *records)
    assert (row.state, row.done, row.needed) == (state, done, 2)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2025-07-31T23:59", State.UPCOMING),
        ("2025-08-01T00:00", State.OPEN),
        ("2026-07-31T23:59", State.OPEN),
        ("2026-08-01T00:00", State.MISSED),
    ],
)
def test_time_begins_with_the_first_day_and_is_over_after_the_last(now: str, state: State) -> None:
    assert only(toy(item()), now=moment(now)).state is state


def test_each_month_is_judged_by_its_own_end() -> None:
    found = by_period(toy(item(per="month")), record("2025-09-10T14:00"), record("2025-11-20T12:01"))
    assert found["2025-08"] == (State.MISSED, 0)
    assert found["2025-09"] == (State.MET, 1)
    assert found["2025-10"] == (State.MISSED, 0)
    assert found["2025-11"] == (State.OPEN, 0)
    assert found["2025-12"] == (State.UPCOMING, 0)
    assert len(found) == 12


@pytest.mark.parametrize(
    ("at", "month"), [("2025-09-30T23:59", "2025-09"), ("2025-10-01T00:00", "2025-10"), ("2026-01-31T20:00", "2026-01")]
)
def test_a_record_counts_in_the_period_it_starts_in(at: str, month: str) -> None:
    found = by_period(toy(item(per="month")), record(at), now=moment("2026-08-01"))
    assert [period for period, (_, done) in found.items() if done] == [month]


@pytest.mark.parametrize(("at", "done", "planned"), [("12:00", 1, 0), ("12:01", 0, 1)])
def test_what_starts_after_now_is_planned_and_not_done(at: str, done: int, planned: int) -> None:
    row = only(toy(item()), record(f"2025-11-20T{at}"))
    assert (row.done, row.planned) == (done, planned)


@pytest.mark.parametrize(("day", "done"), [("2025-07-31", 0), ("2025-08-01", 1), ("2026-07-31", 1), ("2026-08-01", 0)])
def test_what_lies_outside_the_span_does_not_count(day: str, done: int) -> None:
    row = only(toy(item()), record(f"{day}T14:00"), now=moment("2026-12-31"))
    assert (row.done, row.planned) == (done, 0)


def test_an_outer_month_ends_with_the_span() -> None:
    found = progress(toy(item(per="month")), [], date(2025, 9, 15), date(2025, 10, 10), moment("2025-10-11"))
    assert [(row.deadline, row.state) for row in found] == [
        (date(2025, 9, 30), State.MISSED),
        (date(2025, 10, 10), State.MISSED),
    ]


def test_a_period_left_out_asks_nothing_and_gets_nothing() -> None:
    found = by_period(toy(item(per="semester"), before="left_out: ['114-1']\n"), record())
    assert found == {"114-2": (State.UPCOMING, 0)}


def test_distinct_days_count_once() -> None:
    both = record("2025-09-10T09:00"), record("2025-09-10T14:00")
    assert only(toy(item(count="days", needed=2)), *both).done == 1
    assert only(toy(item(count="days", needed=2)), *both, record("2025-09-11T14:00")).state is State.MET


def test_distinct_groups_count_once_and_the_nameless_not_at_all() -> None:
    row = only(toy(item(count="groups", needed=2)), record(group="甲"), record(hours=1, group="甲"), record(hours=3))
    assert (row.done, row.state) == (1, State.OPEN)


@pytest.mark.parametrize(("hours", "done"), [((5, 5, 5), 15), ((5, 5, 4.5), 14.5), ((0.5, 0.25), 0.75)])
def test_hours_are_added_up(hours: tuple[float, ...], done: float) -> None:
    row = only(toy(item(count="hours", needed=15)), *(record(hours=h, topic=f"{n}") for n, h in enumerate(hours)))
    assert (row.done, row.needed, row.state is State.MET) == (done, 15, done >= 15)


def test_every_group_owes_every_period_whenever_it_was_first_named() -> None:
    requirements = toy(item(per="semester and group", needed=2))
    found = progress(requirements, [record(group="甲"), record("2026-03-01T09:00", group="乙")], FIRST, LAST, NOON)
    assert [(row.period, row.group, row.done, row.planned) for row in found] == [
        ("114-1", "乙", 0, 0),
        ("114-1", "甲", 1, 0),
        ("114-2", "乙", 0, 1),
        ("114-2", "甲", 0, 0),
    ]


def test_a_group_owes_only_what_it_has_a_record_of() -> None:
    requirements = toy(item(per="total and group"), item("course", kind="workshop", per="total and group"))
    records = [record(group="甲"), record(kind=Kind.WORKSHOP, group="乙")]
    found = progress(requirements, records, FIRST, LAST, NOON)
    assert [(row.key, row.group) for row in found] == [("meeting", "甲"), ("course", "乙")]


def test_records_without_a_group_stand_apart_where_they_are() -> None:
    found = progress(toy(item(per="semester and group")), [record(group="甲"), record(hours=1)], FIRST, LAST, NOON)
    assert [(row.period, row.group, row.done) for row in found] == [
        ("114-1", "甲", 1),
        ("114-1", "", 1),
        ("114-2", "甲", 0),
    ]


def test_where_no_group_is_known_the_duty_is_shown_once() -> None:
    found = progress(toy(item(per="semester and group")), [], FIRST, LAST, NOON)
    assert [(row.period, row.group) for row in found] == [("114-1", ""), ("114-2", "")]


@pytest.mark.parametrize(("visits", "needed"), [(0, 2), (2, 2), (3, 3)])
def test_one_each_follows_what_is_done_and_not_what_is_planned(visits: int, needed: int) -> None:
    requirements = toy(item(), item("form", kind="workshop", needed=2, each_of="meeting"))
    done = [record(f"2025-09-1{n}T14:00") for n in range(visits)]
    found = progress(requirements, [*done, record("2026-01-10T14:00")], FIRST, LAST, NOON)
    assert [row.needed for row in found if row.key == "form"] == [needed]


@pytest.mark.parametrize(("headcount", "done"), [(None, 0), (2, 0), (3, 1)])
def test_a_third_of_the_people_must_have_come(headcount: int | None, done: int) -> None:
    requirements = toy(item(share_of="core", share=3))
    assert only(requirements, record(headcount=headcount), core=7).done == done


def test_a_share_of_an_unknown_number_is_not_asked_for() -> None:
    assert progress(toy(item(share_of="core", share=3)), [], FIRST, LAST, NOON) == ()


@pytest.mark.parametrize(("facts", "asked"), [({}, 1), ({"exempt": False}, 1), ({"exempt": True}, 0)])
def test_an_exemption_must_be_stated(facts: dict[str, bool], asked: int) -> None:
    assert len(progress(toy(item(unless="exempt")), [], FIRST, LAST, NOON, facts)) == asked


def test_words_must_fit_and_none_stands_for_what_is_not_said() -> None:
    online, silent = record(mode=Mode.ONLINE), record()
    assert only(toy(item(mode="[onsite]")), online, silent).done == 0
    assert only(toy(item(mode="[onsite, none]")), online, silent).done == 1
    assert only(toy(item(mode="[onsite, online]")), online, silent).done == 1


def test_progress_is_the_same_from_tallies_that_another_hand_filled() -> None:
    requirements = toy(item(per="semester and group", needed=2), item("days", count="days"))
    by_database: dict[Place, Tally] = {
        ("meeting", "114-1", "甲"): Tally(2, 2),
        ("meeting", "114-2", "甲"): Tally(0, 1),
        ("days", "total", ""): Tally(1, 2),
    }
    same_day = record("2025-09-10T09:00", group="甲"), record("2025-09-10T14:00", group="甲")
    records = [*same_day, record("2026-03-01T09:00", group="甲")]
    assert settle(requirements, by_database, FIRST, LAST, NOON) == progress(requirements, records, FIRST, LAST, NOON)


def test_periods_names_everything_that_can_be_tallied() -> None:
    requirements = toy(item(per="semester"), item("once"))
    assert [(i.key, p.label) for i, p in periods(requirements, FIRST, LAST)] == [
        ("meeting", "114-1"),
        ("meeting", "114-2"),
        ("once", "total"),
    ]


FACTS: list[dict[str, Any]] = [{}, {"core_teachers": 6}, {"principal_trained": True, "core_teachers": 1}]


@EACH
@given(seed=st.integers(0, 2**32), size=st.integers(0, 14), facts=st.sampled_from(FACTS))
def test_a_plain_second_implementation_agrees(slug: str, seed: int, size: int, facts: dict[str, Any]) -> None:
    random, requirements = Random(seed), loaded(slug)
    records = random_records(random, requirements, size)
    look = random_look(random, records)
    found = progress(requirements, records, look.start, look.end, look.now, facts)
    ours = [(r.key, r.period, r.group, r.needed, r.done, r.state.value) for r in found]
    assert ours == rows(requirements, records, look, facts)


@EACH
@given(seed=st.integers(0, 2**32))
def test_the_order_of_records_is_of_no_importance(slug: str, seed: int) -> None:
    random, requirements = Random(seed), loaded(slug)
    records = random_records(random, requirements, 12)
    look = random_look(random, records)
    shuffled = random.sample(records, len(records))
    args = look.start, look.end, look.now
    assert progress(requirements, records, *args) == progress(requirements, shuffled, *args)


@EACH
@given(seed=st.integers(0, 2**32))
def test_one_more_record_never_makes_less_done(slug: str, seed: int) -> None:
    random, requirements = Random(seed), loaded(slug)
    more, *records = random_records(random, requirements, 10)
    look = random_look(random, records)
    before = progress(requirements, records, look.start, look.end, look.now)
    after = progress(requirements, [more, *records], look.start, look.end, look.now)
    done = {(row.key, row.period, row.group): row.done for row in after}
    for row in before:
        if requirements.requirement(row.key).countable and row.group in {r.group for r in after if r.key == row.key}:
            assert done.get((row.key, row.period, row.group), 0) >= row.done


@EACH
@given(seed=st.integers(0, 2**32))
def test_time_only_turns_plans_into_deeds(slug: str, seed: int) -> None:
    random, requirements = Random(seed), loaded(slug)
    records = random_records(random, requirements, 10)
    look = random_look(random, records)
    early = progress(requirements, records, look.start, look.end, look.now)
    late = progress(requirements, records, look.start, look.end, datetime(2199, 1, 1))
    for before, after in zip(early, late, strict=True):
        if requirements.requirement(before.key).countable:
            assert (before.done + before.planned, 0) == (after.done, after.planned)


@EACH
@given(seed=st.integers(0, 2**32), cut=st.integers(0, 300))
def test_a_split_span_counts_what_the_whole_counts(slug: str, seed: int, cut: int) -> None:
    random, requirements = Random(seed), loaded(slug)
    records = random_records(random, requirements, 12)
    look = random_look(random, records)
    middle = min(look.start + timedelta(days=cut), look.end - timedelta(days=1))
    parts = [(look.start, middle), (middle + timedelta(days=1), look.end)] if look.start < look.end else []
    if not parts:
        return
    summed: dict[Place, int] = {}
    for start, end in parts:
        for place, counted in tally(requirements, records, start, end, look.now).items():
            summed[place] = summed.get(place, 0) + counted.done
    whole = tally(requirements, records, look.start, look.end, look.now)
    for place, counted in whole.items():
        which = requirements.requirement(place[0])
        if which.countable and which.count.value in ("records", "hours", "days"):
            assert summed[place] == counted.done
