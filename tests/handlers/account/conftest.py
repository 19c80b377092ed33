"""A town for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.account.town import Town


@pytest.fixture
def town(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Town]:
    """Nobody has joined anything yet."""
    path = tmp_path / "town.db"
    shutil.copy(migrated_sqlite, path)
    with Town(path) as opened:
        yield opened
