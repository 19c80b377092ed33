"""What a person was reminded of, wishes for, and said about deadlines, for that person. A part of `my_data`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import WITH_SCHOOL
from bot.store.reminder_tables import deadline_marks, moved_deadlines, reminder_preferences, reminders
from bot.store.work_tables import enrolments, schools

_SCHOOL = (
    schools.c.name.label("school"),
    enrolments.c.programme.label("of_programme"),
    enrolments.c.edition.label("of_edition"),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One row of any of these tables."""

    what: str
    """reminder, wish, mark, move."""
    at: int
    school: str
    """Empty for a whole programme, or for everything."""
    programme: str
    """Empty for everything."""
    edition: str
    subject: str
    """As it is stored: a deadline's key, `deadline:<key>`, `nudge:<key>`, `held:<record>`; empty for everything."""
    data: Mapping[str, Any]
    """The rest as it is stored."""


async def notes(tx: AsyncConnection, person: str) -> list[Note]:
    """All of it, table by table."""
    return [
        *await _at_school(tx, person, "reminder", reminders, "updated_at", "subject", ("day", "rule", "state")),
        *await _at_school(tx, person, "mark", deadline_marks, "at", "key", ("due",)),
        *await _wishes(tx, person),
        *await _moves(tx, person),
    ]


async def _at_school(
    tx: AsyncConnection, person: str, what: str, table: Table, at: str, subject: str, rest: tuple[str, ...]
) -> list[Note]:
    rows = await tx.execute(
        select(table, *_SCHOOL)
        .select_from(WITH_SCHOOL.join(table, table.c.enrolment_id == enrolments.c.id))
        .where(table.c.person_id == person)
        .order_by(table.c[at], *table.primary_key)
    )
    found = [row._mapping for row in rows]
    return [
        Note(what, row[at], row["school"], row["of_programme"], row["of_edition"], row[subject], _told(row, rest))
        for row in found
    ]


async def _wishes(tx: AsyncConnection, person: str) -> list[Note]:
    """Their place is a school, a programme, or everything."""
    table = reminder_preferences
    rows = await tx.execute(
        select(table, *_SCHOOL)
        .select_from(table.outerjoin(WITH_SCHOOL, table.c.place == enrolments.c.id))
        .where(table.c.person_id == person)
        .order_by(*table.primary_key)
    )
    rest = ("offsets", "at_minute", "quiet_from", "quiet_until", "muted")
    found = [row._mapping for row in rows]
    return [
        Note(
            "wish", row["updated_at"], row["school"] or "", row["of_programme"] or row["place"],
            row["of_edition"] or "", row["subject"], _told(row, rest),
        )
        for row in found
    ]  # fmt: skip


async def _moves(tx: AsyncConnection, person: str) -> list[Note]:
    table = moved_deadlines
    rows = await tx.execute(select(table).where(table.c.person_id == person).order_by(*table.primary_key))
    found = [row._mapping for row in rows]
    return [
        Note("move", row["at"], "", row["programme"], row["edition"], row["key"], _told(row, ("due", "reason")))
        for row in found
    ]


def _told(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}
