"""Keeps what was derived from the YAML between runs, so that a cold start need not parse it again.

Only a convenience: a folder that can't be written, or a file that is damaged or of another fingerprint, costs
time and nothing else. Files hold JSON, never code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def default_folders() -> Iterator[Path]:
    """Where to keep it, best first: beside the package, then the user's own cache folder."""
    yield Path(__file__).parent / "__pycache__"
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield _user_cache() / "xueban"


def read(folder: Path, name: str, fingerprint: str) -> Any | None:
    """What `write` kept under the name, if it is whole and of this fingerprint; else None."""
    try:
        head, _, body = (folder / f"{name}.json").read_bytes().partition(b"\n")
        if head.decode("ascii") != _head(fingerprint, body):
            return None
        return json.loads(body)
    except (OSError, ValueError):
        return None


def write(folder: Path, name: str, fingerprint: str, value: Any) -> bool:
    """Keep a JSON value; a reader sees the old file or the new one, never half. Says whether it worked."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(fingerprint, body).encode("ascii") + b"\n" + body)
            Path(temporary).replace(folder / f"{name}.json")
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    return True


def digest(*parts: bytes) -> str:
    """A fingerprint of the parts, in their order and with their bounds."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def _head(fingerprint: str, body: bytes) -> str:
    return f"{fingerprint} {digest(body)}"


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
