"""Brings a database to the newest schema, and tells whether it is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store.database import Database

ADVISORY_LOCK = 71_205_114
"""PostgreSQL: two replicas that start at once must not both migrate."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def to_head(database: Database) -> None:
    """Run every revision that is missing; nothing to do is no error."""
    await to(database, "head")


async def to(database: Database, revision: str) -> None:
    """The same up to one revision."""
    async with database.write() as tx:
        await tx.run_sync(_upgrade, revision)


@cache
def head() -> str | None:
    """The newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def current(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    async with database.read() as connection:
        return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
