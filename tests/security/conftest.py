from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.security.town import Town, town


@pytest.fixture
async def made(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The application on each engine, with two offices and their things."""
    async with town(database_url, tmp_path) as running:
        yield running
