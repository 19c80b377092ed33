"""Fifty webhooks a second for two minutes while worker, scheduler and console are at work, on PostgreSQL.

The service runs as it may in production: split (webhooks and console in one process, worker and scheduler in one
each), and as one process that does everything. Beside it run the LINE of `load_line`, the open loop of `load_open`, and
an office user who opens a page of the console each second. PostgreSQL waits for the disk. `XUEBAN_BENCH_SECONDS` sets
another length.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, make_url, select, text

from bot.demo.schools import DISTANCE
from bot.demo.when import NOW
from bot.store.database import Database
from bot.store.tables import inbox, outbox
from tests.bench.load_open import Order, Seen
from tests.bench.load_report import PER_SECOND, SECONDS, Busy, Memory, show
from tests.bench.load_script import steps
from tests.bench.load_town import Town, settle
from tests.bench.processes import Command, Served, served
from tests.bench.sending import quiet
from tests.databases import NoPostgresError, Postgres, postgres_server

SECRET, PASSWORD = "bench", "a-password-for-the-bench"
WAYS = (
    ("split: web with console, worker, scheduler", ("web", "worker", "scheduler")),
    ("one process does all", ("web,worker,scheduler",)),
)
"""How it is run, and the roles of each process; the first has the webhooks."""
SAMPLE_SECONDS = 1.0
SETTLED = 1 / 2
"""Of the run, after which memory is expected not to grow."""
DRAIN_SECONDS = 60
PAGES = (
    "/admin", f"/admin/schools?edition={DISTANCE}@114", "/admin/deadlines", "/admin/people", "/admin/questions",
    f"/admin/schools?edition={DISTANCE}@114&sort=worst&page=2", "/admin/answers", "/admin/deliveries", "/admin/log",
    f"/admin/schools/met.svg?edition={DISTANCE}@114",
)  # fmt: skip


def run() -> list[Busy]:
    """Both ways to run it, each in a database of its own."""
    try:
        with postgres_server(durable=True) as server:
            return _both(server)
    except NoPostgresError as missing:
        print(f"Load left out: {missing}", file=sys.stderr)
        return []


def _both(server: Postgres) -> list[Busy]:
    found = []
    with tempfile.TemporaryDirectory(prefix="xueban-bench-") as name, server.fresh() as filled:
        folder = Path(name)
        with quiet():
            town = asyncio.run(settle(filled, folder / "evidence", max(1, SECONDS // 60)))
        for way, roles in WAYS:
            with _copy(server, filled) as url:
                found.append(_one(way, url, roles, folder, town))
    return found


@contextlib.contextmanager
def _copy(server: Postgres, url: str) -> Iterator[str]:
    """A database like this one, which nobody may be connected to."""
    name = f"xueban_load_{uuid.uuid4().hex[:12]}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
    try:
        yield server.url(name)
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _one(name: str, url: str, roles: Sequence[str], folder: Path, town: Town) -> Busy:
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context((folder / "line.log").open("wb"))
        line = stack.enter_context(served(_line, sink))
        began = time.monotonic()
        services: dict[str, Served] = {}
        for role in roles:
            log = stack.enter_context((folder / f"{role}.log").open("wb"))
            services[role] = stack.enter_context(served(_service(url, role, line.port, folder, began), log))
        found = asyncio.run(_drive(name, url, town, services, line.port))
    complaints = [text for role in roles for text in _complaints(folder / f"{role}.log")]
    return Busy(**{**found, "complaints": complaints})


def _line(port: int) -> tuple[list[str], dict[str, str]]:
    return ["-m", "tests.bench.load_line", str(port)], {}


def _service(url: str, roles: str, line: int, folder: Path, began: float) -> Command:
    def command(port: int) -> tuple[list[str], dict[str, str]]:
        moment = NOW + timedelta(seconds=time.monotonic() - began)  # the same in all processes, whenever they start
        return ["-m", "bot", "serve", "--port", str(port), "--roles", roles], {
            "DATABASE_URL": url,
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE_URL": f"http://127.0.0.1:{line}",
            "LINE_DATA_API_BASE_URL": f"http://127.0.0.1:{line}",
            "XUEBAN_ADMIN_PASSWORD": PASSWORD,
            "XUEBAN_DATA_DIR": str(folder),
            "XUEBAN_NOW": moment.isoformat(),
        }

    return command


async def _drive(name: str, url: str, town: Town, services: dict[str, Served], line: int) -> dict[str, Any]:
    web = next(iter(services.values())).port
    order = Order([web], SECRET, PER_SECOND, steps(town, PER_SECOND * SECONDS))
    before, stopping = os.getloadavg()[0], asyncio.Event()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web}", timeout=30) as office:
        await _sign_in(office)
        memory = asyncio.create_task(_watch(services, stopping))
        visits = asyncio.create_task(_visit(office, stopping))
        begun = {role: cpu_seconds(each.pid) for role, each in services.items()}
        started = time.monotonic()
        seen = await generate(order)
        elapsed = time.monotonic() - started
        cpu = [(role, (cpu_seconds(each.pid) - begun[role]) / elapsed) for role, each in services.items()]
        left = await _wait_for_the_rest(url)
        stopping.set()
        pages, bad_pages = await visits
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{line}", timeout=30) as told:
        lags, pushes = (await told.get("/_lags")).json(), (await told.get("/_pushes")).json()
    return {
        "name": name, "seen": seen, "lags": sorted(lags), "pushes": pushes, "left": left, "failed": await _failed(url),
        "pages": sorted(pages), "bad_pages": bad_pages, "memory": await memory, "cpu": cpu,
        "load": (before, os.getloadavg()[0]),
    }  # fmt: skip


async def generate(order: Order) -> Seen:
    """Let the generator send, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load_open", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate(json.dumps(asdict(order)).encode())
    return Seen(**json.loads(told))


