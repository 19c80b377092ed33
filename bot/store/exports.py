"""What an export needs beside the records themselves, of all records of a school at once."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.evidence import GONE, STORED, WAITING, Evidence, read
from bot.store.history import Attendee
from bot.store.record_rows import name_of
from bot.store.work_tables import attendances, evidence, records


async def attendees(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> dict[str, tuple[Attendee, ...]]:
    """Who said to have been there too, by record, in the order of saying so."""
    rows = await tx.execute(
        select(
            attendances.c.record_id,
            attendances.c.person_id,
            name_of(attendances.c.person_id, attendances, records).label("name"),
        )
        .select_from(attendances.join(records, attendances.c.record_id == records.c.id))
        .where(records.c.enrolment_id == enrolment_id, scope.reads(records.c.enrolment_id))
        .order_by(attendances.c.at, attendances.c.person_id)
    )
    found: dict[str, list[Attendee]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(Attendee(row.person_id, row.name or ""))
    return {record: tuple(each) for record, each in found.items()}


async def attached(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> dict[str, tuple[Evidence, ...]]:
    """What is attached to each record, the oldest first; also what has not come yet and what can no longer be had."""
    shown = (STORED, WAITING, GONE)
    rows = await tx.execute(
        select(evidence)
        .where(
            evidence.c.enrolment_id == enrolment_id,
            evidence.c.record_id.is_not(None),
            evidence.c.state.in_(shown),
            scope.reads(evidence.c.enrolment_id),
        )
        .order_by(evidence.c.created_at, evidence.c.id)
    )
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(read(row))
    return {record: tuple(each) for record, each in found.items()}
