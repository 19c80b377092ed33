"""A backup is one moment of everything, however much is written while it is made."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.backup.making import Made, make
from bot.backup.manifest import EVIDENCE, BackupError
from bot.backup.restoring import restore
from bot.evidence.storage import Folder
from bot.store import migrate
from bot.store.database import Database
from bot.store.work_tables import evidence, record_versions, records
from tests.bot.backup.conftest import House
from tests.databases import Postgres

NOW = datetime(2025, 11, 20, 2, 0, tzinfo=UTC)


async def take(house: House, folder: Path) -> Made:
    """A backup, beside whatever else happens."""
    return await asyncio.to_thread(make, house.url, house.files, folder, NOW)


@asynccontextmanager
async def brought_back(request: pytest.FixtureRequest, house: House, folder: Path) -> AsyncIterator[Database]:
    """The backup in another place of the same engine."""
    if house.database.is_sqlite:
        async with _open(f"sqlite:///{folder.parent}/there/again.db", folder) as found:
            yield found
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh(migrated=False) as url:
        async with _open(url, folder) as found:
            yield found


@asynccontextmanager
async def _open(url: str, folder: Path) -> AsyncIterator[Database]:
    await asyncio.to_thread(restore, folder, url, folder.parent / "there" / EVIDENCE)
    database = Database(url)
    yield database
    await database.close()


async def test_what_was_kept_comes_back_with_every_version_and_photo(
    request: pytest.FixtureRequest, house: House, tmp_path: Path
) -> None:
    made = await take(house, tmp_path / "backup")
    photo = hashlib.sha256(b"a photo").hexdigest()
    assert (made.manifest.revision, made.manifest.evidence, made.lost) == (migrate.head(), (photo,), ())
    async with brought_back(request, house, tmp_path / "backup") as found:
        async with found.read() as tx:
            topics = (await tx.execute(select(records.c.topic).order_by(records.c.topic))).scalars().all()
        assert topics == ["第 1 次", "第 2 次"]
        assert await migrate.current(found) == migrate.head()
    assert await Folder(tmp_path / "there" / EVIDENCE).get(photo) == b"a photo"


async def test_writes_go_on_meanwhile_and_the_copy_is_whole(
    request: pytest.FixtureRequest, house: House, tmp_path: Path
) -> None:
    stop = asyncio.Event()

    async def write_on() -> None:
        while not stop.is_set():
            await house.log(f"photo {house.count}".encode())

    writing = asyncio.create_task(write_on())
    while house.count < 5:
        await asyncio.sleep(0)
    before = house.count - 1  # the last may be on its way
    made = await take(house, tmp_path / "backup")
    stop.set()
    await writing
    after = house.count
    async with brought_back(request, house, tmp_path / "backup") as found, found.read() as tx:
        count = (await tx.execute(select(func.count()).select_from(records))).scalar_one()
        versions = (await tx.execute(select(func.count()).select_from(record_versions))).scalar_one()
        hashes = set((await tx.execute(select(evidence.c.sha256))).scalars())
        if house.database.is_sqlite:
            assert (await tx.execute(text("PRAGMA integrity_check"))).scalars().all() == ["ok"]
    assert before <= count <= after
    assert versions == count  # nothing that belongs together was torn apart
    assert len(hashes) == count - 1
    assert hashes <= set(made.manifest.evidence)
    assert made.lost == ()


async def test_a_folder_that_is_in_use_is_left_alone(house: House, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("keep me")
    with pytest.raises(BackupError, match="已經有東西"):
        await take(house, tmp_path / "mine")
    assert (tmp_path / "mine" / "note.txt").read_text() == "keep me"


async def test_a_photo_that_rotted_is_named_and_does_not_spoil_the_rest(house: House, tmp_path: Path) -> None:
    photo = hashlib.sha256(b"a photo").hexdigest()
    (house.files / photo[:2] / photo).write_bytes(b"a phot0")
    made = await take(house, tmp_path / "backup")
    assert (made.lost, made.manifest.evidence) == ((photo,), ())


async def test_no_half_backup_is_left_where_the_database_is_away(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="沒有資料庫檔"):
        make(f"sqlite:///{tmp_path}/none.db", tmp_path / EVIDENCE, tmp_path / "backup", NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == []


async def test_without_its_programs_postgresql_says_what_to_install(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if house.database.is_sqlite:
        assert (await take(house, tmp_path / "backup")).manifest.kind == "sqlite"
        return
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupError, match="postgresql-client"):
        await take(house, tmp_path / "backup")
