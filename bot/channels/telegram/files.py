"""What of a Telegram message can be kept as a file. Pure; what is odd in it is left out, the words beside it go on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.limits import clean
from bot.messages import FileRef

_FIELDS = {
    "video": "video",
    "animation": "video",
    "video_note": "video",
    "voice": "audio",
    "audio": "audio",
    "document": "file",
}
"""Field of a message, and what is in it. An animation comes as a document too, so the order matters."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ALBUM = re.compile(r"[\x21-\x7e]{1,64}")
_LARGEST = 2**53


def refs(message: Mapping[str, Any]) -> tuple[FileRef, ...]:
    """The one file of a message: a photo in its largest size, or whatever else holds bytes; none for a sticker."""
    photo = message.get("photo")
    if isinstance(photo, list):
        sizes = [size for size in photo if isinstance(size, Mapping)]
        largest = max(sizes, key=lambda size: _count(size.get("width")) * _count(size.get("height")), default={})
        return _ref(message, largest, "image")
    field = next((name for name in _FIELDS if isinstance(message.get(name), Mapping)), None)
    return _ref(message, message[field], _FIELDS[field]) if field else ()


def _ref(message: Mapping[str, Any], file: Mapping[str, Any], media_type: str) -> tuple[FileRef, ...]:
    source, name, album = file.get("file_id"), file.get("file_name"), message.get("media_group_id")
    if not isinstance(source, str) or not _ID.fullmatch(source):
        return ()
    ref = FileRef(
        source=source,
        name=clean(name) if isinstance(name, str) else "",
        media_type=media_type,
        size=_count(file.get("file_size")),
        album=album if isinstance(album, str) and _ALBUM.fullmatch(album) else "",
    )
    return (ref,)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST else 0
