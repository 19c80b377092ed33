"""The outbox: every message that leaves is a row first, with its body frozen and its retry key fixed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Outgoing
from bot.store.database import insert_or_ignore
from bot.store.outbox_claim import IN_ORDER, ORDER_PATIENCE_MS, claiming
from bot.store.outbox_claim import LOST as LOST
from bot.store.outbox_claim import PENDING as PENDING
from bot.store.tables import conversations, outbox, outbox_attempts

NAMESPACE = uuid.UUID("6f2f8a4e-5d0c-5c5e-9a53-6d0f1f6f0b11")


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


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt to send, as it is written down."""

    id: str
    """The delivery's."""
    outcome: str
    status: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be queued for a conversation."""

    outgoing: Outgoing
    conversation_id: str
    dedupe_key: str
    event_id: str = ""
    expires_at: int = 0
    """Epoch ms from which it is not sent any more; 0: never."""

    @property
    def id(self) -> str:
        """Derived from the key, so that the retry key would be the same even if the row were made again."""
        return identity_of(self.dedupe_key)


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
    """Queue one message; see `Letter` and `add_all`. Returns its id."""
    letter = Letter(outgoing, conversation_id, dedupe_key, event_id, expires_at)
    await add_all(tx, [letter], now)
    return letter.id


async def add_all(tx: AsyncConnection, letters: Sequence[Letter], now: int) -> None:
    """Queue messages; one whose key is there already changes nothing. All conversations must be there.

    A caller who holds a conversation's lock has its messages sent in the order of the calls.
    """
    if not letters:
        return
    ids = list({letter.conversation_id for letter in letters})
    owners = {row.id: row for row in await tx.execute(_OWNERS, {"ids": ids, "now": now})}
    next_seq = {row.id: now if row.last is None else row.last + 1 for row in owners.values()}
    rows = []
    for letter in letters:
        owner, outgoing = owners[letter.conversation_id], letter.outgoing
        shown = outgoing.method == "show"
        rows.append(
            {
                "id": letter.id,
                "seq": next_seq[owner.id],
                "dedupe_key": letter.dedupe_key,
                "conversation_id": owner.id,
                "channel": owner.channel,
                "address": owner.address,
                "event_id": letter.event_id,
                "method": outgoing.method,
                "payload": outgoing.payload,
                "reply_token": outgoing.reply_token,
                "reply_until": outgoing.reply_until,
                "state": "sent" if shown else "queued",
                "sent_at": now if shown else None,
                "expires_at": letter.expires_at,
                "created_at": now,
            }
        )
        next_seq[owner.id] += 1
    await tx.execute(insert_or_ignore(outbox, tx.dialect), rows)


_SAME = outbox.alias()
_LATEST = select(func.max(_SAME.c.seq)).where(
    _SAME.c.conversation_id == conversations.c.id, _SAME.c.seq >= bindparam("now", type_=BigInteger)
)
_OWNERS = select(
    conversations.c.id, conversations.c.channel, conversations.c.address, _LATEST.scalar_subquery().label("last")
).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
"""`last`: none, unless the clock has stood still or gone back since the message before."""


async def claim(
    tx: AsyncConnection, *, owner: str, channels: Sequence[str], now: int, lease_ms: int, limit: int
) -> list[Delivery]:
    """Take up to `limit` due rows, those included whose former holder's lease ran out.

    A row waits while an earlier one of its conversation is due, under way or soon tried again, so that answers
    arrive in order. Leases run on the database's clock.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(IN_ORDER)
    given = {"owner": owner, "channels": list(channels), "now": now, "lease_ms": lease_ms, "most": limit}
    taken = await tx.execute(claiming(tx.dialect.name), {**given, "soon": now + ORDER_PATIENCE_MS})
    return [_delivery(row) for row in sorted(taken, key=lambda r: (r.not_before, r.seq))]


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


async def record(tx: AsyncConnection, attempts: Sequence[Attempt], now: int) -> None:
    """Append to the log of attempts, which is never changed."""
    made = [
        {"outbox_id": each.id, "at": now, "outcome": each.outcome, "status": each.status, "request_id": each.request_id}
        for each in attempts
    ]
    if made:
        await tx.execute(insert(outbox_attempts), made)


async def sent(tx: AsyncConnection, attempts: Sequence[Attempt], now: int) -> None:
    """They have arrived. That is the truth whoever holds the lease, so the owner is not asked."""
    if attempts:
        told = [{"of": each.id, "said": each.status, "request": each.request_id, "at": now} for each in attempts]
        await tx.execute(_SENT, told)


_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"))
    .values(
        state="sent",
        last_status=bindparam("said"),
        provider_request_id=bindparam("request"),
        sent_at=bindparam("at"),
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
