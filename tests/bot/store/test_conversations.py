"""The state of dialogues: kept while they go on, emptied when they have rested long enough."""

from sqlalchemy import select

from bot.store import conversations, inbox
from bot.store.database import Database
from bot.store.tables import conversations as table
from tests.parrot import events, said

NOW = 1_763_604_000_000


async def states(database: Database) -> dict[str, object]:
    async with database.read() as connection:
        return {row.id: row.state for row in await connection.execute(select(table.c.id, table.c.state))}


async def test_a_dialogue_that_rests_is_emptied_and_a_lively_one_is_not(database: Database) -> None:
    async with database.write() as tx:
        await inbox.store(tx, events(said("ann"), said("bob")), NOW)
        await conversations.save(tx, "parrot:ann", NOW, state={"focus": "old"}, allowance={"tokens": 1})
        await conversations.save(tx, "parrot:bob", NOW + 5, state={"focus": "young"}, allowance={})
        assert await conversations.forget(tx, NOW + 5) == 1
        assert await conversations.forget(tx, NOW + 5) == 0
    assert await states(database) == {"parrot:ann": {}, "parrot:bob": {"focus": "young"}}


async def test_a_message_taken_back_is_remembered_until_its_time_is_over(database: Database) -> None:
    async with database.write() as tx:
        await conversations.unsend(tx, "parrot", "m1", NOW)
        await conversations.forget(tx, NOW)
        assert await conversations.was_unsent(tx, "parrot", "m1")
        await conversations.forget(tx, NOW + 1)
        assert not await conversations.was_unsent(tx, "parrot", "m1")


async def test_a_message_taken_back_takes_what_its_dialogue_remembers_along(database: Database) -> None:
    async with database.write() as tx:
        await inbox.store(tx, events(said("ann", message="m1"), said("bob", message="m2")), NOW)
        for who in ("ann", "bob"):
            await conversations.save(tx, f"parrot:{who}", NOW, state={"focus": "words"}, allowance={})
        await conversations.unsend(tx, "parrot", "m1", NOW)
    assert await states(database) == {"parrot:ann": {}, "parrot:bob": {"focus": "words"}}
