"""How many webhooks a second one process takes, and how many two on the same PostgreSQL.

Processes of the role `web` with nobody behind them, so that nothing but taking in is measured. A rate is carried where
every request was answered with 200, the 99th percentile from the intended moment is at most `TARGET_MS`, and the
answers keep pace, at one of two tries: somebody else's moment on the machine is none of ours. The largest is sought by
growing steps and then by halving. PostgreSQL and the generator need
processors too: what each used is printed, and whether the machine has enough of them for two to carry 1.6 times as
much at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bot.store.database import Database
from tests.bench.load_busy import SECRET, cpu_seconds, generate
from tests.bench.load_open import Order, Seen
from tests.bench.load_report import TARGET_MS
from tests.bench.processes import Command, Served, served
from tests.databases import NoPostgresError, Postgres, postgres_server

TRIAL_SECONDS = 4
FIRST, GROWTH, HALVINGS = 100, 1.5, 3
TRIES = 2
PACE = 0.97
"""Of the rate that was asked for."""
PEOPLE = 1_000
TARGET = 1.6
"""Of what one process carries."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What so many processes carry."""

    processes: int
    per_second: float
    seen: Seen
    cores: Mapping[str, float]
    """What web, PostgreSQL and the generator used meanwhile."""
    load: float
    """Average of the machine before."""


def run() -> list[Carried]:
    """One, then two; takes two minutes."""
    try:
        with postgres_server(durable=True) as server:
            return [_carried(server, 1), _carried(server, 2)]
    except NoPostgresError as missing:
        print(f"Replicas left out: {missing}", file=sys.stderr)
        return []


def _carried(server: Postgres, count: int) -> Carried:
    with tempfile.TemporaryDirectory() as folder, server.fresh() as url, contextlib.ExitStack() as stack:
        services = []
        for number in range(count):
            log = stack.enter_context((Path(folder) / f"{number}.log").open("wb"))
            services.append(stack.enter_context(served(_web(url), log)))
        return asyncio.run(_most(url, services))


def _web(url: str) -> Command:
    def command(port: int) -> tuple[list[str], dict[str, str]]:
        return ["-m", "bot", "serve", "--port", str(port), "--roles", "web"], {
            "DATABASE_URL": url,
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE_URL": "http://127.0.0.1:9",  # a process of this role calls nobody
        }

    return command


async def _most(url: str, services: Sequence[Served]) -> Carried:
    load, ports = os.getloadavg()[0], [each.port for each in services]
    await generate(_order(ports, FIRST))  # everybody is known then, and every connection was used
    best: Carried | None = None
    rate, failed = float(FIRST), 0.0
    halvings = HALVINGS
    while halvings:
        for _ in range(TRIES):
            seen, cores = await _trial(url, services, _order(ports, rate))
            carried = not seen.bad and seen.p99 <= TARGET_MS and seen.per_second >= PACE * rate
            if carried:
                break
        if carried:
            best = Carried(len(services), rate, seen, cores, load)
        else:
            failed = rate
        halvings -= bool(failed)
        low = best.per_second if best else 0.0
        rate = (low + failed) / 2 if failed else rate * GROWTH
    return best or Carried(len(services), 0.0, seen, cores, load)


def _order(ports: Sequence[int], rate: float) -> Order:
    steps = [(f"U{number % PEOPLE:032x}", "text", "你好") for number in range(int(rate * TRIAL_SECONDS))]
    return Order(ports, SECRET, rate, steps, connections=48 // len(ports))


async def _trial(url: str, services: Sequence[Served], order: Order) -> tuple[Seen, dict[str, float]]:
    database = Database(url)
    try:
        async with database.read() as tx:
            rows = await tx.execute(text("SELECT pid FROM pg_stat_activity"))
            ours = {"web": [each.pid for each in services], "PostgreSQL": list(rows.scalars())}
        before = {name: _cpu(pids) for name, pids in ours.items()}
        began = time.monotonic()
        seen = await generate(order)
        elapsed = min(time.monotonic() - began, len(order.steps) / order.per_second)
        cores = {name: (_cpu(pids) - before[name]) / elapsed for name, pids in ours.items()}
        return seen, {**cores, "generator": seen.cpu_seconds / elapsed}
    finally:
        await database.close()


def _cpu(pids: Sequence[int]) -> float:
    """What these have used of a processor; one that has ended meanwhile counts nothing."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            total += cpu_seconds(pid)
    return total


def show(found: Sequence[Carried]) -> None:
    """Print what each carries, and the ratio with what it is worth."""
    if not found:
        return
    cores = os.cpu_count() or 1
    print(f"Replicas on one PostgreSQL: most webhooks a second with p99 ≤ {TARGET_MS} ms and no error, {cores} cores")
    for each in found:
        used = ", ".join(f"{name} {value:.2f}" for name, value in each.cores.items())
        print(
            f"  {each.processes} of role web {each.per_second:7.0f}/s  p99 {each.seen.p99:.1f} ms"
            f"  cores used: {used}; load before {each.load:.1f}"
        )
    one, two = found
    ratio = two.per_second / one.per_second if one.per_second else 0.0
    wanted = TARGET * sum(one.cores.values())
    if ratio >= TARGET:
        mark = ""
    elif wanted > cores:
        mark = f"  below {TARGET}: that would take {wanted:.1f} cores, this machine has {cores}"
    else:
        others = f" (other work on the machine: load {one.load:.1f})" if one.load > 1 else ""
        mark = f"  below {TARGET}{others}"
    print(f"  ratio {ratio:.2f}{mark}")


if __name__ == "__main__":
    show(run())
