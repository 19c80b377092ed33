"""Photos and files that prove records: who sent them, whether their bytes are here yet, and what they are attached to.

Whoever may see a record may see what is attached to it; what is attached to nothing is its sender's alone.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.database import insert_or_ignore
from bot.store.record_rows import select_records, stored
from bot.store.stored_record import StoredRecord
from bot.store.work_tables import attendances, evidence, records

WAITING, STORED, REFUSED, GONE, DELETED = "waiting", "stored", "refused", "gone", "deleted"
_KEPT = (WAITING, STORED)
_LONGEST_PROBLEM = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file."""

    id: str
    record_id: str | None
    enrolment_id: str | None
    person: str
    channel: str
    batch: str
    name: str
    media_type: str
    """Empty until the content was seen."""
    size: int
    sha256: str
    state: str
    """waiting, stored, refused or gone; what was deleted is never read."""
    problem: str
    """For the person, where it is refused or gone."""
    created_at: int


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file that a message brought. With `sha256` its bytes are here, with `problem` it is not taken."""

    channel: str
    message_id: str
    source: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    problem: str = ""

    @property
    def state(self) -> str:
        """What becomes of it first."""
        return REFUSED if self.problem else STORED if self.sha256 else WAITING


async def add(
    tx: AsyncConnection, new: NewEvidence, *, person: str, conversation_id: str, batch: str, now: int
) -> None:
    """Enter a file; one that was entered before changes nothing."""
    row = {
        "id": secrets.token_urlsafe(12),
        "person_id": person,
        "conversation_id": conversation_id,
        "channel": new.channel,
        "message_id": new.message_id,
        "source": new.source,
        "batch": batch,
        "name": new.name,
        "media_type": new.media_type,
        "size": new.size,
        "sha256": new.sha256,
        "state": new.state,
        "problem": new.problem[:_LONGEST_PROBLEM],
        "created_at": now,
    }
    await tx.execute(insert_or_ignore(evidence, tx.dialect), row)


async def set_batch(tx: AsyncConnection, scope: Scope, channel: str, message_id: str, batch: str) -> None:
    """Say which batch the files of a message belong to, where they were entered before that was known."""
    await tx.execute(
        update(evidence)
        .where(
            _is_own(scope),
            evidence.c.channel == channel,
            evidence.c.message_id == message_id,
            evidence.c.batch == "",
        )
        .values(batch=batch)
    )


async def of_message(tx: AsyncConnection, scope: Scope, channel: str, message_id: str) -> list[Evidence]:
    """One's own files that came with a message."""
    return await _all(tx, _is_own(scope), evidence.c.channel == channel, evidence.c.message_id == message_id)


async def loose(tx: AsyncConnection, scope: Scope, *, since: int) -> list[Evidence]:
    """One's own files that are attached to nothing and were sent at or after a moment, the oldest first."""
    return await _all(tx, *_is_loose(scope), evidence.c.created_at >= since)


async def of_batch(tx: AsyncConnection, scope: Scope, batch: str) -> list[Evidence]:
    """One's own files that were sent together, attached or not, refused ones too."""
    return await _all(tx, _is_own(scope), evidence.c.batch == batch)


async def of_record(tx: AsyncConnection, scope: Scope, record_id: str) -> list[Evidence]:
    """What is attached to a record, the oldest first; nothing where the person may not see the record."""
    return await _all(tx, evidence.c.record_id == record_id, scope.reads(evidence.c.enrolment_id))


async def find(tx: AsyncConnection, scope: Scope, identity: str) -> Evidence | None:
    """A file that the person may see; None where there is none, or it is not theirs to see."""
    if not _ID.fullmatch(identity):  # it comes out of an address; a database may refuse to compare such text at all
        return None
    mine = and_(_is_own(scope), evidence.c.record_id.is_(None))
    found = await _all(tx, evidence.c.id == identity, or_(mine, scope.reads(evidence.c.enrolment_id)))
    return found[0] if found else None


