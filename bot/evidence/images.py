"""Makes a photo anew from its pixels: whatever else the file carried, its position above all, is gone."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps

from bot.evidence import sentences
from bot.evidence.inspect import IMAGES
from bot.evidence.sentences import RefusedFileError

MOST_PIXELS = 64_000_000
"""Of the picture as sent: the largest that phones take by themselves have 50 million."""
LONGEST_SIDE = 4096
"""Pixels that are kept: enough to read a photographed page."""
QUALITY = 88

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}
_SEE_THROUGH = ("RGBA", "LA", "PA")
# What the decoders raise at a file that only begins like a picture.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error, zlib.error)


def cleaned(content: bytes, media_type: str) -> bytes:
    """The same picture upright, at most `LONGEST_SIDE` long, without EXIF, XMP, comments or a thumbnail.

    Raises `RefusedFileError`. Takes memory for the pixels and up to a second: not for the event loop.
    """
    assert media_type in IMAGES
    form = _FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise RefusedFileError(sentences.TOO_MANY_PIXELS)
            return _saved(_redrawn(image, form), form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedFileError(sentences.TOO_MANY_PIXELS) from None
    except _BROKEN:
        raise RefusedFileError(sentences.BROKEN_IMAGE) from None


def _redrawn(image: Image.Image, form: str) -> Image.Image:
    if max(image.size) > LONGEST_SIDE:
        # Before the decoding: a JPEG is then decoded at a fraction of its size.
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in _MODES[form]:
        see_through = upright.mode in _SEE_THROUGH or "transparency" in upright.info
        upright = upright.convert("RGBA" if see_through and "RGBA" in _MODES[form] else "RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    return upright


def _saved(image: Image.Image, form: str) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **({"optimize": True} if form == "PNG" else {"quality": QUALITY}))
    return target.getvalue()
