"""The clock that wakes the service goes on, whatever happens around it."""

import asyncio
import datetime as real

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from scheduler.ticker import Ticker

INTERVAL = 0.1


class Ticks:
    """Counts, and fails or hangs when told to."""

    def __init__(self) -> None:
        self.count, self.fail, self.seconds = 0, False, 0.0
        self.finished = 0

    async def __call__(self) -> None:
        self.count += 1
        if self.fail:
            raise RuntimeError("a bad pass")
        await asyncio.sleep(self.seconds)
        self.finished += 1

    async def reach(self, count: int) -> None:
        while self.count < count:
            await asyncio.sleep(0.01)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


async def run_for(ticker: Ticker, waiting: object) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(ticker.run(stopping))
    await waiting  # type: ignore[misc]
    stopping.set()
    await running


async def test_it_ticks_again_and_again_until_told_to_stop(ticks: Ticks) -> None:
    await run_for(Ticker(ticks, interval=INTERVAL), ticks.reach(3))
    after = ticks.count
    await asyncio.sleep(3 * INTERVAL)
    assert ticks.count == after


async def test_one_bad_pass_does_not_stop_it(ticks: Ticks) -> None:
    ticks.fail = True
    await run_for(Ticker(ticks, interval=INTERVAL), ticks.reach(3))


async def test_a_tick_under_way_is_finished_before_the_stop(ticks: Ticks) -> None:
    ticks.seconds = 0.3
    await run_for(Ticker(ticks, interval=INTERVAL), ticks.reach(1))
    assert ticks.finished == ticks.count


async def test_a_clock_that_missed_its_beats_is_not_alive(ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    ticker = Ticker(ticks, interval=15)
    assert ticker.alive
    later = real.timedelta(seconds=ticker._last + 6 * 15 + 6).total_seconds()
    monkeypatch.setattr("scheduler.ticker.time.monotonic", lambda: later)
    assert not ticker.alive


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> list[real.timedelta]:
    """APScheduler's idea of the time; append a shift to move it."""
    shifts = [real.timedelta()]

    class Shifted(real.datetime):
        @classmethod
        def now(cls, tz: real.tzinfo | None = None) -> "Shifted":
            return super().now(tz) + shifts[-1]

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", Shifted)
    monkeypatch.setattr("scheduler.ticker.datetime", Shifted)
    return shifts


@pytest.mark.parametrize("hours", [-1, 24])
async def test_it_goes_on_after_the_wall_clock_was_moved(ticks: Ticks, wall: list[real.timedelta], hours: int) -> None:
    """APScheduler alone sleeps for the hour by which the clock was put back."""

    async def move_the_clock() -> None:
        await ticks.reach(2)
        wall.append(real.timedelta(hours=hours))
        await ticks.reach(ticks.count + 4)

    await asyncio.wait_for(run_for(Ticker(ticks, interval=INTERVAL), move_the_clock()), 60)
