"""The worker: one transaction an event, in order within a conversation, and nothing stops the others."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import event, text

from bot.clock import ShiftedClock, epoch_ms
from bot.inbox.worker import PAUSES_MS, SORRY, TOO_FAST
from bot.messages import Kind
from bot.store import inbox
from bot.store.database import Database
from bot.store.tables import conversations, questions
from bot.store.tables import inbox as inbox_table
from tests.bot.inbox.house import House
from tests.parrot import BREAK, UNDRAWABLE, ParrotChannel, said


@pytest.fixture
def house(database: Database, clock: ShiftedClock) -> House:
    return House(database, clock)


async def test_an_event_becomes_an_answer_a_state_and_done(house: House) -> None:
    await house.receive(said("ann", "hi", message="m1"))
    assert await house.work() == 1
    assert await house.answers() == ["<hi>"]
    assert await house.column(inbox_table.c.state) == ["done"]
    (state,) = await house.column(conversations.c.state)
    assert state["welcomed"] is True
    assert await house.column(questions.c.text) == ["hi"]
    assert house.rung == 1


def answers_counted(zone: str) -> float:
    """Questions to the parrot that were answered in this zone, of the whole run."""
    return REGISTRY.get_sample_value("xueban_answers_total", {"channel": "parrot", "zone": zone}) or 0


async def test_an_answer_is_counted_by_its_zone_once_it_is_stored(house: House) -> None:
    before = answers_counted("refused")
    await house.receive(said("ann", "hi"), said("ann", f"hi {UNDRAWABLE}", at=2))
    await house.work()
    assert await house.column(questions.c.status) == ["refused"]
    assert answers_counted("refused") == before + 1


async def test_nothing_due_is_no_step(house: House) -> None:
    assert not await house.worker().step()
    assert house.rung == 0


async def test_answers_come_in_the_order_of_the_providers_time(house: House) -> None:
    await house.receive(said("ann", "3", at=30), said("ann", "1", at=10), said("ann", "2", at=20))
    await house.work()
    assert await house.answers() == ["<1>", "<2>", "<3>"]


async def test_an_event_without_a_time_is_handled_as_of_its_arrival(house: House) -> None:
    await house.receive(said("ann", "tap", at=0))
    await house.work()
    assert house.parrot.heard[0].occurred_at == epoch_ms(house.clock.now())


async def test_several_workers_answer_each_once_and_each_person_in_order(house: House) -> None:
    raw = [said(f"p{n % 7}", str(n), at=n + 1) for n in range(70)]
    await house.receive(*raw[::-1])
    workers = [house.worker() for _ in range(4)]
    stopping = asyncio.Event()
    running = [asyncio.create_task(worker.run(stopping, poll_seconds=0.01)) for worker in workers]
    while "new" in await house.column(inbox_table.c.state):
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.gather(*running)
    for n in range(7):
        assert await house.answers(f"p{n}") == [f"<{m}>" for m in range(n, 70, 7)]


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_one_conversation_does_not_wait_for_another(house: House, database: Database) -> None:
    await house.receive(said("ann", "first"), said("bob", "second"))
    async with database.write() as held:
        claimed = await inbox.claim(held, epoch_ms(house.clock.now()))
        assert claimed is not None
        assert claimed.payload["text"] == "first"
        assert await house.work() == 1
        assert await house.answers() == ["<second>"]


async def test_an_event_that_breaks_us_is_tried_again_then_apologised_for(house: House) -> None:
    await house.receive(said("ann", BREAK, at=1), said("ann", "next", at=2), said("bob", "other", at=3))
    await house.work()
    assert await house.answers() == ["<other>"]
    for pause in PAUSES_MS:
        assert await house.answers("ann") == []
        await house.later(pause)
    assert await house.answers("ann") == [SORRY, "<next>"]
    assert await house.column(inbox_table.c.state) == ["failed", "done", "done"]
    assert sum(heard.text == BREAK for heard in house.parrot.heard) == 1 + len(PAUSES_MS)


async def test_an_event_that_breaks_us_once_is_answered_and_not_apologised_for(house: House) -> None:
    await house.receive(said("ann", "hi"))
    house.channel.broken = True
    await house.work()
    house.channel.broken = False
    await house.later(PAUSES_MS[0])
    assert await house.answers() == ["<hi>"]


async def test_when_the_answer_can_not_be_rendered_nothing_of_the_event_is_stored(house: House) -> None:
    await house.receive(said("ann", UNDRAWABLE))
    await house.work()
    assert await house.answers() == []
    assert await house.column(questions.c.id) == []
    assert await house.column(conversations.c.state) == [{}]
    assert await house.column(conversations.c.allowance) == [{}]


async def test_when_not_even_the_apology_can_be_rendered_the_others_go_on(house: House) -> None:
    await house.receive(said("ann", "hi", at=1))
    house.channel.broken = True
    await house.work()
    for pause in PAUSES_MS:
        await house.later(pause)
    house.channel.broken = False
    await house.receive(said("ann", "again", at=2))
    await house.work()
    assert await house.answers() == ["<again>"]
    assert await house.column(inbox_table.c.state) == ["failed", "done"]


async def test_an_event_of_a_channel_that_was_turned_off_waits_for_its_return(house: House) -> None:
    await house.receive(said("ann", "off"), channel="another")
    await house.receive(said("bob", "on"))
    await house.work()
    assert await house.answers() == ["<on>"]
    both = house.worker({"parrot": house.channel, "another": ParrotChannel("another")})
    while await both.step():
        pass
    assert sorted(await house.answers()) == ["<off>", "<on>"]


async def test_an_event_that_asks_nothing_of_us_any_more_is_done(house: House, database: Database) -> None:
    await house.receive(said("ann"))
    async with database.write() as tx:
        await tx.execute(inbox_table.update().values(payload={"kind": "ignore"}))
    await house.work()
    assert await house.answers() == []
    assert await house.column(inbox_table.c.state) == ["done"]


async def test_a_message_taken_back_before_we_came_to_it_is_neither_answered_nor_kept(house: House) -> None:
    await house.receive(said("ann", "secret", message="m1", at=2))
    await house.receive(said("ann", "", message="m1", kind="unsend", at=1))
    await house.work()
    assert await house.answers() == []
    assert await house.column(inbox_table.c.payload) == [{}, {}]


async def test_a_message_taken_back_after_its_answer_is_forgotten(house: House) -> None:
    await house.receive(said("ann", "secret", message="m1", at=1), said("bob", "kept", message="m2", at=1))
    await house.work()
    await house.receive(said("ann", "", message="m1", kind="unsend", at=2))
    await house.work()
    payloads = await house.column(inbox_table.c.payload)
    assert [payload.get("text") for payload in payloads] == [None, "kept", None]
    assert sorted(await house.column(questions.c.text)) == ["", "kept"]


async def test_a_redelivery_does_not_revive_what_was_taken_back(house: House) -> None:
    await house.receive(said("ann", "", message="m1", kind="unsend", at=2))
    await house.work()
    await house.receive(said("ann", "secret", message="m1", at=1))
    await house.work()
    assert await house.answers() == []
    assert await house.column(questions.c.text) == []
    assert {} in await house.column(inbox_table.c.payload)


async def test_a_flood_is_held_back_with_one_kind_word_and_others_hardly_wait(house: House) -> None:
    await house.receive(*(said("flood", str(n), at=n + 1) for n in range(10_000)))
    await house.receive(said("bob", "hi", at=99_999))
    worker, steps = house.worker(), 0
    while not await house.answers("bob"):
        assert await worker.step()
        steps += 1
    assert steps <= 25
    assert not await worker.step()
    answers = await house.answers("flood")
    assert answers == [*(f"<{n}>" for n in range(20)), TOO_FAST]
    await house.receive(*(said("flood", str(n), at=n + 1) for n in range(30)))
    await house.work()
    assert await house.answers("flood") == answers


async def test_who_was_held_back_is_answered_again_after_a_while(house: House) -> None:
    await house.receive(*(said("flood", str(n), at=n + 1) for n in range(40)))
    await house.work()
    await house.later(60_000)
    await house.receive(said("flood", "patient", at=99))
    await house.work()
    assert (await house.answers())[-1] == "<patient>"


async def test_what_piled_up_while_we_were_away_is_no_flood(house: House) -> None:
    for n in range(40):
        house.clock.move_to(house.clock.now() + timedelta(seconds=3))
        await house.receive(said("ann", str(n), at=n + 1))
    await house.work()
    assert TOO_FAST not in await house.answers()
    assert len(await house.answers()) == 40


async def test_a_flooding_person_can_still_take_a_message_back(house: House) -> None:
    await house.receive(said("ann", "secret", message="m1", at=1))
    await house.work()
    await house.receive(*(said("ann", str(n), at=n + 1) for n in range(2, 60)))
    await house.receive(said("ann", "", message="m1", kind="unsend", at=60))
    await house.work()
    assert "secret" not in await house.column(questions.c.text)


async def test_a_person_who_waited_is_shown_that_we_are_at_it(house: House) -> None:
    await house.receive(said("ann"))
    await house.work()
    assert house.slow == []
    await house.receive(said("ann", "slow"))
    await house.later(5_000)
    assert [incoming.text for incoming in house.slow] == ["slow"]


async def test_leaving_costs_nothing_and_is_handled(house: House) -> None:
    await house.receive(*(said("ann", kind="leave", at=n + 1) for n in range(30)))
    await house.work()
    assert [heard.kind for heard in house.parrot.heard] == [Kind.LEAVE] * 30


async def test_a_lost_connection_is_no_reason_to_apologise(house: House, database: Database) -> None:
    """Five losses in a row: more than an event that breaks us is granted."""
    await house.receive(said("ann", "hi"))
    losses = 5

    def lose(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        nonlocal losses
        if statement.startswith("INSERT INTO outbox") and losses:
            losses -= 1
            raise database.engine.dialect.loaded_dbapi.OperationalError("connection is closed")

    event.listen(database.engine.sync_engine, "before_cursor_execute", lose)
    event.listen(database.engine.sync_engine, "handle_error", _call_it_a_disconnect)
    worker = house.worker()
    for _ in range(5):
        with pytest.raises(Exception, match="connection is closed"):
            await worker.step()
    assert await worker.step()
    assert await house.answers() == ["<hi>"]
    assert await house.column(inbox_table.c.attempts) == [0]


def _call_it_a_disconnect(context: Any) -> None:
    if "connection is closed" in str(context.original_exception):
        context.is_disconnect = True


async def test_the_worker_outlives_a_database_that_is_away(house: House, database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
    stopping, worker = asyncio.Event(), house.worker()
    running = asyncio.create_task(worker.run(stopping, poll_seconds=0.01))
    await asyncio.sleep(0.1)
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
    await house.receive(said("ann", "hi"))
    while not await house.answers():
        await asyncio.sleep(0.02)
    stopping.set()
    await running


async def test_a_worker_told_to_stop_finishes_what_it_has_in_hand_and_leaves_the_rest(house: House) -> None:
    await house.receive(*(said(f"p{n}") for n in range(50)))
    stopping, worker = asyncio.Event(), house.worker()
    running = asyncio.create_task(worker.run(stopping))
    while not house.rung:
        await asyncio.sleep(0.001)
    stopping.set()
    await running
    states = await house.column(inbox_table.c.state)
    assert states.count("done") == len(await house.answers()) == house.rung < 50
