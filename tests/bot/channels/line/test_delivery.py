"""From a stored answer to the person's phone, with a real database, dispatcher and HTTP between them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.line import LineChannel, LineSender
from bot.clock import ShiftedClock, epoch_ms
from bot.messages import Text
from bot.store import inbox, migrate, outbox, tables
from bot.store.database import Database
from bot.store.inbox import NewEvent
from scheduler.dispatch import Dispatcher
from tests.fakes import line_events
from tests.fakes.line import FakeLine

NOW = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/x.db")
    await migrate.to_head(made)
    yield made
    await made.close()


class Post:
    """Answers one question, and drains the outbox as time goes on."""

    def __init__(self, database: Database, line: FakeLine) -> None:
        self.database, self.clock = database, ShiftedClock(NOW, running=False)
        self.sender = LineSender("t", line.url, self.clock)
        self.dispatcher = Dispatcher(database, {"line": self.sender}, self.clock, owner="test")

    async def answer(self) -> None:
        channel, now = LineChannel("s"), epoch_ms(self.clock.now())
        event = line_events.text("鐘點費多少", at=now, reply_token="r1")
        incoming = channel.parse(event)
        assert incoming is not None
        row = NewEvent("line", incoming.event_id, incoming.conversation, incoming.address, False, "m", event, now)
        async with self.database.write() as tx:
            await inbox.store(tx, [row], now)
            await outbox.add(
                tx,
                channel.render(incoming, [Text("每節 550 元")]),
                conversation_id=row.conversation_id,
                dedupe_key="inbox:1",
                event_id=incoming.event_id,
                now=now,
            )

    async def drain(self, *, after: timedelta) -> str:
        """The state of the answer after one more pass."""
        self.clock.move_to(self.clock.now() + after)
        await self.dispatcher.drain_once()
        async with self.database.read() as connection:
            found = (await connection.execute(select(tables.outbox.c.state))).scalar_one()
        return str(found)


@pytest.fixture
async def post(database: Database, line: FakeLine) -> AsyncIterator[Post]:
    made = Post(database, line)
    await made.answer()
    yield made
    await made.sender.close()


async def test_an_answer_goes_out_by_reply(post: Post, line: FakeLine) -> None:
    assert await post.drain(after=timedelta()) == "sent"
    assert [call.endpoint for call in line.accepted] == ["reply"]


async def test_a_reply_whose_answer_was_lost_is_not_said_twice(post: Post, line: FakeLine) -> None:
    line.fail("reply", "drop_after")
    assert await post.drain(after=timedelta()) == "queued"
    assert await post.drain(after=timedelta(seconds=1)) == "sent"
    assert [call.endpoint for call in line.accepted] == ["reply"]


async def test_doubt_outlives_a_certain_refusal_between(post: Post, line: FakeLine) -> None:
    line.fail("reply", "drop_after", "429_rate")
    states = [await post.drain(after=timedelta(seconds=wait)) for wait in (0, 1, 3)]
    assert states == ["queued", "queued", "sent"]
    assert [call.endpoint for call in line.accepted] == ["reply"]


async def test_an_answer_too_late_for_its_token_is_pushed(post: Post, line: FakeLine) -> None:
    assert await post.drain(after=timedelta(seconds=51)) == "queued"
    assert await post.drain(after=timedelta()) == "sent"
    assert [call.endpoint for call in line.accepted] == ["push"]


async def test_a_push_whose_answer_was_lost_is_not_said_twice(post: Post, line: FakeLine) -> None:
    line.fail("push", "drop_after", "500_before")
    states = [await post.drain(after=timedelta(minutes=wait)) for wait in (1, 0, 16, 16)]
    assert states == ["queued", "queued", "queued", "sent"]
    assert [call.endpoint for call in line.accepted] == ["push"]
