"""From the bytes that somebody sent to what is kept: judged, and made harmless where that can be done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.evidence import images, inspect, names, sentences
from bot.evidence.sentences import RefusedFileError

_AT_A_TIME = 2
"""Pictures in memory at once: each may take a few hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it will be kept."""

    name: str
    media_type: str
    content: bytes


def prepare(content: bytes, name: str, limit: int) -> Prepared:
    """Judge a file and clean it. `limit` in bytes. Raises `RefusedFileError`."""
    if len(content) > limit:
        raise RefusedFileError(sentences.too_large(limit))
    found = inspect.media_type(content)
    is_image = found in inspect.IMAGES
    kept = images.cleaned(content, found) if is_image else content
    ending = inspect.ENDINGS[found]
    return Prepared(names.with_ending(name, ending, names.PHOTO if is_image else names.NAMELESS), found, kept)


class Preparing:
    """`prepare` beside the event loop, a few at a time."""

    def __init__(self, limit: int) -> None:
        """`limit`: the largest file that is taken, in bytes."""
        self.limit = limit
        self._room = asyncio.Semaphore(_AT_A_TIME)

    async def prepare(self, content: bytes, name: str) -> Prepared:
        """See `prepare`."""
        async with self._room:
            return await asyncio.to_thread(prepare, content, name, self.limit)
