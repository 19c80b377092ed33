"""What an office should know today, as counts; each of what the person oversees, and of nothing else."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.reminder_tables import reminders
from bot.store.tables import conversations, outbox
from bot.store.work_tables import enrolments, memberships

FAILED = ("unknown", "dead")
"""States of a message that will not arrive by itself: nobody knows whether it did, or it did not."""


def overseen_message(scope: Scope) -> ColumnElement[bool]:
    """True of messages to people at the schools of the person's programmes; of all for an admin."""
    ours = (
        select(conversations.c.id)
        .join(memberships, memberships.c.person_id == conversations.c.person_id)
        .join(enrolments, enrolments.c.id == memberships.c.enrolment_id)
        .where(memberships.c.ended_at.is_(None), scope.oversees(enrolments.c.programme))
    )
    return or_(outbox.c.conversation_id.in_(ours), scope.oversees(literal("")))


async def failed_sends(tx: AsyncConnection, scope: Scope) -> dict[str, int]:
    """How many messages are in each of the states `FAILED`."""
    rows = await tx.execute(
        select(outbox.c.state, func.count())
        .where(outbox.c.state.in_(FAILED), overseen_message(scope))
        .group_by(outbox.c.state)
    )
    return dict.fromkeys(FAILED, 0) | {state: int(count) for state, count in rows}


async def oldest_due(tx: AsyncConnection, scope: Scope, now: int) -> int | None:
    """When the reminder fell due that waits longest to be told to somebody; None where none does."""
    ours = select(enrolments.c.id).where(scope.oversees(enrolments.c.programme))
    waiting = (reminders.c.state == "planned", reminders.c.fire_at <= now, reminders.c.enrolment_id.in_(ours))
    found: int | None = (await tx.execute(select(func.min(reminders.c.fire_at)).where(*waiting))).scalar()
    return found
