"""What people said about deadlines: that one is seen to. For dates that the office moved see `deadline_moves`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.database import insert_or_ignore
from bot.store.reminder_tables import deadline_marks
from bot.store.work_tables import enrolments


async def mark(tx: AsyncConnection, scope: Scope, enrolment_id: str, key: str, due: datetime | None, now: int) -> bool:
    """Note that a deadline is seen to; whether the person may. A second time changes nothing."""
    if not await _may(tx, scope, enrolment_id):
        return False
    row = {"enrolment_id": enrolment_id, "key": key, "due": _minute(due), "person_id": scope.person, "at": now}
    await tx.execute(insert_or_ignore(deadline_marks, tx.dialect), row)
    return True


async def unmark(tx: AsyncConnection, scope: Scope, enrolment_id: str, key: str) -> bool:
    """Take that back; whether the person may."""
    if not await _may(tx, scope, enrolment_id):
        return False
    here = (deadline_marks.c.enrolment_id == enrolment_id, deadline_marks.c.key == key)
    await tx.execute(delete(deadline_marks).where(*here))
    return True


async def _may(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> bool:
    ours = (enrolments.c.id == enrolment_id, scope.writes(enrolments.c.id) | scope.manages(enrolments.c.id))
    return (await tx.execute(select(enrolments.c.id).where(*ours))).first() is not None


async def marked(tx: AsyncConnection, enrolment_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The deadlines that are seen to, by enrolment. To be asked of enrolments that a scope has shown."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = await tx.execute(select(deadline_marks).where(deadline_marks.c.enrolment_id.in_(enrolment_ids)))
    for row in rows:
        found[row.enrolment_id].add(row.key)
    return {enrolment: frozenset(keys) for enrolment, keys in found.items()}


def _minute(due: datetime | None) -> str:
    return due.isoformat(timespec="minutes") if due else ""
