"""The month's pushes of a channel that counts them: what is allowed, and what is used by which count."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from bot.store.reminder_tables import push_quotas as table
from bot.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Ledger:
    """One month of one channel."""

    channel: str
    month: str
    allowed: int | None
    """None: no limit, or none known."""
    used: int
    """Reported by the provider, and enqueued by us since."""
    reported_at: int
    warned: int
    """Per cent of which the admin was told."""

    @property
    def per_cent(self) -> int:
        """How much of the month is used; 0 where there is no limit."""
        if self.allowed is None:
            return 0
        return 100 if self.allowed <= 0 else self.used * 100 // self.allowed

    @property
    def left(self) -> int | None:
        """Pushes that are left; None: no limit."""
        return None if self.allowed is None else max(0, self.allowed - self.used)


async def ledger(tx: AsyncConnection, channel: str, month: str, *, hold: bool = False) -> Ledger | None:
    """The month as it stands; None before anything is known. `hold`: nobody else counts until the transaction ends."""
    wanted = select(table).where(table.c.channel == channel, table.c.month == month)
    row = (await tx.execute(wanted.with_for_update() if hold else wanted)).first()
    if row is None:
        return None
    return Ledger(channel, month, row.allowed, row.reported + row.reserved, row.reported_at, row.warned)


async def reserve(tx: AsyncConnection, channel: str, month: str, count: int = 1) -> None:
    """Count pushes that we are about to make."""
    await tx.execute(insert_or_ignore(table, tx.dialect), {"channel": channel, "month": month})
    ours = (table.c.channel == channel, table.c.month == month)
    await tx.execute(update(table).where(*ours).values(reserved=table.c.reserved + count))


async def report(
    tx: AsyncConnection, channel: str, month: str, *, allowed: int | None, used: int, pending: int, now: int
) -> None:
    """Note the provider's word.

    Args:
        allowed: pushes of the month; None for no limit.
        used: by the provider's count.
        pending: enqueued by us and not sent yet, which the provider can't know.
    """
    await tx.execute(insert_or_ignore(table, tx.dialect), {"channel": channel, "month": month})
    ours = (table.c.channel == channel, table.c.month == month)
    said = {"allowed": allowed, "reported": used, "reserved": pending, "reported_at": now}
    await tx.execute(update(table).where(*ours).values(said))


async def pending(tx: AsyncConnection, channel: str) -> int:
    """Pushes of a channel that are enqueued and not sent."""
    waiting = (outbox.c.channel == channel, outbox.c.method == "push", outbox.c.state.in_(("queued", "sending")))
    return int((await tx.execute(select(func.count()).select_from(outbox).where(*waiting))).scalar_one())


async def warned(tx: AsyncConnection, channel: str, month: str, per_cent: int) -> bool:
    """Note that the admin is told of this level; False where that was done before."""
    ours = (table.c.channel == channel, table.c.month == month, table.c.warned < per_cent)
    return bool((await tx.execute(update(table).where(*ours).values(warned=per_cent))).rowcount)
