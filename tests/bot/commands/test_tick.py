"""`xueban tick`: one pass for whoever prefers cron."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import migrate
from bot.store.database import Database
from bot.store.tables import outbox
from tests.bot.shell import run
from tests.scheduler.reminding import Town


async def settle(url: str) -> None:
    """A school with a coordinator who uses the web page."""
    town = Town(Database(url))
    await migrate.to_head(town.database)
    await town.person("ann", await town.school())
    await town.database.close()


async def keys(url: str) -> list[str]:
    """What is in the outbox."""
    database = Database(url)
    async with database.read() as tx:
        found = list((await tx.execute(select(outbox.c.dedupe_key))).scalars())
    await database.close()
    return found


def test_two_passes_make_one_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    asyncio.run(settle(url))
    for _ in range(2):
        code, said, _ = run("tick", "--now", "2026-07-24T09:00")
        assert (code, said.strip().splitlines()[-1]) == (0, "現在沒有要送的訊息。")
    assert asyncio.run(keys(url)) == ["digest:ann:2026-07-24"]
