"""What an office sees of its programmes as a whole."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.work_tables import enrolments


async def editions(tx: AsyncConnection, scope: Scope) -> list[tuple[str, str]]:
    """Slug and edition of whatever the person oversees and a school takes part in, the latest to begin first."""
    begun = func.max(enrolments.c.starts_on)
    rows = await tx.execute(
        select(enrolments.c.programme, enrolments.c.edition)
        .where(scope.oversees(enrolments.c.programme))
        .group_by(enrolments.c.programme, enrolments.c.edition)
        .order_by(begun.desc(), enrolments.c.programme)
    )
    return [(row.programme, row.edition) for row in rows]
