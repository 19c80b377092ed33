"""Random records of a school, and random moments to look at them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from knowledge.requirements.model import Requirements
from knowledge.requirements.records import Deliverable, Kind, Meeting, MentorKind, Mode, Record, TopicKind
from tests.knowledge.requirements.plain import Look


def random_records(random: Random, requirements: Requirements, size: int) -> list[Record]:
    """Records of the year of an edition, many of them of the kinds and words that count, often on the same days."""
    year = {"urban-rural-partner": 2016, "mobile-learning": 2017, "equalization": 2022}.get(
        requirements.programme, 2025
    )
    kinds = sorted({kind for each in requirements.items for kind in each.where.kinds} | {Kind.WORKSHOP}, key=str)
    start = datetime(year, random.randint(1, 12), 1, 9)
    found = []
    for number in range(size):
        kind = random.choice(kinds)
        at = start + timedelta(days=random.choice((0, 1, 30, 61, 92, 100, 150)) + random.randint(-2, 2))
        found.append(
            Record(
                f"r{number}", kind, at + timedelta(hours=random.choice((0, 4))),
                random.choice((60, 150, 270, 300, 360, 480)), random.choice((None, *Mode)), "", "",
                random.choice((None, 1, 2, 3)), random.choice(("", "甲", "乙")), random.choice((None, *MentorKind)),
                random.choice((None, *Meeting)), random.choice(list(Deliverable)) if kind is Kind.DELIVERABLE else None,
                random.choice((None, *TopicKind)),
            )
        )  # fmt: skip
    return found


def random_look(random: Random, records: list[Record]) -> Look:
    middle = random.choice(records).starts_at if records else datetime(2025, 10, 1)
    start = middle.date() - timedelta(days=random.randint(0, 200))
    end = middle.date() + timedelta(days=random.randint(0, 200))
    return Look(start, end, middle + timedelta(days=random.randint(-150, 250), hours=random.choice((-1, 0, 5))))
