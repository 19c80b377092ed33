"""Reminders without a peer: what a coordinator is sent in a school year, and what planning costs as schools grow.

`year`: every day of an edition with a moved clock, for a coordinator who does nothing, and for one who does what is
due as soon as it is told. Beside it stands the naive count: a push for each offset of each deadline and for each
notice of each unmet requirement, as it would be without digest, without looking at what is done.
`growth`: a whole pass on a day on which everybody has something due, per enrolment, at two sizes.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.clock import epoch_ms, parse_local
from bot.store import deadline_marks, migrate, records
from bot.store.access import Enrolment, Scope
from bot.store.database import Database
from bot.store.tables import conversations, people
from bot.store.work_tables import enrolments, memberships, schools
from knowledge.deadlines.engine import load_deadlines, resolve
from knowledge.deadlines.loader import available
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import load_requirements
from scheduler import nudges
from scheduler.matters import DEADLINE, NUDGE
from tests.scheduler.reminding import BASE, Town

FACTS: dict[str, dict[str, str]] = {
    "distance-teaching": {"authority": "moe"},
    "onsite-mentoring": {"first_visit_on": "2025-08-01", "last_visit_on": "2025-10-20"},
    "equalization": {"plan_ends_on": "2023-07-31"},
}
AFTER = timedelta(days=75)
SIZES = (2_000, 20_000)
LATE = 5


@dataclass(frozen=True, slots=True)
class Year:
    """One coordinator's reminders over an edition and its winding-up."""

    programme: str
    idle: Counter[str]
    """Pushes by month, of whoever does nothing."""
    busy: Counter[str]
    """Of whoever sees to a thing once it was told."""
    naive: int


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of the town."""

    enrolments: int
    first_seconds: float
    """The pass that plans and enqueues a digest for everybody."""
    second_seconds: float
    """The pass after it, which finds nothing to do."""

    @property
    def microseconds_each(self) -> float:
        """Of the first pass, per enrolment."""
        return self.first_seconds / self.enrolments * 1e6


def years() -> list[Year]:
    """Every programme that has deadlines, one coordinator each."""
    return [asyncio.run(_year(slug, edition)) for slug, edition in available()]


def growth() -> list[Growth]:
    """SQLite, on which the passes of all sizes run one after the other."""
    return [asyncio.run(_growth(size)) for size in SIZES]


def run() -> tuple[list[Year], list[Growth]]:
    """Both."""
    return years(), growth()


def show(found: tuple[list[Year], list[Growth]]) -> None:
    """Print them as tables."""
    print("Pushes to one coordinator in a school year (one a day at most), beside the naive count")
    for each in found[0]:
        idle, busy = each.idle.total(), each.busy.total()
        most = max(each.idle.values(), default=0)
        print(
            f"  {each.programme:22} does nothing {idle:3}  does what is told {busy:3}  naive {each.naive:3}"
            f"   most in a month {most:2}"
        )
        print("    by month: " + "  ".join(f"{month} {count}" for month, count in sorted(each.idle.items())))
    print("A whole pass on SQLite with a digest for everybody")
    for size in found[1]:
        print(
            f"  {size.enrolments:6,} enrolments  {size.first_seconds:6.1f} s  {size.microseconds_each:6.0f} µs each"
            f"   again {size.second_seconds:5.1f} s"
        )


async def _year(slug: str, edition: str) -> Year:
    idle = await _live(slug, edition, busy=False)
    busy = await _live(slug, edition, busy=True)
    return Year(slug, idle, busy, _naive(slug, edition))


async def _live(slug: str, edition: str, *, busy: bool) -> Counter[str]:
    """Days of an edition at 09:00, one after the other."""
    deadlines = load_deadlines(slug, edition)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/x.db")
        await migrate.to_head(database)
        town = Town(database)
        place = await town.school(slug, **FACTS.get(slug, {}))
        scope = await town.person("ann", place)
        day = deadlines.valid_from
        while day <= deadlines.last_day + AFTER:
            if await town.at(f"{day}T09:00") and busy:
                await _see_to(town, scope, place, day)
            day += timedelta(days=1)
        months = Counter(f"{datetime.fromtimestamp(row.created_at / 1000):%Y-%m}" for row in await town.digests())
        await database.close()
    return months


async def _see_to(town: Town, scope: Scope, place: Enrolment, day: date) -> None:
    """Do what was told today: mark deadlines, log what a requirement needs."""
    now = epoch_ms(parse_local(f"{day}T12:00"))
    told = [row for row in await town.rows(state="enqueued") if row.updated_at == epoch_ms(parse_local(f"{day}T09:00"))]
    requirements = load_requirements(place.programme, place.edition)
    async with town.database.write() as tx:
        for row in told:
            kind, _, key = row.subject.partition(":")
            if kind == DEADLINE:
                await deadline_marks.mark(tx, scope, place.id, key, None, now)
            if kind == NUDGE:
                where = requirements.requirement(key).where
                words = {name: next((w for w in allowed if w), None) for name, allowed in where.words.items()}
                for number in range(requirements.requirement(key).needed):
                    fields = {
                        "kind": min(where.kinds, key=lambda kind: kind.value),
                        "starts_at": datetime.combine(day - timedelta(days=number % 2), datetime.min.time()),
                        "minutes": max(180, where.least_minutes),
                        "group": row.revision.partition("|")[2] or f"社群{number}",
                        **words,
                    }
                    if number < LATE:
                        await records.create(tx, scope, place.id, fields, channel="web", now=now)


def _naive(slug: str, edition: str) -> int:
    """A push for every offset of every deadline, five where it is overdue, and for every notice of every duty."""
    deadlines, requirements = load_deadlines(slug, edition), load_requirements(slug, edition)
    dues = resolve(deadlines, FACTS.get(slug, {}), datetime.combine(deadlines.valid_from, datetime.min.time()))
    dated = [each for each in dues if each.due and each.due.date() >= deadlines.valid_from]
    owed = {each.key for each in deadlines.deadlines if each.after.value == "owed"}
    rows = progress(requirements, (), deadlines.valid_from, deadlines.valid_until, datetime(1990, 1, 1))
    notices = sum(len(nudges.notices(row)) for row in rows)
    return sum(6 + (LATE if each.key in owed else 0) for each in dated) + notices


async def _growth(size: int) -> Growth:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'x.db'}")
        await migrate.to_head(database)
        await _fill(database, size)
        town = Town(database)
        times = []
        for moment in ("2026-07-24T09:00", "2026-07-24T10:00"):
            begin = time.perf_counter()
            made = await town.at(moment)
            times.append(time.perf_counter() - begin)
            assert made == (size if not times[1:] else 0)
        await database.close()
    return Growth(size, *times)


async def _fill(database: Database, size: int) -> None:
    """Schools of one programme, each with a coordinator of its own."""
    programme = BASE.programme("distance-teaching")
    names = [f"n{number:06}" for number in range(size)]
    part = {
        "programme": programme.slug,
        "edition": programme.edition,
        "starts_on": programme.valid_from.isoformat(),
        "ends_on": programme.valid_until.isoformat(),
        "facts": {},
        "created_at": 1,
    }
    async with database.write() as tx:
        await tx.execute(insert(schools), [{"id": name, "name": name, "created_at": 1} for name in names])
        await tx.execute(insert(enrolments), [{"id": name, "school_id": name, **part} for name in names])
        await tx.execute(insert(people), [{"id": name, "created_at": 1} for name in names])
        await tx.execute(
            insert(memberships),
            [{"person_id": name, "role": "coordinator", "enrolment_id": name, "joined_at": 1} for name in names],
        )
        row = {"channel": "web", "created_at": 1, "updated_at": 1}
        await tx.execute(
            insert(conversations),
            [{"id": f"web:{name}", "address": name, "person_id": name, **row} for name in names],
        )


if __name__ == "__main__":
    show(run())
