"""The clock that wakes the service. APScheduler beats; a monotonic watchdog sees to it that it goes on beating.

APScheduler 3.11 computes its next run from the wall clock: after the clock steps back an hour it sleeps that hour.
The watchdog measures on `time.monotonic()` and re-arms the job.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)

JOB = "tick"


class Ticker:
    """Calls `tick` every `interval` seconds, however the wall clock moves."""

    def __init__(self, tick: Callable[[], Awaitable[object]], *, interval: float = 15.0) -> None:
        self._tick = tick
        self._interval = interval
        self._last = time.monotonic()
        self._beating = asyncio.Lock()
        # Misfires are run, never skipped, and a pile of them counts as one.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    @property
    def age_seconds(self) -> float:
        """Seconds since the last tick ended, on the monotonic clock."""
        return time.monotonic() - self._last

    @property
    def alive(self) -> bool:
        """False once the clock has missed six beats: the process should be restarted."""
        return self.age_seconds < 6 * self._interval + 5

    async def run(self, stopping: asyncio.Event) -> None:
        """Tick until told to stop."""
        self._last = time.monotonic()
        self._scheduler.add_job(self._beat, "interval", seconds=self._interval, id=JOB)
        self._scheduler.start()
        try:
            while not stopping.is_set():
                await self._watch(stopping)
        finally:
            self._scheduler.pause()
            async with self._beating:  # a tick that is under way is finished, not cut off in its transaction
                self._scheduler.shutdown(wait=False)

    async def _watch(self, stopping: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(stopping.wait(), self._interval)
        except TimeoutError:
            if self.age_seconds > 3 * self._interval:
                log.warning("ticker.rearmed", age_seconds=round(self.age_seconds, 1))
                self._scheduler.modify_job(JOB, next_run_time=datetime.now(UTC))

    async def _beat(self) -> None:
        async with self._beating:
            try:
                await self._tick()
            except Exception:
                log.exception("ticker.tick_failed")
            self._last = time.monotonic()
