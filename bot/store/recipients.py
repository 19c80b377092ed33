"""Whom reminders are for, and through which door they reach them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Role
from bot.store.tables import conversations, inbox, outbox
from bot.store.work_tables import memberships


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with a role."""

    person: str
    role: Role
    joined_at: int


@dataclass(frozen=True, slots=True)
class Door:
    """A private conversation of a person to which something can be sent."""

    conversation_id: str
    channel: str
    address: str
    state: Mapping[str, Any]
    """The dialogue's, see `handlers.dialogue`."""


async def members(tx: AsyncConnection, enrolment_ids: Sequence[str]) -> dict[str, list[Recipient]]:
    """Who has a role at each of these schools now, in the order of joining."""
    found: dict[str, list[Recipient]] = defaultdict(list)
    rows = await tx.execute(
        select(memberships)
        .where(memberships.c.enrolment_id.in_(enrolment_ids), memberships.c.ended_at.is_(None))
        .order_by(memberships.c.id)
    )
    for row in rows:
        found[row.enrolment_id].append(_recipient(row))
    return found


async def names(tx: AsyncConnection, enrolment_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """How members of these schools are called, by school and person; who has no name is left out."""
    named = (memberships.c.enrolment_id.in_(enrolment_ids), memberships.c.name != "")
    rows = await tx.execute(select(memberships).where(*named).order_by(memberships.c.id))
    return {(row.enrolment_id, row.person_id): row.name for row in rows}


async def offices(tx: AsyncConnection, programme: str) -> list[Recipient]:
    """Who is the office of a programme."""
    rows = await tx.execute(
        select(memberships)
        .where(
            memberships.c.role == Role.OFFICE,
            memberships.c.programme == programme,
            memberships.c.ended_at.is_(None),
        )
        .order_by(memberships.c.id)
    )
    return [_recipient(row) for row in rows]


async def admins(tx: AsyncConnection) -> list[str]:
    """Who sees everything."""
    rows = await tx.execute(
        select(memberships.c.person_id)
        .where(memberships.c.role == Role.ADMIN, memberships.c.ended_at.is_(None))
        .order_by(memberships.c.id)
    )
    return list(dict.fromkeys(rows.scalars()))


async def doors(tx: AsyncConnection, persons: Collection[str], channels: Collection[str]) -> dict[str, list[Door]]:
    """The private conversations of these people, the one used last first.

    Left out is who blocked us (the last that came from there says so), and where our last message was refused for
    good since the person last spoke.
    """
    found: dict[str, list[Door]] = defaultdict(list)
    for row in await _open(tx, conversations.c.person_id.in_(persons), channels):
        found[row.person_id].append(_door(row))
    return found


async def doors_of(
    tx: AsyncConnection, conversation_ids: Collection[str], channels: Collection[str]
) -> dict[str, Door]:
    """Those of these conversations that are private and that something can be sent to, by id; see `doors`."""
    return {row.id: _door(row) for row in await _open(tx, conversations.c.id.in_(conversation_ids), channels)}


async def _open(tx: AsyncConnection, which: ColumnElement[bool], channels: Collection[str]) -> list[Row[Any]]:
    last = (
        select(inbox.c.kind)
        .where(inbox.c.conversation_id == conversations.c.id)
        .order_by(inbox.c.occurred_at.desc(), inbox.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    refused = exists().where(
        outbox.c.conversation_id == conversations.c.id,
        outbox.c.state == "dead",
        outbox.c.created_at >= conversations.c.updated_at,
    )
    rows = await tx.execute(
        select(conversations, last.label("last"))
        .where(which, conversations.c.in_group == 0, conversations.c.channel.in_(channels), ~refused)
        .order_by(conversations.c.updated_at.desc(), conversations.c.id)
    )
    return [row for row in rows if row.last != "leave"]


def _door(row: Row[Any]) -> Door:
    return Door(row.id, row.channel, row.address, row.state or {})


async def set_dialogues(tx: AsyncConnection, states: Mapping[str, Mapping[str, Any]]) -> None:
    """Store what dialogues are to remember of messages that they did not ask for."""
    if states:
        mine = update(conversations).where(conversations.c.id == bindparam("of")).values(state=bindparam("new"))
        await tx.execute(mine, [{"of": of, "new": dict(state)} for of, state in states.items()])


async def hold_dialogues(tx: AsyncConnection, conversation_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The states of these dialogues, which nobody else changes until the end of the transaction; those that
    somebody is talking in just now are left out."""
    rows = await tx.execute(
        select(conversations.c.id, conversations.c.state)
        .where(conversations.c.id.in_(conversation_ids))
        .order_by(conversations.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return {row.id: row.state or {} for row in rows}


def _recipient(row: Row[Any]) -> Recipient:
    return Recipient(row.person_id, Role(row.role), row.joined_at)
