"""A backup is checked before it is used, and nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.backup import manifest
from bot.backup.making import make
from bot.backup.manifest import EVIDENCE, BackupError
from bot.backup.restoring import restore
from tests.bot.backup.conftest import House


@pytest.fixture
def folder(house: House, tmp_path: Path) -> Path:
    """A backup of the house."""
    make(house.url, house.files, tmp_path / "backup", datetime(2025, 11, 20, tzinfo=UTC))
    return tmp_path / "backup"


def test_a_database_that_is_there_is_not_overwritten(house: House, folder: Path) -> None:
    with pytest.raises(BackupError, match="不會蓋過去"):
        restore(folder, house.url, house.files)


sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite_only
@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_what_a_database_left_beside_itself_is_in_the_way_too(folder: Path, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"new.db{ending}").write_bytes(b"")
    with pytest.raises(BackupError, match="已經在那裡"):
        restore(folder, f"sqlite:///{tmp_path}/new.db", tmp_path / "there")
    assert not (tmp_path / "new.db").exists()


def test_a_backup_that_changed_since_is_refused_before_anything_is_touched(folder: Path, tmp_path: Path) -> None:
    database = folder / manifest.read(folder).database
    database.write_bytes(database.read_bytes()[:-1])
    with pytest.raises(BackupError, match="和備份時不一樣"):
        restore(folder, f"sqlite:///{tmp_path}/new.db", tmp_path / "there")
    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "there").exists()


def test_a_photo_that_is_missing_from_the_backup_is_found(folder: Path, tmp_path: Path) -> None:
    next((folder / EVIDENCE).glob("??/*")).unlink()
    with pytest.raises(BackupError, match="有 1 個檔案壞了"):
        restore(folder, f"sqlite:///{tmp_path}/new.db", tmp_path / "there")


def test_a_backup_of_the_other_engine_is_refused(house: House, folder: Path, tmp_path: Path) -> None:
    other = "postgresql://nobody@127.0.0.1:1/x" if house.database.is_sqlite else f"sqlite:///{tmp_path}/new.db"
    with pytest.raises(BackupError, match="另一種資料庫"):
        restore(folder, other, tmp_path / "there")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kind": "sqlite"}'])
def test_a_folder_that_is_no_backup_is_told_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(BackupError, match="不是學伴的備份"):
        restore(tmp_path, f"sqlite:///{tmp_path}/new.db", tmp_path / "there")


def test_one_of_a_later_release_is_told_so(folder: Path, tmp_path: Path) -> None:
    path = folder / manifest.MANIFEST
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(BackupError, match="別的版本"):
        restore(folder, f"sqlite:///{tmp_path}/new.db", tmp_path / "there")
