"""What is told of each deadline, for which facts, at which moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.deadlines.engine import WIND_UP, EditionState, Moved, State, edition_state, resolve
from knowledge.deadlines.facts import FactsError
from tests.knowledge.deadlines.toy import TOY, told, toy

DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31)).map(date.isoformat)
FACTS = st.fixed_dictionaries(
    {}, optional={"owner": st.sampled_from(["state", "county"]), "county_day": DAYS, "sown_on": DAYS}
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31))


def test_a_deadline_that_does_not_apply_is_not_listed() -> None:
    assert "forward" not in told("2025-04-01", {"owner": "state"})
    assert "forward" in told("2025-04-01", {"owner": "county"})


def test_where_the_deciding_fact_is_missing_it_is_listed_and_asked_for() -> None:
    rows = told("2025-04-01")
    assert rows["forward"].due is None
    assert rows["forward"].needs == ("owner",)
    assert (rows["apply"].due, rows["apply"].needs) == (None, ("owner",))
    assert rows["apply"].cite == ("貳/二", "貳/三")
    assert rows["apply"].note == "中央管的送中央。縣市管的送縣市。"


def test_the_date_follows_the_condition_that_holds() -> None:
    state = told("2025-04-01", {"owner": "state"})["apply"]
    county = told("2025-04-01", {"owner": "county", "county_day": "2025-04-20"})["apply"]
    assert (state.due, state.cite) == (datetime(2025, 5, 5, 17), ("貳/二",))
    assert (county.due, county.cite) == (datetime(2025, 4, 20, 23, 59), ("貳/三",))
    assert told("2025-04-01", {"owner": "county"})["apply"].needs == ("county_day",)


def test_days_are_counted_from_the_fact_up_to_the_cap() -> None:
    assert told("2026-01-05", {"sown_on": "2026-01-01"})["tasting"].due == datetime(2026, 4, 11, 23, 59)
    assert told("2026-01-05", {"sown_on": "2026-03-23"})["tasting"].due == datetime(2026, 6, 30, 23, 59)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2025-05-04T23:59", State.UPCOMING),
        ("2025-05-05T00:00", State.DUE_TODAY),
        ("2025-05-05T17:00", State.DUE_TODAY),
        ("2025-05-05T17:00:59", State.DUE_TODAY),
        ("2025-05-05T17:01", State.PASSED),
        ("2025-05-06T00:00", State.PASSED),
    ],
)
def test_a_window_closes_with_its_hour(now: str, state: State) -> None:
    assert told(now, {"owner": "state"})["apply"].state is state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-09-29T23:59", State.UPCOMING),
        ("2026-09-30T00:00", State.DUE_TODAY),
        ("2026-09-30T23:59:59", State.DUE_TODAY),
        ("2026-10-01T00:00", State.OVERDUE),
        ("2026-12-31T23:59", State.OVERDUE),
        ("2027-01-01T00:00", State.PASSED),
    ],
)
def test_a_duty_stays_owed_until_its_edition_is_past(now: str, state: State) -> None:
    assert told(now)["report"].state is state


def test_what_is_done_is_done_at_any_time() -> None:
    done = frozenset({"report", "harvest", "no such key"})
    for now in ("2025-04-01", "2026-10-15", "2030-01-01"):
        assert told(now, done=done)["report"].state is State.DONE
    assert told("2025-04-01", done=done)["harvest"].state is State.DONE
    assert told("2025-04-01", done=done)["tasting"].state is State.UPCOMING


def test_a_date_that_no_one_knows_is_late_once_it_can_only_be_late() -> None:
    before, after = told("2026-06-30T23:59"), told("2026-07-01T00:00")
    assert (before["tasting"].state, after["tasting"].state) == (State.UPCOMING, State.OVERDUE)
    assert after["tasting"].due is None
    assert after["harvest"].state is State.UPCOMING  # it may still lie ahead
    assert told("2025-05-12T23:59")["apply"].state is State.UPCOMING
    assert told("2025-05-13T00:00")["apply"].state is State.PASSED  # whoever the owner is
    assert told("2027-01-01")["harvest"].state is State.PASSED


def test_a_late_date_of_a_past_edition_is_still_told_as_ahead() -> None:
    assert told("2030-01-01", {"sown_on": "2030-01-01"})["harvest"].state is State.UPCOMING
    assert told("2030-04-02", {"sown_on": "2030-01-01"})["harvest"].state is State.OVERDUE


def test_a_moved_date_keeps_what_the_document_says() -> None:
    moved = {"report": Moved(datetime(2026, 10, 15, 17), 2, "颱風"), "no such key": Moved(datetime(2026, 1, 1), 1, "")}
    row = told("2026-10-15T16:00", moved=moved)["report"]
    assert (row.due, row.state) == (datetime(2026, 10, 15, 17), State.DUE_TODAY)
    assert (row.revision, row.moved_from) == (2, datetime(2026, 9, 30, 23, 59))
    plain = told("2026-10-15T16:00")["report"]
    assert (plain.revision, plain.moved_from, plain.state) == (0, None, State.OVERDUE)


def test_a_moved_date_needs_no_fact() -> None:
    row = told("2026-01-05", moved={"harvest": Moved(datetime(2026, 3, 1, 12), 1, "早霜")})["harvest"]
    assert (row.due, row.needs, row.moved_from) == (datetime(2026, 3, 1, 12), (), None)


def test_a_moved_duty_of_a_past_edition_is_owed_from_its_new_date_on() -> None:
    moved = {"report": Moved(datetime(2027, 3, 1, 23, 59), 1, "延長")}
    assert told("2027-03-02", moved=moved)["report"].state is State.OVERDUE


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-07-31", EditionState.FUTURE),
        ("2025-08-01", EditionState.RUNNING),
        ("2026-12-31", EditionState.RUNNING),
        ("2027-01-01", EditionState.PAST),
    ],
)
def test_an_edition_runs_until_it_is_wound_up(day: str, state: EditionState) -> None:
    assert edition_state(toy(), date.fromisoformat(day)) is state
    assert date(2026, 9, 30) + WIND_UP == date(2026, 12, 31)


def test_an_edition_without_dates_of_its_own_ends_with_its_last_day() -> None:
    text = (
        TOY[: TOY.index("deadlines:")]
        + TOY[TOY.index("deadlines:") : TOY.index("  - key: report")]
        .replace("2025-05-05T17:00", "county_day")
        .replace("due: 2025-05-12", "due: sown_on")
        + TOY[TOY.index("examples:") :]
    )
    assert edition_state(toy(text), date(2026, 7, 31) + WIND_UP) is EditionState.RUNNING
    assert edition_state(toy(text), date(2026, 7, 31) + WIND_UP + timedelta(days=1)) is EditionState.PAST


def test_strange_facts_are_refused_unless_they_may_pass() -> None:
    with pytest.raises(FactsError, match="students"):
        told("2025-04-01", {"students": 12})
    assert told("2025-04-01", {"students": 12}, strict=False) == told("2025-04-01")


@settings(deadline=None)
@given(FACTS, MOMENTS)
def test_a_date_is_told_exactly_where_nothing_is_needed(facts: dict[str, Any], now: datetime) -> None:
    rows = resolve(toy(), facts, now)
    assert all((row.due is None) == bool(row.needs) for row in rows)
    assert all(fact not in facts for row in rows for fact in row.needs)
    assert len({row.key for row in rows}) == len(rows)


@settings(deadline=None)
@given(FACTS, MOMENTS)
def test_caps_hold_for_every_fact(facts: dict[str, Any], now: datetime) -> None:
    due = {row.key: row.due for row in resolve(toy(), facts, now)}
    assert due["tasting"] is None or due["tasting"] <= datetime(2026, 6, 30, 23, 59)
    assert due["apply"] is None or due["apply"] <= datetime(2025, 5, 12, 23, 59)


@settings(deadline=None)
@given(FACTS, MOMENTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_and_a_second_asking_change_nothing(
    facts: dict[str, Any], now: datetime, random: Random
) -> None:
    shuffled = list(facts.items())
    random.shuffle(shuffled)
    before = dict(facts)
    assert resolve(toy(), dict(shuffled), now) == resolve(toy(), facts, now) == resolve(toy(), facts, now)
    assert facts == before


@settings(deadline=None)
@given(FACTS, MOMENTS, MOMENTS)
def test_time_only_moves_a_state_forward(facts: dict[str, Any], one: datetime, other: datetime) -> None:
    order = [State.UPCOMING, State.DUE_TODAY, State.OVERDUE, State.PASSED]
    early, late = (resolve(toy(), facts, now) for now in sorted((one, other)))
    for before, after in zip(early, late, strict=True):
        assert order.index(before.state) <= order.index(after.state)


@settings(deadline=None)
@given(FACTS, MOMENTS)
def test_another_fact_never_takes_a_known_date_away(facts: dict[str, Any], now: datetime) -> None:
    fewer = {key: value for key, value in facts.items() if key != "sown_on"}
    more = {row.key: row.due for row in resolve(toy(), facts, now)}
    for row in resolve(toy(), fewer, now):
        assert row.due is None or more[row.key] == row.due


def test_a_move_that_was_taken_back_leaves_the_documents_date_and_counts_up() -> None:
    back = Moved(None, 2, "颱風沒來", before=datetime(2026, 10, 15, 17))
    row = told("2026-09-01", moved={"report": back})["report"]
    assert (row.due, row.moved_from, row.revision) == (datetime(2026, 9, 30, 23, 59), None, 2)
    assert row.stood == datetime(2026, 10, 15, 17)
    assert told("2026-01-05", moved={"harvest": back})["harvest"].needs == ("sown_on",)


def test_a_moved_date_knows_which_date_stood_before() -> None:
    once = told("2026-09-01", moved={"report": Moved(datetime(2026, 10, 15), 1, "")})["report"]
    twice = told("2026-09-01", moved={"report": Moved(datetime(2026, 10, 20), 2, "", None, datetime(2026, 10, 15))})
    assert once.stood == datetime(2026, 9, 30, 23, 59)
    assert twice["report"].stood == datetime(2026, 10, 15)
    assert told("2026-09-01")["report"].stood is None


def test_a_date_says_which_facts_it_rests_on() -> None:
    known = {"owner": "county", "county_day": "2025-04-20", "sown_on": "2026-01-01"}
    rows = told("2025-04-01", known)
    assert rows["apply"].facts == ("owner", "county_day")
    assert rows["harvest"].facts == ("sown_on",)
    assert rows["report"].facts == ()
    moved = told("2025-04-01", known, moved={"harvest": Moved(datetime(2026, 3, 1), 1, "")})
    assert moved["harvest"].facts == ()
