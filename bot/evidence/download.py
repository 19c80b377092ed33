"""One HTTP request to a platform's file server, bounded in every direction.

What is asked for is put together from a configured root and an id of known shape, redirects are not followed, and the
body is counted as it comes in: so no message can make this machine fetch from anywhere else, or more than it will keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 10.0
"""Between two pieces of a body."""
TOTAL_SECONDS = 60.0
LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer other than 200, or of an API's JSON."""


class UnreachableError(Exception):
    """No answer, or none that can be used: to be tried again. Its text is for the log."""


class TooMuchError(Exception):
    """The body is beyond the limit; it was not read to its end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body of an answer other than 200 is cut at `LARGEST_ANSWER`."""

    status: int
    content: bytes
    retry_after: str = ""


class Downloader:
    """Belongs to the event loop that first uses it. `total_seconds`: how long one request may take in all."""

    def __init__(self, *, total_seconds: float = TOTAL_SECONDS, silence_seconds: float = SILENCE_SECONDS) -> None:
        self._total = total_seconds
        self._timeout = httpx.Timeout(silence_seconds, connect=CONNECT_SECONDS)
        self._client: httpx.AsyncClient | None = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        limit: int,
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> Answer:
        """One request. `limit`: bytes of a body that is taken.

        Raises `UnreachableError` or `TooMuchError`.
        """
        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, timeout=self._timeout)
        # Unpacked a body could be a thousand times what came over the line.
        plain = {**(headers or {}), "Accept-Encoding": "identity"}
        try:
            async with (
                asyncio.timeout(self._total),
                self._client.stream(method, url, headers=plain, json=json) as response,
            ):
                return await _read(response, limit)
        except TimeoutError:
            raise UnreachableError("too slow") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            # Not its text: the address may hold a token.
            raise UnreachableError(type(error).__name__) from None

    async def close(self) -> None:
        """Give the connections back. Asking again afterwards opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


async def _read(response: httpx.Response, limit: int) -> Answer:
    is_wanted = response.status_code == httpx.codes.OK
    if is_wanted and response.headers.get("content-encoding", "identity") != "identity":
        raise UnreachableError("packed in spite of our asking")
    declared = response.headers.get("content-length", "")
    if is_wanted and declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise TooMuchError
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if is_wanted and len(body) > limit:
            raise TooMuchError
        if not is_wanted and len(body) > LARGEST_ANSWER:
            break
    return Answer(response.status_code, bytes(body), response.headers.get("retry-after", ""))
