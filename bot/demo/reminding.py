"""Reminders by the real planner at a few mornings, and a month's pushes that run short."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.channels.line import LineChannel
from bot.clock import epoch_ms
from bot.demo.deliveries import Post
from bot.reminding import make_planner
from bot.store import reminders
from bot.store.database import Database
from bot.store.reminder_tables import reminders as table
from bot.store.tables import outbox
from knowledge.schema import Base
from scheduler.outlets import Report

ALLOWED = 500
SPENT_ELSEWHERE = {"2025-11": 418, "2025-12": 96}
"""Pushes of the month that somebody made by hand, as LINE would count them."""
MINUTE_MS = 60_000


class Mornings:
    """Plans, tells, and lets the messages be delivered."""

    def __init__(self, database: Database, base: Base, post: Post) -> None:
        self._database = database
        self._post = post
        self._month = ""
        self._planner = make_planner(base, [LineChannel("")], self._quota)

    async def _quota(self) -> Report:
        """What LINE would say of the month."""
        return Report(ALLOWED, SPENT_ELSEWHERE.get(self._month, 0) + self._post.pushes)

    async def morning(self, now: datetime) -> None:
        """A morning on which everything works."""
        await self._plan(now)
        await self._post.deliver(epoch_ms(now) + MINUTE_MS)

    async def silent_morning(self, now: datetime) -> None:
        """One on which nothing is sent: what was due only that day expires, and is told later."""
        await self._plan(now)
        over = now + timedelta(days=1)
        async with self._database.write() as tx:
            await reminders.expire(tx, epoch_ms(over))

    async def last_morning(self, now: datetime) -> None:
        """Today: one message was taken back because the work was done, one is under way, the rest waits."""
        await self._plan(now)
        await self._take_one_back(epoch_ms(now) + MINUTE_MS)
        await self._post.begin(epoch_ms(now) + 2 * MINUTE_MS)

    async def _plan(self, now: datetime) -> None:
        self._month = f"{now:%Y-%m}"
        await self._planner(self._database, now)

    async def _take_one_back(self, now: int) -> None:
        wanted = (
            select(table.c.enrolment_id, table.c.subject)
            .join(outbox, table.c.outbox_id == outbox.c.id)
            .where(table.c.state == "enqueued", outbox.c.state == "queued", outbox.c.attempts == 0)
            .order_by(outbox.c.address, table.c.subject)
            .limit(1)
        )
        async with self._database.write() as tx:
            row = (await tx.execute(wanted)).first()
            if row is not None:
                await reminders.settled(tx, row.enrolment_id, row.subject, now)
