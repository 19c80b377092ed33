"""The records that are shown as counting are those that the engine counted, for every programme."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.papers.counted import counted
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import MINUTES_AN_HOUR, Count, Requirement
from knowledge.requirements.records import Deliverable, Kind, Meeting, MentorKind, Mode, Record, TopicKind


def some(chance: random.Random, number: int, first: date, last: date) -> Record:
    kind = chance.choice([*Kind, Kind.MENTORING_VISIT, Kind.WORKSHOP, Kind.COMMUNITY_MEETING])
    day = first + timedelta(days=chance.randint(-9, (last - first).days + 9))
    handed_in = chance.choice([*Deliverable, None]) if kind is Kind.DELIVERABLE else None
    return Record(
        f"r{number}", kind, datetime(day.year, day.month, day.day, chance.randint(0, 23)),
        chance.choice((60, 90, 180, 300, 360, 480)), chance.choice([*Mode, None]), "", "", chance.choice((None, 2, 9)),
        chance.choice(("", "甲", "乙")), chance.choice([*MentorKind, None]), chance.choice([*Meeting, None]), handed_in,
        chance.choice([*TopicKind, None]),
    )  # fmt: skip


def measured(item: Requirement, records: list[Record]) -> float:
    """What these records make, as the engine shows it; the way under `instead` credits what it adds."""
    fitting = [record for record in records if item.where.fits(record)]
    opened = item.instead is not None and len(fitting) < len(records)
    count, added = (item.instead.count, item.instead.adds) if item.instead and opened else (item.count, 0)
    match count:
        case Count.HOURS:
            return round((sum(record.minutes for record in fitting) + added) / MINUTES_AN_HOUR, 2)
        case Count.DAYS:
            return len({record.starts_at.date() for record in fitting}) + added
        case Count.GROUPS:
            return len({record.group for record in fitting if record.group})
    return len(fitting) + added


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("slug", "edition"), available())
def test_what_is_shown_makes_what_is_done(slug: str, edition: str, seed: int) -> None:
    chance, requirements = random.Random(seed), load_requirements(slug, edition)
    first = date(2025, 2, 1)
    last = first + timedelta(days=chance.choice((80, 200, 364)))
    records = [some(chance, number, first, last) for number in range(chance.choice((0, 3, 8, 40)))]
    now = datetime(2025, 2, 1, 12) + timedelta(days=chance.randint(-5, 380))
    facts: dict[str, Any] = chance.choice(({}, {"core_teachers": 20, "principal_trained": False}))
    rows = progress(requirements, records, first, last, now, facts)
    for item in requirements.items:
        if item.share_of and item.share_of not in facts:
            continue  # not due
        for period, found in counted(requirements, item, records, (first, last), now, facts):
            done = [record for record in found if record.starts_at <= now]
            for row in rows:
                if (row.key, row.period) == (item.key, period.label):
                    own = [record for record in done if not item.per_group or record.group == row.group]
                    assert measured(item, own) == row.done, (item.key, period)


def test_a_workshop_that_opens_the_other_way_is_shown_and_one_too_short_is_not() -> None:
    requirements = load_requirements("onsite-mentoring", "114")
    item = requirements.requirement("mentoring_hours")
    visit, long, short, late = (
        Record("visit", Kind.MENTORING_VISIT, datetime(2025, 3, 10, 9), 540),
        Record("long", Kind.WORKSHOP, datetime(2025, 3, 20, 9), 360),
        Record("short", Kind.WORKSHOP, datetime(2025, 3, 21, 9), 180),
        Record("late", Kind.MENTORING_VISIT, datetime(2025, 6, 11, 9), 300),
    )
    span = (date(2025, 3, 1), date(2025, 12, 31))
    ((_, found),) = counted(requirements, item, [visit, long, short, late], span, datetime(2025, 7, 1), {})
    assert {record.id for record in found} == {"visit", "long"}


def test_a_workshop_does_not_count_before_a_visit_was_held() -> None:
    requirements = load_requirements("onsite-mentoring", "114")
    workshop = Record("workshop", Kind.WORKSHOP, datetime(2025, 3, 5, 9), 360)
    visit = Record("visit", Kind.MENTORING_VISIT, datetime(2025, 4, 10, 9), 540)
    span = (date(2025, 3, 1), date(2025, 12, 31))
    for now, shown in ((datetime(2025, 4, 1), {"visit"}), (datetime(2025, 4, 11), {"workshop", "visit"})):
        item = requirements.requirement("mentoring_hours")
        ((_, found),) = counted(requirements, item, [workshop, visit], span, now, {})
        assert {record.id for record in found} == shown
