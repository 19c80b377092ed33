"""A town of schools for tests of reminders: enrolments, people who can be reached, a planner, and a clock to move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms, parse_local
from bot.messages import Card, Message, Outgoing, Text, to_json
from bot.store import enrolments
from bot.store.access import Enrolment, Role, Scope, scope_of, unlimited
from bot.store.database import Database
from bot.store.reminder_tables import reminders
from bot.store.tables import conversations, outbox, people
from bot.store.work_tables import enrolments as enrolment_table
from handlers.record.listing import held_question
from handlers.reminders import after_push
from scheduler.outlets import Outlets, QuotaSource
from scheduler.plan import Planner
from tests.real import real_base

BASE = real_base()
SLUG = "distance-teaching"
LONG_AGO = parse_local("2010-01-01T08:00")


def show(address: str, messages: Sequence[Message]) -> Outgoing:
    """Delivered by being stored."""
    return Outgoing("show", {"messages": [to_json(message) for message in messages]})


def push(address: str, messages: Sequence[Message]) -> Outgoing:
    """To be sent."""
    return Outgoing("push", {"to": address, "messages": [to_json(message) for message in messages]})


def planner(quota: QuotaSource | None = None, **options: Any) -> Planner:
    """A planner with the web page, LINE and Telegram as channels, on which nothing is sent."""
    renderers = {"web": show, "line": push, "telegram": push}
    return Planner(BASE, Outlets(renderers, held_question, after_push, quota), **options)


def words(messages: Sequence[dict[str, Any]]) -> str:
    """All that a stored body says."""
    return "\n".join(f"{message.get('title', '')}\n{message['text']}" for message in messages)


@dataclass
class Town:
    """A database with schools in it."""

    database: Database
    planner: Planner = field(default_factory=planner)

    async def school(self, slug: str = SLUG, name: str = "某某高中", **facts: Any) -> Enrolment:
        """A school that takes part in the newest edition."""
        async with self.database.write() as tx:
            found = await enrolments.enrol(tx, unlimited(), name, BASE.programme(slug), epoch_ms(LONG_AGO))
            assert found is not None
            await tx.execute(update(enrolment_table).where(enrolment_table.c.id == found.id).values(facts=facts))
            again = await enrolments.get(tx, unlimited(), found.id)
        assert again is not None
        return again

    async def person(
        self,
        name: str,
        place: Enrolment | None = None,
        role: Role = Role.COORDINATOR,
        *,
        channel: str = "web",
        since: datetime = LONG_AGO,
        programme: str = "",
    ) -> Scope:
        """Somebody with a role, who can be reached in one channel; with none where it is empty."""
        async with self.database.write() as tx:
            await tx.execute(insert(people).values(id=name, created_at=1))
            if channel:
                await door(tx, name, channel)
            data = {
                "role": role.value,
                "enrolment": place.id if place else "",
                "programme": place.programme if place else programme,
            }
            await enrolments.join(tx, name, data, epoch_ms(since), name=f"老師{name}")
            return await scope_of(tx, name)

    async def at(self, moment: str) -> int:
        """One pass at a local moment; returns how many digests it made."""
        return await self.planner(self.database, parse_local(moment).astimezone(UTC))

    async def digests(self, person: str = "") -> list[Any]:
        """The rows of the outbox, the oldest first."""
        async with self.database.read() as tx:
            rows = await tx.execute(
                select(outbox).where(outbox.c.dedupe_key.like(f"digest:{person}%")).order_by(outbox.c.created_at)
            )
            return list(rows)

    async def texts(self, person: str = "") -> list[str]:
        """What each digest says."""
        return [words(row.payload["messages"]) for row in await self.digests(person)]

    async def rows(self, **wanted: Any) -> list[Any]:
        """Reminders with these values, by id."""
        same = [reminders.c[name] == value for name, value in wanted.items()]
        async with self.database.read() as tx:
            return list(await tx.execute(select(reminders).where(*same).order_by(reminders.c.id)))

    async def states(self, **wanted: Any) -> Counter[str]:
        """How many reminders are in each state."""
        return Counter(row.state for row in await self.rows(**wanted))


async def door(tx: AsyncConnection, person: str, channel: str, used: int = 1) -> str:
    """A private conversation of somebody."""
    row = {"id": f"{channel}:{person}", "channel": channel, "address": person, "person_id": person}
    await tx.execute(insert(conversations).values(**row, created_at=used, updated_at=used))
    return row["id"]


__all__ = ["BASE", "Card", "Text", "Town", "door", "planner", "words"]
