"""Webhooks: verify, store, say 200. Nothing is worked on while the sender waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.inbox.ingest import Ingest, OverloadedError, new_events
from bot.messages import Channel
from bot.store.inbox import NewEvent

log = structlog.get_logger(__name__)

LARGEST_BODY = 1024 * 1024
"""Bytes. LINE's and Telegram's own webhooks are a few kilobytes."""
ANSWER_WITHIN_SECONDS = 1.8
"""LINE counts a webhook as failed after 2 seconds."""


class WebhookChannel(Channel, Protocol):
    """A channel whose provider calls us."""

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the provider itself sent this body; compared in constant time."""
        ...

    def events(self, body: Any) -> list[Any]:
        """The provider events in a decoded body. Raises `ValueError` where the body has not that shape."""
        ...


class BodyTooLargeError(Exception):
    """The body is beyond `LARGEST_BODY`; it was not read to its end."""


async def read_body(request: Request, limit: int = LARGEST_BODY) -> bytes:
    """The raw body, as signed. Raises `BodyTooLargeError` as soon as that is known."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > limit):
        raise BodyTooLargeError
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLargeError
        parts.append(part)
    return b"".join(parts)


def webhook(channel: WebhookChannel, ingest: Ingest) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of one channel."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request)
        except BodyTooLargeError:
            return PlainTextResponse("body too large", 413)
        except ClientDisconnect:
            return PlainTextResponse("body incomplete", 400)
        if not channel.authentic(request.headers, body):
            log.warning("webhook.not_authentic", channel=channel.name)
            return PlainTextResponse("signature does not match", 401)
        try:
            events = new_events(channel, channel.events(json.loads(body)))
        except (ValueError, RecursionError):
            return PlainTextResponse("malformed body", 400)
        return await _store(channel, ingest, events)

    return endpoint


async def _store(channel: WebhookChannel, ingest: Ingest, events: list[NewEvent]) -> Response:
    problem = await _problem(ingest, events) if events else ""
    if problem:
        log.error("webhook.not_stored", channel=channel.name, events=len(events), error=problem)
        return PlainTextResponse("not stored, please send again", 503)
    return PlainTextResponse("OK")


async def _problem(ingest: Ingest, events: list[NewEvent]) -> str:
    """Why the events are not stored; empty where they are."""
    try:
        done = ingest.begin(events)
    except OverloadedError as error:
        return type(error).__name__
    # Only our waiting ends in time: the commit goes on, and a redelivery of what it stored is recognised by its id.
    alarm = asyncio.get_running_loop().call_later(ANSWER_WITHIN_SECONDS, _end_waiting, done)
    try:
        await done
    except Exception as error:  # noqa: BLE001 - whatever the database raises, the provider must send again
        return type(error).__name__
    finally:
        alarm.cancel()
    return ""


def _end_waiting(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_exception(TimeoutError())
