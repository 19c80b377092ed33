"""Sending through the outbox, beside a bare loop of the same SDK client against the same fake LINE.

Ours is the dispatcher of the service as it is: it claims under a lease, sends, and writes down what came of each
message, with the log line of each attempt. The messages are in the outbox already, each for a person of its own, as
a morning's digests are. The peer holds the same bodies in memory and does nothing but call: no claim, no record, no
retry, no log. Both have the same number of calls under way, the same client, the same retry keys' length, the same
server in a process of its own. They are measured in turn; the median of the rounds' ratios counts. PostgreSQL waits
for the disk, and SQLite does as in production. A second peer is the loop that one would write first: the same calls,
one after the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from linebot.v3.messaging import AsyncApiClient, Configuration
from sqlalchemy import func, insert, select

from bot import logs
from bot.channels.line import LineSender
from bot.clock import SystemClock, epoch_ms
from bot.messages import Outgoing
from bot.store import migrate, outbox
from bot.store.database import Database
from bot.store.tables import conversations
from bot.store.tables import outbox as outbox_table
from scheduler.dispatch import UNDER_WAY, Dispatcher
from tests.bench.processes import fake_line, process
from tests.databases import NoPostgresError, postgres_server

MESSAGES = 2_000
"""Of each round."""
ROUNDS = 5
TARGET = 0.6
"""Of the bare loop's messages a second."""
WARM = 200
TEXT = "【某某高中・跨校遠距教學】\n・期末成果報告：115/7/31（五）到期，還有 7 天\n" * 4


@dataclass(frozen=True, slots=True)
class Row:
    """One engine: messages a second, medians of the rounds."""

    name: str
    ours: float
    bare: float
    ratio: float
    """Of the peer with as many calls under way."""
    plain: float
    """Of the loop with one call after the other."""


def run() -> list[Row]:
    """Measure both engines; takes about a minute."""
    with process(fake_line) as port, tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder, quiet():
        url = f"http://127.0.0.1:{port}"
        rows = [asyncio.run(_compare("SQLite", f"sqlite:///{Path(folder) / 'x.db'}", url))]
        try:
            with postgres_server(durable=True) as server, server.fresh() as database:
                rows.append(asyncio.run(_compare("PostgreSQL", database, url)))
        except NoPostgresError as missing:
            print(f"PostgreSQL left out: {missing}", file=sys.stderr)
    return rows


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"Sending: {ROUNDS} rounds of {MESSAGES:,} messages, {UNDER_WAY} under way at once, each to its own person")
    print(f"{'':14}{'outbox/s':>12}{'bare SDK/s':>12}{'ratio':>8}{'one by one/s':>14}{'ratio':>8}")
    for row in rows:
        mark = "" if row.ratio >= TARGET else f"  the first ratio is below {TARGET}"
        of_plain = row.ours / row.plain
        print(f"{row.name:14}{row.ours:12.0f}{row.bare:12.0f}{row.ratio:8.2f}{row.plain:14.0f}{of_plain:8.2f}{mark}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The service's own log lines, written to nowhere: what they cost is counted, and nobody has to read them."""
    kept = sys.stderr
    sys.stderr = io.TextIOWrapper(io.FileIO("/dev/null", "w"), write_through=True)
    logs.configure("info")
    try:
        yield
    finally:
        sys.stderr = kept
        structlog.reset_defaults()


async def _compare(name: str, database_url: str, line_url: str) -> Row:
    database = Database(database_url)
    await migrate.to_head(database)
    clock = SystemClock()
    sender = LineSender("token", line_url, clock)
    client = AsyncApiClient(Configuration(access_token="token", host=line_url))
    try:
        await _bare(client, WARM)
        await _ours(database, sender, clock, WARM)
        plain = await _bare(client, WARM, at_once=1)
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(await _bare(client, MESSAGES))
            ours.append(await _ours(database, sender, clock, MESSAGES))
    finally:
        await client.close()
        await sender.close()
        await database.close()
    ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
    return Row(name, statistics.median(ours), statistics.median(bare), ratio, plain)


def body() -> dict[str, Any]:
    """What a digest comes to, more or less."""
    return {"messages": [{"type": "text", "text": TEXT}]}


async def _bare(client: AsyncApiClient, count: int, at_once: int = UNDER_WAY) -> float:
    """Calls a second."""
    bodies = iter([{"to": _address(number), **body()} for number in range(count)])

    async def call() -> None:
        for each in bodies:
            headers = {"Content-Type": "application/json", "X-Line-Retry-Key": str(uuid.uuid4())}
            answer = await client.call_api(
                "/v2/bot/message/push", "POST", header_params=headers, body=each, response_types_map={},
                _request_timeout=8.0,
            )  # fmt: skip
            assert answer.status_code == 200

    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(at_once)))
    return count / (time.perf_counter() - began)


async def _ours(database: Database, sender: LineSender, clock: SystemClock, count: int) -> float:
    """Messages a second, until the last one stands in the outbox as sent."""
    await queue(database, count)
    dispatcher = Dispatcher(database, {"line": sender}, clock, owner=uuid.uuid4().hex)
    stopping = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(dispatcher.run(stopping))
    while await left(database):
        await asyncio.sleep(0.1)
    elapsed = time.perf_counter() - began
    stopping.set()
    await running
    return count / elapsed


async def queue(database: Database, count: int) -> None:
    """Messages for as many people, ready to be sent."""
    now, batch = epoch_ms(SystemClock().now()), uuid.uuid4().hex[:8]
    names = [f"line:{batch}{number}" for number in range(count)]
    async with database.write() as tx:
        row = {"channel": "line", "created_at": now, "updated_at": now}
        await tx.execute(
            insert(conversations),
            [{"id": name, "address": f"{batch}{number}", **row} for number, name in enumerate(names)],
        )
        for name in names:
            await outbox.add(tx, Outgoing("push", body()), conversation_id=name, dedupe_key=name, event_id="", now=now)


async def left(database: Database) -> int:
    """How many messages wait, or are under way."""
    async with database.read() as tx:
        waiting = select(func.count()).select_from(outbox_table).where(outbox.PENDING)
        return int((await tx.execute(waiting)).scalar_one())


def _address(number: int) -> str:
    return f"U{number:032x}"


if __name__ == "__main__":
    show(run())
