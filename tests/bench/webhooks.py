"""Webhook requests a second, signed and durable, against a bare endpoint that only checks the signature.

The service runs as in production: on SQLite one process does everything, on PostgreSQL the webhooks have a process
and the worker another. The worker is at work during the measurement, answers go out to a fake LINE. Bare endpoint
and service are measured in turn, within one run, over the same number of connections; the median of the rounds
counts. PostgreSQL waits for the disk.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from tests.bench.processes import Command, fake_line, process
from tests.databases import NoPostgresError, postgres_server

SECRET = "bench"
CONNECTIONS = 48
REQUESTS = 4_000
PEOPLE = 1_000
ROUNDS = 3
TARGET = 0.5
"""Of the bare endpoint's requests a second."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float
    ratio: float
    """Of the bare endpoint measured beside it; 1 for that one itself."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How a service is run: a database, and the roles of each process, the first of which has the webhooks."""

    name: str
    url: str
    roles: tuple[str, ...]


def run() -> list[Row]:
    """Measure everything; takes about a minute."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder, process(_bare) as bare:
        path = Path(folder) / "xueban.db"
        rows += _compare(Setup("SQLite, one process", f"sqlite:///{path}", ("web,worker,scheduler",)), bare)
        try:
            with postgres_server(durable=True) as server:
                roles = ("web", "worker,scheduler")
                with server.fresh() as url:
                    rows += _compare(Setup("PostgreSQL, web and worker", url, roles), bare)
                with server.fresh() as url:
                    rows += _compare(Setup("PostgreSQL, web alone", url, roles[:1]), bare)
        except NoPostgresError as missing:
            print(f"PostgreSQL left out: {missing}", file=sys.stderr)
    return rows


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"Webhooks: {CONNECTIONS} connections, {ROUNDS} rounds of {REQUESTS}; signed, on disk before the 200")
    print(f"{'':32}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}")
    for row in rows:
        mark = "" if row.ratio >= TARGET else f"  below {TARGET}"
        print(f"{row.name:32}{row.per_second:12.0f}{row.p50_ms:9.1f}{row.p99_ms:9.1f}{row.ratio:8.2f}{mark}")


def _compare(setup: Setup, bare: int) -> list[Row]:
    with contextlib.ExitStack() as stack:
        line = stack.enter_context(process(fake_line))
        ports = [stack.enter_context(process(_service(setup.url, roles, line))) for roles in setup.roles]
        works = any("worker" in roles for roles in setup.roles)
        for port in (bare, ports[0]):
            _load(port, 500)
        theirs, ours = [], []
        for _ in range(ROUNDS):
            if works:
                _wait_until_idle(setup.url)
            theirs.append(_load(bare, REQUESTS))
            ours.append(_load(ports[0], REQUESTS))
    ratio = statistics.median(o["per_second"] / t["per_second"] for o, t in zip(ours, theirs, strict=True))
    return [_row("bare Starlette", theirs, 1.0), _row(f"Xueban on {setup.name}", ours, ratio)]


def _row(name: str, found: list[dict[str, float]], ratio: float) -> Row:
    def middle(key: str) -> float:
        return statistics.median(one[key] for one in found)

    return Row(name, middle("per_second"), middle("p50_ms"), middle("p99_ms"), ratio)


def _load(port: int, count: int) -> dict[str, float]:
    arguments = [str(value) for value in (port, SECRET, count, CONNECTIONS, PEOPLE)]
    command = [sys.executable, "-m", "tests.bench.load", *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if found["bad"]:
        raise RuntimeError(f"{found['bad']:.0f} of {count} requests were not answered with 200")
    return found


def _wait_until_idle(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    pending = text(
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
        " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
    )
    end = time.monotonic() + 300
    while time.monotonic() < end:
        with engine.connect() as connection:
            if not connection.execute(pending).scalar_one():
                break
        time.sleep(0.2)
    engine.dispose()


def _bare(port: int) -> tuple[list[str], dict[str, str]]:
    return ["-m", "tests.bench.bare", str(port), SECRET], {}


def _service(url: str, roles: str, line: int) -> Command:
    def command(port: int) -> tuple[list[str], dict[str, str]]:
        return ["-m", "bot", "serve", "--port", str(port), "--roles", roles], {
            "DATABASE_URL": url,
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE_URL": f"http://127.0.0.1:{line}",
        }

    return command


if __name__ == "__main__":
    show(run())
