"""The past of a record: its versions, who was there too, and what it may be a double of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.record_rows import name_of, select_records, stored
from bot.store.stored_record import DELETED, StoredRecord, columns_of, local
from bot.store.work_tables import attendances, record_versions, records


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was from a moment on."""

    number: int
    action: str
    """create, change, delete, restore, join."""
    data: Mapping[str, Any]
    """By column, see `stored_record.COLUMNS`."""
    person: str
    name: str
    channel: str
    at: int


@dataclass(frozen=True, slots=True)
class Attendee:
    """Someone who said to have been there too."""

    person: str
    name: str


class Likeness(StrEnum):
    """How a record meets another."""

    DUPLICATE = "duplicate"
    """Likely the same: of one kind, at the same time, or on the same day where an hour is not known."""
    OVERLAP = "overlap"
    """Something else of the same person, at the same time."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that meets another; to be warned of, not to be refused."""

    record: StoredRecord
    likeness: Likeness


async def versions(tx: AsyncConnection, scope: Scope, record_id: str) -> list[Version]:
    """All that a record has been, the first first; nothing to whom may not see it."""
    rows = await tx.execute(
        select(*record_versions.c, name_of(record_versions.c.person_id, records, record_versions).label("name"))
        .select_from(record_versions.join(records, record_versions.c.record_id == records.c.id))
        .where(record_versions.c.record_id == record_id, scope.reads(records.c.enrolment_id))
        .order_by(record_versions.c.version)
    )
    return [
        Version(row.version, row.action, dict(row.data), row.person_id, row.name or "", row.channel, row.at)
        for row in rows
    ]


async def attendees(tx: AsyncConnection, scope: Scope, record_id: str) -> list[Attendee]:
    """Who joined a record, in the order of joining; nobody to whom may not see it."""
    rows = await tx.execute(
        select(attendances.c.person_id, name_of(attendances.c.person_id, records, attendances).label("name"))
        .select_from(attendances.join(records, attendances.c.record_id == records.c.id))
        .where(attendances.c.record_id == record_id, scope.reads(records.c.enrolment_id))
        .order_by(attendances.c.at, attendances.c.person_id)
    )
    return [Attendee(row.person_id, row.name or "") for row in rows]


async def similar(
    tx: AsyncConnection, scope: Scope, enrolment_id: str, fields: Mapping[str, Any], *, but_not: str = ""
) -> list[Similar]:
    """Records of the enrolment that this one may be a double of or that it overlaps, by time.

    Args:
        fields: as for `records.create`.
        but_not: the record itself, where it is to be changed.

    Raises:
        ValueError: a field can't be.
    """
    new = columns_of(fields)
    begin = local(new["starts_at"])
    # What began the day before may last past midnight.
    days = [(begin + timedelta(days=step)).date().isoformat() for step in (-1, 0, 1)]
    near = (
        records.c.enrolment_id == enrolment_id,
        records.c.day.in_(days),
        records.c.state != DELETED,
        records.c.id != but_not,
        scope.reads(records.c.enrolment_id),
    )
    found = await stored(tx, select_records().where(*near).order_by(records.c.starts_at, records.c.id))
    like = ((record, _likeness(record, new, begin, scope.person)) for record in found)
    return [Similar(record, likeness) for record, likeness in like if likeness is not None]


def _likeness(record: StoredRecord, new: Mapping[str, Any], begin: datetime, person: str) -> Likeness | None:
    sharp = bool(new["has_hour"]) and not record.day_only
    meets = _meets(record, begin, begin + timedelta(minutes=new["minutes"])) if sharp else record.day == begin.date()
    if not meets:
        return None
    if record.kind == new["kind"] and _may_be_one(record, new):
        return Likeness.DUPLICATE
    return Likeness.OVERLAP if sharp and record.created_by == person else None


def _meets(record: StoredRecord, begin: datetime, end: datetime) -> bool:
    """Whether two spans share time; one that takes none shares the moment that it begins."""
    return record.starts_at == begin or (record.starts_at < end and begin < record.ends_at)


def _may_be_one(record: StoredRecord, new: Mapping[str, Any]) -> bool:
    """Different groups hold different meetings, and a report is no module, however they coincide."""
    pairs = ((record.group, new["group_name"]), (record.deliverable, new["deliverable"]))
    return all(not mine or not other or mine == other for mine, other in pairs)
