"""Links to files: they open what they were made for, for a few days, and are stored as a hash."""

from sqlalchemy import select

from bot.store import file_links
from bot.store.database import Database
from bot.store.file_links import LIFE_MS, FileLink
from bot.store.tables import file_links as table
from tests.bot.store.school_house import NOW, person


async def test_a_link_opens_what_it_was_made_for_until_it_expires(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        token = await file_links.make(tx, "ann", "checklist", {"run": "r1"}, NOW)
        assert await file_links.find(tx, token, NOW) == FileLink("ann", "checklist", {"run": "r1"})
        assert await file_links.find(tx, token, NOW + LIFE_MS - 1) is not None
        assert await file_links.find(tx, token, NOW + LIFE_MS) is None
        assert await file_links.find(tx, token + "x", NOW) is None
        assert token not in (await tx.execute(select(table.c.token_hash))).scalar_one()


async def test_links_are_forgotten_when_they_have_expired(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        old = await file_links.make(tx, "ann", "checklist", {}, NOW)
        young = await file_links.make(tx, "ann", "checklist", {}, NOW + 5)
        assert old != young
        assert await file_links.forget(tx, NOW + LIFE_MS + 1) == 1
        assert await file_links.find(tx, young, NOW) is not None
