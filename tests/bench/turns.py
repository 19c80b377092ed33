"""A turn of the conversation, database included, beside a bare insert on the same SQLite database.

Everything is real but the person: each message is stored as the chat page's are, then `Worker.step` claims it, answers,
and commits new state, reply and "done" in one transaction. The bare insert is one row and its commit, through the
same `Database` with the same pragmas (WAL, synchronous=FULL): what any bot that keeps its state must pay.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import text

from bot.channels.web import WebChannel
from bot.clock import ShiftedClock, epoch_ms, parse_local
from bot.inbox.ingest import Ingest, new_events
from bot.inbox.worker import Worker
from bot.store import migrate
from bot.store.database import Database
from handlers.router import Router
from knowledge.answering.engine import Answerer
from knowledge.loader import load_base

SCRIPT = [
    "我們可以申請跨校遠距嗎",
    "2",
    "三級",
    "不確定",
    "兩門",
    "要幾個學生？",
    "三所",
    "一般科目",
    "為什麼",
    "混合",
    "上一題",
    "混合遠距",
    "１５人",
    "是",
    "現職",
    "否",
    "否",
    "如果學生只有 9 個呢",
    "我的檢核",
]
"""What one person says, in order: a whole checklist with its detours. A new person says it again from the start."""
PEOPLE = 60
PAUSE = timedelta(seconds=10)
"""Between two messages of a person: the allowance must not run out."""
_BEGIN = parse_local("2025-09-01T09:00")
_WARM = 5
"""People whose turns are not counted."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Found:
    """Both of one run, measured in turn."""

    turn: Times
    insert: Times
    count: int


class Stage:
    """One database, one worker, one clock that moves only when told to."""

    def __init__(self, database: Database) -> None:
        answerer = Answerer(load_base())
        answerer.warm()
        self.clock = ShiftedClock(_BEGIN, running=False)
        self._database = database
        self._channel = WebChannel()
        self._ingest = Ingest(database, self.clock, on_stored=lambda: None)
        channels = {"web": self._channel}
        self._worker = Worker(database, channels, Router(answerer), self.clock, on_outgoing=lambda: None)

    async def turn(self, person: str, number: int, words: str) -> float:
        """Store one message, and measure the step that answers it; milliseconds."""
        self.clock.move_to(self.clock.now() + PAUSE)
        at = epoch_ms(self.clock.now())
        raw = {"id": f"{person}-{number}", "session": person, "text": words, "at": at}
        await self._ingest.put(new_events(self._channel, [raw]))
        began = time.perf_counter()
        worked = await self._worker.step()
        took = (time.perf_counter() - began) * 1e3
        if not worked:
            raise RuntimeError(f"nothing was due after {words!r}")
        return took

    async def insert(self, number: int) -> float:
        """Measure one row and its commit; milliseconds."""
        began = time.perf_counter()
        async with self._database.write() as tx:
            await tx.execute(text("INSERT INTO bare (id, words) VALUES (:id, 'x')"), {"id": number})
        return (time.perf_counter() - began) * 1e3

    async def prepare(self) -> None:
        """The tables."""
        await migrate.to_head(self._database)
        async with self._database.write() as tx:
            await tx.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT NOT NULL)"))

    async def check(self, count: int) -> None:
        """Every turn was answered, and none held back.

        Raises:
            RuntimeError: not so, and the times mean nothing.
        """
        async with self._database.read() as connection:
            done = (await connection.execute(text("SELECT count(*) FROM inbox WHERE state = 'done'"))).scalar_one()
            said = (await connection.execute(text("SELECT count(DISTINCT event_id) FROM outbox"))).scalar_one()
        if done != count or said != count:
            raise RuntimeError(f"{count} messages, of which {done} were done and {said} answered")


def turns(script: Sequence[str]) -> Found:
    """Measure a conversation, said by one person after another, on a new SQLite file."""
    structlog.configure(processors=[drop])  # a log to the terminal would be measured too
    try:
        with tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder:
            return asyncio.run(_measure(Path(folder) / "xueban.db", script))
    finally:
        structlog.reset_defaults()


def drop(_logger: object, _method: str, _event: structlog.typing.EventDict) -> str:
    raise structlog.DropEvent


async def _measure(path: Path, script: Sequence[str]) -> Found:
    database = Database(f"sqlite:///{path}")
    stage = Stage(database)
    took, bare = list[float](), list[float]()
    try:
        await stage.prepare()
        for person in range(PEOPLE + _WARM):
            for number, words in enumerate(script):
                took.append(await stage.turn(f"person-{person}", number, words))
                bare.append(await stage.insert(len(bare)))
        await stage.check(len(took))
    finally:
        await database.close()
    warm = _WARM * len(script)
    return Found(times_of(took[warm:]), times_of(bare[warm:]), len(took) - warm)


def times_of(found: Sequence[float]) -> Times:
    return Times(statistics.median(found), statistics.quantiles(found, n=100)[98])


def show(found: Found) -> None:
    """Print the table."""
    print(f"\nA turn on SQLite, database included; {found.count} turns of {PEOPLE} people")
    print(f"{'milliseconds':38}{'p50':>9}{'p99':>9}{'p50 ratio':>12}{'p99 ratio':>12}")
    for name, times in (("bare insert and commit", found.insert), ("xueban, a turn", found.turn)):
        ratios = f"{times.p50 / found.insert.p50:12.1f}{times.p99 / found.insert.p99:12.1f}"
        print(f"{name:38}{times.p50:9.2f}{times.p99:9.2f}{ratios}")


if __name__ == "__main__":
    show(turns(SCRIPT))
