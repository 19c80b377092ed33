"""Health for whoever runs the service: alive, ready, and figures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, Info, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.store import figures, inbox, migrate, outbox, quota, reminders
from bot.store.database import Database
from scheduler.plan import OLDEST
from scheduler.quota import COUNTED, month_of

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 3.0
"""How long the database may take to answer before it counts as away."""

DATABASE_UP = Gauge("xueban_database_up", "1 if the database answered the last time that it was asked")
INBOX_WAITING = Gauge("xueban_inbox_waiting", "Events that wait to be handled")
INBOX_LAG = Gauge("xueban_inbox_lag_seconds", "Age of the oldest event that waits")
OUTBOX = Gauge("xueban_outbox_rows", "Outgoing messages by state", ["state"])
OLDEST_DUE = Gauge("xueban_outbox_oldest_due_seconds", "Age of the oldest message that is due")
REMINDERS = Gauge("xueban_reminder_rows", "Reminders by state", ["state"])
ALLOWED = Gauge("xueban_push_quota_allowed", "Pushes of this month by the provider's word", ["channel"])
SPENT = Gauge("xueban_push_quota_used", "Pushes of this month that are used or reserved", ["channel"])
SESSIONS = Gauge("xueban_console_sessions", "People who are signed in to the console")
TICK_AGE = Gauge("xueban_tick_age_seconds", "Since the last beat, on the monotonic clock; 0 where no clock runs")
PROCESS = Info("xueban_process", "Version, roles and database engine of this process")


class Vital(Protocol):
    """What health asks of the running service."""

    draining: bool

    @property
    def roles(self) -> Sequence[str]:
        """What this process does."""
        ...

    @property
    def alive(self) -> bool:
        """Whether its clock still beats."""
        ...

    @property
    def tick_age_seconds(self) -> float:
        """Seconds since the last beat, on the monotonic clock."""
        ...


def routes(service: Vital, database: Database, clock: Clock) -> list[Route]:
    """`/livez`, `/readyz` and `/metrics`."""
    engine = "sqlite" if database.is_sqlite else "postgresql"
    PROCESS.info({"version": version("xueban"), "roles": ",".join(service.roles), "database": engine})

    async def livez(_request: Request) -> Response:
        body = {"alive": service.alive, "tick_age_seconds": round(service.tick_age_seconds, 1)}
        return JSONResponse(body, 200 if service.alive else 503)

    async def readyz(_request: Request) -> Response:
        problem = await _not_ready(service, database)
        return JSONResponse({"ready": not problem, **({"reason": problem} if problem else {})}, 503 if problem else 200)

    async def metrics(_request: Request) -> Response:
        TICK_AGE.set(service.tick_age_seconds if "scheduler" in service.roles else 0)
        try:
            await asyncio.wait_for(_measure(database, clock.now()), PATIENCE_SECONDS)
            DATABASE_UP.set(1)
        except (SQLAlchemyError, OSError) as error:
            log.warning("health.database_away", error=type(error).__name__)
            DATABASE_UP.set(0)  # the figures of this process are worth having all the same
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [_get("/livez", livez), _get("/readyz", readyz), _get("/metrics", metrics)]


def _get(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, endpoint, methods=["GET"])


async def _not_ready(service: Vital, database: Database) -> str:
    if service.draining:
        return "stopping"
    try:
        current = await asyncio.wait_for(migrate.current(database), PATIENCE_SECONDS)
    except (SQLAlchemyError, OSError) as error:
        return f"database: {type(error).__name__}"
    return "" if current == migrate.head() else "database is not at the newest schema: run `xueban migrate`"


async def _measure(database: Database, moment: datetime) -> None:
    """Set what the database knows; so every process tells the same of it, whatever its roles."""
    now = epoch_ms(moment)
    async with database.read() as connection:
        waiting, oldest = await inbox.pending(connection)
        states = await outbox.count_by_state(connection)
        due = await outbox.oldest_due(connection, now)
        untold = await reminders.oldest_due(connection, now)
        planned = await figures.reminders_by_state(connection)
        ledger = await quota.ledger(connection, COUNTED, month_of(moment))
        SESSIONS.set(await figures.live_sessions(connection, now))
    INBOX_WAITING.set(waiting)
    INBOX_LAG.set(_age(now, oldest))
    OLDEST_DUE.set(_age(now, due))
    OLDEST.set(_age(now, untold))
    _set_all(OUTBOX, states)
    _set_all(REMINDERS, planned)
    _set_all(ALLOWED, {COUNTED: ledger.allowed} if ledger and ledger.allowed is not None else {})
    _set_all(SPENT, {COUNTED: ledger.used} if ledger else {})


def _age(now: int, moment: int | None) -> float:
    return max(0, now - moment) / 1000 if moment else 0


def _set_all(gauge: Gauge, values: Mapping[str, float]) -> None:
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)
