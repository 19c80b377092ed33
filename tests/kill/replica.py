"""A process that does nothing but remind: plans, puts into the outbox, sends to LINE, until it is killed or told to
stop. Forked by `tests.kill.launcher`; run by `Replica` from a test."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from datetime import datetime
from typing import Any

from bot import logs
from bot.channels.line import LineChannel, LineSender
from bot.clock import ShiftedClock
from bot.reminding import make_planner
from bot.store.database import Database
from knowledge.loader import load_base
from scheduler.dispatch import Dispatcher
from tests.kill.service import Launcher

LEASE_MS = 1_500
TIMEOUT_SECONDS = 0.6
"""Of one call to LINE; a lease must outlast it."""
PASS_PAUSE_SECONDS = 0.05
BASE = load_base()


def work(order: dict[str, Any]) -> None:
    """Be the process, in the fork. An error ends it with a status that no kill has."""
    logs.configure("error")
    asyncio.run(_work(order["url"], order["line"], datetime.fromisoformat(order["now"])))


async def _work(url: str, line: str, now: datetime) -> None:
    clock, database = ShiftedClock(now), Database(url)
    sender = LineSender("token", line, clock, timeout_seconds=TIMEOUT_SECONDS)
    owner = f"{os.getpid()}:{uuid.uuid4().hex[:8]}"
    dispatcher = Dispatcher(database, {"line": sender}, clock, owner=owner, lease_ms=LEASE_MS)
    planner = make_planner(BASE, [LineChannel("secret")])
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    async def plan() -> None:
        while not stopping.is_set():
            if await planner.tick(database, clock.now()):
                dispatcher.wake()
            await asyncio.sleep(PASS_PAUSE_SECONDS)

    await asyncio.gather(plan(), dispatcher.run(stopping, poll_seconds=0.1))
    await sender.close()
    await database.close()


class Replica:
    """One of several such processes. It may be killed and started again many times."""

    def __init__(self, launcher: Launcher, url: str, line: str, log: str) -> None:
        self._launcher = launcher
        self._order = {"url": url, "line": line, "log": log}
        self._pid = 0

    def start(self, now: datetime, step: str = "") -> None:
        """Start it; its clock says `now` (aware) and runs on. At the named step it dies by SIGKILL."""
        order = {**self._order, "now": now.isoformat(), "remind": True, "step": step}
        self._pid = self._launcher.ask({"start": order})["pid"]

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        self._end(signal.SIGKILL, -signal.SIGKILL)

    def ended(self) -> int:
        """Wait until it has ended by itself; its status."""
        pid, self._pid = self._pid, 0
        return self._launcher.wait(pid)

    def stop(self) -> None:
        """SIGTERM; what is in hand is finished. One that has hardly started may be gone before it hears of it."""
        self._end(signal.SIGTERM, 0, -signal.SIGTERM)

    def _end(self, by: signal.Signals, *statuses: int) -> None:
        if not self._pid:
            return
        pid, self._pid = self._pid, 0
        ended = self._launcher.ask({"poll": pid})["status"]
        if ended is None:
            os.kill(pid, by)
            ended = self._launcher.wait(pid)
        assert ended in statuses, f"a replica ended with {ended}; see {self._order['log']}"
