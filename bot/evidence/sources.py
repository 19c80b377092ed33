"""Where the content of a message's file is had: LINE's data API, Telegram's file server."""

from __future__ import annotations

import json
import re
from typing import Any, Protocol

from bot.evidence import sentences
from bot.evidence.download import LARGEST_ANSWER, Answer, Downloader, TooMuchError, UnreachableError
from bot.evidence.sentences import RefusedFileError


class NotReadyError(Exception):
    """The platform has the file but does not hand it out yet."""


class GoneError(Exception):
    """The platform will never hand the file out; `sentence` is for the person."""

    def __init__(self, sentence: str = sentences.GONE) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Source(Protocol):
    """One platform."""

    async def fetch(self, source: str) -> bytes:
        """The content of a file by the platform's id of it.

        Raises `NotReadyError` and `UnreachableError` where trying again makes sense, `GoneError` and
        `RefusedFileError` where it does not.
        """
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class LineFiles:
    """Content of messages by their id. `root` such as `https://api-data.line.me`, `limit` in bytes."""

    _ID = re.compile(r"[A-Za-z0-9]{1,64}")

    def __init__(self, access_token: str, root: str, limit: int, downloader: Downloader | None = None) -> None:
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._root = root.rstrip("/")
        self._limit = limit
        self._downloader = downloader or Downloader()

    async def fetch(self, source: str) -> bytes:
        """See `Source.fetch`."""
        if not self._ID.fullmatch(source):
            raise GoneError
        address = f"{self._root}/v2/bot/message/{source}/content"
        answer = await _ask(self._downloader, self._limit, "GET", address, headers=self._headers)
        match answer.status:
            case 200:
                return answer.content
            case 202:
                raise NotReadyError
            case 410:
                raise GoneError(sentences.TAKEN_BACK)
            case 400 | 404:
                raise GoneError
            case status:
                raise UnreachableError(str(status))

    async def close(self) -> None:
        """See `Source.close`."""
        await self._downloader.close()


class TelegramFiles:
    """Files by their id: first asked where they lie, then fetched from there. `root` such as
    `https://api.telegram.org`, `limit` in bytes; bots get no file beyond 20 MB."""

    _ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
    _PATH = re.compile(r"(?:[A-Za-z0-9_-]+/){0,4}[A-Za-z0-9_-][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){0,3}")
    """What may be put into an address: no dots that climb, no host, nothing to be encoded."""

    def __init__(self, token: str, root: str, limit: int, downloader: Downloader | None = None) -> None:
        self._token = token
        self._root = root.rstrip("/")
        self._limit = limit
        self._downloader = downloader or Downloader()

    async def fetch(self, source: str) -> bytes:
        """See `Source.fetch`."""
        if not self._ID.fullmatch(source):
            raise GoneError
        path = await self._locate(source)
        address = f"{self._root}/file/bot{self._token}/{path}"
        answer = await _ask(self._downloader, self._limit, "GET", address)
        if answer.status != 200:
            raise UnreachableError(str(answer.status))
        return answer.content

    async def close(self) -> None:
        """See `Source.close`."""
        await self._downloader.close()

    async def _locate(self, source: str) -> str:
        address = f"{self._root}/bot{self._token}/getFile"
        answer = await _ask(self._downloader, LARGEST_ANSWER, "POST", address, json={"file_id": source})
        told = _json(answer)
        if answer.status == 400 and "too big" in str(told.get("description", "")):
            raise RefusedFileError(sentences.too_large(self._limit))
        if answer.status == 400 and "temporarily" not in str(told.get("description", "")):
            raise GoneError
        if answer.status != 200:
            raise UnreachableError(str(answer.status))
        found = told.get("result")
        path = found.get("file_path") if isinstance(found, dict) else None
        size = found.get("file_size") if isinstance(found, dict) else None
        if isinstance(size, int) and size > self._limit:
            raise RefusedFileError(sentences.too_large(self._limit))
        if not isinstance(path, str) or len(path) > 200 or not self._PATH.fullmatch(path):
            raise UnreachableError("a file path that is none")
        return path


async def _ask(downloader: Downloader, limit: int, method: str, address: str, **more: Any) -> Answer:
    try:
        return await downloader.ask(method, address, limit=limit, **more)
    except TooMuchError:
        raise RefusedFileError(sentences.too_large(limit)) from None


def _json(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise UnreachableError(f"{answer.status}, no JSON") from None
    return told if isinstance(told, dict) else {}
