"""Long polling into a real inbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.channels.telegram import TelegramChannel, TelegramPoller, TelegramSender, poller
from bot.clock import SystemClock
from bot.inbox.ingest import Ingest
from bot.store import migrate
from bot.store.database import Database
from bot.store.tables import inbox
from tests.fakes import telegram_events as events
from tests.fakes.telegram import USERNAME, FakeTelegram

STOP_SECONDS = 10


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(poller, "LONGEST_PAUSE_SECONDS", 0.02)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A real file with the newest schema."""
    database = Database(f"sqlite:///{tmp_path}/x.db")
    await migrate.to_head(database)
    yield database
    await database.close()


@asynccontextmanager
async def polling(sender: TelegramSender, database: Database, *, expect: int = 0) -> AsyncIterator[TelegramChannel]:
    """A poller at work; leaves once it has stored `expect` events, and then has to end in time."""
    stopping = asyncio.Event()
    channel = TelegramChannel()
    ingest = Ingest(database, SystemClock(), on_stored=lambda: None)
    running = asyncio.create_task(TelegramPoller(sender, channel, ingest).run(stopping))
    yield channel
    await until(lambda: stored(database), expect)
    stopping.set()
    await asyncio.wait_for(running, STOP_SECONDS)


async def until(count: Callable[[], Any], expected: int) -> None:
    """Wait for a number of things to be there, for a minute at most."""
    async with asyncio.timeout(60):
        while len(await count()) < expected:
            await asyncio.sleep(0.01)


async def stored(database: Database) -> list[str]:
    """The ids in the inbox."""
    async with database.read() as connection:
        return list((await connection.execute(select(inbox.c.event_id).order_by(inbox.c.id))).scalars())


def ids(*updates: dict[str, Any]) -> list[str]:
    """The event ids of updates."""
    return [str(update["update_id"]) for update in updates]


async def polls_after(telegram: FakeTelegram, count: int) -> list[dict[str, Any]]:
    """What the fake was polled with, once it was polled so often."""

    async def polls() -> list[dict[str, Any]]:
        return telegram.platform.polls

    await until(polls, count)
    return telegram.platform.polls


async def test_updates_are_fetched_stored_and_confirmed(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    updates = [events.text("早"), events.tap("menu"), events.update(poll={})]
    telegram.platform.updates.extend(updates)
    async with polling(sender, database, expect=2) as channel:
        polls = await polls_after(telegram, 2)
    assert await stored(database) == ids(*updates[:2])
    assert "offset" not in polls[0]
    assert int(polls[1]["offset"]) == updates[2]["update_id"] + 1
    assert telegram.platform.updates == []
    assert channel.username == USERNAME
    assert polls[0]["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_the_webhook_goes_first_because_telegram_allows_only_one_of_them(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    telegram.fail("drop_before", "500_before", method="deleteWebhook")
    telegram.platform.updates.append(events.text("早"))
    async with polling(sender, database, expect=1):
        pass
    deleted = [call for call in telegram.platform.calls if call.method == "deleteWebhook"]
    assert [call.status for call in deleted] == [0, 500, 200]
    assert deleted[-1].params == {"drop_pending_updates": "false"}


async def test_a_batch_that_could_not_be_stored_is_not_confirmed(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    update = events.text("早")
    telegram.platform.updates.append(update)
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME TO away"))
    stopping = asyncio.Event()
    ingest = Ingest(database, SystemClock(), on_stored=lambda: None)
    running = asyncio.create_task(TelegramPoller(sender, TelegramChannel(), ingest).run(stopping))
    polls = await polls_after(telegram, 2)
    assert telegram.platform.updates == [update]
    assert "offset" not in polls[1]
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE away RENAME TO inbox"))
    await until(lambda: stored(database), 1)
    stopping.set()
    await asyncio.wait_for(running, STOP_SECONDS)


async def test_an_update_fetched_twice_is_stored_once(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    first, second = events.text("早"), events.text("午安")
    telegram.platform.updates.append(first)
    async with polling(sender, database, expect=1):
        pass
    telegram.platform.updates[:] = [first, second]
    async with polling(sender, database, expect=2):
        pass
    assert await stored(database) == ids(first, second)


@pytest.mark.parametrize("fault", ["500_before", "drop_before", "drop_after", "garbage_after", "409", "401", "429"])
async def test_errors_are_survived(
    telegram: FakeTelegram, sender: TelegramSender, database: Database, fault: str
) -> None:
    telegram.fail(fault, fault, fault, method="getUpdates", seconds=1)
    update = events.text("早")
    telegram.platform.updates.append(update)
    async with polling(sender, database, expect=1):
        pass
    assert await stored(database) == ids(update)


async def test_after_an_empty_poll_no_offset_is_kept_so_that_a_lower_id_is_not_skipped(
    telegram: FakeTelegram, sender: TelegramSender, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "POLL_SECONDS", 0)
    high, low = events.text("早"), {**events.text("午安"), "update_id": 5}
    telegram.platform.updates.append(high)
    async with polling(sender, database, expect=2):
        await polls_after(telegram, 3)
        telegram.platform.updates.append(low)
    assert sorted(await stored(database)) == sorted(ids(high, low))


async def test_a_poll_that_waits_does_not_hold_up_the_end(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    async with polling(sender, database):
        await polls_after(telegram, 1)


async def test_an_update_that_cannot_be_read_does_not_stop_the_others(
    telegram: FakeTelegram, sender: TelegramSender, database: Database
) -> None:
    broken, whole = events.update(message="?"), events.text("早")
    telegram.platform.updates.extend([broken, whole])
    async with polling(sender, database, expect=1):
        await polls_after(telegram, 2)
    assert await stored(database) == ids(whole)
