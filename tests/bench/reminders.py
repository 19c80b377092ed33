"""What planning costs as schools grow: a whole pass on a day on which everybody has something due, at two sizes.

On SQLite, in one process, digests and all: what is due is planned, put into one message for each coordinator, and
that is stored with what it tells. Then a second pass, which finds nothing to do.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.store import migrate
from bot.store.database import Database
from tests.bench.sending import quiet
from tests.bench.towns import fill
from tests.scheduler.reminding import Town

SIZES = (2_000, 20_000)
TARGET = 1.3
"""What an enrolment may cost in the large town, as a multiple of the small one."""


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of the town."""

    enrolments: int
    first_seconds: float
    """The pass that plans and enqueues a digest for everybody."""
    first_cpu_seconds: float
    second_seconds: float
    """The pass after it, which finds nothing to do."""

    @property
    def microseconds_each(self) -> float:
        """Of the first pass, per enrolment."""
        return self.first_seconds / self.enrolments * 1e6


def run() -> list[Growth]:
    """All sizes, one after the other."""
    with quiet():
        return [asyncio.run(_measure(size)) for size in SIZES]


def show(found: list[Growth]) -> None:
    """Print the table."""
    print("Planning: a whole pass on SQLite with a digest for everybody")
    for size in found:
        busy = size.first_cpu_seconds / size.enrolments * 1e6
        print(
            f"  {size.enrolments:6,} enrolments  {size.first_seconds:6.1f} s  {size.microseconds_each:6.0f} µs each"
            f" ({busy:.0f} of the processor)   again {size.second_seconds:5.1f} s"
        )
    ratio = found[-1].microseconds_each / found[0].microseconds_each
    print(f"  ratio {ratio:.2f}" + ("" if ratio <= TARGET else f"  above {TARGET}"))


async def _measure(size: int) -> Growth:
    with tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'x.db'}")
        await migrate.to_head(database)
        await fill(database, size)
        town = Town(database)
        times, busy = [], []
        for moment in ("2026-07-24T09:00", "2026-07-24T10:00"):
            begin, processor = time.perf_counter(), time.process_time()
            made = await town.at(moment)
            times.append(time.perf_counter() - begin)
            busy.append(time.process_time() - processor)
            assert made == (size if not times[1:] else 0)
        await database.close()
    return Growth(size, times[0], busy[0], times[1])


if __name__ == "__main__":
    show(run())
