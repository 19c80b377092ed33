"""What a file is, by its content alone: a name and a declared type are only what somebody says.

Nothing is unpacked here. Of an Office file only the table of contents is read, within bounds, and two short entries.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from bot.evidence import sentences
from bot.evidence.sentences import RefusedFileError

IMAGES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_OOXML = "application/vnd.openxmlformats-officedocument"
ENDINGS = {
    **IMAGES,
    "application/pdf": ".pdf",
    f"{_OOXML}.wordprocessingml.document": ".docx",
    f"{_OOXML}.spreadsheetml.sheet": ".xlsx",
    f"{_OOXML}.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
"""All that is kept, and the ending that its name gets."""

LARGEST_CONTENTS = 512 * 1024
"""Bytes of a zip's table of contents: some thousand entries, each an object in memory."""
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_GROWTH = 100
"""Times its size that a document may be when unpacked; text packs to about a tenth."""
SMALL_UNPACKED = 10 * 1024 * 1024
"""A document that stays below this is harmless however well it is packed."""

_MAIN_PARTS = {
    "word/document.xml": f"{_OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OOXML}.presentationml.presentation",
}
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_SOUNDS = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"OggS", b"fLaC", b"#!AMR")
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 0xFFFF
_ZIP64_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_ENCRYPTED = 0x1


def media_type(content: bytes) -> str:
    """Its type, a key of `ENDINGS`. Raises `RefusedFileError` for whatever is not kept."""
    if not content:
        raise RefusedFileError(sentences.EMPTY)
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    raise RefusedFileError(_why_not(content))


def _why_not(content: bytes) -> str:
    """The most helpful word about a type that is not kept."""
    if content[4:8] == b"ftyp":
        return sentences.HEIC if content[8:12] in _HEIC else _film_or_sound(content[8:12])
    if content.startswith(b"\x1a\x45\xdf\xa3") or (content.startswith(b"RIFF") and content[8:12] == b"AVI "):
        return sentences.VIDEO
    if content.startswith(_SOUNDS) or (content.startswith(b"RIFF") and content[8:12] == b"WAVE"):
        return sentences.SOUND
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return sentences.OLD_OFFICE
    return sentences.NOT_ACCEPTED


def _film_or_sound(brand: bytes) -> str:
    return sentences.SOUND if brand.startswith((b"M4A", b"M4B")) else sentences.VIDEO


def _document(content: bytes) -> str:
    try:
        _bound_contents(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _bound_unpacked(entries, len(content))
            return _document_type(archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, KeyError, OSError, EOFError, RuntimeError):
        # What the library raises at a file that only begins like a zip.
        raise RefusedFileError(sentences.BROKEN) from None


def _bound_contents(content: bytes) -> None:
    """Look at the size of the table of contents before anything makes objects of it."""
    at = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0 or at + _END_SIZE > len(content):
        raise RefusedFileError(sentences.BROKEN)
    # A file that needs the 64-bit form is beyond any size that is accepted, or lies about it.
    if content[max(0, at - _LOCATOR_SIZE) :].startswith(_ZIP64_LOCATOR):
        raise RefusedFileError(sentences.BOMB)
    (size,) = struct.unpack_from("<I", content, at + 12)
    if size > LARGEST_CONTENTS:
        raise RefusedFileError(sentences.BOMB)


def _bound_unpacked(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes claim more packed bytes than the file has.
    if sum(entry.compress_size for entry in entries) > size or unpacked > LARGEST_UNPACKED:
        raise RefusedFileError(sentences.BOMB)
    if unpacked > max(SMALL_UNPACKED, size * MOST_GROWTH):
        raise RefusedFileError(sentences.BOMB)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise RefusedFileError(sentences.LOCKED)


def _document_type(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(name.lower().rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
        raise RefusedFileError(sentences.MACROS)
    if "mimetype" in names:
        return _known(_beginning(archive, "mimetype", 100).strip().decode("ascii", "replace"))
    found = next((found for part, found in _MAIN_PARTS.items() if part in names), None)
    if found is None or "[Content_Types].xml" not in names:
        raise RefusedFileError(sentences.NOT_ACCEPTED)
    return _known(found)


def _known(found: str) -> str:
    if found not in ENDINGS:
        raise RefusedFileError(sentences.NOT_ACCEPTED)
    return found


def _beginning(archive: zipfile.ZipFile, name: str, longest: int) -> bytes:
    with archive.open(name) as entry:
        return entry.read(longest)
