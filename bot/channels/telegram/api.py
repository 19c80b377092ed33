"""The Bot API over python-telegram-bot, and what its errors say about whether a message was sent.

The client's typed methods are passed by: the calls were frozen when they were rendered, and an answer that
could not be parsed would look like a failure after the message was accepted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, HTTPXRequest, RequestData

CONNECT_SECONDS = 5.0
READ_SECONDS = 8.0
POOL_SECONDS = 5.0
CONNECTIONS = 32
"""More than the outbox sends at a time."""

UNREADABLE = "Invalid server response"
"""PTB's own words for an answer of 200 that is no JSON."""

_BEFORE_SENDING = (httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout, httpx.ProxyError)

# PTB warns whenever a retry_after is made or read, unless it is told to use what will be its only type.
os.environ.setdefault("PTB_TIMEDELTA", "1")


class Fate(StrEnum):
    """What an error says about the call that it ended."""

    NOT_SENT = "not_sent"
    """Never reached Telegram, or was turned down for now; may be repeated."""
    SERVER_FAILED = "server_failed"
    """A 5xx, or an error that is not Telegram's own: very likely not sent, but a gateway can't know."""
    UNKNOWN = "unknown"
    """Telegram may have taken it: the answer was lost."""
    FLOODED = "flooded"
    """Too many messages; to be repeated after the time that the answer names."""
    TOKEN_REFUSED = "token_refused"  # nosec B105 # noqa: S105 - no secret
    """The bot's token is wrong or was revoked; every call will fail until someone mends it."""
    MIGRATED = "migrated"
    """The group has become a supergroup with another id."""
    REFUSED = "refused"
    """Will be refused again: blocked, put out of the group, or a malformed call."""


class ServerError(NetworkError):
    """Telegram, or a gateway before it, answered with a status of 500 or above."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class _Request(HTTPXRequest):
    """Keeps the status of server errors, which PTB's own exceptions lose."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status >= 500:
            raise ServerError(status)
        return status, body


class _FrozenCalls(Bot):
    """A `Bot` that sends parameters as they are and hands back the answer's `result` as it is."""

    __slots__ = ()

    async def call(self, method: str, params: Mapping[str, Any], read_seconds: float) -> Any:
        return await self._post(method, api_kwargs=dict(params), read_timeout=read_seconds)


class TelegramApi:
    """Calls the Bot API at `root` (`https://host`, without `/bot…`). Times in seconds."""

    def __init__(self, token: str, root: str, *, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        # Two pools: a poll that waits 25 s must not keep a message from its connection.
        self._requests = (_request(1), _request(CONNECTIONS))
        self._bot = _FrozenCalls(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )

    async def call(self, method: str, params: Mapping[str, Any], *, read_seconds: float | None = None) -> Any:
        """One call; returns its `result`. Raises `TelegramError`; ask `fate` what that means.

        An answer of 200 that makes no sense is a `TelegramError` too: the call may have been carried out.
        """
        try:
            return await self._bot.call(method, params, read_seconds or self._read_seconds)
        except (KeyError, TypeError, AttributeError) as error:
            raise TelegramError(UNREADABLE) from error

    async def close(self) -> None:
        """Give all connections back."""
        for request in self._requests:
            await request.shutdown()


def _request(connections: int) -> _Request:
    return _Request(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        write_timeout=READ_SECONDS,
        pool_timeout=POOL_SECONDS,
    )


def fate(error: TelegramError) -> tuple[Fate, str]:
    """What an error means, and a short status for the log of attempts."""
    match error:
        case InvalidToken():
            return Fate.TOKEN_REFUSED, "401"
        case _ if isinstance(error.__cause__, TelegramError):
            # The body was not Telegram's: a proxy's 403 says nothing about this chat.
            return Fate.SERVER_FAILED, type(error).__name__
        case RetryAfter():
            return Fate.FLOODED, "429"
        case ChatMigrated():
            return Fate.MIGRATED, "migrated"
        case Forbidden():
            return Fate.REFUSED, "403"
        case BadRequest():  # a NetworkError to PTB, so it must come first
            return Fate.REFUSED, "400"
        case ServerError(status=status):
            return Fate.SERVER_FAILED, str(status)
        case NetworkError():
            return _network_fate(error)
        case _ if error.message == UNREADABLE:
            return Fate.UNKNOWN, "unreadable"
        case _:
            return Fate.NOT_SENT, type(error).__name__


def _network_fate(error: NetworkError) -> tuple[Fate, str]:
    """PTB makes every time-out a `TimedOut`; only its cause tells whether anything left this machine."""
    cause = error.__cause__
    if cause is None:
        return Fate.NOT_SENT, "4xx"  # another status of Telegram's own
    known = Fate.NOT_SENT if isinstance(cause, _BEFORE_SENDING) else Fate.UNKNOWN
    return known, type(cause).__name__


def retry_after_ms(error: RetryAfter) -> int:
    """How long Telegram asks us to wait, in milliseconds, whichever type PTB gives it in."""
    wait = error.retry_after
    seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return int(seconds * 1000)
