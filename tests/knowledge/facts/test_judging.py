"""What can't be right is refused, what is odd is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.deadlines.engine import resolve
from knowledge.deadlines.loader import load_deadlines
from knowledge.facts.judging import FactsError, doubts, missing, read_fact
from knowledge.facts.loader import load_sheet
from tests.knowledge.facts.samples import EDITIONS, NOW

REMOTE, ONSITE = load_sheet("distance-teaching", "114"), load_sheet("onsite-mentoring", "114")
DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


@given(DAYS)
def test_a_day_is_refused_or_within_reason(day: date) -> None:
    deadlines = load_deadlines("distance-teaching", "114")
    near = deadlines.valid_from - timedelta(days=400) <= day <= deadlines.last_day + timedelta(days=92)
    if near:
        assert read_fact(REMOTE, "approved_on", day.isoformat(), {}) == day.isoformat()
        return
    with pytest.raises(FactsError, match="才和這一期計畫有關"):
        read_fact(REMOTE, "approved_on", day.isoformat(), {})


@given(DAYS)
def test_a_deadline_before_its_programme_is_asked_about(day: date) -> None:
    found = doubts(REMOTE, "approved_on", day.isoformat())
    (row,) = [
        row
        for row in resolve(load_deadlines("distance-teaching", "114"), {"approved_on": day.isoformat()}, NOW)
        if row.key == "withdrawal_notice"
    ]
    assert row.due is not None
    assert bool(found) is (row.due.date() < date(2025, 8, 1))
    assert all("撤銷計畫備文說明" in each and "2025年8月1日" in each for each in found)


@pytest.mark.parametrize(("key", "value"), [("local_apply_on", "2025-04-25"), ("authority", "moe")])
def test_an_application_is_due_before_its_programme_and_no_doubt(key: str, value: Any) -> None:
    assert doubts(REMOTE, key, value) == ()


def test_days_that_follow_each_other_are_held_beside_each_other() -> None:
    with pytest.raises(FactsError, match="不能早於「第一次入校日」（2025年9月10日"):
        read_fact(ONSITE, "last_visit_on", "2025-09-09", {"first_visit_on": "2025-09-10"})
    with pytest.raises(FactsError, match="不能早於"):
        read_fact(ONSITE, "first_visit_on", "2025-09-10", {"last_visit_on": "2025-09-09"})
    assert read_fact(ONSITE, "last_visit_on", "2025-09-10", {"first_visit_on": "2025-09-10"}) == "2025-09-10"


def test_missing_is_what_is_needed_and_not_known_in_asking_order() -> None:
    every = frozenset(REMOTE.by_key)
    assert [fact.key for fact in missing(REMOTE, {"approved_on": "2025-09-15"}, every)] == [
        "authority",
        "local_apply_on",
        "semester_start",
    ]
    assert missing(REMOTE, {}, frozenset()) == ()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_fact_says_how_to_find_out_and_what_it_is_for(edition: tuple[str, str]) -> None:
    for fact in load_sheet(*edition).facts:
        assert fact.ask.endswith("？")
        assert fact.why.endswith("。")
        assert fact.unsure.endswith("。")
        assert len({fact.title, *fact.names}) == len(fact.names) + 1
