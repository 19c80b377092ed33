from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import ShiftedClock
from bot.store.database import Database
from tests.bot.evidence.depot import Depot
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def depot(
    database: Database, clock: ShiftedClock, tmp_path: Path, line: FakeLine, telegram: FakeTelegram
) -> AsyncIterator[Depot]:
    made = Depot(database, clock, tmp_path / "evidence", line, telegram)
    await made.open()
    yield made
    await made.close()
