"""What schools held and handed in: logged, changed, deleted, and every earlier version with who, when and where.

Every function takes a `Scope` (see `access`): a record outside it is as if it were not there. Nothing is overwritten
silently: a change names the version it is based on, and where another came first the answer is `Conflict`.
"""

from __future__ import annotations

import secrets
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.database import insert_or_ignore
from bot.store.record_rows import select_records, stored
from bot.store.stored_record import (
    COLUMNS,
    COUNTED,
    DELETED,
    DONE,
    PLANNED,
    StoredRecord,
    columns_of,
    counted_record,
    fields_of,
)
from bot.store.work_tables import attendances, enrolments, record_versions, records
from knowledge.requirements.records import Record

_BY_TIME = (records.c.day, records.c.starts_at, records.c.created_at, records.c.id)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody came first, or it can't be done to the record as it is; `current` is what it is now."""

    current: StoredRecord


Changed = StoredRecord | Conflict | None
"""The record as it is now; a conflict; None for one that the person may not change, as for one that is not there."""


async def create(
    tx: AsyncConnection,
    scope: Scope,
    enrolment_id: str,
    fields: Mapping[str, Any],
    *,
    channel: str,
    now: int,
    state: str = DONE,
) -> StoredRecord | None:
    """Log something; None where the person may not log for this enrolment.

    Args:
        fields: of `stored_record.FIELDS`; `kind` and `starts_at` are needed.
        channel: where it was said.
        now: epoch milliseconds.
        state: done or planned.

    Raises:
        ValueError: a field or the state can't be.
    """
    values = columns_of(fields) | {"state": _state(state)}
    own = select(enrolments.c.id).where(enrolments.c.id == enrolment_id, scope.writes(enrolments.c.id))
    if (await tx.execute(own)).first() is None:
        return None
    fixed = {"id": secrets.token_urlsafe(9), "enrolment_id": enrolment_id, "created_by": scope.person}
    times = {"created_at": now, "updated_at": now}
    await tx.execute(insert(records).values(**fixed, **values, version=1, **times))
    await _keep_version(tx, fixed["id"], 1, "create", values, scope, channel, now)
    return await get(tx, scope, fixed["id"])


async def change(
    tx: AsyncConnection,
    scope: Scope,
    record_id: str,
    expected_version: int,
    fields: Mapping[str, Any],
    *,
    channel: str,
    now: int,
    state: str = "",
) -> Changed:
    """Change the fields that are given, leave the others; with `state` also planned to done or back.

    A text, word or number is taken back by None. What is deleted must be restored first.

    Raises:
        ValueError: a field or the state can't be.
    """
    current = await _hold(tx, scope, record_id)
    if current is None:
        return None
    if current.version != expected_version or current.state == DELETED:
        return Conflict(current)
    values = columns_of({**fields_of(current), **fields}) | {"state": _state(state or current.state)}
    return await _write(tx, scope, current, values, "change", channel, now)


async def delete(
    tx: AsyncConnection, scope: Scope, record_id: str, expected_version: int, *, channel: str, now: int
) -> Changed:
    """Mark as deleted; `restore` takes it back."""
    current = await _hold(tx, scope, record_id)
    if current is None:
        return None
    if current.version != expected_version or current.state == DELETED:
        return Conflict(current)
    values = columns_of(fields_of(current)) | {"state": DELETED}
    return await _write(tx, scope, current, values, "delete", channel, now)


async def restore(
    tx: AsyncConnection, scope: Scope, record_id: str, expected_version: int, *, channel: str, now: int
) -> Changed:
    """Take a deletion back: the record is in the state that it was deleted in."""
    current = await _hold(tx, scope, record_id)
    if current is None:
        return None
    if current.version != expected_version or current.state != DELETED:
        return Conflict(current)
    before = (record_versions.c.record_id == record_id, record_versions.c.version == current.version - 1)
    data = (await tx.execute(select(record_versions.c.data).where(*before))).scalar_one()
    values = columns_of(fields_of(current)) | {"state": data["state"]}
    return await _write(tx, scope, current, values, "restore", channel, now)


async def join(tx: AsyncConnection, scope: Scope, record_id: str, *, channel: str, now: int) -> Changed:
    """Say to have been there too, instead of logging the same again; whoever logged it or joined already changes
    nothing."""
    current = await _hold(tx, scope, record_id)
    if current is None:
        return None
    if current.state == DELETED:
        return Conflict(current)
    if current.created_by == scope.person:
        return current
    row = {"record_id": record_id, "person_id": scope.person, "at": now}
    added = insert_or_ignore(attendances, tx.dialect).returning(attendances.c.record_id)
    if (await tx.execute(added, row)).first() is None:
        return current
    values = columns_of(fields_of(current)) | {"state": current.state}
    return await _write(tx, scope, current, values, "join", channel, now)


