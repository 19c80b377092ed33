"""Who did what in the console: written in the transaction of what was done, and never changed.

Numbers only, no words of anybody: what was done stays readable after a person was forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.console_tables import WHAT_WIDTH, console_log
from bot.store.work_tables import memberships

SIGN_IN, SIGN_OUT = "sign_in", "sign_out"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done."""

    id: int
    at: int
    person: str
    """Empty: nobody who is known any more."""
    action: str
    programme: str
    """Whose office may read it; empty: admins alone."""
    subject: str
    data: Mapping[str, Any]


async def note(
    tx: AsyncConnection,
    person: str,
    action: str,
    now: int,
    *,
    programme: str = "",
    subject: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write down that it was done.

    Args:
        action: a word in English of at most 32 characters, which the log's page says in Chinese: `deadline_move`.
        now: epoch milliseconds.
        programme: whose office may read it; empty for admins alone.
        subject: what it was done to, by its number: `enrolment:abc`.
        data: what else belongs to it; numbers and keys, never what people wrote.
    """
    row = {"at": now, "person_id": person, "action": action, "programme": programme, "subject": subject[:WHAT_WIDTH]}
    await tx.execute(insert(console_log).values(**row, data=dict(data or {})))


async def entries(
    tx: AsyncConnection,
    scope: Scope,
    *,
    before: int = 0,
    limit: int = 50,
    programme: str = "",
    action: str = "",
    person: str = "",
) -> list[Entry]:
    """What the person may read, the newest first: of the programmes that they oversee, and what they did themselves.

    Args:
        before: only entries with a smaller number than this one; 0: from the newest.
        limit: how many at most.
        programme: of this one alone, where given; so for `action` and `person`.
    """
    wanted = [or_(scope.oversees(console_log.c.programme), console_log.c.person_id == scope.person)]
    given = ((console_log.c.programme, programme), (console_log.c.action, action), (console_log.c.person_id, person))
    wanted += [column == value for column, value in given if value]
    if before:
        wanted.append(console_log.c.id < before)
    rows = await tx.execute(select(console_log).where(*wanted).order_by(console_log.c.id.desc()).limit(limit))
    return [Entry(row.id, row.at, row.person_id, row.action, row.programme, row.subject, row.data) for row in rows]


async def names(tx: AsyncConnection, entries: Sequence[Entry]) -> dict[str, str]:
    """How those who did it are or were last called, by number; without those whose name is not known."""
    wanted = (memberships.c.person_id.in_({each.person for each in entries}), memberships.c.name != "")
    rows = await tx.execute(
        select(memberships.c.person_id, memberships.c.name).where(*wanted).order_by(memberships.c.id)
    )
    return {row.person_id: row.name for row in rows}
