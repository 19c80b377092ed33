"""Photos on paper: small, upright, bounded; what can't be had is named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.evidence.storage import Folder
from bot.papers import photos
from bot.papers.photos import LONGEST_SIDE, MOST_OF_RECORD, gather, smaller
from bot.store.evidence import GONE, STORED, WAITING, Evidence
from tests.bot.papers.dossiers import jpeg


def kept(number: int, sha256: str, *, name: str = "", media_type: str = "image/jpeg", state: str = STORED) -> Evidence:
    return Evidence(
        f"e{number}", "r1", "e", "p1", "web", "b", name or f"{number}.jpg", media_type, 1, sha256, state, "", number
    )


class Offline(Folder):
    """A place that can't be reached."""

    async def get(self, sha256: str) -> bytes | None:
        raise OSError("the disk is gone")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_photo_becomes_a_small_jpeg_of_the_same_shape(form: str) -> None:
    found = smaller(jpeg(3000, 1500, form=form), "a")
    assert found is not None
    assert (found.width, found.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    with Image.open(io.BytesIO(found.content)) as image:
        assert (image.format, image.size) == ("JPEG", (found.width, found.height))


def test_a_small_photo_is_not_blown_up() -> None:
    found = smaller(jpeg(40, 30), "a")
    assert found is not None
    assert (found.width, found.height) == (40, 30)


def test_what_is_see_through_is_white_on_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    found = smaller(out.getvalue(), "a")
    assert found is not None
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


def test_a_photo_taken_sideways_stands_upright() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    found = smaller(out.getvalue(), "a")
    assert found is not None
    assert (found.width, found.height) == (20, 40)


@pytest.mark.parametrize("content", [b"", b"no photo", b"\xff\xd8\xff\xe0 broken", jpeg()[:200], b"GIF89a"])
def test_what_is_no_photo_is_none(content: bytes) -> None:
    assert smaller(content, "a") is None


async def test_photos_are_fetched_and_the_rest_is_said(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    good, broken = await folder.put(jpeg()), await folder.put(b"no photo")
    attached = {
        "r1": [
            kept(1, good),
            kept(2, "f" * 64),
            kept(3, broken),
            kept(4, "", media_type="", state=WAITING, name="還沒來.jpg"),
            kept(5, "", media_type="image", state=GONE),
            kept(6, await folder.put(b"%PDF"), media_type="application/pdf", name="講義.pdf"),
        ]
    }
    found = (await gather(folder, attached, ["r1", "r2"]))["r1"]
    assert [photo.name for photo in found.photos] == ["1.jpg"]
    assert found.missing == ("2.jpg", "3.jpg", "還沒來.jpg", "5.jpg")
    assert (found.files, found.left_out, found.count) == (("講義.pdf",), 0, 6)


async def test_a_place_that_cannot_be_reached_makes_no_paper_fail(tmp_path: Path) -> None:
    found = await gather(Offline(tmp_path), {"r1": [kept(1, "a" * 64)]}, ["r1"])
    assert found["r1"].missing == ("1.jpg",)


async def test_one_record_has_only_so_many(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    sha = await folder.put(jpeg())
    found = await gather(folder, {"r1": [kept(n, sha) for n in range(MOST_OF_RECORD + 3)]}, ["r1"])
    assert len(found["r1"].photos) == MOST_OF_RECORD
    assert found["r1"].notes == ("另有 3 張照片未置入",)


async def test_a_file_has_only_so_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    sha = await folder.put(jpeg())
    one = smaller(jpeg(), "a")
    assert one is not None
    monkeypatch.setattr(photos, "MOST_BYTES", 2 * len(one.content) + 1)
    attached = {f"r{n}": [kept(n, sha)] for n in range(4)}
    found = await gather(folder, attached, attached)
    assert [len(each.photos) for each in found.values()] == [1, 1, 0, 0]
    assert [each.left_out for each in found.values()] == [0, 0, 1, 1]
