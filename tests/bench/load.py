"""A load generator of little weight: so many requests over so many kept-open connections, in a process of its own.

`python -m tests.bench.load PORT SECRET REQUESTS CONNECTIONS PEOPLE` prints one JSON object. All requests are made and
signed before the first is sent; it gives up after `LONGEST_SECONDS`.
"""

from __future__ import annotations

import asyncio
import functools
import json
import sys
import time
from typing import cast

import uvloop

from tests.fakes import line_events

LONGEST_SECONDS = 60


def requests(secret: str, count: int, people: int) -> list[bytes]:
    """Signed webhooks of one event each, by `people` people in turn."""
    found = []
    for n in range(count):
        origin = line_events.source(user=f"U{n % people:032x}")
        body = line_events.body(line_events.text("你好", origin=origin))
        head = (
            "POST /webhooks/line HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nx-line-signature: {line_events.signature(secret, body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the one before is complete."""

    def __init__(self, waiting: list[bytes], seconds: list[float], bad: list[bytes], done: asyncio.Event) -> None:
        self._waiting, self._seconds, self._bad, self._done = waiting, seconds, bad, done
        self._began = 0.0
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not say that it is one
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(self._waiting.pop())

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, separator, body = self._got.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        self._seconds.append(time.perf_counter() - self._began)
        if not head.startswith(b"HTTP/1.1 200"):
            self._bad.append(head)
        self._got = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc or self._waiting:
            self._bad.append(repr(exc).encode())
        self._done.set()


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0])


async def run(port: int, waiting: list[bytes], connections: int) -> dict[str, float]:
    """Send everything; requests a second and percentiles in milliseconds."""
    count, seconds, bad = len(waiting), list[float](), list[bytes]()
    ends = [asyncio.Event() for _ in range(connections)]
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    for end in ends:
        await loop.create_connection(functools.partial(Connection, waiting, seconds, bad, end), "127.0.0.1", port)
    await asyncio.wait_for(asyncio.gather(*(end.wait() for end in ends)), LONGEST_SECONDS)
    elapsed = time.perf_counter() - began
    seconds.sort()
    return {
        "per_second": len(seconds) / elapsed,
        "p50_ms": 1000 * seconds[len(seconds) // 2],
        "p99_ms": 1000 * seconds[int(len(seconds) * 0.99)],
        "bad": len(bad) + count - len(seconds),
    }


def main() -> None:
    """Read the arguments, send, print."""
    port, secret, count, connections, people = sys.argv[1:]
    waiting = requests(secret, int(count), int(people))
    print(json.dumps(uvloop.run(run(int(port), waiting, int(connections)))))


if __name__ == "__main__":
    main()