async def targets(tx: AsyncConnection, scope: Scope, *, limit: int) -> list[StoredRecord]:
    """Records that a file may be attached to: one's own first, logged or joined, the newest first; then others'."""
    joined = select(attendances.c.record_id).where(attendances.c.person_id == scope.person)
    own = or_(records.c.created_by == scope.person, records.c.id.in_(joined))
    return await stored(
        tx,
        select_records()
        .where(records.c.state != DELETED, scope.writes(records.c.enrolment_id))
        .order_by(case((own, 0), else_=1), records.c.created_at.desc(), records.c.id)
        .limit(limit),
    )


async def attach(tx: AsyncConnection, scope: Scope, identities: Sequence[str], record_id: str) -> int | None:
    """Attach one's own loose files to a record that one may write; how many, None where there is no such record."""
    target = await tx.execute(
        select(records.c.enrolment_id).where(
            records.c.id == record_id, records.c.state != DELETED, scope.writes(records.c.enrolment_id)
        )
    )
    enrolment: str | None = target.scalar()
    if enrolment is None:
        return None
    done = await tx.execute(
        update(evidence)
        .where(evidence.c.id.in_(identities), *_is_loose(scope))
        .values(record_id=record_id, enrolment_id=enrolment)
    )
    return int(done.rowcount)


async def remove(tx: AsyncConnection, scope: Scope, identity: str) -> bool:
    """Delete a file that one sent, or that is attached in a programme that one coordinates; False where there is none.

    Its bytes go a little later, see `condemned`.
    """
    mine = and_(_is_own(scope), or_(evidence.c.record_id.is_(None), scope.writes(evidence.c.enrolment_id)))
    return await _delete(tx, evidence.c.id == identity, or_(mine, scope.manages(evidence.c.enrolment_id))) > 0


async def unsent(tx: AsyncConnection, channel: str, message_id: str) -> int:
    """Delete the files of a message that was taken back, attached or not; returns how many."""
    return await _delete(tx, evidence.c.channel == channel, evidence.c.message_id == message_id)


async def forget(tx: AsyncConnection, before: int) -> int:
    """Delete what was sent before a moment and never attached, and the rows of what is long gone; returns how many."""
    old = evidence.c.created_at < before
    await tx.execute(delete(evidence).where(old, evidence.c.state == DELETED, evidence.c.sha256 == ""))
    await tx.execute(delete(evidence).where(old, evidence.c.state.in_((REFUSED, GONE)), evidence.c.record_id.is_(None)))
    return await _delete(tx, old, evidence.c.record_id.is_(None))


async def _delete(tx: AsyncConnection, *conditions: ColumnElement[bool]) -> int:
    """The row stays as a mark until its bytes are gone; what it was called does not."""
    done = await tx.execute(
        update(evidence).where(evidence.c.state != DELETED, *conditions).values(state=DELETED, name="", problem="")
    )
    return int(done.rowcount)


def _is_own(scope: Scope) -> ColumnElement[bool]:
    return evidence.c.person_id == scope.person


def _is_loose(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (_is_own(scope), evidence.c.record_id.is_(None), evidence.c.state.in_(_KEPT))


async def _all(tx: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Evidence]:
    rows = await tx.execute(_visible().where(*conditions).order_by(evidence.c.created_at, evidence.c.id))
    return [read(row) for row in rows]


def _visible() -> Select[Any]:
    return select(evidence).where(evidence.c.state != DELETED)


def read(row: Row[Any]) -> Evidence:
    """A file from all columns of its row."""
    return Evidence(
        id=row.id,
        record_id=row.record_id,
        enrolment_id=row.enrolment_id,
        person=row.person_id,
        channel=row.channel,
        batch=row.batch,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        state=row.state,
        problem=row.problem,
        created_at=row.created_at,
    )
