"""What becomes of sessions, the console's log and facts when two people turn out to be one, or one is forgotten."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_tables import console_log, console_sessions, fact_versions, question_decisions

_NAMED = (console_log, fact_versions, question_decisions)


async def merge(tx: AsyncConnection, kept: str, given_up: str) -> None:
    """What the second did, the first did; who is signed in as the second goes on as the first."""
    for table in (console_sessions, *_NAMED):
        await tx.execute(update(table).where(table.c.person_id == given_up).values(person_id=kept))


async def forget(tx: AsyncConnection, person: str) -> None:
    """Their sessions end; what they did stays, without their number."""
    await tx.execute(delete(console_sessions).where(console_sessions.c.person_id == person))
    for table in _NAMED:
        await tx.execute(update(table).where(table.c.person_id == person).values(person_id=""))
