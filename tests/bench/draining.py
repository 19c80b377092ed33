"""A morning on which a hundred thousand reminders are due: everything is planned, told in digests, and sent.

One process does it all, as the service does: the planner makes the digests, and the dispatcher sends them to the fake
LINE, which has a process of its own. The memory of that process is sampled all the while: it must not grow with the
number of reminders. `make bench` takes a tenth; the whole comes with `XUEBAN_BENCH_FULL=1`.

`python -m tests.bench.draining DATABASE_URL LINE_URL` is the process; it prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.channels.line import LineChannel, LineSender
from bot.clock import ShiftedClock, parse_local
from bot.reminding import make_planner
from bot.store import migrate
from bot.store.database import Database
from bot.store.outbox import Delivery
from bot.store.reminder_tables import reminders
from knowledge.loader import load_base
from scheduler.dispatch import Dispatcher, Outcome, Result
from tests.bench.processes import fake_line, process
from tests.bench.sending import left, quiet
from tests.bench.towns import fill
from tests.databases import NoPostgresError, postgres_server

FULL = "XUEBAN_BENCH_FULL"
REMINDERS, TENTH = 100_000, 10_000
EACH = 6
"""Things that each of these coordinators is told that morning."""
MORNING = parse_local("2026-07-24T09:00")
SAMPLE_SECONDS = 0.25
ALLOWED = 1.25
"""Of the memory at a tenth of the way: what it may come to by the end."""


@dataclass(frozen=True, slots=True)
class Drained:
    """One morning; memory in MB of resident set."""

    reminders: int
    messages: int
    seconds: float
    start_mb: float
    early_mb: float
    """When a tenth was sent."""
    peak_mb: float
    end_mb: float

    @property
    def is_flat(self) -> bool:
        """Whether memory stayed what it was early on."""
        return self.peak_mb <= ALLOWED * self.early_mb


def run() -> dict[str, Drained]:
    """Both engines."""
    found: dict[str, Drained] = {}
    with process(fake_line) as port, tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder:
        line = f"http://127.0.0.1:{port}"
        found["SQLite"] = _drain(f"sqlite:///{Path(folder) / 'x.db'}", line)
        try:
            with postgres_server(durable=True) as server, server.fresh() as url:
                found["PostgreSQL"] = _drain(url, line)
        except NoPostgresError as missing:
            print(f"PostgreSQL left out: {missing}", file=sys.stderr)
    return found


def show(found: dict[str, Drained]) -> None:
    """Print the table."""
    size = REMINDERS if os.environ.get(FULL) else TENTH
    print(f"Draining {size:,} due reminders: planned, put into digests, sent (all {REMINDERS:,}: {FULL}=1)")
    for name, each in found.items():
        mark = "" if each.is_flat else "  memory grows"
        print(
            f"  {name:12}{each.reminders:9,} reminders in {each.messages:7,} messages {each.seconds:7.1f} s"
            f" {each.reminders / each.seconds:7.0f} reminders/s   MB at start {each.start_mb:.0f}, at a tenth"
            f" {each.early_mb:.0f}, peak {each.peak_mb:.0f}, end {each.end_mb:.0f}{mark}"
        )


def _drain(url: str, line: str) -> Drained:
    size = REMINDERS if os.environ.get(FULL) else TENTH
    asyncio.run(_fill(url, -(-size // EACH)))
    command = [sys.executable, "-m", "tests.bench.draining", url, line]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found = Drained(**json.loads(done.stdout))
    assert found.reminders >= size, "fewer reminders were due than should be"
    return found


async def _fill(url: str, people: int) -> None:
    database = Database(url)
    await migrate.to_head(database)
    await fill(database, people, channel="line")
    await database.close()


class Counting:
    """A sender that knows how much it has sent, so that nobody has to count in the database."""

    def __init__(self, sender: LineSender) -> None:
        self._sender = sender
        self.sent = 0

    async def send(self, delivery: Delivery) -> Outcome:
        """See `scheduler.dispatch.Sender`."""
        outcome = await self._sender.send(delivery)
        self.sent += outcome.result is Result.SENT
        return outcome


async def _work(url: str, line: str) -> Drained:
    """Be the service until nothing is left to tell or to send."""
    clock, database = ShiftedClock(MORNING), Database(url)
    sender = LineSender("token", line, clock)
    counting = Counting(sender)
    dispatcher = Dispatcher(database, {"line": counting}, clock, owner="bench")
    planner = make_planner(load_base(), [LineChannel("secret")])
    stopping, samples = asyncio.Event(), [(0, resident_mb())]
    begin = time.perf_counter()
    sending = asyncio.create_task(dispatcher.run(stopping))
    planning = asyncio.create_task(planner(database, clock.now()))
    while not planning.done() or await left(database):
        await asyncio.sleep(SAMPLE_SECONDS)
        samples.append((counting.sent, resident_mb()))
    elapsed = time.perf_counter() - begin
    stopping.set()
    await sending
    messages = planning.result()
    early = next(mb for sent, mb in samples if sent >= messages / 10)
    told = await _reminders(database)
    await sender.close()
    await database.close()
    return Drained(told, messages, elapsed, samples[0][1], early, max(mb for _, mb in samples), samples[-1][1])


async def _reminders(database: Database) -> int:
    async with database.read() as tx:
        told = select(func.count()).select_from(reminders).where(reminders.c.state == "enqueued")
        return int((await tx.execute(told)).scalar_one())


def resident_mb() -> float:
    """What this process has in memory just now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Drain, print."""
    with quiet():
        found = asyncio.run(_work(*sys.argv[1:]))
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
