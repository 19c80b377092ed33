"""A database for talks that keep something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.stage import Playhouse


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Playhouse]:
    """A database of the test's own."""
    path = tmp_path / "house.db"
    shutil.copy(migrated_sqlite, path)
    with Playhouse(path) as opened:
        yield opened
