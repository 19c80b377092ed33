"""Nothing blocks the reply: LINE's webhook is answered while its picture is not even ready."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.line import LineChannel
from bot.inbox.ingest import new_events
from bot.inbox.worker import Worker
from bot.messages import Incoming
from bot.store import evidence, inbox
from bot.store.evidence import STORED, WAITING
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.evidence import EvidenceDesk
from tests.bot.evidence import in_hand
from tests.bot.evidence.depot import Depot
from tests.bot.store.school_house import logged
from tests.fakes import line_events
from tests.fakes.contents import Content


class Clerk:
    """Answers files and their buttons."""

    def __init__(self) -> None:
        self._files = EvidenceDesk("https://x.test")

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """One turn."""
        turn = await self._files.received(state, incoming, desk) if incoming.files else None
        turn = turn or await self._files.act(state, incoming.action.removeprefix("v:"), desk)
        return turn or Turn(state)


class Counter:
    """LINE's webhook and the worker behind it."""

    def __init__(self, depot: Depot) -> None:
        self.depot = depot
        self._channel = LineChannel("s")
        self._worker = Worker(depot.database, {"line": self._channel}, Clerk(), depot.clock, on_outgoing=lambda: None)

    async def take(self, *events: dict[str, Any]) -> None:
        """Store events as the webhook does, and work them off."""
        async with self.depot.database.write() as tx:
            await inbox.store(tx, new_events(self._channel, list(events)), self.depot.now)
        while await self._worker.step():
            pass


@pytest.fixture
def counter(depot: Depot) -> Counter:
    return Counter(depot)


def sent(depot: Depot, number: int = 501, **more: Any) -> dict[str, Any]:
    origin = line_events.source(user="U1")
    return line_events.file(message_id=str(number), origin=origin, at=depot.now, more=more)


async def test_the_reply_is_there_although_the_picture_is_not(depot: Depot, counter: Counter) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo(), refusals=[202])
    async with depot.database.write() as tx:
        record = await logged(tx, depot.scope, depot.place)
    await counter.take(sent(depot))
    (reply,) = await depot.told()
    assert "收到 1 個檔案。要附到哪一筆紀錄？" in str(reply)
    assert depot.line.platform.asked == []
    async with depot.database.read() as connection:
        (file,) = await evidence.loose(connection, depot.scope, since=0)
    await counter.take(
        line_events.postback(f"v:to:{file.batch}:{record.id}", origin=line_events.source(user="U1"), at=depot.now + 1)
    )
    await depot.fetch()
    depot.clock.move_to(depot.clock.now().replace(minute=1))
    await depot.fetch()
    async with depot.database.read() as connection:
        (attached,) = await evidence.of_record(connection, depot.scope, record.id)
    assert attached.state == STORED


async def test_a_redelivered_event_enters_its_file_once(depot: Depot, counter: Counter) -> None:
    event = sent(depot)
    await counter.take(event)
    await counter.take(event | {"deliveryContext": {"isRedelivery": True}})
    async with depot.database.read() as connection:
        assert len(await evidence.loose(connection, depot.scope, since=0)) == 1


async def test_a_picture_taken_back_before_it_was_handled_is_never_fetched(depot: Depot, counter: Counter) -> None:
    origin = line_events.source(user="U1")
    await counter.take(line_events.unsend("501", origin=origin, at=depot.now + 5))
    await counter.take(sent(depot))
    assert await depot.fetch() == 0
    assert depot.line.platform.asked == []


async def test_taking_a_picture_back_deletes_it_though_it_is_attached(depot: Depot, counter: Counter) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    async with depot.database.write() as tx:
        record = await logged(tx, depot.scope, depot.place)
    await counter.take(sent(depot))
    async with depot.database.write() as tx:
        loose = await evidence.loose(tx, depot.scope, since=0)
        await evidence.attach(tx, depot.scope, [file.id for file in loose], record.id)
    await depot.fetch()
    await counter.take(line_events.unsend("501", origin=line_events.source(user="U1"), at=depot.now + 5))
    async with depot.database.read() as connection:
        assert await evidence.of_record(connection, depot.scope, record.id) == []
    await depot.fetcher.sweep()
    assert depot.stored_files() == []


async def test_what_line_took_back_itself_is_ended_without_a_word(depot: Depot, counter: Counter) -> None:
    depot.line.platform.contents["501"] = Content(refusals=[410])
    await counter.take(sent(depot))
    before = len(await depot.told())
    await depot.fetch()
    assert len(await depot.told()) == before
    async with depot.database.read() as connection:
        assert WAITING not in [file.state for file in await evidence.loose(connection, depot.scope, since=0)]
