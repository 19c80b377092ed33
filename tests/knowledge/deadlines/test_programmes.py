"""What every programme's deadlines promise, and that they say what its rules say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import figures
from knowledge.deadlines.dates import Fixed
from knowledge.deadlines.engine import resolve
from knowledge.deadlines.loader import available, load_deadlines
from knowledge.deadlines.model import Deadline
from knowledge.schema import Entry
from tests.real import real_base, real_checklist

KEYS = {
    "distance-teaching": {
        "apply", "apply_authority", "programme_end", "final_report", "settlement", "cannot_open_notice",
        "withdrawal_notice",
    },
    "onsite-mentoring": {"apply", "mentoring_complete", "settlement", "programme_end"},
    "urban-rural-partner": {"final_report"},
    "mobile-learning": {"apply", "official_letter", "programme_end", "settlement"},
    "equalization": {"self_review"},
}  # fmt: skip
EACH = pytest.mark.parametrize(("slug", "edition"), available())
NOW = datetime(2025, 4, 20, 9)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))


def due(slug: str, **facts: Any) -> dict[str, str | None]:
    """The dates of a programme by key, as ISO minutes."""
    rows = resolve(load_deadlines(slug), facts, NOW)
    return {row.key: row.due.isoformat(timespec="minutes") if row.due else None for row in rows}


def test_each_programme_has_exactly_the_keys_that_are_promised() -> None:
    assert {slug: set(load_deadlines(slug).keys) for slug, _ in available()} == KEYS


@EACH
def test_without_facts_every_deadline_is_listed_and_says_what_it_needs(slug: str, edition: str) -> None:
    deadlines = load_deadlines(slug, edition)
    rows = resolve(deadlines, {}, NOW)
    assert tuple(row.key for row in rows) == deadlines.keys
    assert all((row.due is None) == bool(row.needs) and set(row.needs) <= set(deadlines.by_fact) for row in rows)


@EACH
def test_every_deadline_and_every_fact_has_its_example(slug: str, edition: str) -> None:
    deadlines = load_deadlines(slug, edition)
    assert {key for example in deadlines.examples for key in example.due} == set(deadlines.keys)
    told = {key for example in deadlines.examples for key, value in example.due.items() if value}
    assert told == set(deadlines.keys)
    assert {fact for example in deadlines.examples for fact in example.facts} == set(deadlines.by_fact)


@pytest.mark.parametrize(
    ("slug", "facts", "key", "day"),
    [
        ("distance-teaching", {"authority": "moe"}, "apply", "2025-05-05T23:59"),
        ("distance-teaching", {"authority": "local"}, "apply", None),
        ("distance-teaching", {"authority": "local", "local_apply_on": "2025-04-30"}, "apply", "2025-04-30T23:59"),
        ("distance-teaching", {"authority": "local"}, "apply_authority", "2025-05-12T23:59"),
        ("distance-teaching", {}, "apply_authority", None),
        ("distance-teaching", {}, "programme_end", "2026-07-31T23:59"),
        ("distance-teaching", {}, "final_report", "2026-07-31T23:59"),
        ("distance-teaching", {}, "settlement", "2026-09-30T23:59"),
        ("distance-teaching", {}, "cannot_open_notice", None),
        ("distance-teaching", {"semester_start": "2026-02-11"}, "cannot_open_notice", "2026-03-11T23:59"),
        ("distance-teaching", {"semester_start": "2024-01-30"}, "cannot_open_notice", "2024-02-29T23:59"),
        ("distance-teaching", {"semester_start": "2025-01-30"}, "cannot_open_notice", "2025-02-28T23:59"),
        ("distance-teaching", {}, "withdrawal_notice", None),
        ("distance-teaching", {"approved_on": "2025-06-30"}, "withdrawal_notice", "2025-08-30T23:59"),
        ("distance-teaching", {"approved_on": "2025-11-30"}, "withdrawal_notice", "2026-01-30T23:59"),
        ("distance-teaching", {"approved_on": "2027-12-30"}, "withdrawal_notice", "2028-02-29T23:59"),
        ("onsite-mentoring", {}, "apply", "2025-06-20T23:59"),
        ("onsite-mentoring", {}, "mentoring_complete", None),
        ("onsite-mentoring", {"first_visit_on": "2025-03-10"}, "mentoring_complete", "2025-06-10T23:59"),
        ("onsite-mentoring", {"first_visit_on": "2025-05-31"}, "mentoring_complete", "2025-08-31T23:59"),
        ("onsite-mentoring", {"first_visit_on": "2025-03-31"}, "mentoring_complete", "2025-06-30T23:59"),
        ("onsite-mentoring", {}, "settlement", None),
        ("onsite-mentoring", {"last_visit_on": "2025-06-30"}, "settlement", "2025-08-30T23:59"),
        ("onsite-mentoring", {"last_visit_on": "2025-10-14"}, "settlement", "2025-12-14T23:59"),
        ("onsite-mentoring", {"last_visit_on": "2025-12-31"}, "settlement", "2025-12-15T23:59"),
        ("onsite-mentoring", {}, "programme_end", "2025-12-31T23:59"),
        ("urban-rural-partner", {}, "final_report", "2017-07-31T23:59"),
        ("mobile-learning", {}, "apply", "2016-10-28T17:00"),
        ("mobile-learning", {}, "official_letter", "2016-10-31T23:59"),
        ("mobile-learning", {}, "programme_end", "2017-12-31T23:59"),
        ("mobile-learning", {}, "settlement", "2018-02-28T23:59"),
        ("equalization", {}, "self_review", None),
        ("equalization", {"plan_ends_on": "2023-07-31"}, "self_review", "2023-07-31T23:59"),
    ],
)
def test_each_date_is_that_of_the_document(slug: str, facts: dict[str, str], key: str, day: str | None) -> None:
    assert due(slug, **facts)[key] == day


def test_a_school_of_the_ministry_waits_for_no_local_government() -> None:
    assert "apply_authority" not in due("distance-teaching", authority="moe")


@settings(deadline=None)
@given(DAYS)
def test_settlement_of_mentoring_is_never_later_than_the_last_day(last: date) -> None:
    found = due("onsite-mentoring", last_visit_on=last.isoformat())["settlement"]
    assert found is not None
    assert found <= "2025-12-15T23:59"
    assert found == "2025-12-15T23:59" or found[:10] > last.isoformat()


@EACH
def test_a_choice_that_the_checklist_asks_too_has_the_same_answers(slug: str, edition: str) -> None:
    asked = real_checklist(slug, edition).by_key
    for fact in load_deadlines(slug, edition).facts:
        if fact.key in asked:
            same = asked[fact.key]
            assert (fact.title, fact.ask, fact.kind, fact.options) == (same.title, same.ask, same.kind, same.options)


def states(entry: Entry, moment: datetime) -> bool:
    """Whether an answer names the day, or its month where it speaks of the month's end."""
    days = figures.in_answer(entry.answer).days
    at = (moment.year - figures.ROC, moment.month, moment.day)
    return any((day.year or at[0], day.month, day.day or at[2]) == at for day in days)


