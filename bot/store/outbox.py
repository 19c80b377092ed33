"""The outbox: every message that leaves is a row first, with its body frozen and its retry key fixed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Outgoing
from bot.store.database import database_ms, insert_or_ignore
from bot.store.tables import conversations, outbox, outbox_attempts

NAMESPACE = uuid.UUID("6f2f8a4e-5d0c-5c5e-9a53-6d0f1f6f0b11")

LOST = "lost"
"""`Delivery.previous` of an attempt whose process died before it wrote down the outcome."""
PENDING: ColumnElement[bool] = outbox.c.state.in_((literal_column("'queued'"), literal_column("'sending'")))
"""Literals, not parameters: only then do both engines use the index over what is pending."""
ORDER_PATIENCE_MS = 5_000
"""A message waits for an earlier one whose next attempt is this near; beyond that, order matters less than time."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed outbox row: ours to send until the lease ends."""

    id: str
    channel: str
    address: str
    event_id: str
    method: str
    payload: dict[str, Any]
    reply_token: str
    reply_until: int
    attempts: int
    """Including the present one: 1 on the first."""
    first_attempt_at: int
    previous: str
    """Status of the attempt before, `LOST` where that is not known, empty on the first."""
    created_at: int


def identity_of(dedupe_key: str) -> str:
    """The id of the message with this key: also LINE's retry key, the same however often it is made."""
    return str(uuid.uuid5(NAMESPACE, dedupe_key))


async def add(
    tx: AsyncConnection,
    outgoing: Outgoing,
    *,
    conversation_id: str,
    dedupe_key: str,
    event_id: str,
    now: int,
    expires_at: int = 0,
) -> str:
    """Queue one message for a conversation; a second call with the same key changes nothing.

    `expires_at`: epoch ms from which it is not sent any more; 0: never.

    The id is derived from the key, so that the retry key would be the same even if the row were made again. A
    caller who holds the conversation's lock has its messages sent in the order of the calls.
    """
    identity = identity_of(dedupe_key)
    same = outbox.alias()
    # The time, unless the clock has stood still or gone back since the message before.
    latest = select(func.max(same.c.seq)).where(same.c.conversation_id == conversations.c.id, same.c.seq >= now)
    owner = select(conversations.c.channel, conversations.c.address, latest.scalar_subquery()).where(
        conversations.c.id == conversation_id
    )
    channel, address, last = (await tx.execute(owner)).one()
    shown = outgoing.method == "show"
    await tx.execute(
        insert_or_ignore(outbox, tx.dialect),
        {
            "id": identity,
            "seq": now if last is None else last + 1,
            "dedupe_key": dedupe_key,
            "conversation_id": conversation_id,
            "channel": channel,
            "address": address,
            "event_id": event_id,
            "method": outgoing.method,
            "payload": outgoing.payload,
            "reply_token": outgoing.reply_token,
            "reply_until": outgoing.reply_until,
            "state": "sent" if shown else "queued",
            "sent_at": now if shown else None,
            "expires_at": expires_at,
            "created_at": now,
        },
    )
    return identity


async def claim(
    tx: AsyncConnection, *, owner: str, channels: Sequence[str], now: int, lease_ms: int, limit: int
) -> list[Delivery]:
    """Take up to `limit` due rows, those included whose former holder's lease ran out.

    A row waits while an earlier one of its conversation is due, under way or soon tried again, so that answers
    arrive in order. Leases run on the database's clock.
    """
    clock = database_ms(tx.dialect)
    due = _due(channels, now, clock, limit)
    taken = await tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)))
        .values(
            last_status=case((outbox.c.state == "sending", LOST), else_=outbox.c.last_status),
            state="sending",
            lease_owner=owner,
            lease_until=clock + lease_ms,
            attempts=outbox.c.attempts + 1,
            first_attempt_at=func.coalesce(outbox.c.first_attempt_at, now),
        )
        .returning(*outbox.c)
    )
    return [_delivery(row) for row in sorted(taken, key=lambda r: (r.not_before, r.seq))]


