"""Who coordinates, by where a channel reaches them."""

from __future__ import annotations

from sqlalchemy import insert, update

from bot.store import coordinators
from bot.store.access import Role
from bot.store.database import Database
from bot.store.tables import conversations
from tests.bot.store.line_people import line_person
from tests.bot.store.school_house import NOW, enter, member, school


async def test_coordinators_of_now_and_before_are_told_apart(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        await line_person(tx, "Ua", place)
        await line_person(tx, "Ub", place, coordinates=False)
        await line_person(tx, "Uc", place, left=True)
        await member(tx, "ann", place)
        assert await coordinators.of_channel(tx, "line") == {"Ua": True, "Uc": False}
        assert await coordinators.of_channel(tx, "web") == {"ann": True}


async def test_who_came_back_is_one_again(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        await line_person(tx, "Ua", place, left=True)
        await enter(tx, "Ua", Role.COORDINATOR, place)
        assert await coordinators.of_channel(tx, "line") == {"Ua": True}


async def test_a_group_is_nobody_and_every_linked_chat_counts(database: Database) -> None:
    async with database.write() as tx:
        await line_person(tx, "Ua", await school(tx, "示範高中"))
        times = {"created_at": NOW, "updated_at": NOW}
        for name in ("Ub", "C1:Ua"):
            row = {"id": f"line:{name}", "channel": "line", "address": name, "person_id": "Ua"}
            await tx.execute(insert(conversations).values(**row, **times))
        await tx.execute(update(conversations).where(conversations.c.address == "C1:Ua").values(in_group=1))
        assert await coordinators.of_channel(tx, "line") == {"Ua": True, "Ub": True}