async def get(tx: AsyncConnection, scope: Scope, record_id: str) -> StoredRecord | None:
    """One record, deleted or not; None for one that the person may not see, as for one that is not there."""
    found = await stored(tx, select_records().where(records.c.id == record_id, scope.reads(records.c.enrolment_id)))
    return found[0] if found else None


async def last_own(tx: AsyncConnection, scope: Scope, *, enrolment_id: str = "") -> StoredRecord | None:
    """What the person logged last and did not delete; for one enrolment where it is given."""
    wanted = [records.c.created_by == scope.person, records.c.state != DELETED, scope.writes(records.c.enrolment_id)]
    wanted += [records.c.enrolment_id == enrolment_id] if enrolment_id else []
    newest = select_records().where(*wanted).order_by(records.c.created_at.desc(), records.c.id.desc()).limit(1)
    found = await stored(tx, newest)
    return found[0] if found else None


async def on_day(tx: AsyncConnection, scope: Scope, enrolment_id: str, day: date) -> list[StoredRecord]:
    """What is not deleted of one local day."""
    return await _listed(tx, scope, enrolment_id, records.c.day == day.isoformat())


async def list_month(tx: AsyncConnection, scope: Scope, enrolment_id: str, year: int, month: int) -> list[StoredRecord]:
    """What is not deleted of one calendar month, by day."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return await _listed(tx, scope, enrolment_id, records.c.day.between(first.isoformat(), last.isoformat()))


async def list_all(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> list[StoredRecord]:
    """What is not deleted of an enrolment, by day."""
    return await _listed(tx, scope, enrolment_id)


async def counting(tx: AsyncConnection, scope: Scope, enrolment_id: str, now: int) -> list[Record]:
    """What counts at `now` (epoch ms) for `knowledge.requirements`: what is done, and what is planned for later.

    A plan whose time is over counts only once somebody has said that it was held. Without topic and host, on which
    nothing depends.
    """
    ours = (records.c.enrolment_id == enrolment_id, counts(now), scope.reads(records.c.enrolment_id))
    columns = [records.c[name] for name in COUNTED]
    return [counted_record(row) for row in await tx.execute(select(*columns).where(*ours).order_by(*_BY_TIME))]


def counts(now: int) -> ColumnElement[bool]:
    """True of the records that count at `now`, as `counting` says."""
    return or_(records.c.state == DONE, and_(records.c.state == PLANNED, records.c.starts_at > now))


async def planned_due(tx: AsyncConnection, scope: Scope, before_day: date, *, limit: int = 1000) -> list[StoredRecord]:
    """What was planned for a day before this one and is neither confirmed nor deleted, the oldest first: to be asked
    about."""
    due = (records.c.state == PLANNED, records.c.day < before_day.isoformat(), scope.reads(records.c.enrolment_id))
    return await stored(tx, select_records().where(*due).order_by(records.c.day, records.c.id).limit(limit))


async def _listed(
    tx: AsyncConnection, scope: Scope, enrolment_id: str, *conditions: ColumnElement[bool]
) -> list[StoredRecord]:
    ours = (records.c.enrolment_id == enrolment_id, records.c.state != DELETED, scope.reads(records.c.enrolment_id))
    return await stored(tx, select_records().where(*ours, *conditions).order_by(*_BY_TIME))


async def _hold(tx: AsyncConnection, scope: Scope, record_id: str) -> StoredRecord | None:
    """A record that the person may change, held until the end of the transaction."""
    ours = (records.c.id == record_id, scope.writes(records.c.enrolment_id))
    found = await stored(tx, select_records().where(*ours).with_for_update(of=records))
    return found[0] if found else None


async def _write(
    tx: AsyncConnection,
    scope: Scope,
    held: StoredRecord,
    values: Mapping[str, Any],
    action: str,
    channel: str,
    now: int,
) -> Changed:
    """The next version of a record that is held."""
    version = held.version + 1
    ours = (records.c.id == held.id, records.c.version == held.version, scope.writes(records.c.enrolment_id))
    await tx.execute(update(records).where(*ours).values(**values, version=version, updated_at=now))
    await _keep_version(tx, held.id, version, action, values, scope, channel, now)
    return await get(tx, scope, held.id)


async def _keep_version(
    tx: AsyncConnection,
    record_id: str,
    version: int,
    action: str,
    values: Mapping[str, Any],
    scope: Scope,
    channel: str,
    now: int,
) -> None:
    data = {name: values[name] for name in COLUMNS}
    whose = {"person_id": scope.person, "channel": channel, "at": now}
    row = {"record_id": record_id, "version": version, "action": action, "data": data, **whose}
    await tx.execute(insert(record_versions).values(row))


def _state(given: str) -> str:
    if given not in (DONE, PLANNED):
        raise ValueError(f"a record is {DONE} or {PLANNED}; it is deleted by delete()")
    return given
