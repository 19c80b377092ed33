"""The schema: from nothing to the newest, once, however many start at the same time."""

import asyncio
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.store import migrate
from bot.store.database import Database
from bot.store.tables import metadata

MIGRATE = "import asyncio,sys; from tests.databases import _migrate; asyncio.run(_migrate(sys.argv[1]))"


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_an_empty_database_comes_to_the_newest_schema(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert await migrate.current(database) is None
    await migrate.to_head(database)
    assert await migrate.current(database) == migrate.head() is not None
    await database.close()


async def test_what_the_revisions_make_is_what_the_tables_say(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_database_at_the_newest_schema_is_left_alone(database: Database) -> None:
    await migrate.to_head(database)
    assert await migrate.current(database) == migrate.head()


@pytest.mark.parametrize("processes", [3])
async def test_processes_that_migrate_at_the_same_time_wait_for_each_other(
    empty_database_url: str, processes: int
) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_database_url], stderr=subprocess.PIPE)
        for _ in range(processes)
    ]
    ends = [await asyncio.to_thread(process.communicate) for process in started]
    assert [(process.returncode, err) for process, (_, err) in zip(started, ends, strict=True)] == [
        (0, b"")
    ] * processes
    database = Database(empty_database_url)
    assert await migrate.current(database) == migrate.head()
    await database.close()
