"""Slow clients: whoever holds a connection without using it is cut off, and holds up nobody meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.commands import serve
from bot.settings import Settings
from bot.web import patience
from bot.web.patience import LONGEST_HEAD, TOO_LONG, PatientProtocol
from bot.web.webhooks import read_body

LARGE = b"x" * (64 * 1024 * 1024)
"""More than all buffers between two processes hold."""
HELLO = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
BEGUN = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


class Hasty(PatientProtocol):
    """The same with less patience, so that a test does not take a minute."""

    head_seconds = 0.3
    slice_seconds = 0.3


class Calm(PatientProtocol):
    """Slices that a test outlives, and longer than a busy machine stands still."""

    slice_seconds = 1.5


async def _answer(request: Request) -> Response:
    body = await read_body(request)
    return Response(LARGE if request.url.path == "/large" else b"%d" % len(body))


@asynccontextmanager
async def served(protocol: type[PatientProtocol]) -> AsyncIterator[int]:
    """A small application behind the protocol; its port."""
    app = Starlette(routes=[Route("/", _answer, methods=["GET", "POST"]), Route("/large", _answer)])
    config = uvicorn.Config(app, port=0, http=protocol, log_config=None, lifespan="off", timeout_keep_alive=60)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await task


async def told(client: Client, protocol: type[PatientProtocol] = Hasty) -> bytes:
    """What a client is told before it is cut off. Fails where it is not."""
    async with served(protocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await asyncio.wait_for(client(reader, writer), 30)
        finally:
            writer.close()


async def _until_the_end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, start: bytes, piece: bytes) -> bytes:
    """Send a beginning, then a little every twentieth of a second, until it is over."""
    writer.write(start)
    end = asyncio.create_task(_until_the_end(reader))
    while not end.done():
        writer.write(piece)
        await asyncio.sleep(0.05)
    return await end


SLOW = {
    "says nothing": (b"", b""),
    "a head byte by byte": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
    "one header after the other": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: a\r\n"),
    "a body byte by byte": (BEGUN, b"a"),
    "chunks of one byte": (CHUNKED, b"1\r\na\r\n"),
    "empty lines after an answer": (HELLO, b"\r\n"),
    "a second request that never ends": (HELLO + b"GET / HTTP/1.1\r\n", b"a"),
}


@pytest.mark.parametrize("how", SLOW)
async def test_who_trickles_is_cut_off(how: str) -> None:
    start, piece = SLOW[how]
    heard = await told(lambda reader, writer: _trickle(reader, writer, start, piece))
    assert heard.count(b"200 OK") == (HELLO in start)


async def test_who_does_not_fetch_the_answer_is_cut_off() -> None:
    async def ask_and_wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(1.5)
        return await _until_the_end(reader)

    assert 0 <= len(await told(ask_and_wait)) < len(LARGE)


@pytest.mark.parametrize("kind", ["a header", "headers", "a line", "trailers"])
async def test_a_head_without_end_is_not_kept(kind: str) -> None:
    start = {
        "a header": b"GET / HTTP/1.1\r\nX: " + b"a" * LONGEST_HEAD,
        "headers": b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * (LONGEST_HEAD // 6 + 1),
        "a line": b"GET /" + b"a" * LONGEST_HEAD,
        "trailers": CHUNKED + b"1\r\na\r\n0\r\nX: " + b"a" * LONGEST_HEAD,
    }[kind]

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(start)
        return await _until_the_end(reader)

    heard = await told(pour)
    assert (TOO_LONG.encode() in heard) is (kind != "trailers")


async def test_who_is_quick_enough_is_served_as_ever() -> None:
    """A body that takes several slices but moves, and one request after the other on one connection."""

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        size = 4 * patience.LEAST_IN_A_SLICE
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(4):
            writer.write(b"a" * patience.LEAST_IN_A_SLICE)
            await asyncio.sleep(0.5)
        writer.write(HELLO)
        await asyncio.sleep(0.1)
        writer.write(HELLO.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        return await _until_the_end(reader)

    heard = await told(ask, Calm)
    assert heard.count(b"200 OK") == 3
    assert b"%d" % (4 * patience.LEAST_IN_A_SLICE) in heard


def test_the_service_is_served_by_it() -> None:
    config = serve.configuration(Settings())
    assert config.http is PatientProtocol
    assert PatientProtocol.head_seconds == PatientProtocol.slice_seconds == 10
