"""Calendar feeds: secret addresses that live until their owner revokes them, and the revisions of what they tell.

Of an address only a hash is stored: whoever copies the database can read nobody's calendar. Its owner therefore sees it
once, and may have a few of them, one for each calendar that subscribes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.calendar_tables import calendar_events, calendars
from bot.store.database import insert_or_ignore
from bot.store.record_rows import select_records, stored
from bot.store.stored_record import DELETED, StoredRecord
from bot.store.tables import people
from bot.store.work_tables import records

MOST = 5
"""Addresses that one person may have at a time."""
SECRET_BYTES = 32

Subject = tuple[str, str]
"""An enrolment, and what of it is told: `deadline:<key>`."""


@dataclass(frozen=True, slots=True)
class Revision:
    """How often something that is told has changed, and when it last did."""

    digest: str
    sequence: int
    changed_at: int


async def make(tx: AsyncConnection, person: str, now: int) -> str | None:
    """The secret part of a new address; None where the person has as many as one may have."""
    # Held, so that two taps at once make no sixth.
    await tx.execute(select(people.c.id).where(people.c.id == person).with_for_update())
    if len(await of_person(tx, person)) >= MOST:
        return None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    await tx.execute(insert(calendars).values(token_hash=_hash(secret), person_id=person, created_at=now))
    return secret


async def of_person(tx: AsyncConnection, person: str) -> list[int]:
    """When each address of the person was made, the oldest first."""
    ours = select(calendars.c.created_at).where(calendars.c.person_id == person).order_by(calendars.c.created_at)
    return list((await tx.execute(ours)).scalars())


async def revoke(tx: AsyncConnection, person: str) -> int:
    """Every address of the person leads nowhere from now on; returns how many there were."""
    return int((await tx.execute(delete(calendars).where(calendars.c.person_id == person))).rowcount)


async def owner(tx: AsyncConnection, secret: str) -> str | None:
    """Whose address it is; None for one that is none, or no more."""
    found = await tx.execute(select(calendars.c.person_id).where(calendars.c.token_hash == _hash(secret)))
    person: str | None = found.scalar()
    return person


async def activities(
    tx: AsyncConnection, scope: Scope, enrolments: Collection[str], since: str, limit: int
) -> list[StoredRecord]:
    """What is not deleted of these enrolments from a local day on; of too many the newest, by day."""
    ours = (
        records.c.enrolment_id.in_(enrolments),
        records.c.state != DELETED,
        records.c.day >= since,
        scope.reads(records.c.enrolment_id),
    )
    newest = select_records().where(*ours).order_by(records.c.day.desc(), records.c.id.desc()).limit(limit)
    return list(reversed(await stored(tx, newest)))


async def revisions(tx: AsyncConnection, enrolments: Collection[str]) -> dict[Subject, Revision]:
    """The revision of everything that was ever told of these enrolments."""
    rows = await tx.execute(select(calendar_events).where(calendar_events.c.enrolment_id.in_(enrolments)))
    return {(row.enrolment_id, row.subject): Revision(row.digest, row.sequence, row.changed_at) for row in rows}


async def note(tx: AsyncConnection, changed: Mapping[Subject, tuple[str, int]], now: int) -> None:
    """Note that something else is told now. A second time with the same digest changes nothing.

    Args:
        changed: the new digest, and the least number that its revision must have.
        now: epoch milliseconds.
    """
    table = calendar_events
    for (enrolment, subject), (digest, least) in sorted(changed.items()):
        new = {"enrolment_id": enrolment, "subject": subject, "digest": digest, "sequence": least, "changed_at": now}
        await tx.execute(insert_or_ignore(table, tx.dialect), new)
        following = case((table.c.sequence < least, least), else_=table.c.sequence + 1)
        other = (table.c.enrolment_id == enrolment, table.c.subject == subject, table.c.digest != digest)
        await tx.execute(update(table).where(*other).values(digest=digest, sequence=following, changed_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
