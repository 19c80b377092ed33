"""One way to the database for both engines: reads, and writes that take their lock at the start.

SQLite runs in WAL with `BEGIN IMMEDIATE`: a deferred transaction that turns into a writer half way fails with
"database is locked" whatever the busy timeout. Within one process the writers queue on an asyncio lock, because
SQLite's own waiting sleeps up to 100 ms between tries.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Insert, Table, event, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_TIMEOUT_SECONDS = 30
RUSH_SECONDS = 0.02
LONGEST_RUSH = 5
"""Times `RUSH_SECONDS` that a patient writer waits."""
POSTGRES_PATIENCE: Mapping[str, str | int] = {
    "connect_timeout": 5,
    # Without these a query to a host that vanished would hang for a quarter of an hour.
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""libpq's parameters; those that stand in DATABASE_URL win."""


def async_url(url: str) -> str:
    """The same database with its asynchronous driver: `sqlite` -> aiosqlite, `postgresql` -> psycopg.

    Raises `ValueError` for another kind of database.
    """
    parsed = make_url(url)
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    backend = parsed.drivername.split("+")[0]
    if backend not in drivers:
        raise ValueError(f"DATABASE_URL: {backend} is not supported; use sqlite:///… or postgresql://…")
    return parsed.set(drivername=drivers[backend]).render_as_string(hide_password=False)


def is_missing(url: str) -> bool:
    """Whether it is an SQLite file that is not there. To be asked before a mere look, since connecting makes it."""
    parsed = make_url(url)
    return parsed.drivername.startswith("sqlite") and not Path(parsed.database or "").is_file()


class Database:
    """Opens connections; `write()` is the only way to change anything."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self.engine: AsyncEngine = self._sqlite_engine() if self.is_sqlite else self._postgres_engine(pool_size)
        self._writers = asyncio.Lock() if self.is_sqlite else None
        self._appending = asyncio.Lock()
        self._appender: AsyncConnection | None = None
        self._rush_until = 0.0

    def _sqlite_engine(self) -> AsyncEngine:
        path = make_url(self.url).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(self.url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    def _postgres_engine(self, pool_size: int) -> AsyncEngine:
        given = make_url(self.url).query
        patience = {name: value for name, value in POSTGRES_PATIENCE.items() if name not in given}
        return create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,  # what people wrote stays out of error messages
            connect_args=patience,
        )

    @asynccontextmanager
    async def write(self, *, patient: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that may change things; commits at the end, rolls back on any exception.

        A `patient` one lets a rush of webhooks pass first, for a tenth of a second at most: their senders count in
        seconds, and what is stored is answered in any case.
        """
        if patient:
            await self._let_the_rush_pass()
        lock: AbstractAsyncContextManager[Any] = self._writers or nullcontext()
        async with lock, self.engine.connect() as connection:
            writing = await connection.execution_options(xueban_write=True)
            async with writing.begin():
                yield writing

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only looks."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def append(self) -> AsyncIterator[AsyncConnection]:
        """For one inserting statement that may be repeated, as quick as can be.

        On PostgreSQL a connection that is kept open, on which the statement commits by itself; one caller at a time.
        On SQLite a transaction like any other.
        """
        if self.is_sqlite:
            async with self.write() as connection:
                yield connection
            return
        async with self._appending:
            if self._appender is None:
                opened = await self.engine.connect()
                self._appender = await opened.execution_options(isolation_level="AUTOCOMMIT")
            try:
                yield self._appender
            except BaseException:
                broken, self._appender = self._appender, None
                await broken.close()
                raise

    def rush(self) -> None:
        """Say that many wait for their webhooks to be stored: what can wait then waits a little."""
        self._rush_until = time.monotonic() + RUSH_SECONDS

    async def _let_the_rush_pass(self) -> None:
        for _ in range(LONGEST_RUSH):
            if time.monotonic() >= self._rush_until:
                return
            await asyncio.sleep(RUSH_SECONDS)

    async def close(self) -> None:
        """Give all connections back."""
        if self._appender is not None:
            await self._appender.close()
            self._appender = None
        await self.engine.dispose()


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # FULL: an answer of 200 to a webhook promises that the event survives a power cut, not only a crash.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("xueban_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_or_ignore(table: Table, dialect: Dialect) -> Insert:
    """An insert that leaves an existing row (by any unique key) as it is, on both engines."""
    make = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


def database_ms(dialect: Dialect) -> ColumnElement[int]:
    """The database's own clock in epoch milliseconds: one clock for leases, however far apart the replicas' are."""
    sql = (
        "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        if dialect.name == "sqlite"
        else "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
    )
    return literal_column(sql, BigInteger)
