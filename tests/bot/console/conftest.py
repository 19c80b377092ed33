from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.bot.console.console_house import Console, console_house
from tests.bot.console.seen import Seen


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Console]:
    """The console on each engine; nobody is signed in, nothing is there."""
    async with console_house(database_url, tmp_path / "evidence") as made:
        yield made


@pytest.fixture
def seen(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Seen]:
    """The console on a port of its own, for a real browser; `seen.do(...)` fills it."""
    path = tmp_path / "xueban.db"
    shutil.copy(migrated_sqlite, path)
    running = Seen(f"sqlite:///{path}", tmp_path / "evidence")
    running.start()
    yield running
    running.stop()
