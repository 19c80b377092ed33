"""Webhooks at a constant rate, whatever the service does: an open loop, in a process of its own.

`python -m tests.bench.load_open` reads an `Order` as JSON and prints a `Seen`. Every request has a moment at which it
is to be sent, and its time counts from that moment: where all connections are busy, waiting for one counts too, so
that a service that stalls can't hide behind a generator that waits for it. All is signed before the first is sent.
A reply token ends with its moment in epoch milliseconds, by which the LINE of `load_line` knows how late a reply is.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import uvloop

from tests.fakes import line_events

TAP = "tap"
AHEAD_SECONDS = 1.0
SIGNING_SECONDS = 0.0002
"""Of one request, at most; the first is sent when all would be signed, and `AHEAD_SECONDS` later."""
LAST_SECONDS = 15.0
"""How long the last answers are waited for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent, to which ports in turn."""

    ports: Sequence[int]
    secret: str
    per_second: float
    steps: Sequence[tuple[str, str, str]]
    """Address, "text" or "tap", words or action."""
    connections: int = 32
    """To each port."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it; times in milliseconds from the moment intended until the 200 was read."""

    sent: int
    bad: int
    """Answers other than 200, connections that broke, and answers that never came."""
    per_second: float
    """Of answers, from the first request until the last answer."""
    p50: float
    p95: float
    p99: float
    longest: float
    cpu_seconds: float
    """Of this process."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share lies; 0 of nothing."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def requests(order: Order, start_ms: float) -> list[bytes]:
    """Everything, signed."""
    made = []
    for number, (address, kind, words) in enumerate(order.steps):
        at = int(start_ms + 1000 * number / order.per_second)
        common: dict[str, Any] = {"origin": line_events.source(user=address), "at": at, "reply_token": f"{number}-{at}"}
        event = line_events.postback(words, **common) if kind == TAP else line_events.text(words, **common)
        body = line_events.body(event)
        head = (
            "POST /webhooks/line HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nx-line-signature: {line_events.signature(order.secret, body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


class Pool:
    """Kept connections to one port, and the requests that wait for one of them."""

    def __init__(self) -> None:
        self.free: deque[Connection] = deque()
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.seconds: list[float] = []
        self.bad = 0

    async def connect(self, port: int, count: int) -> None:
        """Open all connections."""
        loop = asyncio.get_running_loop()
        for _ in range(count):
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", port)

    def send(self, intended: float, request: bytes) -> None:
        """Send at once, or as soon as a connection is free."""
        if self.free:
            self.free.popleft().send(intended, request)
        else:
            self.waiting.append((intended, request))

    def answered(self, connection: Connection, intended: float, is_good: bool) -> None:
        """An answer is complete."""
        self.seconds.append(time.perf_counter() - intended)
        self.bad += not is_good
        if self.waiting:
            connection.send(*self.waiting.popleft())
        else:
            self.free.append(connection)


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._intended: float | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not say that it is one
        self._pool.free.append(self)

    def send(self, intended: float, request: bytes) -> None:
        """Write it; its time counts from `intended`."""
        self._intended = intended
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, separator, body = self._got.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head) or self._intended is None:
            return
        intended, self._intended, self._got = self._intended, None, b""
        self._pool.answered(self, intended, head.startswith(b"HTTP/1.1 200"))

    def connection_lost(self, exc: Exception | None) -> None:
        # Its request, if any, is never answered and so counts as bad; uvicorn closes what was idle for long.
        if self in self._pool.free:
            self._pool.free.remove(self)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0])


async def run(order: Order) -> Seen:
    """Send everything at its moment."""
    begin = time.time() + AHEAD_SECONDS + SIGNING_SECONDS * len(order.steps)
    made = requests(order, 1000 * begin)
    pools = [Pool() for _ in order.ports]
    for pool, port in zip(pools, order.ports, strict=True):
        await pool.connect(port, order.connections)
    start = time.perf_counter() + begin - time.time()
    spent = time.process_time()
    for number, request in enumerate(made):
        intended = start + number / order.per_second
        while (early := intended - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        pools[number % len(pools)].send(intended, request)
    end = time.perf_counter() + LAST_SECONDS
    while sum(len(pool.seconds) for pool in pools) < len(made) and time.perf_counter() < end:
        await asyncio.sleep(0.005)
    elapsed = time.perf_counter() - start
    return _seen(pools, len(made), elapsed, time.process_time() - spent)


def _seen(pools: Sequence[Pool], sent: int, elapsed: float, cpu: float) -> Seen:
    times = sorted(1000 * second for pool in pools for second in pool.seconds)
    bad = sum(pool.bad for pool in pools) + sent - len(times)
    p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
    return Seen(sent, bad, len(times) / elapsed, p50, p95, p99, times[-1] if times else 0.0, cpu)


def main() -> None:
    """Read, send, print."""
    print(json.dumps(asdict(uvloop.run(run(Order(**json.load(sys.stdin)))))))


if __name__ == "__main__":
    main()
