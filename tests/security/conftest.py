from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.conftest import BOTH
from tests.databases import Postgres
from tests.security.town import Town, town


@pytest.fixture(scope="package", params=BOTH)
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database for all tests of this folder, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("town") / "xueban.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def made(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The application with two offices and their things. It takes seconds to make, so all tests share it: what a test
    leaves changed is told at its name."""
    async with town(shared_url, tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture
def hostile_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A database of a test's own."""
    shutil.copy(migrated_sqlite, tmp_path / "xueban.db")
    return f"sqlite:///{tmp_path / 'xueban.db'}"
