"""What a machine does to a planner in its life: a database that is locked, that restarts, that drops a connection."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.clock import ShiftedClock, parse_local
from bot.messages import Message, Outgoing
from bot.store import database as store
from bot.store.database import Database
from handlers.record.listing import held_question
from handlers.reminders import after_push
from scheduler.dispatch import Dispatcher
from scheduler.outlets import Outlets
from scheduler.plan import Planner
from tests.parrot import Postman
from tests.scheduler.reminding import BASE, Town, push

SLUG = "urban-rural-partner"
NINE = parse_local("2017-07-24T09:00")


@pytest.fixture
async def town(database: Database) -> Town:
    """A school with something due, whose coordinator uses LINE."""
    found = Town(database)
    await found.person("ann", await found.school(SLUG), channel="line")
    return found


@pytest.fixture
async def impatient(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The same SQLite file, opened by one who does not wait half a minute for a lock."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL locks rows, not the whole file")
    monkeypatch.setattr(store, "BUSY_TIMEOUT_SECONDS", 0.2)
    opened = Database(database.url)
    yield opened
    await opened.close()


async def send(town: Town, database: Database) -> list[str]:
    postman = Postman()
    clock = ShiftedClock(NINE, running=False)
    await Dispatcher(database, {"line": postman}, clock, owner="me").drain_once()
    return [delivery.id for delivery in postman.sent]


async def test_while_sqlite_is_locked_nothing_happens_and_then_everything(town: Town, impatient: Database) -> None:
    holder = sqlite3.connect(make_url(impatient.url).database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        await town.planner.tick(impatient, NINE)
    with pytest.raises(OperationalError):
        await send(town, impatient)
    holder.execute("ROLLBACK")
    holder.close()
    assert await town.planner.tick(impatient, NINE) == 1
    assert len(await send(town, impatient)) == 1


def on_server(url: str, *statements: str, database: str = "postgres") -> None:
    engine = create_engine(make_url(url).set(database=database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def name(town: Town) -> str:
    """The database's, on a server that can throw us out."""
    if town.database.is_sqlite:
        pytest.skip("SQLite has no server to restart and no connections to kill")
    return make_url(town.database.url).database or ""


async def test_while_postgres_is_gone_nothing_happens_and_then_everything(town: Town, name: str) -> None:
    """As in a restart: every connection ends, new ones are refused, then it is back; the process stays."""
    await town.planner.tick(town.database, NINE)
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    gone = (f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", end)
    await asyncio.to_thread(on_server, town.database.url, *gone)
    with pytest.raises(OperationalError):
        await send(town, town.database)
    with pytest.raises(OperationalError):
        await town.planner.tick(town.database, NINE)
    await asyncio.to_thread(on_server, town.database.url, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert await town.planner.tick(town.database, NINE) == 0
    assert [len(await send(town, town.database)) for _ in range(2)] == [1, 0]


async def test_a_transaction_that_is_cut_off_in_the_middle_leaves_no_half_of_a_digest(town: Town, name: str) -> None:
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

    def draw(address: str, messages: Sequence[Message]) -> Outgoing:
        on_server(town.database.url, end)
        return push(address, messages)

    unlucky = Planner(BASE, Outlets({"line": draw}, held_question, after_push))
    with pytest.raises(DBAPIError):
        await unlucky(town.database, NINE)
    assert await town.digests() == []
    assert await town.planner.tick(town.database, NINE) == 1
    assert [len(await send(town, town.database)) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("ill", ["PRAGMA query_only = ON", "PRAGMA max_page_count = 1"])
async def test_a_sqlite_that_takes_no_writes_loses_nothing(database: Database, ill: str) -> None:
    """Read-only, or with no room left on the disk."""
    if not database.is_sqlite:
        pytest.skip("a setting of SQLite")
    town = Town(database)
    for number in range(30):
        await town.person(f"p{number:02}", await town.school(SLUG, f"第{number}校"), channel="line")
    sick = Database(database.url)
    event.listen(sick.engine.sync_engine, "connect", lambda connection, _: connection.execute(ill).close())
    with pytest.raises(OperationalError):
        await town.planner(sick, NINE)
    await sick.close()
    assert await town.planner(database, NINE) == 30
    assert len(await town.digests()) == 30


async def test_a_postgres_that_takes_no_writes_loses_nothing(town: Town, name: str) -> None:
    """As a standby that was promoted to nothing yet."""
    setting = f"ALTER DATABASE {name} SET default_transaction_read_only"
    await asyncio.to_thread(on_server, town.database.url, f"{setting} = on")
    standby = Database(town.database.url)
    with pytest.raises(DBAPIError):
        await town.planner(standby, NINE)
    await standby.close()
    await asyncio.to_thread(on_server, town.database.url, f"{setting} TO DEFAULT")
    assert await town.planner(town.database, NINE) == 1
    assert [len(await send(town, town.database)) for _ in range(2)] == [1, 0]
