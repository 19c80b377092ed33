"""Counts for whoever runs the service: no ids, nobody's words."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_sessions import IDLE_MS
from bot.store.console_tables import console_sessions
from bot.store.reminder_tables import reminders


async def reminders_by_state(tx: AsyncConnection) -> dict[str, int]:
    """How many reminders are in each state."""
    rows = await tx.execute(select(reminders.c.state, func.count()).group_by(reminders.c.state))
    return {state: int(count) for state, count in rows}


async def live_sessions(tx: AsyncConnection, now: int) -> int:
    """How many people are signed in to the console. `now` in epoch milliseconds."""
    alive = (console_sessions.c.expires_at > now, console_sessions.c.seen_at > now - IDLE_MS)
    counted = select(func.count(func.distinct(console_sessions.c.person_id))).where(*alive)
    return int((await tx.execute(counted)).scalar_one())
