"""What whoever runs the service is told, also while the database is away."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.clock import ShiftedClock, epoch_ms
from bot.store import console_sessions, inbox, quota, reminders
from bot.store.database import Database
from bot.web import health
from tests.bot.store.school_house import member, school
from tests.parrot import events, said


@dataclass
class Vitals:
    """A service as health sees it."""

    draining: bool = False
    alive: bool = True
    tick_age_seconds: float = 1.25
    roles: tuple[str, ...] = ("web", "worker", "scheduler")


@pytest.fixture
def vitals() -> Vitals:
    return Vitals()


@pytest.fixture
async def client(database: Database, clock: ShiftedClock, vitals: Vitals) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=health.routes(vitals, database, clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as opened:
        yield opened


def figure(metrics: str, name: str) -> float:
    """The value of one line of the metrics."""
    return next(float(line.split()[-1]) for line in metrics.splitlines() if line.startswith(f"{name} "))


async def test_a_service_whose_clock_beats_is_alive(client: httpx.AsyncClient, vitals: Vitals) -> None:
    response = await client.get("/livez")
    assert (response.status_code, response.json()) == (200, {"alive": True, "tick_age_seconds": 1.2})
    vitals.alive = False
    assert (await client.get("/livez")).status_code == 503


async def test_it_is_ready_at_the_newest_schema_until_it_stops(client: httpx.AsyncClient, vitals: Vitals) -> None:
    assert (await client.get("/readyz")).json() == {"ready": True}
    vitals.draining = True
    response = await client.get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (503, "stopping")


async def test_an_old_schema_is_not_ready_and_the_mend_is_named(client: httpx.AsyncClient, database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM alembic_version"))
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert "xueban migrate" in response.json()["reason"]


async def test_what_waits_can_be_measured(client: httpx.AsyncClient, database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        await inbox.store(tx, events(said("ann"), said("bob")), epoch_ms(clock.now() - timedelta(seconds=90)))
    metrics = (await client.get("/metrics")).text
    assert figure(metrics, "xueban_inbox_waiting") == 2
    assert figure(metrics, "xueban_inbox_lag_seconds") == 90
    assert figure(metrics, "xueban_database_up") == 1


async def test_reminders_quota_and_sessions_are_told_by_every_process(
    client: httpx.AsyncClient, database: Database, clock: ShiftedClock
) -> None:
    now = epoch_ms(clock.now())
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        who = await member(tx, "ann", place)
        key = reminders.Key(place.id, who.person, "deadline:apply", "2025-11-21", "T-1")
        await reminders.add(tx, [reminders.New(key, "2025-11-20", now - 45_000, now + 1_000)], now)
        await quota.report(tx, "line", "2025-11", allowed=500, used=40, pending=2, now=now)
        await console_sessions.begin(tx, who.person, now)
        await console_sessions.begin(tx, who.person, now)
    metrics = (await client.get("/metrics")).text
    assert figure(metrics, "xueban_reminder_oldest_due_seconds") == 45
    assert figure(metrics, 'xueban_reminder_rows{state="planned"}') == 1
    assert figure(metrics, 'xueban_push_quota_allowed{channel="line"}') == 500
    assert figure(metrics, 'xueban_push_quota_used{channel="line"}') == 42
    assert figure(metrics, "xueban_console_sessions") == 1
    assert figure(metrics, "xueban_tick_age_seconds") == 1.25


async def test_a_process_says_what_it_is(client: httpx.AsyncClient, database: Database) -> None:
    metrics = (await client.get("/metrics")).text
    line = next(line for line in metrics.splitlines() if line.startswith("xueban_process_info{"))
    assert 'roles="web,worker,scheduler"' in line
    assert f'database="{"sqlite" if database.is_sqlite else "postgresql"}"' in line
    assert "process_resident_memory_bytes " in metrics


LABELS = frozenset(
    ("state", "channel", "outcome", "zone", "fate", "version", "roles", "database", "le", "generation",
     "implementation", "major", "minor", "patchlevel", "quantile")
)  # fmt: skip
"""Words that we choose. A label that anybody else fills may hold whose message it was."""


async def test_no_label_holds_what_comes_from_people(client: httpx.AsyncClient) -> None:
    metrics = (await client.get("/metrics")).text
    found = {name for line in metrics.splitlines() if not line.startswith("#") for name in re.findall(r'(\w+)="', line)}
    assert found - LABELS == set()


@pytest.fixture
async def away(clock: ShiftedClock, vitals: Vitals) -> AsyncIterator[httpx.AsyncClient]:
    """A service whose database can't be reached."""
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    app = Starlette(routes=health.routes(vitals, database, clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as opened:
        yield opened
    await database.close()


async def test_while_the_database_is_away_it_is_alive_not_ready_and_measured(away: httpx.AsyncClient) -> None:
    assert (await away.get("/livez")).status_code == 200
    ready = await away.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["reason"].startswith("database")
    metrics = await away.get("/metrics")
    assert metrics.status_code == 200
    assert figure(metrics.text, "xueban_database_up") == 0
