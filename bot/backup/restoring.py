"""Brings a backup back, into a place where nothing is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import make_url

from bot.backup import files, manifest, postgres, sqlite
from bot.backup.manifest import EVIDENCE, POSTGRES, SQLITE, BackupError, Manifest, hash_of


def restore(folder: Path, url: str, evidence: Path) -> Manifest:
    """Check a backup through and through, then bring it back.

    Args:
        folder: the backup.
        url: an empty database, or an SQLite file that is not there.
        evidence: where photos and files go; what lies there already stays.

    Raises:
        BackupError: the backup is damaged or of another engine, or there is data at the target.
    """
    found = manifest.read(folder)
    _check(folder, found)
    if found.kind != (SQLITE if url.startswith(SQLITE) else POSTGRES):
        raise BackupError(f"這是 {found.kind} 的備份，不能還原到 DATABASE_URL 指的另一種資料庫。")
    _refuse_to_overwrite(found, url)
    # Files first: a record whose photo comes later would show a gap, a photo without a record shows nothing.
    bad = files.copy(folder / EVIDENCE, evidence, found.evidence)
    if bad:
        raise BackupError(f"有 {len(bad)} 個檔案寫不進 {evidence}，還沒有動資料庫。")
    if found.kind == POSTGRES:
        postgres.restore(url, folder / found.database)
    else:
        _put(folder / found.database, Path(make_url(url).database or ""))
    return found


def _check(folder: Path, found: Manifest) -> None:
    database = folder / found.database
    if not database.is_file() or hash_of(database) != found.database_sha256:
        raise BackupError(f"{database} 和備份時不一樣，不能用。請換一份備份。")
    if found.kind == SQLITE:
        sqlite.check(database)
    bad = files.damaged(folder / EVIDENCE, found.evidence)
    if bad:
        raise BackupError(f"備份裡有 {len(bad)} 個檔案壞了或不見了，例如 {bad[0]}。請換一份備份。")


def _refuse_to_overwrite(found: Manifest, url: str) -> None:
    if found.kind == POSTGRES:
        if not postgres.is_empty(url):
            raise BackupError("DATABASE_URL 的資料庫已經有資料表，還原不會蓋過去。請建一個空的資料庫。")
        return
    target = Path(make_url(url).database or "")
    present = next((path for end in ("", "-wal", "-shm") if (path := Path(f"{target}{end}")).exists()), None)
    if present:
        raise BackupError(f"{present} 已經在那裡，還原不會蓋過去。請先停掉服務，把舊的檔案移走。")


def _put(source: Path, target: Path) -> None:
    """Whole or not at all, and never over what somebody put there meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    half.unlink(missing_ok=True)
    shutil.copyfile(source, half)
    with half.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(half, target)
    except FileExistsError:
        raise BackupError(f"{target} 已經在那裡，還原不會蓋過去。") from None
    finally:
        half.unlink()
