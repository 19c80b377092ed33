"""A school year of 500 coordinators in the five programmes, with a moved clock: what each of them is sent.

Every working day at 09:00 of an edition and its winding-up is lived through (on other days nothing falls due), by a
hundred coordinators for each programme. Their habits: three of four do what they are told one to five days later, some
do it around the last day or after it, one in ten does nothing all year. Nobody does anything unasked.

Beside it stands the naive count of the same due matters: a push for each of the six days ahead of each deadline and
for each working day that it is overdue (five), and one for each notice of each requirement and period, that after its
end included: the same occasions, without a digest and without a look at what is done. A last check: every deadline
was announced to everybody whom it concerns before it was due.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from bot.clock import epoch_ms, parse_local
from bot.store import deadline_marks, migrate, records
from bot.store.access import scope_of, unlimited
from bot.store.database import Database
from bot.store.preferences import OFFSETS
from bot.store.reminder_tables import reminders
from bot.store.stored_record import local
from knowledge.deadlines.engine import load_deadlines, resolve
from knowledge.deadlines.loader import available
from knowledge.deadlines.model import After
from knowledge.deadlines.workdays import is_working_day
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import load_requirements
from scheduler import nudges
from scheduler.due import LATE_TIMES
from scheduler.matters import DEADLINE, NUDGE
from tests.bench.towns import fill
from tests.bench.turns import drop
from tests.scheduler.reminding import Town

FACTS: dict[str, dict[str, str]] = {
    "distance-teaching": {"authority": "moe"},
    "onsite-mentoring": {"first_visit_on": "2025-08-01", "last_visit_on": "2025-10-20"},
    "equalization": {"plan_ends_on": "2023-07-31"},
}
COORDINATORS = 100
"""Of each programme."""
PROMPT, LATE, IDLE = "does what is told", "late", "does nothing"
HABITS = {PROMPT: 75, LATE: 15, IDLE: 10}
"""Per cent."""
ALLOWED = 0.25
"""Of the naive count, all programmes together."""
AFTER = timedelta(days=75)
SEED = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """An edition and its winding-up."""

    programme: str
    coordinators: int
    pushes: dict[str, int]
    """By habit."""
    people: dict[str, int]
    months: dict[str, int]
    """Pushes by month."""
    most: int
    """To one coordinator in one month."""
    naive: int
    """To one coordinator."""
    announced: int
    unannounced: tuple[str, ...]
    """Deadlines that somebody was not told of before they were due."""

    @property
    def each(self) -> float:
        """Pushes to a coordinator."""
        return sum(self.pushes.values()) / self.coordinators


def run(coordinators: int = COORDINATORS) -> list[Year]:
    """Every programme that has deadlines; two at a time."""
    whole = available()
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_year, *zip(*whole, strict=True), [coordinators] * len(whole)))


def ratio(years: Iterable[Year]) -> float:
    """Pushes of all, as a share of the naive count of all."""
    known = list(years)
    return sum(sum(each.pushes.values()) for each in known) / sum(each.naive * each.coordinators for each in known)


def show(years: list[Year]) -> None:
    """Print the table."""
    people = sum(each.coordinators for each in years)
    habits = ", ".join(f"{share}% {habit}" for habit, share in HABITS.items())
    print(f"A school year of {people} coordinators ({habits}): pushes to each, beside the naive count")
    for each in years:
        mean = {habit: count / max(1, each.people.get(habit, 0)) for habit, count in each.pushes.items()}
        share = each.each / each.naive
        print(
            f"  {each.programme:22} {each.each:5.1f}  naive {each.naive:3}  ratio {share:.2f}  ("
            + ", ".join(f"{habit} {count:.1f}" for habit, count in mean.items())
            + f")  most in a month {each.most}, announced {each.announced}, unannounced {len(each.unannounced)}"
        )
        by_month = (f"{month} {count / each.coordinators:.1f}" for month, count in sorted(each.months.items()))
        print("    by month: " + "  ".join(by_month))
    mark = "" if ratio(years) <= ALLOWED else f"  above {ALLOWED}"
    print(f"  all: {ratio(years):.2f} of the naive count{mark}")


def _year(slug: str, edition: str, coordinators: int) -> Year:
    structlog.configure(processors=[drop])
    with tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder:
        return asyncio.run(_live(slug, edition, coordinators, f"sqlite:///{folder}/x.db"))


async def _live(slug: str, edition: str, coordinators: int, url: str) -> Year:
    database = Database(url)
    await migrate.to_head(database)
    await fill(database, coordinators, slug=slug, facts=FACTS.get(slug, {}))
    town, crowd = Town(database), Crowd(slug, edition, coordinators)
    for day in _days(slug, edition):
        await town.at(f"{day}T09:00")
        crowd.hear(await _told(database, day), day)
        await crowd.act(database, day)
    try:
        return await _sum_up(town, crowd)
    finally:
        await database.close()


def _days(slug: str, edition: str) -> Iterator[date]:
    deadlines = load_deadlines(slug, edition)
    day = deadlines.valid_from
    while day <= deadlines.last_day + AFTER:
        if is_working_day(day):
            yield day
        day += _DAY


async def _told(database: Database, day: date) -> list[Any]:
    async with database.read() as tx:
        fresh = reminders.c.updated_at == epoch_ms(parse_local(f"{day}T09:00"))
        return list(await tx.execute(select(reminders).where(reminders.c.state == "enqueued", fresh)))


@dataclass
class Crowd:
    """The coordinators of one programme, each with a habit."""

    slug: str
    edition: str
    count: int
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    plans: dict[date, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """What is done on which day."""
    known: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        shares = [habit for habit, share in HABITS.items() for _ in range(share)]
        self.habits = {f"n{number:06}": shares[number * 100 // self.count] for number in range(self.count)}
        self.requirements = load_requirements(self.slug, self.edition)

    def hear(self, told: Iterable[Any], day: date) -> None:
        """Decide when to do what was told today for the first time."""
        for row in told:
            thing = (row.enrolment_id, row.subject, row.revision)
            if thing in self.known or self.habits[row.person_id] == IDLE:
                continue
            self.known.add(thing)
            self.plans[self._when(row, day)].append(row)

    def _when(self, row: Any, day: date) -> date:
        if self.habits[row.person_id] == PROMPT:
            return day + _DAY * self.chance.randint(1, 5)
        end = local(row.expires_at).date()
        spare = self.chance.randint(-1, 4) if row.subject.startswith(DEADLINE) else -self.chance.randint(0, 1)
        return max(day + _DAY, end + _DAY * spare)

    async def act(self, database: Database, day: date) -> None:
        """Do what was meant for today, or for the days since the last that was lived through."""
        due = [row for planned in sorted(self.plans) if planned <= day for row in self.plans.pop(planned)]
        if due:
            async with database.write() as tx:
                for row in due:
                    await self._do(tx, row, epoch_ms(parse_local(f"{day}T12:00")))

    async def _do(self, tx: Any, row: Any, now: int) -> None:
        kind, _, key = row.subject.partition(":")
        if kind == DEADLINE:
            await deadline_marks.mark(tx, unlimited(), row.enrolment_id, key, None, now)
        if kind != NUDGE:
            return
        where = self.requirements.requirement(key).where
        words = {name: next((word for word in allowed if word), None) for name, allowed in where.words.items()}
        for number in range(min(5, self.requirements.requirement(key).needed)):
            held = date.fromisoformat(row.day) - _DAY * (number % 2)
            fields = {
                "kind": min(where.kinds, key=lambda kind: kind.value),
                "starts_at": datetime.combine(held, datetime.min.time()),
                "minutes": max(180, where.least_minutes),
                "group": row.revision.partition("|")[2] or f"社群{number}",
                **words,
            }
            scope = await scope_of(tx, row.person_id)
            assert await records.create(tx, scope, row.enrolment_id, fields, channel="web", now=now)


async def _sum_up(town: Town, crowd: Crowd) -> Year:
    digests = [(row.dedupe_key.split(":")[1], local(row.created_at)) for row in await town.digests()]
    per_month = Counter((person, f"{at:%Y-%m}") for person, at in digests)
    rows = await town.rows()
    lost = _unannounced(crowd, rows)
    return Year(
        crowd.slug,
        crowd.count,
        {habit: sum(crowd.habits[person] == habit for person, _ in digests) for habit in HABITS},
        dict(Counter(crowd.habits.values())),
        dict(Counter(f"{at:%Y-%m}" for _, at in digests)),
        max(per_month.values(), default=0),
        naive(crowd.slug, crowd.edition),
        len({(row.person_id, row.subject, row.revision) for row in rows if row.state == "enqueued"}),
        tuple(lost),
    )


def _unannounced(crowd: Crowd, rows: Iterable[Any]) -> list[str]:
    """Deadlines of all coordinators that were not told to them before they were due."""
    told = {
        (row.enrolment_id, row.subject)
        for row in rows
        if row.state == "enqueued" and row.rule.startswith("T-") and row.updated_at <= row.expires_at
    }
    wanted = [f"{DEADLINE}:{key}" for key in _dated(crowd.slug, crowd.edition)]
    return [f"{place} {subject}" for place in crowd.habits for subject in wanted if (place, subject) not in told]


def _dated(slug: str, edition: str) -> dict[str, datetime]:
    deadlines = load_deadlines(slug, edition)
    dues = resolve(deadlines, FACTS.get(slug, {}), datetime.combine(deadlines.valid_from, datetime.min.time()))
    return {each.key: each.due for each in dues if each.due and each.due.date() >= deadlines.valid_from}


def naive(slug: str, edition: str) -> int:
    """A push for every day ahead of every deadline, five where it is overdue, and for every notice of every duty."""
    deadlines, requirements = load_deadlines(slug, edition), load_requirements(slug, edition)
    owed = {each.key for each in deadlines.deadlines if each.after is After.OWED}
    rows = progress(requirements, (), deadlines.valid_from, deadlines.valid_until, datetime(1990, 1, 1))
    notices = sum(len(nudges.notices(row)) for row in rows)
    return notices + sum(len(OFFSETS) + (LATE_TIMES if key in owed else 0) for key in _dated(slug, edition))


if __name__ == "__main__":
    show(run())
