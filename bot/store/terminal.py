"""What a terminal needs of the tables: replies and reminders that were not printed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Message
from bot.store import outbox as outgoing
from bot.store.tables import conversations, outbox, outbox_attempts
from bot.store.transcript import is_shown, messages_of, shown_at


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the outbox that may be printed."""

    id: str
    address: str
    event_id: str
    messages: tuple[Message, ...]


async def unprinted(connection: AsyncConnection, channel: str, *, now: int) -> list[Shown]:
    """What was shown to people of a channel up to `now` and never printed, oldest first."""
    printed = exists().where(outbox_attempts.c.outbox_id == outbox.c.id)
    rows = await connection.execute(
        select(outbox).where(outbox.c.channel == channel, *is_shown(now), ~printed).order_by(shown_at(), outbox.c.id)
    )
    return [Shown(row.id, row.address, row.event_id, messages_of(row.payload)) for row in rows]


async def note_printed(tx: AsyncConnection, rows: Sequence[Shown], now: int) -> None:
    """Enter the printing in the log of attempts, so that the next process does not print it again."""
    await outgoing.record(tx, [outgoing.Attempt(row.id, "sent", "printed", "") for row in rows], now)


async def refill(tx: AsyncConnection, conversation_id: str) -> None:
    """Fill up a conversation's allowance of messages: a script at one's own machine is no flood."""
    await tx.execute(update(conversations).where(conversations.c.id == conversation_id).values(allowance={}))
