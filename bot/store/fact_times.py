"""When a school said what dates depend on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_tables import fact_versions as table


async def latest(tx: AsyncConnection, enrolment_ids: Collection[str]) -> Mapping[str, Mapping[str, int]]:
    """When each fact was last said, in epoch ms, by enrolment; one that was said before this was kept is left out."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    if enrolment_ids:
        ours = table.c.enrolment_id.in_(enrolment_ids)
        last = select(table.c.enrolment_id, table.c.fact, func.max(table.c.at).label("last")).where(ours)
        for row in await tx.execute(last.group_by(table.c.enrolment_id, table.c.fact)):
            found[row.enrolment_id][row.fact] = row.last
    return found
