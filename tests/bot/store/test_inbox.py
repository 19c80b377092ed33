"""The durable inbox on both engines: stored once, claimed by one, in order."""

from dataclasses import replace

from sqlalchemy import select

from bot.clock import ShiftedClock, epoch_ms
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Claimed, NewEvent
from bot.store.tables import inbox as table
from tests.parrot import events, said

NOW = 1_763_604_000_000


async def store(database: Database, *new: NewEvent, now: int = NOW) -> int:
    async with database.write() as tx:
        return await inbox.store(tx, new, now)


async def work_off(database: Database, *, now: int = NOW) -> list[str]:
    """The texts of all that is due, in the order of being claimed."""
    texts: list[str] = []
    while True:
        async with database.write() as tx:
            event = await inbox.claim(tx, now)
            if event is None:
                return texts
            texts.append(event.payload["text"])
            await inbox.finish(tx, event, now)


async def claim_one(database: Database, *, now: int = NOW) -> Claimed | None:
    async with database.write() as tx:
        return await inbox.claim(tx, now)


async def states(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(select(table.c.state).order_by(table.c.id))).scalars())


async def test_an_event_delivered_twice_is_stored_once(database: Database) -> None:
    (event,) = events(said("ann"))
    assert await store(database, event) == 1
    assert await store(database, event) == 0
    assert await store(database, event, event) == 0
    assert await states(database) == ["new"]


async def test_the_same_id_on_two_channels_is_two_events(database: Database) -> None:
    raw = said("ann")
    assert await store(database, *events(raw, channel="one"), *events(raw, channel="two")) == 2


async def test_a_conversation_is_worked_off_by_the_providers_time(database: Database) -> None:
    await store(database, *events(said("ann", "third", at=30), said("ann", "first", at=10)))
    await store(database, *events(said("ann", "second", at=20)))
    assert await work_off(database) == ["first", "second", "third"]


async def test_events_of_one_moment_keep_the_order_of_their_webhook(database: Database) -> None:
    raw = [said("ann", text, at=7) for text in "dbcae"]
    await store(database, *events(*reversed(raw)))
    assert await work_off(database) == list("eacbd")


async def test_telegrams_updates_of_one_second_are_sorted_by_their_number(database: Database) -> None:
    raw = [{**said("ann", text, at=7), "id": text} for text in ("10", "9", "100")]
    await store(database, *events(*raw))
    assert await work_off(database) == ["9", "10", "100"]


async def test_an_event_without_a_time_takes_that_of_its_arrival(database: Database) -> None:
    await store(database, *events(said("ann", "earlier", at=NOW - 5)))
    await store(database, *events(said("ann", "a tap", at=0)))
    await store(database, *events(said("ann", "later", at=NOW + 5)))
    assert await work_off(database) == ["earlier", "a tap", "later"]


async def test_whoever_waits_longest_comes_first(database: Database) -> None:
    await store(database, *events(said("ann", "1", at=90)))
    await store(database, *events(said("bob", "2", at=10)))
    assert await work_off(database) == ["1", "2"]


async def test_an_event_that_waits_for_a_retry_holds_up_its_own_conversation_only(database: Database) -> None:
    await store(database, *events(said("ann", "1", at=1), said("ann", "2", at=2), said("bob", "3", at=3)))
    async with database.write() as tx:
        event = await inbox.claim(tx, NOW)
        assert event is not None
        await inbox.postpone(tx, event, NOW + 1_000)
    assert await work_off(database, now=NOW + 999) == ["3"]
    assert await work_off(database, now=NOW + 1_000) == ["1", "2"]


async def test_events_of_a_channel_that_is_off_wait_and_hold_up_nobody(database: Database) -> None:
    await store(database, *events(said("ann"), channel="off"), *events(said("bob", "on"), channel="on"))
    async with database.write() as tx:
        event = await inbox.claim(tx, NOW, ["on"])
        assert event is not None
        assert event.payload["text"] == "on"
        await inbox.finish(tx, event, NOW)
        assert await inbox.claim(tx, NOW, ["on"]) is None
    assert await states(database) == ["new", "done"]


async def test_setting_a_flood_aside_spares_others_and_what_must_not_be_lost(database: Database) -> None:
    flood = [said("ann", at=at) for at in range(5)]
    await store(database, *events(*flood, said("ann", kind="unsend", message="m", at=9), said("bob", "bob's")))
    async with database.write() as tx:
        event = await inbox.claim(tx, NOW)
        assert event is not None
        assert await inbox.limit_all(tx, event, NOW, but=["unsend"]) == 5
    assert sorted(await states(database)) == ["limited"] * 5 + ["new"] * 2


async def test_an_event_is_claimed_again_only_as_it_was_left(database: Database) -> None:
    await store(database, *events(said("ann")))
    event = await claim_one(database)
    assert event is not None
    async with database.write() as tx:
        assert await inbox.claim_again(tx, event)
        assert not await inbox.claim_again(tx, replace(event, attempts=event.attempts + 1))
        await inbox.finish(tx, event, NOW)
        assert not await inbox.claim_again(tx, event)


async def test_what_waits_is_counted_with_its_age(database: Database) -> None:
    async with database.read() as connection:
        assert await inbox.pending(connection) == (0, None)
    await store(database, *events(said("ann")), now=NOW)
    await store(database, *events(said("ann")), now=NOW + 5)
    async with database.read() as connection:
        assert await inbox.pending(connection) == (2, NOW)


async def test_provider_events_are_forgotten_after_their_time_but_not_before_they_are_answered(
    database: Database, clock: ShiftedClock
) -> None:
    old, young = events(said("ann", "old", message="m"), said("bob", "young"))
    waiting, tap = events(said("eve", "waiting"), said("ann", "", kind="choice"))
    await store(database, old, tap, now=10)
    await store(database, young, now=20)
    await work_off(database)
    await store(database, waiting, now=10)
    async with database.write() as tx:
        assert await inbox.forget(tx, 20) == 2
        assert await inbox.forget(tx, 20) == 0
    async with database.read() as connection:
        kept = await connection.execute(select(table.c.payload).order_by(table.c.id))
        texts = [row.payload.get("text") for row in kept]
    assert texts == ["young", "waiting"]
    assert epoch_ms(clock.now()) == NOW
