"""Webhooks: verify, store, say 200. Nothing is worked on while the sender waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import structlog
from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from bot.inbox.encoding import decode
from bot.inbox.ingest import Ingest, OverloadedError, new_events
from bot.messages import Channel
from bot.store.inbox import NewEvent

log = structlog.get_logger(__name__)

REQUESTS = Counter("xueban_webhooks_total", "Webhook requests by what became of them", ["channel", "outcome"])
OUTCOMES = {
    200: "accepted",
    400: "malformed",
    401: "not_authentic",
    413: "too_large",
    503: "not_stored",
}
"""By the status that was answered. `incomplete` is a sender who hung up."""

LARGEST_BODY = 1024 * 1024
"""Bytes. LINE's and Telegram's own webhooks are a few kilobytes."""
INCOMPLETE = b"body incomplete"
ANSWER_WITHIN_SECONDS = 1.8
"""LINE counts a webhook as failed after 2 seconds."""

_counter = cache(REQUESTS.labels)


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
    """The raw body, as signed.

    Raises `BodyTooLargeError` as soon as that is known, `ClientDisconnect` where the sender hung up before its end.
    """
    return await _read(request.headers, request.receive, limit)


async def _read(headers: Headers, receive: Receive, limit: int = LARGEST_BODY) -> bytes:
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > limit):
        raise BodyTooLargeError
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLargeError
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


class Webhook:
    """The endpoint of one channel, as a bare ASGI application: the busiest path of all is kept short."""

    def __init__(self, channel: WebhookChannel, ingest: Ingest) -> None:
        self._channel = channel
        self._ingest = ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, text = await self._answer(Headers(scope=scope), receive)
        _counter(self._channel.name, "incomplete" if text is INCOMPLETE else OUTCOMES[status]).inc()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    async def _answer(self, headers: Headers, receive: Receive) -> tuple[int, bytes]:
        try:
            body = await _read(headers, receive)
        except BodyTooLargeError:
            return 413, b"body too large"
        except ClientDisconnect:
            return 400, INCOMPLETE
        channel = self._channel
        if not channel.authentic(headers, body):
            log.warning("webhook.not_authentic", channel=channel.name)
            return 401, b"signature does not match"
        try:
            events = new_events(channel, channel.events(decode(body)))
        except (ValueError, RecursionError):
            return 400, b"malformed body"
        problem = await _problem(self._ingest, events) if events else ""
        if problem:
            log.error("webhook.not_stored", channel=channel.name, events=len(events), error=problem)
            return 503, b"not stored, please send again"
        return 200, b"OK"


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
