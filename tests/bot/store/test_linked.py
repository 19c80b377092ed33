"""Which conversations are one person's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import linked, people
from bot.store.database import Database
from bot.store.tables import conversations
from tests.bot.store.school_house import NOW, person


async def talk(tx: AsyncConnection, identity: str, *, group: str = "", **more: Any) -> None:
    """A conversation row as ingest makes it."""
    channel, _, key = identity.partition(":")
    row = {"id": identity, "channel": channel, "address": group or key, "in_group": int(bool(group))}
    await tx.execute(insert(conversations).values(**row, created_at=NOW, updated_at=NOW, **more))


async def test_what_the_same_account_said_in_groups_belongs_to_the_person(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await talk(tx, "line:Uaaa", person_id="somebody")
        await talk(tx, "line:C9:Uaaa", group="C9")
        await talk(tx, "line:C9:Uaab", group="C9")
        await talk(tx, "line:Uaab")
        await talk(tx, "telegram:-9:Uaaa", group="-9")
        found = await linked.all_of(tx, "somebody")
        assert {each.id for each in found} == {"web:somebody", "line:Uaaa", "line:C9:Uaaa"}
        assert {each.id for each in await linked.private_of(tx, "somebody")} == {"web:somebody", "line:Uaaa"}


async def test_somebody_of_whom_nothing_is_kept_has_the_conversation_they_are_in(database: Database) -> None:
    async with database.write() as tx:
        await talk(tx, "line:U1")
        await talk(tx, "line:U2")
        assert [each.id for each in await linked.all_of(tx, None, "line:U1", hold=True)] == ["line:U1"]


async def test_unlinking_takes_one_conversation_off_and_forgets_its_dialogue(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await talk(tx, "line:U1", person_id="somebody", state={"version": 1, "run": "r1"})
        assert await linked.unlink(tx, "somebody", "line:U1")
        assert await people.find(tx, "line:U1") is None
        assert await people.find(tx, "web:somebody") == "somebody"
        state = await tx.execute(select(conversations.c.state).where(conversations.c.id == "line:U1"))
        assert state.scalar_one() == {}
        assert not await linked.unlink(tx, "somebody", "line:U1")


async def test_nobody_unlinks_what_is_another_persons(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await person(tx, "other")
        await tx.execute(update(conversations).where(conversations.c.id == "web:other").values(state={"version": 1}))
        assert not await linked.unlink(tx, "somebody", "web:other")
        assert await people.find(tx, "web:other") == "other"
