"""Makes a backup while the service runs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from bot.backup import files, postgres, sqlite
from bot.backup.manifest import EVIDENCE, FILES, POSTGRES, SQLITE, BackupError, Manifest, hash_of

REVISION = "SELECT version_num FROM alembic_version"
NEEDED = "SELECT DISTINCT sha256 FROM evidence WHERE state = 'stored' AND sha256 <> ''"


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    manifest: Manifest
    lost: tuple[str, ...]
    """Hashes that a record has and whose bytes are gone or damaged: here as in the original."""


def make(url: str, evidence: Path, folder: Path, now: datetime) -> Made:
    """Copy database and files into a new folder, which is there only once it is whole.

    Files are copied before the database and again after it: what was deleted meanwhile is kept, what came meanwhile
    is there.

    Args:
        url: the database's address.
        evidence: the folder with photos and files; it need not be there.
        folder: must not exist, or be empty.
        now: aware.

    Raises:
        BackupError: the folder is in use, or the database can't be copied.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} 裡已經有東西，備份不會蓋過去。請給一個新的資料夾。")
    half = folder.with_name(f".{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    try:
        made = _fill(url, evidence, half, now)
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return made


def _fill(url: str, evidence: Path, half: Path, now: datetime) -> Made:
    kind = SQLITE if url.startswith(SQLITE) else POSTGRES
    target, database = half / EVIDENCE, half / FILES[kind]
    target.mkdir(mode=0o700)
    files.copy(evidence, target, files.known(evidence))
    revision, needed = _copy_database(kind, url, database)
    bad = files.copy(evidence, target, files.known(evidence) | needed)
    kept = tuple(sorted(files.known(target)))
    manifest = Manifest(kind, revision, now.isoformat(timespec="seconds"), hash_of(database), kept)
    manifest.write(half)
    return Made(manifest, tuple(sorted((needed - set(kept)) | bad)))


def _copy_database(kind: str, url: str, database: Path) -> tuple[str, set[str]]:
    """Copy it; its revision, and the hashes of the files that it needs."""
    if kind == POSTGRES:
        postgres.dump(url, database)
        revision, needed = postgres.ask(url, REVISION), postgres.ask(url, NEEDED)
    else:
        sqlite.copy(Path(make_url(url).database or ""), database)
        revision, needed = sqlite.ask(database, REVISION), sqlite.ask(database, NEEDED)
    database.chmod(0o600)
    return "".join(revision), set(needed)
