from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.bot.rehearsal import Stage, stage


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'xueban.db'}"


@pytest.fixture
async def house(url: str) -> AsyncIterator[Stage]:
    async with stage(url) as running:
        yield running


@pytest.fixture
async def browser(house: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with house.browser() as client:
        yield client
