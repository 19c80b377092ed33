"""Health for whoever runs the service: alive, ready, and figures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.store import inbox, migrate, outbox
from bot.store.database import Database

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 3.0
"""How long the database may take to answer before it counts as away."""

DATABASE_UP = Gauge("xueban_database_up", "1 if the database answered the last time that it was asked")
INBOX_WAITING = Gauge("xueban_inbox_waiting", "Events that wait to be handled")
INBOX_LAG = Gauge("xueban_inbox_lag_seconds", "Age of the oldest event that waits")
OUTBOX = Gauge("xueban_outbox_rows", "Outgoing messages by state", ["state"])
OLDEST_DUE = Gauge("xueban_outbox_oldest_due_seconds", "Age of the oldest message that is due")


class Vital(Protocol):
    """What health asks of the running service."""

    draining: bool

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

    async def livez(_request: Request) -> Response:
        body = {"alive": service.alive, "tick_age_seconds": round(service.tick_age_seconds, 1)}
        return JSONResponse(body, 200 if service.alive else 503)

    async def readyz(_request: Request) -> Response:
        problem = await _not_ready(service, database)
        return JSONResponse({"ready": not problem, **({"reason": problem} if problem else {})}, 503 if problem else 200)

    async def metrics(_request: Request) -> Response:
        try:
            await asyncio.wait_for(_measure(database, epoch_ms(clock.now())), PATIENCE_SECONDS)
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


async def _measure(database: Database, now: int) -> None:
    async with database.read() as connection:
        waiting, oldest = await inbox.pending(connection)
        states = await outbox.count_by_state(connection)
        due = await outbox.oldest_due(connection, now)
    INBOX_WAITING.set(waiting)
    INBOX_LAG.set(max(0, now - oldest) / 1000 if oldest else 0)
    OLDEST_DUE.set(max(0, now - due) / 1000 if due else 0)
    OUTBOX.clear()
    for state, count in states.items():
        OUTBOX.labels(state).set(count)
