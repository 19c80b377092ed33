"""The other side of `evidence`: which files have yet to be fetched, and which bytes nobody needs any more.

For the service itself, never for a conversation: nothing here asks whose a file is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.evidence import DELETED, GONE, REFUSED, STORED, WAITING
from bot.store.tables import conversations
from bot.store.work_tables import evidence


@dataclass(frozen=True, slots=True)
class Errand:
    """One claimed row: ours to fetch until the lease ends."""

    id: str
    channel: str
    source: str
    name: str
    conversation_id: str
    address: str
    """Where its sender is told, should it not be kept."""
    batch: str
    attempts: int
    """Including the present one."""
    created_at: int


async def is_due(tx: AsyncConnection, channels: Collection[str], now: int) -> bool:
    """Whether there is something to claim: a look that takes no lock."""
    return (await tx.execute(_due(channels, now))).first() is not None


async def claim(tx: AsyncConnection, channels: Collection[str], *, now: int, lease_ms: int) -> Errand | None:
    """Take the row that is due the longest; None where none is. `not_before` is the lease: after it, others may."""
    taken = await tx.execute(
        update(evidence)
        .where(evidence.c.id.in_(_due(channels, now).with_for_update(skip_locked=True).cte("due").select()))
        .values(attempts=evidence.c.attempts + 1, not_before=now + lease_ms)
        .returning(*evidence.c)
    )
    row = taken.first()
    if row is None:
        return None
    address = await tx.execute(select(conversations.c.address).where(conversations.c.id == row.conversation_id))
    return Errand(
        id=row.id,
        channel=row.channel,
        source=row.source,
        name=row.name,
        conversation_id=row.conversation_id,
        address=str(address.scalar() or ""),
        batch=row.batch,
        attempts=row.attempts,
        created_at=row.created_at,
    )


def _due(channels: Collection[str], now: int) -> Select[tuple[str]]:
    return (
        select(evidence.c.id)
        .where(evidence.c.state == WAITING, evidence.c.channel.in_(channels), evidence.c.not_before <= now)
        .order_by(evidence.c.not_before, evidence.c.created_at)
        .limit(1)
    )


async def stored(tx: AsyncConnection, errand: Errand, *, name: str, media_type: str, size: int, sha256: str) -> bool:
    """Write down that the bytes are here; False where the file was deleted meanwhile, or another has fetched it.

    The hash is written even then, so that bytes that nobody needs are found again.
    """
    if await _settle(tx, errand, state=STORED, name=name, media_type=media_type, size=size, sha256=sha256):
        return True
    deleted = (evidence.c.id == errand.id, evidence.c.state == DELETED, evidence.c.sha256 == "")
    await tx.execute(update(evidence).where(*deleted).values(sha256=sha256))
    return False


async def postpone(tx: AsyncConnection, errand: Errand, not_before: int) -> None:
    """Try again at a later moment."""
    await _settle(tx, errand, not_before=not_before)


async def refuse(tx: AsyncConnection, errand: Errand, problem: str) -> bool:
    """Write down that the file is not kept, and why; False where nobody waits for it any more."""
    return await _settle(tx, errand, state=REFUSED, problem=problem[:200])


async def lose(tx: AsyncConnection, errand: Errand, problem: str) -> bool:
    """Write down that the file cannot be had; False where nobody waits for it any more."""
    return await _settle(tx, errand, state=GONE, problem=problem[:200])


async def _settle(tx: AsyncConnection, errand: Errand, **values: str | int) -> bool:
    """Change the row if it is still ours: whoever claimed it later has counted one more attempt."""
    ours = (evidence.c.id == errand.id, evidence.c.state == WAITING, evidence.c.attempts == errand.attempts)
    done = await tx.execute(update(evidence).where(*ours).values(**values))
    return bool(done.rowcount)


async def condemned(tx: AsyncConnection, limit: int) -> list[str]:
    """Hashes of deleted files whose bytes may still lie there."""
    rows = await tx.execute(
        select(evidence.c.sha256).where(evidence.c.state == DELETED, evidence.c.sha256 != "").distinct().limit(limit)
    )
    return [str(row.sha256) for row in rows]


async def is_needed(tx: AsyncConnection, sha256: str) -> bool:
    """Whether any file that is not deleted has these bytes. The answer holds until the transaction ends."""
    await hold_content(tx, sha256)
    found = await tx.execute(
        select(evidence.c.id).where(evidence.c.sha256 == sha256, evidence.c.state != DELETED).limit(1)
    )
    return found.first() is not None


async def hold_content(tx: AsyncConnection, sha256: str) -> None:
    """Keep others from storing or removing the same bytes until the transaction ends; SQLite's writers are alone."""
    if tx.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(int(sha256[:15], 16))))


async def forget_content(tx: AsyncConnection, sha256: str) -> None:
    """Take a hash off the deleted rows: their bytes are gone, or others need them."""
    await tx.execute(update(evidence).where(evidence.c.sha256 == sha256, evidence.c.state == DELETED).values(sha256=""))
