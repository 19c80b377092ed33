"""The outbox on both engines: one row a message, taken by one process at a time, in order."""

import asyncio
import multiprocessing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import select, update

from bot.clock import ShiftedClock, epoch_ms
from bot.messages import Outgoing
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.store.outbox import Attempt, Delivery
from bot.store.tables import outbox as table
from bot.store.tables import outbox_attempts
from tests.parrot import events, said

NOW = 1_763_604_000_000
LEASE = 60_000


async def queue(
    database: Database, who: str, *texts: str, now: int = NOW, channel: str = "parrot", method: str = "push"
) -> list[str]:
    """One message a text; returns their ids."""
    async with database.write() as tx:
        await inbox.store(tx, events(said(who), channel=channel), now)
        return [
            await outbox.add(
                tx,
                Outgoing(method, {"texts": [text]}),
                conversation_id=f"{channel}:{who}",
                dedupe_key=f"{who}:{text}",
                event_id="e",
                now=now,
            )
            for text in texts
        ]


async def take(
    database: Database, *, now: int = NOW, owner: str = "me", lease_ms: int = LEASE, limit: int = 10
) -> list[Delivery]:
    async with database.write() as tx:
        return await outbox.claim(tx, owner=owner, channels=["parrot"], now=now, lease_ms=lease_ms, limit=limit)


async def sent(database: Database, delivery: Delivery) -> None:
    async with database.write() as tx:
        await outbox.sent(tx, [Attempt(delivery.id, "sent", "200", "r")], NOW)


async def again(database: Database, delivery: Delivery, not_before: int, *, owner: str = "me") -> None:
    async with database.write() as tx:
        await outbox.requeue(tx, delivery.id, owner=owner, not_before=not_before, status="500", method=delivery.method)


async def rows(database: Database) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(select(table).order_by(table.c.seq)))


def texts(deliveries: list[Delivery]) -> list[str]:
    return [delivery.payload["texts"][0] for delivery in deliveries]


async def test_a_message_added_twice_is_one_row_with_one_id(database: Database) -> None:
    assert await queue(database, "ann", "1") == await queue(database, "ann", "1")
    assert len(await rows(database)) == 1


async def test_what_is_shown_is_delivered_by_being_stored(database: Database) -> None:
    await queue(database, "ann", "1", method="show")
    assert [row.state for row in await rows(database)] == ["sent"]
    assert await take(database) == []


async def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    await queue(database, "ann", "1")
    assert texts(await take(database)) == ["1"]
    assert await take(database, owner="other") == []
    async with database.write() as tx:  # that long passes
        await tx.execute(update(table).values(lease_until=table.c.lease_until - LEASE - 1))
    (delivery,) = await take(database, owner="other")
    assert (delivery.previous, delivery.attempts) == (outbox.LOST, 2)


async def test_leases_do_not_run_on_the_clocks_of_the_processes(database: Database, clock: ShiftedClock) -> None:
    """A replica whose clock is an hour ahead would take, and send, everything once more."""
    await queue(database, "ann", "1")
    assert len(await take(database, now=NOW)) == 1
    ahead = epoch_ms(clock.now() + timedelta(hours=1))
    assert await take(database, now=ahead, owner="other") == []


async def test_messages_of_one_conversation_are_taken_one_by_one_in_order(database: Database) -> None:
    await queue(database, "ann", "1", "2", "3")
    order = []
    while batch := await take(database):
        assert len(batch) == 1
        order += texts(batch)
        await sent(database, batch[0])
    assert order == ["1", "2", "3"]


async def test_a_clock_that_goes_back_does_not_change_the_order(database: Database) -> None:
    await queue(database, "ann", "1", now=NOW)
    await queue(database, "ann", "2", now=NOW - 3_600_000)
    assert texts(await take(database)) == ["1"]


async def test_a_message_waits_for_an_earlier_one_that_is_soon_tried_again(database: Database) -> None:
    await queue(database, "ann", "1", "2")
    (first,) = await take(database)
    await again(database, first, NOW + 1_000)
    assert await take(database) == []
    assert texts(await take(database, now=NOW + 1_000)) == ["1"]


async def test_a_message_does_not_wait_for_one_that_is_put_off_for_long(database: Database) -> None:
    await queue(database, "ann", "1", "2")
    (first,) = await take(database)
    await again(database, first, NOW + 3_600_000)
    assert texts(await take(database)) == ["2"]


async def test_other_conversations_do_not_wait(database: Database) -> None:
    await queue(database, "ann", "1", "2")
    await queue(database, "bob", "3")
    assert sorted(texts(await take(database))) == ["1", "3"]


async def test_no_more_is_taken_than_asked_for(database: Database) -> None:
    for n in range(7):
        await queue(database, f"p{n}", str(n), now=NOW + n)
    assert texts(await take(database, limit=3)) == ["0", "1", "2"]


async def test_other_channels_are_left_to_others(database: Database) -> None:
    await queue(database, "ann", "1", channel="another")
    assert await take(database) == []