def stated_days(deadline: Deadline) -> list[datetime]:
    moment = deadline.due
    return [moment.at] if isinstance(moment, Fixed) else [moment.cap] if moment.cap else []


@EACH
def test_an_answer_that_cites_the_same_section_states_the_same_day(slug: str, edition: str) -> None:
    entries = real_base().programme(slug, edition).entries
    for deadline in load_deadlines(slug, edition).deadlines:
        beside = [entry for entry in entries if set(entry.cite) & set(deadline.cite)]
        for moment in stated_days(deadline):
            assert any(states(entry, moment) for entry in beside), (deadline.key, moment)


@EACH
def test_an_answer_that_cites_the_same_section_states_the_same_months(slug: str, edition: str) -> None:
    entries = real_base().programme(slug, edition).entries
    for deadline in load_deadlines(slug, edition).deadlines:
        months = 0 if isinstance(deadline.due, Fixed) else deadline.due.months
        if months:
            told = [e.answer for e in entries if set(e.cite) & set(deadline.cite)]
            assert any(f"{months} 個月" in answer for answer in told), deadline.key


def test_the_hour_of_mobile_learning_is_that_of_its_answers() -> None:
    entries = real_base().programme("mobile-learning").entries
    told = [entry.answer for entry in entries if "伍/七/(一)/2" in entry.cite and states(entry, datetime(2016, 10, 28))]
    assert any("下午 5 時" in answer for answer in told)
