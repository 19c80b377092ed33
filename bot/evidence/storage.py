"""Where the bytes lie: by the hash of their content, so that one photo sent twice is kept once.

`Storage` is all that the rest of the house knows, so that a bucket may take the folder's place.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Storage(Protocol):
    """Keeps bytes by their SHA-256. Every method may raise `OSError` where the place cannot be reached."""

    async def put(self, content: bytes) -> str:
        """Keep bytes, durably before this returns; gives their hash. Bytes that are there already stay."""
        ...

    async def get(self, sha256: str) -> bytes | None:
        """The bytes; None where there are none."""
        ...

    async def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        ...

    async def remove(self, sha256: str) -> None:
        """Let the bytes go; fine where there are none."""
        ...


class Folder:
    """Files under one folder, `ab/abcdef…`, readable by this user only. Made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, content: bytes) -> str:
        """See `Storage.put`."""
        digest = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._write, self._path(digest), content)
        return digest

    async def get(self, sha256: str) -> bytes | None:
        """See `Storage.get`."""
        return await asyncio.to_thread(_read, self._path(sha256))

    async def has(self, sha256: str) -> bool:
        """See `Storage.has`."""
        return await asyncio.to_thread(self._path(sha256).is_file)

    async def remove(self, sha256: str) -> None:
        """See `Storage.remove`."""
        await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    def _path(self, digest: str) -> Path:
        """Raises `ValueError` for what is no hash: a path is made of it."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("this is no SHA-256")
        return self._root / digest[:2] / digest

    def _write(self, path: Path, content: bytes) -> None:
        if path.is_file():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Under another name first: a half-written file must not stand under a hash that it has not.
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(path.parent)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _sync(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