async def test_arrival_is_noted_whoever_holds_the_lease(database: Database) -> None:
    await queue(database, "ann", "1")
    (mine,) = await take(database, lease_ms=-1)
    assert len(await take(database, owner="other")) == 1
    await sent(database, mine)
    assert [(row.state, row.provider_request_id) for row in await rows(database)] == [("sent", "r")]


async def test_a_late_failure_does_not_undo_what_another_process_did(database: Database) -> None:
    await queue(database, "ann", "1")
    (mine,) = await take(database, lease_ms=-1)
    (theirs,) = await take(database, owner="other")
    await again(database, mine, NOW)
    async with database.write() as tx:
        await outbox.give_up(tx, mine.id, owner="me", state="dead", status="400", request_id="")
    assert [(row.state, row.lease_owner) for row in await rows(database)] == [("sending", "other")]
    await sent(database, theirs)
    async with database.write() as tx:
        await outbox.give_up(tx, mine.id, owner="other", state="dead", status="400", request_id="")
    assert [row.state for row in await rows(database)] == ["sent"]


async def test_body_and_retry_key_stay_the_same_over_all_attempts(database: Database) -> None:
    (identity,) = await queue(database, "ann", "1")
    seen = []
    for _ in range(3):
        (delivery,) = await take(database)
        seen.append((delivery.id, delivery.payload))
        await again(database, delivery, NOW)
    assert seen == [(identity, {"texts": ["1"]})] * 3


async def test_figures_for_the_operator(database: Database) -> None:
    await queue(database, "ann", "1", "2", now=NOW)
    await queue(database, "bob", "3", now=NOW + 5)
    (first, _) = await take(database, now=NOW + 9)
    await sent(database, first)
    async with database.read() as connection:
        assert await outbox.count_by_state(connection) == {"sent": 1, "sending": 1, "queued": 1}
        assert await outbox.oldest_due(connection, NOW + 9) == NOW


ROWS, PROCESSES = 400, 3


def _take_all(url: str, owner: str, together: Barrier) -> None:
    together.wait()

    async def work() -> None:
        database = Database(url)
        while batch := await take(database, owner=owner, limit=5):
            async with database.write() as tx:
                taken = [Attempt(each.id, "taken", str(each.attempts), owner) for each in batch]
                await outbox.record(tx, taken, NOW)
        await database.close()

    asyncio.run(work())


async def test_several_processes_never_take_the_same_row(database: Database) -> None:
    """Remove FOR UPDATE SKIP LOCKED, and this fails on PostgreSQL."""
    async with database.write() as tx:
        await inbox.store(tx, events(*(said(f"p{n}") for n in range(ROWS))), NOW)
        for n in range(ROWS):
            await outbox.add(
                tx,
                Outgoing("push", {}),
                conversation_id=f"parrot:p{n}",
                dedupe_key=str(n),
                event_id="",
                now=NOW,
            )
    url = database.engine.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(PROCESSES)
    started = [spawn.Process(target=_take_all, args=(url, f"owner{n}", together)) for n in range(PROCESSES)]
    for process in started:
        process.start()
    for process in started:
        await asyncio.to_thread(process.join)
    assert [process.exitcode for process in started] == [0] * PROCESSES
    taken = await rows(database)
    assert [(row.state, row.attempts) for row in taken] == [("sending", 1)] * ROWS
    assert len({row.lease_owner for row in taken}) > 1


async def test_a_row_whose_lease_ended_is_taken_by_one_only(database: Database) -> None:
    await queue(database, "ann", "1")
    assert len(await take(database, lease_ms=-1, owner="dead")) == 1
    taken = await asyncio.gather(*(take(database, owner=f"o{n}") for n in range(8)))
    assert sum(len(batch) for batch in taken) == 1


async def test_a_row_from_before_an_outage_keeps_when_it_was_first_tried(database: Database) -> None:
    await queue(database, "ann", "1")
    await take(database, lease_ms=-1)
    (later,) = await take(database, now=NOW + 99_000)
    assert later.first_attempt_at == NOW
    async with database.write() as tx:
        await tx.execute(update(table).values(state="cancelled"))
    assert await take(database, now=NOW + 999_000) == []


async def test_old_messages_are_forgotten_with_their_attempts_but_not_what_is_still_to_be_sent(
    database: Database,
) -> None:
    await queue(database, "ann", "done")
    (delivery,) = await take(database)
    async with database.write() as tx:
        await outbox.record(tx, [Attempt(delivery.id, "sent", "200", "")], NOW)
    await sent(database, delivery)
    await queue(database, "bob", "waits")
    await queue(database, "eve", "young", now=NOW + 1)
    async with database.write() as tx:
        assert await outbox.forget(tx, NOW + 1) == 1
        attempts = await tx.execute(select(outbox_attempts.c.id))
        assert attempts.all() == []
    assert [row.payload["texts"] for row in await rows(database)] == [["waits"], ["young"]]
