"""Who coordinates a school now, by where a channel reaches them: for what is shown to coordinators only."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Role
from bot.store.tables import conversations
from bot.store.work_tables import memberships


async def of_channel(tx: AsyncConnection, channel: str) -> Mapping[str, bool]:
    """Private addresses of everybody who is or was a coordinator; true for who is one now."""
    current = func.max(case((memberships.c.ended_at.is_(None), 1), else_=0))
    rows = await tx.execute(
        select(conversations.c.address, current.label("current"))
        .join(memberships, memberships.c.person_id == conversations.c.person_id)
        .where(
            conversations.c.channel == channel,
            conversations.c.in_group == 0,
            memberships.c.role == Role.COORDINATOR,
        )
        .group_by(conversations.c.address)
        .order_by(conversations.c.address)
    )
    return {row.address: bool(row.current) for row in rows}
