"""A town of schools whose coordinators are reached by LINE, made quickly; and what everybody in it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, insert, select, update

from bot.channels.line import LineChannel
from bot.clock import epoch_ms, parse_local
from bot.reminding import make_planner
from bot.store import deadline_marks, outbox, reminders
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.reminder_tables import planning_passes
from bot.store.reminder_tables import reminders as reminder_table
from bot.store.tables import conversations, people
from bot.store.tables import outbox as outbox_table
from bot.store.work_tables import enrolments, memberships, schools
from scheduler.matters import DEADLINE
from tests.real import real_base

BASE = real_base()
SLUG = "distance-teaching"
LONG_AGO = epoch_ms(parse_local("2010-01-01T08:00"))
DAYS = (parse_local("2026-07-24T09:30"), parse_local("2026-07-28T09:30"))
"""A week and three days before what is due on 31 July; on both, schools are told something."""
REPORT = "final_report"
T = TypeVar("T")


class Told(NamedTuple):
    """One reminder that reached somebody."""

    day: str
    person: str
    enrolment: str
    subject: str
    revision: str
    rule: str


class Sent(NamedTuple):
    """One message in the outbox: its key, and what became of it."""

    id: str
    key: str
    state: str


@dataclass(frozen=True)
class Town:
    """A database with `count` schools, each with its coordinator; every tenth coordinator has the next school too."""

    url: str
    count: int

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the database from a test that is not asynchronous."""
        return asyncio.run(work)

    def fill(self) -> None:
        """Make the schools and the people."""
        self.run(self._fill())

    async def _fill(self) -> None:
        programme = BASE.programme(SLUG)
        ids = [f"{number:05d}" for number in range(self.count)]
        database = Database(self.url)
        made = {"created_at": 1}
        span = {"starts_on": programme.valid_from.isoformat(), "ends_on": programme.valid_until.isoformat()}
        edition = {"programme": SLUG, "edition": programme.edition, "facts": {}, **span, **made}
        role = {"role": "coordinator", "programme": SLUG, "name": "", "joined_at": LONG_AGO}
        places = [{"person_id": f"p{each}", "enrolment_id": f"e{each}", **role} for each in ids]
        places += [{"person_id": f"p{each}", "enrolment_id": f"e{after}", **role} for each, after in _neighbours(ids)]
        async with database.write() as tx:
            await tx.execute(insert(schools), [{"id": f"s{each}", "name": f"第{each}高中", **made} for each in ids])
            await tx.execute(
                insert(enrolments), [{"id": f"e{each}", "school_id": f"s{each}", **edition} for each in ids]
            )
            await tx.execute(insert(people), [{"id": f"p{each}", **made} for each in ids])
            await tx.execute(insert(conversations), [_conversation(each) for each in ids])
            await tx.execute(insert(memberships), places)
        await database.close()

    def see_to(self, key: str, every: int) -> None:
        """Mark a deadline as done at every n-th school."""

        async def work() -> None:
            database, now = Database(self.url), epoch_ms(DAYS[1])
            async with database.write() as tx:
                for number in range(0, self.count, every):
                    assert await deadline_marks.mark(tx, unlimited(), f"e{number:05d}", key, None, now)
                    await reminders.settled(tx, f"e{number:05d}", f"{DEADLINE}:{key}", now)
            await database.close()

        self.run(work())

    def calmly(self) -> set[Told]:
        """What everybody is told where nothing goes wrong: one process, no network."""

        async def work() -> set[Told]:
            database, found = Database(self.url), set[Told]()
            for number, day in enumerate(DAYS):
                if number:
                    await asyncio.to_thread(self.see_to, REPORT, 3)
                await make_planner(BASE, [LineChannel("secret")])(database, day)
                async with database.write() as tx:
                    await tx.execute(update(outbox_table).values(state="sent", attempts=1))
                found |= await _told(database)
            await database.close()
            return found

        return self.run(work())

    def told(self) -> set[Told]:
        """What has been told in messages that were sent."""

        async def work() -> set[Told]:
            database = Database(self.url)
            try:
                return await _told(database)
            finally:
                await database.close()

        return self.run(work())

    def sent(self) -> list[Sent]:
        """All messages of the outbox."""

        async def work() -> list[Sent]:
            database = Database(self.url)
            async with database.read() as tx:
                rows = await tx.execute(select(outbox_table.c.id, outbox_table.c.dedupe_key, outbox_table.c.state))
                found = [Sent(*row) for row in rows]
            await database.close()
            return found

        return self.run(work())

    def is_settled(self, since: datetime) -> bool:
        """Whether everything was looked through since then, and nothing waits to be told or sent."""
        return self.run(self._is_settled(since))

    async def _is_settled(self, since: datetime) -> bool:
        database = Database(self.url)
        async with database.read() as tx:
            looked = (await tx.execute(select(func.max(planning_passes.c.at)))).scalar() or 0
            due = reminder_table.c.fire_at <= epoch_ms(since)
            planned = select(func.count()).select_from(reminder_table).where(reminders.IS_PLANNED, due)
            waiting = select(func.count()).select_from(outbox_table).where(outbox.PENDING)
            left = [(await tx.execute(each)).scalar_one() for each in (planned, waiting)]
        await database.close()
        return looked >= epoch_ms(since) and left == [0, 0]


def _neighbours(ids: Collection[str]) -> list[tuple[str, str]]:
    known = list(ids)
    return [(each, known[number + 1]) for number, each in enumerate(known[:-1]) if number % 10 == 0]


def _conversation(number: str) -> dict[str, Any]:
    address = f"U{int(number):032x}"
    row = {"id": f"line:{address}", "channel": "line", "address": address, "person_id": f"p{number}"}
    return {**row, "created_at": 1, "updated_at": 1}


async def _told(database: Database) -> set[Told]:
    """Every reminder that is in a message that was sent."""
    joined = reminder_table.join(outbox_table, reminder_table.c.outbox_id == outbox_table.c.id)
    async with database.read() as tx:
        rows = await tx.execute(
            select(reminder_table, outbox_table.c.dedupe_key)
            .select_from(joined)
            .where(reminder_table.c.state == "enqueued", outbox_table.c.state == "sent")
        )
        return {
            Told(row.dedupe_key.split(":")[2], row.person_id, row.enrolment_id, row.subject, row.revision, row.rule)
            for row in rows
        }
