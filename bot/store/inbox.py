"""The durable inbox: an event is stored once, then worked off in the order of its conversation."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, String, delete, func, literal_column, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations, inbox

NEW: ColumnElement[str] = literal_column("'new'", String)
"""A literal, not a parameter: only then do both engines use the index over what is new."""
TRIES = 5
"""How often `claim` looks again after another worker was faster; then the worker waits for its next turn."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A verified provider event, ready to be stored."""

    channel: str
    event_id: str
    conversation: str
    address: str
    in_group: bool
    message_id: str
    payload: dict[str, Any]
    occurred_at: int
    """Epoch milliseconds; 0 where the provider gives no time."""
    kind: str = "text"
    body: str = ""
    """`payload` as JSON, where somebody has made it already."""

    @property
    def conversation_id(self) -> str:
        """The primary key of its conversation row."""
        return f"{self.channel}:{self.conversation}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """The oldest event of a conversation whose row this transaction has locked."""

    id: int
    channel: str
    event_id: str
    payload: dict[str, Any]
    occurred_at: int
    received_at: int
    attempts: int
    conversation_id: str
    state: dict[str, Any]
    allowance: dict[str, Any]


async def store(tx: AsyncConnection, events: Sequence[NewEvent], now: int, *, known: Container[str] = ()) -> int:
    """Insert what is new; an event that is already there, by channel and event id, is left alone.

    Events of the same moment keep the order in which they are given. `known` are ids of conversations whose rows are
    there for certain. Returns how many rows were new (fewer than `events` after a redelivery).

    Written by hand for each engine: a webhook's sender waits for it. On PostgreSQL it is one statement.
    """
    # By the provider's time: a redelivery to another process has the same order, so that none waits crosswise.
    ordered = sorted(events, key=lambda e: (e.occurred_at or now, _number(e.event_id)))
    rows = [_values(e, now) for e in ordered]
    if tx.dialect.name != "sqlite":
        return int((await tx.execute(_INTO_POSTGRES, {"rows": json.dumps(rows)})).rowcount)
    owners = [
        (e.conversation_id, e.channel, e.address, int(e.in_group), now, now)
        for e in events
        if e.conversation_id not in known
    ]
    if owners:
        await tx.exec_driver_sql(_OWNERS_INTO_SQLITE, owners)
    return int((await tx.exec_driver_sql(_INTO_SQLITE, [row[:8] for row in rows])).rowcount)


def _values(event: NewEvent, now: int) -> tuple[Any, ...]:
    return (
        event.channel,
        event.event_id,
        event.conversation_id,
        event.message_id,
        event.kind,
        event.body or json.dumps(event.payload),
        event.occurred_at or now,
        now,
        event.address,
        int(event.in_group),
    )


_COLUMNS = "channel, event_id, conversation_id, message_id, kind, payload, occurred_at, received_at"
_OWNER_COLUMNS = "id, channel, address, in_group, created_at, updated_at"
_OWNERS_INTO_SQLITE = f"INSERT INTO conversations ({_OWNER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608 - as below
_INTO_SQLITE = (
    f"INSERT INTO inbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - as below
    "ON CONFLICT DO NOTHING"
)
_INTO_POSTGRES = text(
    f"""
    WITH given AS (
        SELECT r->>0 AS channel, r->>1 AS event_id, r->>2 AS conversation_id, r->>3 AS message_id, r->>4 AS kind,
               CAST(r->>5 AS json) AS payload, CAST(r->>6 AS bigint) AS occurred_at,
               CAST(r->>7 AS bigint) AS received_at, r->>8 AS address, CAST(r->>9 AS integer) AS in_group
        FROM json_array_elements(CAST(:rows AS json)) AS r
    ), owners AS (
        INSERT INTO conversations ({_OWNER_COLUMNS})
        SELECT DISTINCT ON (conversation_id) conversation_id, channel, address, in_group, received_at, received_at
        FROM given ORDER BY conversation_id
        ON CONFLICT DO NOTHING
    )
    INSERT INTO inbox ({_COLUMNS}) SELECT {_COLUMNS} FROM given ON CONFLICT DO NOTHING
    """  # noqa: S608 - our own column names
)
"""The payload travels as a string within the JSON, so that even a NUL, no text to PostgreSQL, is kept."""


def _number(event_id: str) -> int:
    """Telegram counts its updates and gives times in whole seconds only; others' ids say nothing about order."""
    return int(event_id) if event_id.isascii() and event_id.isdigit() else 0


