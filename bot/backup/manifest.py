"""What a backup says of itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST, EVIDENCE = "manifest.json", "evidence"
SQLITE, POSTGRES = "sqlite", "postgresql"
FILES = {SQLITE: "xueban.db", POSTGRES: "xueban.dump"}
FORMAT = 1
_AT_ONCE = 1 << 20


class BackupError(ValueError):
    """A backup can't be made or used; the message is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup."""

    kind: str
    """`sqlite` or `postgresql`."""
    revision: str
    """Of the schema; empty where it was none."""
    made_at: str
    """ISO, UTC."""
    database_sha256: str
    evidence: tuple[str, ...]
    """Hashes of the files, sorted."""
    format: int = FORMAT

    @property
    def database(self) -> str:
        """The name of the database's file."""
        return FILES[self.kind]

    def write(self, folder: Path) -> None:
        """Put it into the folder, last of all: a folder without it is no backup."""
        content = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(content + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        BackupError: the folder is none, or of another release.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = Manifest(**{**data, "evidence": tuple(data["evidence"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise BackupError(f"{folder} 不是學伴的備份：沒有看得懂的 {MANIFEST}。") from None
    if found.format != FORMAT or found.kind not in FILES:
        raise BackupError(f"{folder} 是別的版本做的備份，這一版不會讀。")
    return found


def hash_of(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()
