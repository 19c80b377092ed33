"""The folder: bytes by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.evidence.storage import Folder


async def test_what_is_put_is_had_again_by_its_hash(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "evidence")
    digest = await folder.put(b"photo")
    assert digest == hashlib.sha256(b"photo").hexdigest()
    assert await folder.get(digest) == b"photo"
    assert await folder.has(digest)


async def test_the_same_bytes_are_kept_once_and_no_half_file_is_left(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert await folder.put(b"photo") == await folder.put(b"photo")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [hashlib.sha256(b"photo").hexdigest()]


async def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "evidence")
    digest = await folder.put(b"photo")
    assert (tmp_path / "evidence" / digest[:2] / digest).stat().st_mode & 0o077 == 0
    assert (tmp_path / "evidence" / digest[:2]).stat().st_mode & 0o077 == 0


async def test_what_is_removed_is_gone_and_removing_twice_is_fine(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    digest = await folder.put(b"photo")
    await folder.remove(digest)
    await folder.remove(digest)
    assert await folder.get(digest) is None


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "/" + "a" * 63])
async def test_only_a_hash_leads_to_a_file(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        await Folder(tmp_path).get(digest)
