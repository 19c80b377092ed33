"""Messages that did not arrive: given up, of unknown end, or held back because a provider refuses us. For admins."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from bot.store.outbox import PENDING
from bot.store.reminder_tables import planning_passes
from bot.store.tables import outbox, outbox_attempts

ALERT = "alert"
"""Of the dedupe keys of what admins are told: no alert is ever about another."""
ENDED = ("dead", "unknown")
_OURS: ColumnElement[bool] = outbox.c.dedupe_key.not_like(f"{ALERT}:%")
_REFUSED: ColumnElement[bool] = or_(outbox.c.last_status.like("%401%"), outbox.c.last_status.like("%403%"))


@dataclass(frozen=True, slots=True)
class Ended:
    """Messages of one channel that ended alike."""

    channel: str
    state: str
    """dead or unknown."""
    status: str
    """The provider's last word."""
    count: int


async def ended(tx: AsyncConnection, since: int) -> list[Ended]:
    """What was given up after a moment (epoch ms), alerts left out."""
    tried = select(outbox_attempts.c.outbox_id).where(outbox_attempts.c.at > since)
    alike = (outbox.c.channel, outbox.c.state, outbox.c.last_status)
    rows = await tx.execute(
        select(*alike, func.count().label("number"))
        .where(outbox.c.state.in_(ENDED), _OURS, outbox.c.id.in_(tried))
        .group_by(*alike)
        .order_by(*alike)
    )
    return [Ended(row.channel, row.state, row.last_status, row.number) for row in rows]


async def refused(tx: AsyncConnection) -> dict[str, int]:
    """Channels whose provider turned us down at the last attempt, and how many of their messages wait."""
    turned_down = select(outbox.c.channel).where(PENDING, outbox.c.attempts > 0, _REFUSED, _OURS)
    waiting = (PENDING, _OURS, outbox.c.channel.in_(turned_down))
    rows = await tx.execute(select(outbox.c.channel, func.count()).where(*waiting).group_by(outbox.c.channel))
    return {channel: int(number) for channel, number in rows}


async def last_sent(tx: AsyncConnection, channel: str) -> int:
    """When a message of a channel last arrived, in epoch ms; 0: never."""
    sent = select(func.max(outbox.c.sent_at)).where(outbox.c.channel == channel, outbox.c.state == "sent")
    return (await tx.execute(sent)).scalar() or 0


async def last_told(tx: AsyncConnection, name: str) -> int:
    """When admins were last told of this, in epoch ms; 0: never."""
    return (await tx.execute(select(planning_passes.c.at).where(planning_passes.c.name == name))).scalar() or 0


async def note_told(tx: AsyncConnection, name: str, now: int) -> None:
    """Admins are told of everything up to `now`."""
    await tx.execute(insert_or_ignore(planning_passes, tx.dialect), {"name": name, "at": now})
    await tx.execute(update(planning_passes).where(planning_passes.c.name == name).values(at=now))