async def claim(tx: AsyncConnection, now: int, channels: Collection[str] | None = None) -> Claimed | None:
    """Lock the conversation that has waited longest and return its oldest new event.

    The lock is on the conversation row, not the event: two events of one person never run side by side, even in
    two processes. A conversation whose first event waits for a retry waits as a whole, and so does one of a
    channel that is not in `channels` (None: all are). None where nothing is due.
    """
    for _ in range(TRIES):
        locked = (await tx.execute(_longest_waiting(now, channels))).scalar()
        if locked is None:
            return None
        # A new statement sees what another worker committed while we waited for the lock.
        head = (
            select(inbox, conversations.c.state.label("dialogue"), conversations.c.allowance)
            .join(conversations, conversations.c.id == inbox.c.conversation_id)
            .where(inbox.c.conversation_id == locked, inbox.c.state == NEW)
            .order_by(inbox.c.occurred_at, inbox.c.id)
            .limit(1)
        )
        row = (await tx.execute(head)).first()
        if row is not None and row.not_before <= now:
            return _claimed(row)
    return None


def _longest_waiting(now: int, channels: Collection[str] | None) -> Any:
    later = inbox.alias()
    # Asked once, not for each row: a flood of 10,000 events must not be counted 10,000 times.
    postponed = select(later.c.conversation_id).where(
        later.c.state == NEW, later.c.not_before > literal_column("0"), later.c.not_before > now
    )
    # As an expression: the index over channel and event id would lead through all that was ever received.
    channel = inbox.c.channel.concat("")
    return (
        select(conversations.c.id)
        .select_from(inbox.join(conversations, inbox.c.conversation_id == conversations.c.id))
        .where(
            inbox.c.state == NEW,
            true() if channels is None else channel.in_(sorted(channels)),
            inbox.c.conversation_id.not_in(postponed),
        )
        .order_by(inbox.c.id)
        .limit(1)
        .with_for_update(of=conversations, skip_locked=True, key_share=True)
    )


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        id=row.id,
        channel=row.channel,
        event_id=row.event_id,
        payload=row.payload,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        attempts=row.attempts,
        conversation_id=row.conversation_id,
        state=row.dialogue,
        allowance=row.allowance,
    )


async def claim_again(tx: AsyncConnection, event: Claimed) -> bool:
    """Lock the conversation of an event whose handling was rolled back; False where another worker went on with it."""
    lock = select(conversations.c.id).where(conversations.c.id == event.conversation_id)
    await tx.execute(lock.with_for_update(key_share=True))
    same = select(inbox.c.id).where(inbox.c.id == event.id, inbox.c.state == NEW, inbox.c.attempts == event.attempts)
    return (await tx.execute(same)).first() is not None


async def finish(tx: AsyncConnection, event: Claimed, now: int, *, state: str = "done") -> None:
    """Mark one event as worked off."""
    await tx.execute(update(inbox).where(inbox.c.id == event.id).values(state=state, done_at=now))


async def limit_all(tx: AsyncConnection, event: Claimed, now: int, *, but: Collection[str]) -> int:
    """Set aside everything that waits in a flooding conversation, kinds in `but` excepted; returns how many."""
    result = await tx.execute(
        update(inbox)
        .where(
            inbox.c.conversation_id == event.conversation_id,
            inbox.c.state == NEW,
            inbox.c.kind.not_in(sorted(but)),
        )
        .values(state="limited", done_at=now)
    )
    return int(result.rowcount)


async def postpone(tx: AsyncConnection, event: Claimed, not_before: int) -> None:
    """Count a failed attempt and try again later."""
    await tx.execute(
        update(inbox).where(inbox.c.id == event.id).values(attempts=inbox.c.attempts + 1, not_before=not_before)
    )


async def pending(tx: AsyncConnection) -> tuple[int, int | None]:
    """How many events wait, and when the oldest was received (None where none waits)."""
    row = (await tx.execute(select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.state == NEW))).one()
    return int(row[0]), row[1]


async def forget(tx: AsyncConnection, before: int) -> int:
    """Delete events that were received before a moment and are worked off; returns how many.

    Their ids go too: no provider redelivers after so long.
    """
    result = await tx.execute(delete(inbox).where(inbox.c.received_at < before, inbox.c.state != "new"))
    return int(result.rowcount)
