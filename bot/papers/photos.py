"""Photos for papers: fetched, made as small as paper needs them, and never more than a file can bear.

What can't be had is said on the paper; it never keeps the paper from being made.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from bot.evidence.storage import Storage
from bot.store.evidence import STORED, Evidence

MOST_OF_RECORD = 6
"""Photos on the sheet of one record."""
MOST_BYTES = 12_000_000
"""Of all photos in one file: what a mail still carries."""
LONGEST_SIDE = 1280
"""Pixels: half the width of a page at 300 dots an inch and a little more."""
QUALITY = 78
MOST_PIXELS = 64_000_000
"""Of a photo as it is stored."""
_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG, upright."""

    name: str
    content: bytes
    width: int
    height: int
    """Pixels."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is attached to one record."""

    photos: tuple[Photo, ...] = ()
    missing: tuple[str, ...] = ()
    """Names of photos whose bytes can't be had now."""
    left_out: int = 0
    """Photos beyond the bounds."""
    files: tuple[str, ...] = ()
    """Names of what is no photo."""
    count: int = 0
    """All that is attached."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know beside the photos."""
        said = [f"照片讀不到：{'、'.join(self.missing)}"] if self.missing else []
        said += [f"另有 {self.left_out} 張照片未置入"] if self.left_out else []
        said += [f"附件：{'、'.join(self.files)}"] if self.files else []
        return tuple(said)


NONE = Pictures()


def counted(attached: Mapping[str, Sequence[Evidence]]) -> dict[str, Pictures]:
    """How much is attached to each record, without fetching any of it."""
    return {record: Pictures(count=len(found)) for record, found in attached.items()}


async def gather(
    storage: Storage, attached: Mapping[str, Sequence[Evidence]], records: Iterable[str]
) -> dict[str, Pictures]:
    """The pictures of these records, in this order as long as there is room."""
    found: dict[str, Pictures] = {}
    room = MOST_BYTES
    for record in records:
        own = attached.get(record, ())
        if own:
            found[record] = await _of_record(storage, own, room)
            room -= sum(len(photo.content) for photo in found[record].photos)
    return found


async def _of_record(storage: Storage, attached: Sequence[Evidence], room: int) -> Pictures:
    photos: list[Photo] = []
    missing: list[str] = []
    left_out = 0
    files = [each.name or "未命名檔案" for each in attached if not _is_photo(each)]
    for number, each in enumerate((each for each in attached if _is_photo(each)), 1):
        if len(photos) == MOST_OF_RECORD or room <= 0:
            left_out += 1
            continue
        name = each.name or f"照片 {number}"
        photo = await _fetch(storage, each, name)
        if photo is None:
            missing.append(name)
        elif len(photo.content) > room:
            left_out += 1
        else:
            photos.append(photo)
            room -= len(photo.content)
    return Pictures(tuple(photos), tuple(missing), left_out, tuple(files), len(attached))


def _is_photo(each: Evidence) -> bool:
    """What has not been seen yet is taken for one: nearly all that people send is."""
    return each.media_type in _PHOTOS or each.media_type.startswith("image") or each.state != STORED


async def _fetch(storage: Storage, each: Evidence, name: str) -> Photo | None:
    if each.state != STORED:
        return None
    try:
        content = await storage.get(each.sha256)
    except (OSError, ValueError):
        return None
    return await asyncio.to_thread(smaller, content, name) if content else None


def smaller(content: bytes, name: str) -> Photo | None:
    """The photo as paper needs it; None for bytes that are none."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = _on_white(ImageOps.exif_transpose(image))
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=QUALITY)
            return Photo(name, out.getvalue(), upright.width, upright.height)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency; paper is white."""
    if image.mode not in ("RGBA", "LA", "PA", "P"):
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper
