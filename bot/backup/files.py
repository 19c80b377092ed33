"""Photos and files of records: copied by the hash that they are called by, each read again and checked."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.backup.manifest import hash_of

_HASH = re.compile(r"[0-9a-f]{64}")


def place(root: Path, sha256: str) -> Path:
    """Where the bytes of a hash lie below a root, as `bot.evidence.storage` has it."""
    return root / sha256[:2] / sha256


def known(root: Path) -> set[str]:
    """The hashes of everything that lies there; half-written files are none."""
    return {path.name for path in root.glob("??/*") if _HASH.fullmatch(path.name) and path.is_file()}


def copy(source: Path, target: Path, hashes: Iterable[str]) -> set[str]:
    """Copy what is not there yet. Returns those that are gone, or whose content is not what it is called by."""
    bad = set()
    for sha256 in hashes:
        if place(target, sha256).is_file():
            continue
        if not _copy_one(place(source, sha256), place(target, sha256), sha256):
            bad.add(sha256)
    return bad


def damaged(root: Path, hashes: Iterable[str]) -> list[str]:
    """Those that are not there, or whose content is another."""
    return [sha256 for sha256 in hashes if not (found := place(root, sha256)).is_file() or hash_of(found) != sha256]


def _copy_one(source: Path, target: Path, sha256: str) -> bool:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_name(f".new-{sha256}")
    try:
        shutil.copyfile(source, half)
    except FileNotFoundError:  # deleted since we looked
        return False
    if hash_of(half) != sha256:
        half.unlink()
        return False
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.replace(target)
    return True
