"""The dispatcher: what each word of a sender brings about, on both engines."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.clock import ShiftedClock, epoch_ms
from bot.messages import Outgoing
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.store.outbox import Delivery
from bot.store.tables import outbox as table
from bot.store.tables import outbox_attempts
from scheduler import dispatch
from scheduler.dispatch import KEY_LIFE_MS, LONGEST_PAUSE_MS, Dispatcher, Outcome, Result, Sender, pause_ms
from tests.parrot import Postman, events, said


class Mail:
    """An outbox to drain, and the postman who is handed it."""

    def __init__(self, database: Database, clock: ShiftedClock) -> None:
        self.database, self.clock, self.postman = database, clock, Postman()

    def dispatcher(self, sender: Sender | None = None, **options: Any) -> Dispatcher:
        senders = options.pop("senders", {"parrot": sender or self.postman})
        return Dispatcher(self.database, senders, self.clock, owner=options.pop("owner", "me"), **options)

    async def queue(self, who: str, *texts: str, channel: str = "parrot", method: str = "push") -> None:
        now = epoch_ms(self.clock.now())
        async with self.database.write() as tx:
            await inbox.store(tx, events(said(who), channel=channel), now)
            for one in texts:
                await outbox.add(
                    tx,
                    Outgoing(method, {"texts": [one]}, reply_token="t", reply_until=1),
                    conversation_id=f"{channel}:{who}",
                    dedupe_key=f"{who}:{one}",
                    event_id="e",
                    now=now,
                )

    async def drain(self, *outcomes: Outcome, after: timedelta = timedelta()) -> Any:
        """One pass in which the sender says `outcomes`; returns the first row."""
        self.clock.move_to(self.clock.now() + after)
        self.postman.outcomes += outcomes
        await self.dispatcher().drain_once()
        return (await self.rows())[0]

    async def rows(self) -> list[Any]:
        async with self.database.read() as connection:
            return list(await connection.execute(select(table).order_by(table.c.conversation_id, table.c.seq)))

    async def run_until_sent(self, dispatcher: Dispatcher, count: int) -> None:
        stopping = asyncio.Event()
        running = asyncio.create_task(dispatcher.run(stopping, poll_seconds=0.02))
        while [row.state for row in await self.rows()].count("sent") < count:
            await asyncio.sleep(0.01)
        stopping.set()
        await running


@pytest.fixture
def mail(database: Database, clock: ShiftedClock) -> Mail:
    return Mail(database, clock)


async def test_an_accepted_message_is_sent(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    row = await mail.drain(Outcome(Result.SENT, "200", "r1"))
    assert (row.state, row.last_status, row.provider_request_id) == ("sent", "200", "r1")
    assert row.sent_at == epoch_ms(mail.clock.now())
    assert await mail.dispatcher().drain_once() == 0


async def test_what_may_be_repeated_is_tried_again_after_a_pause(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    row = await mail.drain(Outcome(Result.RETRY, "500"))
    assert (row.state, row.last_status) == ("queued", "500")
    assert row.not_before > epoch_ms(mail.clock.now())
    assert await mail.dispatcher().drain_once() == 0
    row = await mail.drain(after=timedelta(seconds=2))
    assert row.state == "sent"
    assert [(sent.attempts, sent.previous) for sent in mail.postman.sent] == [(1, ""), (2, "500")]


async def test_the_providers_own_pause_is_kept(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    row = await mail.drain(Outcome(Result.RETRY, "429", retry_after_ms=7_000))
    assert row.not_before == epoch_ms(mail.clock.now()) + 7_000
    row = await mail.drain(Outcome(Result.RETRY, "429", retry_after_ms=0), after=timedelta(seconds=7))
    assert row.not_before == epoch_ms(mail.clock.now())


async def test_a_reply_whose_token_is_of_no_use_becomes_a_push_at_once(mail: Mail) -> None:
    await mail.queue("ann", "hi", method="reply")
    await mail.drain(Outcome(Result.AS_PUSH, "reply-expired"))
    row = await mail.drain()
    assert row.state == "sent"
    assert [sent.method for sent in mail.postman.sent] == ["reply", "push"]
    assert len({sent.id for sent in mail.postman.sent}) == 1


@pytest.mark.parametrize("result", [Result.DEAD, Result.UNKNOWN])
async def test_what_can_not_arrive_ends_and_lets_the_next_through(mail: Mail, result: Result) -> None:
    await mail.queue("ann", "1", "2")
    row = await mail.drain(Outcome(result, "400"))
    assert row.state == result.value
    await mail.drain()
    assert mail.postman.texts == ["1", "2"]


async def test_every_attempt_is_on_record(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    await mail.drain(Outcome(Result.RETRY, "500", "r1", retry_after_ms=0))
    await mail.drain(Outcome(Result.SENT, "409", "r2"))
    async with mail.database.read() as connection:
        log = await connection.execute(select(outbox_attempts).order_by(outbox_attempts.c.id))
        assert [(row.outcome, row.status, row.request_id) for row in log] == [
            ("retry", "500", "r1"),
            ("sent", "409", "r2"),
        ]


async def test_repeating_ends_before_the_provider_forgets_the_retry_key(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    await mail.drain(Outcome(Result.RETRY, "500"))
    row = await mail.drain(Outcome(Result.RETRY, "500"), after=timedelta(milliseconds=KEY_LIFE_MS))
    assert row.state == "queued"
    row = await mail.drain(Outcome(Result.RETRY, "500"), after=timedelta(minutes=15))
    assert row.state == "unknown"


async def test_a_status_too_long_to_be_written_is_cut(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    row = await mail.drain(Outcome(Result.SENT, "x" * 500, "y" * 500))
    assert (row.state, row.last_status, row.provider_request_id) == ("sent", "x" * 64, "y" * 128)


class Breaking:
    async def send(self, delivery: Delivery) -> Outcome:
        raise RuntimeError("a bug of the sender")


async def test_a_senders_own_bug_is_an_attempt_of_unknown_end_and_stops_nobody(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    await mail.queue("bob", "ho", channel="good")
    await mail.dispatcher(senders={"parrot": Breaking(), "good": mail.postman}).drain_once()
    assert mail.postman.texts == ["ho"]
    row = await mail.drain(after=timedelta(seconds=2))
    assert row.state == "sent"
    assert mail.postman.sent[-1].previous == outbox.LOST


class Hanging(Postman):
    """Takes what it is given and does not answer until told."""

    def __init__(self) -> None:
        super().__init__()
        self.released = asyncio.Event()

    async def send(self, delivery: Delivery) -> Outcome:
        self.sent.append(delivery)
        await self.released.wait()
        return Outcome(Result.SENT, "200")


async def test_a_sender_that_hangs_beyond_the_lease_is_given_up(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    await mail.dispatcher(Hanging(), lease_ms=50).drain_once()
    row = await mail.drain(after=timedelta(seconds=2))
    assert row.state == "sent"
    assert mail.postman.sent[-1].previous == outbox.LOST


async def test_while_one_waits_for_its_answer_others_are_sent(mail: Mail) -> None:
    class OneHangs(Hanging):
        async def send(self, delivery: Delivery) -> Outcome:
            if delivery.address == "slow":
                return await super().send(delivery)
            return Outcome(Result.SENT, "200")

    await mail.queue("slow", "1")
    sender = OneHangs()
    stopping = asyncio.Event()
    running = asyncio.create_task(mail.dispatcher(sender).run(stopping, poll_seconds=0.02))
    while not sender.sent:
        await asyncio.sleep(0.01)
    await mail.queue("quick", "2")
    while "sent" not in [row.state for row in await mail.rows()]:
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.sleep(0.05)
    assert not running.done()  # what is under way is finished first
    sender.released.set()
    await running
    assert {row.state for row in await mail.rows()} == {"sent"}


async def test_a_channel_that_hangs_does_not_hold_up_another(mail: Mail) -> None:
    for n in range(dispatch.UNDER_WAY + 5):
        await mail.queue(f"p{n}", "x", channel="hangs")
    await mail.queue("ann", "hi")
    hanging = Hanging()
    dispatcher = mail.dispatcher(senders={"hangs": hanging, "parrot": mail.postman})
    stopping = asyncio.Event()
    running = asyncio.create_task(dispatcher.run(stopping, poll_seconds=0.02))
    while not mail.postman.sent or len(hanging.sent) < dispatch.UNDER_WAY:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert len(hanging.sent) == dispatch.UNDER_WAY
    stopping.set()
    hanging.released.set()
    await running


async def test_a_running_dispatcher_sends_each_persons_messages_in_order(mail: Mail) -> None:
    for who in ("ann", "bob", "eve"):
        await mail.queue(who, *(f"{who}{n}" for n in range(5)))
    await mail.run_until_sent(mail.dispatcher(), 15)
    for who in ("ann", "bob", "eve"):
        assert [one for one in mail.postman.texts if one.startswith(who)] == [f"{who}{n}" for n in range(5)]


async def test_several_dispatchers_send_each_message_once(mail: Mail) -> None:
    for n in range(60):
        await mail.queue(f"p{n % 12}", str(n))
    stopping = asyncio.Event()
    dispatchers = [mail.dispatcher(owner=f"d{n}") for n in range(4)]
    running = [asyncio.create_task(one.run(stopping, poll_seconds=0.01)) for one in dispatchers]
    while {row.state for row in await mail.rows()} != {"sent"}:
        await asyncio.sleep(0.02)
    stopping.set()
    await asyncio.gather(*running)
    assert sorted(mail.postman.texts, key=int) == [str(n) for n in range(60)]


async def test_what_was_sent_is_written_down_when_the_database_is_back(mail: Mail) -> None:
    """Forgetting it would mean sending it twice."""

    class Saboteur(Postman):
        async def send(self, delivery: Delivery) -> Outcome:
            async with mail.database.write() as tx:
                await tx.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
            return await super().send(delivery)

    await mail.queue("ann", "hi")
    saboteur = Saboteur()
    draining = asyncio.create_task(mail.dispatcher(saboteur).drain_once())
    while not saboteur.sent:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)  # time enough to fail at writing it down
    async with mail.database.write() as tx:
        await tx.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
    await draining
    assert [row.state for row in await mail.rows()] == ["sent"]


async def test_a_dispatcher_without_a_sender_takes_nothing(mail: Mail) -> None:
    await mail.queue("ann", "hi")
    dispatcher = mail.dispatcher(senders={})
    assert await dispatcher.drain_once() == 0
    stopping = asyncio.Event()
    stopping.set()
    await dispatcher.run(stopping)


@given(st.integers(min_value=1, max_value=10_000))
def test_pauses_grow_and_stay_within_a_quarter_of_an_hour(attempts: int) -> None:
    assert 200 <= pause_ms(attempts) <= min(LONGEST_PAUSE_MS, 1000 * 2 ** min(attempts - 1, 20))
