"""What the console shows of the outbox: where messages stand, what was tried, and trying one again.

What a message says is its receiver's business and is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store.access import Scope
from bot.store.console_today import FAILED, overseen_message
from bot.store.tables import conversations, outbox, outbox_attempts
from bot.store.work_tables import memberships

STATES = ("queued", "sending", "sent", "unknown", "dead", "cancelled", "expired")
DAY_MS = 24 * 3600 * 1000
RETRIED = "retried"
"""What the log of attempts says where a person had a message tried again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that was to leave, or has left."""

    id: str
    person: str
    """How the receiver is called; may be empty."""
    channel: str
    state: str
    is_push: bool
    """Whether it was sent of our own accord; else it answers something."""
    attempts: int
    last_status: str
    created_at: int
    sent_at: int | None
    not_before: int
    expires_at: int
    seq: int


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt to send it."""

    at: int
    outcome: str
    status: str
    request_id: str


class Retry(StrEnum):
    """What came of having it tried again."""

    QUEUED = "queued"
    RISKY = "risky"
    """It may have arrived; nothing was done, since nobody said that twice is all right."""
    STALE = "stale"
    """What it says is no longer true; it stays unsent."""
    GONE = "gone"
    """Not there, not to be seen, or no longer failed."""


async def page(
    tx: AsyncConnection,
    scope: Scope,
    *,
    state: str = "",
    channel: str = "",
    before: tuple[int, str] | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Messages that the person oversees, the newest first.

    Args:
        state: one of `STATES` alone, where given.
        channel: of this one alone, where given.
        before: `seq` and `id` of the last one that was shown; None: from the newest.
        limit: how many at most.
    """
    wanted = [overseen_message(scope)]
    wanted += [outbox.c.state == state] if state else []
    wanted += [outbox.c.channel == channel] if channel else []
    if before:  # messages of one moment to many people share their `seq`
        seq, identity = before
        wanted.append(or_(outbox.c.seq < seq, and_(outbox.c.seq == seq, outbox.c.id > identity)))
    rows = await tx.execute(_found().where(*wanted).order_by(outbox.c.seq.desc(), outbox.c.id).limit(limit))
    return [_delivery(row) for row in rows]


async def get(tx: AsyncConnection, scope: Scope, identity: str) -> Delivery | None:
    """One message that the person oversees."""
    row = (await tx.execute(_found().where(outbox.c.id == identity, overseen_message(scope)))).first()
    return None if row is None else _delivery(row)


async def tried(tx: AsyncConnection, scope: Scope, identity: str) -> list[Tried]:
    """What was attempted of it, the oldest first."""
    ours = select(outbox.c.id).where(outbox.c.id == identity, overseen_message(scope))
    rows = await tx.execute(
        select(outbox_attempts).where(outbox_attempts.c.outbox_id.in_(ours)).order_by(outbox_attempts.c.id)
    )
    return [Tried(row.at, row.outcome, row.status, row.request_id) for row in rows]


async def by_day(tx: AsyncConnection, scope: Scope, first: date, days: int) -> Mapping[str, list[int]]:
    """How many were made on each local day from the first, by what became of them: arrived, waiting, failed."""
    fates = case(
        (outbox.c.state == "sent", "sent"), (outbox.c.state.in_(FAILED), "failed"), else_="waiting"
    )  # what was withdrawn or ran out was not to arrive any more
    start = epoch_ms(datetime.combine(first, time.min, TAIPEI))
    number = (outbox.c.created_at - start) // DAY_MS
    rows = await tx.execute(
        select(fates.label("fate"), number.label("day"), func.count().label("messages"))
        .where(
            outbox.c.created_at >= start,
            outbox.c.created_at < start + days * DAY_MS,
            outbox.c.state.not_in(("cancelled", "expired")),
            overseen_message(scope),
        )
        .group_by("fate", "day")
    )
    found = {fate: [0] * days for fate in ("sent", "waiting", "failed")}
    for row in rows:
        found[row.fate][int(row.day)] += int(row.messages)
    return found


async def count(tx: AsyncConnection, scope: Scope) -> dict[str, int]:
    """How many are in each of `STATES`."""
    rows = await tx.execute(
        select(outbox.c.state, func.count()).where(overseen_message(scope)).group_by(outbox.c.state)
    )
    return dict.fromkeys(STATES, 0) | {state: int(found) for state, found in rows}


async def retry(tx: AsyncConnection, scope: Scope, identity: str, now: int, *, even_twice: bool = False) -> Retry:
    """Have a message that failed tried again, under the same key.

    LINE does nothing twice under one key within a day; beyond that, and elsewhere, a message whose fate is unknown
    may arrive a second time.

    Args:
        now: epoch milliseconds.
        even_twice: somebody said that it may arrive twice.
    """
    failed = (outbox.c.id == identity, outbox.c.state.in_(FAILED), overseen_message(scope))
    row = (await tx.execute(select(outbox.c.state, outbox.c.expires_at).where(*failed))).first()
    if row is None:
        return Retry.GONE
    if row.expires_at and row.expires_at <= now:
        return Retry.STALE
    if row.state == "unknown" and not even_twice:
        return Retry.RISKY
    again = {"state": "queued", "not_before": now, "first_attempt_at": None, "last_status": ""}
    # LINE's reply token has long run out; the other channels send an answer as they send anything.
    method = case((outbox.c.channel == "line", "push"), else_=outbox.c.method)
    taken = await tx.execute(
        update(outbox).where(*failed).values(**again, method=method, lease_owner=None, lease_until=None)
    )
    if not taken.rowcount:
        return Retry.GONE
    await tx.execute(insert(outbox_attempts).values(outbox_id=identity, at=now, outcome=RETRIED))
    return Retry.QUEUED


def _found() -> Select[tuple[object, ...]]:
    return select(*outbox.c, _name().label("person")).join(
        conversations, conversations.c.id == outbox.c.conversation_id
    )


def _name() -> ScalarSelect[str]:
    """How the receiver is called where they are a member of something."""
    theirs = memberships.alias()
    named: tuple[ColumnElement[bool], ...] = (theirs.c.person_id == conversations.c.person_id, theirs.c.name != "")
    return (
        select(theirs.c.name)
        .where(*named)
        .order_by(theirs.c.ended_at.is_not(None), theirs.c.id.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    found = row._mapping
    names = ("id", "channel", "state", "attempts", "last_status", "created_at", "sent_at", "not_before", "expires_at")
    return Delivery(
        **{name: found[name] for name in names},
        seq=found["seq"],
        person=found["person"] or "",
        is_push=not found["event_id"],
    )
