"""Which conversations are one person's, and taking one of them off again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, false, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations


@dataclass(frozen=True, slots=True)
class Linked:
    """A conversation of a person."""

    id: str
    channel: str
    in_group: bool
    created_at: int
    updated_at: int
    focus: str
    """The question that a follow-up would refer to; may be empty."""


async def private_of(tx: AsyncConnection, person: str) -> list[Linked]:
    """The person's conversations with us alone, the oldest first."""
    rows = await tx.execute(
        select(conversations)
        .where(conversations.c.person_id == person, conversations.c.in_group == 0)
        .order_by(conversations.c.created_at, conversations.c.id)
    )
    return [_linked(row) for row in rows]


async def all_of(tx: AsyncConnection, person: str | None, *own: str, hold: bool = False) -> list[Linked]:
    """Every conversation of the person. Those in groups are nobody's by their row, and found by the same account.

    Args:
        person: None for somebody of whom nothing was kept yet.
        own: ids of conversations that are theirs in any case.
        hold: nobody else may work on the private ones until the transaction ends.
    """
    of_person = conversations.c.person_id == person if person else false()
    private = select(conversations).where(or_(conversations.c.id.in_(own), of_person)).order_by(conversations.c.id)
    found = [_linked(row) for row in await tx.execute(private.with_for_update(key_share=True) if hold else private)]
    for each in found[:]:
        key = each.id.partition(":")[2]
        within = conversations.c.channel + literal(":") + conversations.c.address + literal(f":{key}")
        in_groups = (conversations.c.channel == each.channel, conversations.c.in_group == 1)
        rows = await tx.execute(select(conversations).where(*in_groups, conversations.c.id == within))
        found += [_linked(row) for row in rows]
    return list({each.id: each for each in found}.values())


async def unlink(tx: AsyncConnection, person: str, conversation_id: str) -> bool:
    """Take a conversation off a person: it begins anew with nobody; False where it is not theirs any more.

    Its dialogue goes too, since it may be about what is the person's.
    """
    theirs = (conversations.c.id == conversation_id, conversations.c.person_id == person)
    done = await tx.execute(update(conversations).where(*theirs).values(person_id=None, state={}))
    return bool(done.rowcount)


def _linked(row: Row[Any]) -> Linked:
    focus = (row.state or {}).get("focus") or {}
    return Linked(
        id=row.id,
        channel=row.channel,
        in_group=bool(row.in_group),
        created_at=row.created_at,
        updated_at=row.updated_at,
        focus=str(focus.get("question", "")),
    )
