"""What becomes of reminders and wishes when two people turn out to be one, and when somebody is forgotten."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.reminder_tables import deadline_marks, moved_deadlines, reminder_preferences, reminders


async def merge(tx: AsyncConnection, kept: str, given_up: str) -> None:
    """The second's are the first's from now on; of what both have, the first's stays."""
    for table, names in (
        (reminders, ("enrolment_id", "subject", "revision", "rule")),
        (reminder_preferences, ("place", "subject")),
    ):
        same = table.alias()
        equal = [same.c[name] == table.c[name] for name in names]
        double = select(same.c.person_id).where(same.c.person_id == kept, *equal)
        await tx.execute(delete(table).where(table.c.person_id == given_up, double.exists()))
        await tx.execute(update(table).where(table.c.person_id == given_up).values(person_id=kept))
    for table in (deadline_marks, moved_deadlines):
        await tx.execute(update(table).where(table.c.person_id == given_up).values(person_id=kept))


async def forget(tx: AsyncConnection, person: str) -> None:
    """Nothing of this person's stays; what they noted of the school's deadlines does, without their number."""
    for table in (reminders, reminder_preferences):
        await tx.execute(delete(table).where(table.c.person_id == person))
    for table in (deadline_marks, moved_deadlines):
        await tx.execute(update(table).where(table.c.person_id == person).values(person_id=""))
