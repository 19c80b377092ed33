"""What tests of every room share: databases, real ones, and a clock that stands still."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.clock import ShiftedClock
from bot.store.database import Database
from tests.databases import NoPostgresError, Postgres, postgres_server, sqlite_template
from tests.thorough import examples

# On top of what Hypothesis does by itself where CI is set. A deadline would judge how busy the machine is.
settings.register_profile("xueban", settings.default, max_examples=examples(100), deadline=None)
settings.load_profile("xueban")
# structlog's own default draws a traceback with all variables of all frames, which takes a second each.
plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure([structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, plain])

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
"""Parameters for a test that must hold on both engines."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run."""
    try:
        with postgres_server(durable=False) as server:
            yield server
    except NoPostgresError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def migrated_sqlite() -> Iterator[Path]:
    """A SQLite file at the newest schema."""
    with sqlite_template() as path:
        yield path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own at the newest schema, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "xueban.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh(migrated=False) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database at the newest schema."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> ShiftedClock:
    """Thursday 20 November 2025, 10:00 in Taipei, until it is moved."""
    return ShiftedClock(datetime(2025, 11, 20, 2, 0, tzinfo=UTC), running=False)
