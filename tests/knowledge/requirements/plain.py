"""A second implementation, slow and plain, that shares nothing with the engine but the data it reads.

It walks day by day, names periods by its own arithmetic, and tries every way of meeting a requirement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from knowledge.requirements.model import Count, Filter, Requirement, Requirements
from knowledge.requirements.periods import Per
from knowledge.requirements.records import Record

Row = tuple[str, str, str, float, float, str]
"""Key, period, group, needed, done, state."""


@dataclass(frozen=True)
class Look:
    """From when to when, and when it is looked."""

    start: date
    end: date
    now: datetime

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


def name_of(per: Per, day: date) -> str:
    year = day.year if day.month >= 8 else day.year - 1
    if per is Per.MONTH:
        return day.isoformat()[:7]
    if per is Per.SCHOOL_YEAR:
        return f"{year - 1911}"
    if per is Per.SEMESTER:
        return f"{year - 1911}-{2 if day.month in (2, 3, 4, 5, 6, 7) else 1}"
    return "total"


def accepts(where: Filter, record: Record) -> bool:
    for name, words in where.words.items():
        value = {
            "mode": record.mode,
            "mentor_kind": record.mentor_kind,
            "meeting": record.meeting,
            "deliverable": record.deliverable,
            "topic_kind": record.topic_kind,
        }[name]
        if value not in words:
            return False
    return record.kind in where.kinds and record.minutes >= where.least_minutes


def count(what: Count, records: Sequence[Record]) -> int:
    if what is Count.HOURS:
        return sum(r.minutes for r in records)
    if what is Count.DAYS:
        return len({r.starts_at.strftime("%Y%m%d") for r in records})
    if what is Count.GROUPS:
        return len({r.group for r in records} - {""})
    return len(records)


def months_later(day: date, months: int) -> date:
    """Counted month by month, and back from a day that a month does not have."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def reached(item: Requirement, visits: Sequence[Record], around: Sequence[Record]) -> tuple[int, int]:
    """Done and needed, in the way that is best for the school."""
    if not item.within_months or not visits:
        return count(item.count, visits), item.needed
    first = min(r.starts_at.date() for r in visits)
    last = months_later(first, item.within_months)
    ways = [(count(item.count, [r for r in visits if r.starts_at.date() <= last]), item.needed, 0)]
    for other in around:
        if item.instead and accepts(item.instead.where, other):
            day = other.starts_at.date()
            until = months_later(min(day, first), item.within_months)
            if day <= until and first <= until:
                own = [r for r in visits if r.starts_at.date() <= until]
                ways.append((item.instead.adds + count(item.instead.count, own), item.instead.needed, 1))
    met = [way for way in ways if way[0] >= way[1]]
    done, needed, _ = sorted(met or ways, key=lambda way: (way[0] - way[1], way[2]))[-1]
    return done, needed


def rows(requirements: Requirements, records: Sequence[Record], look: Look, facts: Mapping[str, Any]) -> list[Row]:
    """What is due and how far it is."""
    found: list[Row] = []
    for item in requirements.items:
        if (item.unless and facts.get(item.unless) is True) or (item.share_of and not facts.get(item.share_of)):
            continue
        people = facts.get(item.share_of, 0) if item.share_of else 0
        held = [r for r in records if r.starts_at.date() in look.days]
        fitting = [r for r in held if accepts(item.where, r) and (not people or 3 * (r.headcount or 0) >= people)]
        for name in dict.fromkeys(name_of(item.per, day) for day in look.days):
            if name not in requirements.left_out:
                found += _period(item, name, (held, fitting), look, found)
    return found


def _period(
    item: Requirement, name: str, records: tuple[list[Record], list[Record]], look: Look, so_far: list[Row]
) -> list[Row]:
    held, fitting = ([r for r in some if name_of(item.per, r.starts_at.date()) == name] for some in records)
    groups: list[str | None] = [None]
    if item.per_group:
        groups = [*sorted({r.group for r in records[1]} - {""})]
        if not groups or any(r.group == "" for r in fitting):
            groups.append("")
    found: list[Row] = []
    for group in groups:
        own = [r for r in fitting if group in (None, r.group) and r.starts_at <= look.now]
        done, needed = reached(item, own, [r for r in held if r.starts_at <= look.now])
        for row in so_far:
            if row[:2] == (item.each_of, name):
                needed = max(needed, int(row[4]))
        days = [day for day in look.days if name_of(item.per, day) == name]
        last = days[-1]
        if item.within_months and own:
            last = min(last, months_later(min(r.starts_at.date() for r in own), item.within_months))
        state = "met" if done >= needed else "open"
        if state == "open" and look.now.date() > last:
            state = "missed"
        if state == "open" and look.now.date() < days[0]:
            state = "upcoming"
        scale = 60 if item.count is Count.HOURS else 1
        found.append((item.key, name, group or "", round(needed / scale, 2), round(done / scale, 2), state))
    return found