async def _sign_in(office: httpx.AsyncClient) -> None:
    answer = await office.post("/admin/sign-in", data={"password": PASSWORD, "next": "/admin"})
    assert answer.status_code == 303, f"the office can't sign in: {answer.status_code}"


async def _visit(office: httpx.AsyncClient, stopping: asyncio.Event) -> tuple[list[tuple[float, str]], int]:
    """A page each second, whether the one before has come or not."""
    found: list[tuple[float, str]] = []
    bad: list[str] = []

    async def look(path: str) -> None:
        begin = time.perf_counter()
        answer = await office.get(path)
        found.append((1000 * (time.perf_counter() - begin), path))
        if answer.status_code != 200:
            bad.append(path)

    async with asyncio.TaskGroup() as looks:
        number = 0
        while not stopping.is_set():
            looks.create_task(look(PAGES[number % len(PAGES)]))
            number += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), 1.0)
    return found, len(bad)


async def _watch(services: dict[str, Served], stopping: asyncio.Event) -> list[Memory]:
    samples: dict[str, list[float]] = {role: [] for role in services}
    while not stopping.is_set():
        for role, each in services.items():
            samples[role].append(resident_mb(each.pid))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SAMPLE_SECONDS)
    return [_memory(role, found[: SECONDS + 1]) for role, found in samples.items()]


def _memory(name: str, samples: Sequence[float]) -> Memory:
    late = samples[int(len(samples) * SETTLED) :]
    slope = statistics.linear_regression(range(len(late)), late).slope if len(late) > 1 else 0.0
    return Memory(name, samples[0], samples[-1], max(samples), slope * 60 / SAMPLE_SECONDS)


def resident_mb(pid: int) -> float:
    """What a process has in memory just now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """What a process has used of a processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _wait_for_the_rest(url: str) -> int:
    """Wait until everything is answered; how much is not."""
    database, end = Database(url), time.monotonic() + DRAIN_SECONDS
    waiting = text(
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
        " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending') AND event_id LIKE '01%')"
    )
    try:
        while True:
            async with database.read() as tx:
                left = int((await tx.execute(waiting)).scalar_one())
            if not left or time.monotonic() > end:
                return left
            await asyncio.sleep(0.2)
    finally:
        await database.close()


async def _failed(url: str) -> int:
    database = Database(url)
    try:
        async with database.read() as tx:
            events = select(func.count()).select_from(inbox).where(inbox.c.state == "failed")
            lost = select(func.count()).select_from(outbox).where(
                outbox.c.state.in_(("dead", "unknown")), outbox.c.method == "reply"
            )  # fmt: skip
            return int((await tx.execute(events)).scalar_one()) + int((await tx.execute(lost)).scalar_one())
    finally:
        await database.close()


def _complaints(path: Path) -> Iterator[str]:
    for line in path.read_text(errors="replace").splitlines():
        if '"level": "error"' in line or '"level": "critical"' in line or line.startswith("Traceback"):
            yield line[:300]


if __name__ == "__main__":
    show(run())
