"""What every programme's requirements promise, and what those of the five programmes are."""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.requirements.engine import State, periods, progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Count, Requirement, Requirements
from knowledge.requirements.periods import Per, Period
from knowledge.requirements.records import Kind, Record, read_record
from tests.real import real_base

EACH = pytest.mark.parametrize("which", available(), ids="-".join)
Which = tuple[str, str]
KEYS = {
    "distance-teaching": "community_meeting open_class sharing_event course_module teaching_material",
    "onsite-mentoring": "mentoring_hours visits",
    "mobile-learning": (
        "mentoring_visit mentoring_by_professor mentoring_onsite internal_workshop cross_school_event "
        "regional_workshop kickoff_meeting midterm_meeting final_meeting"
    ),
    "equalization": (
        "communities community_meeting consultation demo_lesson exemplar_event transfer_consultation "
        "cross_school_consultation"
    ),
    "urban-rural-partner": "teaching_team_activity student_activity online_activity onsite_activity final_report",
}
FACTS = {"core_teachers": 6}


def span(requirements: Requirements) -> tuple[date, date]:
    programme = real_base().programme(requirements.programme, requirements.edition)
    return programme.valid_from, programme.valid_until


def enough(item: Requirement, period: Period) -> list[Record]:
    """Records that meet a requirement in a period, one a day, early in it."""
    words = {name: min(allowed, key=str) for name, allowed in item.where.words.items()}
    hours = 5 if item.count is Count.HOURS else 1
    number = -(-item.needed // (hours * 60)) if item.count is Count.HOURS else item.needed
    return [
        Record(
            id=f"{item.key}{period.label}{day}",
            kind=min(item.where.kinds, key=str),
            starts_at=datetime.combine(period.first, datetime.min.time()) + timedelta(days=day),
            minutes=hours * 60,
            group=f"第{day}群" if item.count is Count.GROUPS else "甲" if item.per_group else "",
            headcount=6,
            **words,  # type: ignore[arg-type]
        )
        for day in range(number)
    ]


@EACH
def test_every_requirement_can_be_met_open_missed_and_upcoming(which: Which) -> None:
    requirements = load_requirements(*which)
    start, end = span(requirements)
    for item, period in periods(requirements, start, end):
        midnight = datetime.combine(period.first, datetime.min.time())
        after = datetime.combine(period.last, datetime.min.time()) + timedelta(days=1)
        seen = {
            "met": (enough(item, period), after),
            "open": ([], midnight),
            "missed": ([], after),
            "upcoming": ([], midnight - timedelta(minutes=1)),
        }
        for state, (records, now) in seen.items():
            found = progress(requirements, records, start, end, now, FACTS)
            [row] = [row for row in found if (row.key, row.period) == (item.key, period.label)]
            assert row.state is State(state), (item.key, period.label)


@EACH
def test_one_record_less_is_not_enough(which: Which) -> None:
    requirements = load_requirements(*which)
    start, end = span(requirements)
    for item, period in periods(requirements, start, end):
        _, *rest = enough(item, period)
        found = progress(requirements, rest, start, end, datetime(2199, 1, 1), FACTS)
        [row] = [row for row in found if (row.key, row.period) == (item.key, period.label)]
        assert row.state is State.MISSED, item.key


@EACH
def test_figures_agree_with_the_rules_that_cite_the_same_section(which: Which) -> None:
    """1 is also said as "必備", and the number of forms follows the number of visits."""
    requirements = load_requirements(*which)
    programme = real_base().programme(*which)
    for item in requirements.items:
        if item.needed > 1 and not item.each_of and item.key != "checklist_forms":
            figure = item.needed // 60 if item.count is Count.HOURS else item.needed
            told = [entry.answer for entry in programme.entries if set(entry.cite) & set(item.cite)]
            assert any(re.search(rf"(?<!\d){figure}(?!\d)", answer) for answer in told), item.key
            assert re.search(rf"(?<!\d){figure}(?!\d)", item.mend), item.key


def test_the_way_with_a_workshop_asks_for_nine_hours_of_visits() -> None:
    requirements = load_requirements("onsite-mentoring")
    hours, visits = requirements.requirement("mentoring_hours"), requirements.requirement("visits")
    assert hours.instead is not None
    assert visits.instead is not None
    assert (hours.instead.needed - hours.instead.adds, hours.instead.where) == (9 * 60, visits.instead.where)
    [rule] = [e.answer for e in real_base().programme("onsite-mentoring").entries if e.key == "way-two-training"]
    assert "研習（6 小時）" in rule
    assert "至少 9 小時" in rule


def test_the_keys_are_those_agreed() -> None:
    for slug, keys in KEYS.items():
        assert [item.key for item in load_requirements(slug).items if not item.extra] == keys.split()


@EACH
def test_names_are_unique_so_that_a_list_can_be_read(which: Which) -> None:
    titles = [item.title for item in load_requirements(*which).items]
    assert len(set(titles)) == len(titles)


@EACH
def test_every_group_of_monthly_or_semester_duties_is_told_by_its_period(which: Which) -> None:
    requirements = load_requirements(*which)
    found = progress(requirements, [], *span(requirements), datetime(2000, 1, 1))
    assert len({(row.key, row.period, row.group) for row in found}) == len(found)
    assert all((row.period == "total") == (requirements.requirement(row.key).per is Per.TOTAL) for row in found)


def test_january_2017_belongs_to_a_semester_that_is_not_asked_for() -> None:
    requirements = load_requirements("mobile-learning")
    january = Record("r", Kind.MENTORING_VISIT, datetime(2017, 1, 10), 60)
    found = progress(requirements, [january], *span(requirements), datetime(2017, 3, 1))
    visits = {row.period: row.done for row in found if row.key == "mentoring_visit"}
    assert visits == {"105-2": 0, "106-1": 0}


@pytest.mark.parametrize("slug", sorted(KEYS))
def test_the_shared_samples_agree(slug: str) -> None:
    shared = os.environ.get("XUEBAN_SHARED")
    if not shared:
        pytest.skip("XUEBAN_SHARED names no folder with samples")
    path = Path(shared, "eval", "samples", "progress", f"{slug}.jsonl")
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        start, end = date.fromisoformat(case["from"]), date.fromisoformat(case["to"])
        records = map(read_record, case["records"])
        found = progress(load_requirements(slug), records, start, end, datetime.fromisoformat(case["now"]))
        for want in case["expect"]:
            [row] = [r for r in found if (r.key, r.period) == (want["key"], want["period"])]
            assert (row.state.value, row.done, row.needed) == (want["state"], want["done"], want["needed"])
