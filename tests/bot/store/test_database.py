"""One way to both engines."""

import asyncio
import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError

from bot.store.database import POSTGRES_PATIENCE, Database, async_url, database_ms
from bot.store.tables import secrets


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@host/db", "postgresql+psycopg"),
        ("postgres://host/db", "postgresql+psycopg"),
        ("postgresql+psycopg2://host/db", "postgresql+psycopg"),
    ],
)
def test_the_driver_is_the_asynchronous_one(given: str, driver: str) -> None:
    assert make_url(async_url(given)).drivername == driver


def test_what_follows_the_question_mark_and_the_password_are_kept() -> None:
    url = make_url(async_url("postgresql+psycopg://me:s%40cret@/db?host=/run/my sockets&sslmode=disable"))
    assert (url.password, url.database) == ("s@cret", "db")
    assert dict(url.query) == {"host": "/run/my sockets", "sslmode": "disable"}


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL: mysql is not supported"):
        async_url("mysql://host/db")


@pytest.mark.postgres
async def test_patience_set_by_the_operator_wins(postgres: object) -> None:
    with postgres.fresh(migrated=False) as url:  # type: ignore[attr-defined]
        database = Database(f"{url}&connect_timeout=77")
        async with database.read() as connection:
            raw = await connection.get_raw_connection()
            found = raw.driver_connection.info.get_parameters()  # type: ignore[union-attr]
        await database.close()
    assert found["connect_timeout"] == "77"
    assert found["tcp_user_timeout"] == str(POSTGRES_PATIENCE["tcp_user_timeout"])


async def put(database: Database, name: str) -> None:
    async with database.write() as tx:
        await tx.execute(secrets.insert().values(name=name, value="x"))


async def names(database: Database) -> list[str]:
    async with database.read() as connection:
        return sorted((await connection.execute(select(secrets.c.name))).scalars())


async def test_what_was_written_can_be_read(database: Database) -> None:
    await put(database, "a")
    assert await names(database) == ["a"]


async def put_both(database: Database, first: str, second: str) -> None:
    async with database.write() as tx:
        for name in (first, second):
            await tx.execute(secrets.insert().values(name=name, value="x"))


async def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    await put(database, "a")
    with pytest.raises(IntegrityError):
        await put_both(database, "b", "a")
    assert await names(database) == ["a"]


async def test_a_write_that_is_cancelled_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    async def hang() -> None:
        async with database.write() as tx:
            await tx.execute(secrets.insert().values(name="a", value="x"))
            await asyncio.sleep(3600)

    task = asyncio.create_task(hang())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await put(database, "b")
    assert await names(database) == ["b"]


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    await asyncio.gather(*(put(database, f"{n:02}") for n in range(40)))
    assert len(await names(database)) == 40


def _write_many(url: str, prefix: str) -> None:
    async def work() -> None:
        database = Database(url)
        for n in range(50):
            async with database.write() as tx:
                # Reads first, as a transaction does that turns into a writer half way.
                await tx.execute(select(secrets.c.name).limit(1))
                await tx.execute(secrets.insert().values(name=f"{prefix}{n}", value="x"))
        await database.close()

    asyncio.run(work())


async def test_writers_in_several_processes_do_not_trip_over_each_other(database: Database) -> None:
    """Without BEGIN IMMEDIATE this ends in "database is locked", whatever the time-out."""
    spawn = multiprocessing.get_context("spawn")
    url = database.engine.url.render_as_string(hide_password=False)
    started = [spawn.Process(target=_write_many, args=(url, prefix)) for prefix in "abc"]
    for process in started:
        process.start()
    for process in started:
        await asyncio.to_thread(process.join)
    assert [process.exitcode for process in started] == [0, 0, 0]
    assert len(await names(database)) == 150


async def test_the_databases_clock_is_in_milliseconds(database: Database) -> None:
    async with database.read() as connection:
        first = (await connection.execute(select(database_ms(connection.dialect)))).scalar_one()
        await asyncio.sleep(0.02)
        async with database.read() as other:
            second = (await other.execute(select(database_ms(other.dialect)))).scalar_one()
    assert isinstance(first, int)
    assert 15 <= second - first < 60_000
    assert first > 1_700_000_000_000


async def test_a_sqlite_commit_outlives_a_power_cut_and_readers_do_not_wait(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/x.db")
    async with database.read() as connection:
        mode = (await connection.execute(text("PRAGMA journal_mode"))).scalar_one()
        synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar_one()
        keys = (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one()
    await database.close()
    assert (mode, synchronous, keys) == ("wal", 2, 1)
    assert sqlite3.connect(tmp_path / "new/folder/x.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
