"""Reads the chat page's forms: words alone, or words and files, counted while they come in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from bot.evidence import sentences
from bot.evidence.intake import MOST_FILES, Upload
from bot.web.webhooks import BodyTooLargeError, read_body

LARGEST_FORM = 256 * 1024
"""Bytes: 5,000 characters take 60 KB at most when percent-encoded, so a longer text can be counted."""
MOST_FIELDS = 20
_AT_A_TIME = 4
"""Forms with files that one process reads at the same time: each may fill some of the temporary folder."""

FormWithFiles = tuple[dict[str, str], list[Upload]]


class UnreadableFormError(Exception):
    """It is no form of ours."""


class UploadReader:
    """`largest`: bytes of the largest file; 0 where files are not taken."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._room = asyncio.Semaphore(_AT_A_TIME)

    async def read(self, request: Request) -> FormWithFiles:
        """A form's fields and files.

        Raises `BodyTooLargeError` as soon as that is known, `UnreadableFormError`, or `ClientDisconnect`.
        """
        kind = request.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return await _read_words(request), []
        if not kind.startswith("multipart/form-data"):
            raise UnreadableFormError
        async with self._room:
            return await self._read_files(request)

    async def _read_files(self, request: Request) -> FormWithFiles:
        stream = _counted(request, LARGEST_FORM + MOST_FILES * self._largest)
        parser = MultiPartParser(
            request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM
        )
        try:
            form = await parser.parse()
        except MultiPartException:
            raise UnreadableFormError from None
        try:
            return await self._taken(form)
        finally:
            await form.close()

    async def _taken(self, form: FormData) -> FormWithFiles:
        fields: dict[str, str] = {}
        uploads = []
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:  # an empty field of the form has a part too
                    uploads.append(await self._upload(value))
            else:
                fields[name] = value
        return fields, uploads

    async def _upload(self, file: UploadFile) -> Upload:
        name = file.filename or ""
        if (file.size or 0) > self._largest:
            return Upload(name, problem=sentences.too_large(self._largest))
        return Upload(name, await file.read(self._largest + 1))


async def _read_words(request: Request) -> dict[str, str]:
    body = await read_body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadableFormError from None
    return dict(pairs)


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > limit):
        raise BodyTooLargeError
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLargeError
        yield part
        if not message.get("more_body", False):
            return