def _due(channels: Sequence[str], now: int, clock: ColumnElement[int], limit: int) -> CTE:
    """The ids to take. A CTE: PostgreSQL may run a subquery of IN more than once, and lock beyond the limit."""
    earlier = outbox.alias()
    blocked = exists().where(
        and_(
            earlier.c.conversation_id == outbox.c.conversation_id,
            or_(earlier.c.seq < outbox.c.seq, and_(earlier.c.seq == outbox.c.seq, earlier.c.id < outbox.c.id)),
            or_(
                and_(
                    earlier.c.state == "queued",
                    earlier.c.not_before <= now,
                    or_(earlier.c.expires_at == 0, earlier.c.expires_at > now),
                ),
                and_(
                    earlier.c.state == "queued",
                    earlier.c.attempts > 0,
                    earlier.c.not_before <= now + ORDER_PATIENCE_MS,
                ),
                earlier.c.state == "sending",
            ),
        )
    )
    return (
        select(outbox.c.id)
        .where(
            PENDING,
            outbox.c.channel.in_(channels),
            or_(
                and_(
                    outbox.c.state == "queued",
                    outbox.c.not_before <= now,
                    or_(outbox.c.expires_at == 0, outbox.c.expires_at > now),
                ),
                and_(outbox.c.state == "sending", outbox.c.lease_until < clock),
            ),
            ~blocked,
        )
        .order_by(outbox.c.not_before, outbox.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        channel=row.channel,
        address=row.address,
        event_id=row.event_id,
        method=row.method,
        payload=row.payload,
        reply_token=row.reply_token,
        reply_until=row.reply_until,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at,
        previous=row.last_status,
        created_at=row.created_at,
    )


async def record(
    tx: AsyncConnection, delivery_id: str, now: int, *, outcome: str, status: str, request_id: str
) -> None:
    """Append to the log of attempts, which is never changed."""
    await tx.execute(
        insert(outbox_attempts).values(
            outbox_id=delivery_id, at=now, outcome=outcome, status=status, request_id=request_id
        )
    )


async def sent(tx: AsyncConnection, delivery_id: str, now: int, *, status: str, request_id: str) -> None:
    """It has arrived. That is the truth whoever holds the lease, so the owner is not asked."""
    await tx.execute(
        update(outbox)
        .where(outbox.c.id == delivery_id)
        .values(
            state="sent",
            last_status=status,
            provider_request_id=request_id,
            sent_at=now,
            lease_owner=None,
            lease_until=None,
        )
    )


async def give_up(
    tx: AsyncConnection, delivery_id: str, *, owner: str, state: str, status: str, request_id: str
) -> None:
    """End a delivery that will not arrive, unless another process has taken it meanwhile."""
    await _release(tx, delivery_id, owner, state=state, last_status=status, provider_request_id=request_id)


async def requeue(
    tx: AsyncConnection, delivery_id: str, *, owner: str, not_before: int, status: str, method: str
) -> None:
    """Let a delivery be tried again, unless another process has taken it meanwhile."""
    await _release(tx, delivery_id, owner, state="queued", method=method, not_before=not_before, last_status=status)


async def _release(tx: AsyncConnection, delivery_id: str, owner: str, **values: Any) -> None:
    mine = (outbox.c.id == delivery_id, outbox.c.lease_owner == owner, outbox.c.state == "sending")
    await tx.execute(update(outbox).where(*mine).values(lease_owner=None, lease_until=None, **values))


async def count_by_state(tx: AsyncConnection) -> dict[str, int]:
    """How many rows are in each state."""
    rows = await tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {state: int(count) for state, count in rows}


async def oldest_due(tx: AsyncConnection, now: int) -> int | None:
    """When the row that waits longest fell due; None where nothing is due."""
    row = await tx.execute(
        select(func.min(func.coalesce(outbox.c.first_attempt_at, outbox.c.created_at))).where(
            PENDING, outbox.c.not_before <= now
        )
    )
    return row.scalar()


async def forget(tx: AsyncConnection, before: int) -> int:
    """Delete messages made before a moment that need no further attempt, with the log of theirs; returns how many."""
    old = select(outbox.c.id).where(outbox.c.created_at < before, ~PENDING)
    await tx.execute(delete(outbox_attempts).where(outbox_attempts.c.outbox_id.in_(old)))
    result = await tx.execute(delete(outbox).where(outbox.c.created_at < before, ~PENDING))
    return int(result.rowcount)
