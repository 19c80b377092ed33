"""What a person did in the console, for that person. A part of `my_data`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_tables import console_log, console_sessions, question_decisions


@dataclass(frozen=True, slots=True)
class Trace:
    """One row of any of these tables."""

    what: str
    """session, log, decision."""
    at: int
    action: str
    """What was done; empty for a session."""
    subject: str
    """What it was done to."""


async def traces(tx: AsyncConnection, person: str) -> list[Trace]:
    """All of it, table by table, the oldest first."""
    held, done, decided = console_sessions, console_log, question_decisions
    sessions = await tx.execute(select(held).where(held.c.person_id == person).order_by(held.c.created_at))
    found = [Trace("session", row.created_at, "", "") for row in sessions]
    log = await tx.execute(select(done).where(done.c.person_id == person).order_by(done.c.at, done.c.id))
    found += [Trace("log", row.at, row.action, row.subject) for row in log]
    own = select(decided).where(decided.c.person_id == person).order_by(decided.c.at, decided.c.folded_hash)
    return [*found, *(Trace("decision", row.at, row.kind, row.folded) for row in await tx.execute(own))]
