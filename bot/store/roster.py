"""Who is in a programme, and who was invited and has not come yet, as its office sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import people
from bot.store.access import Role, Scope
from bot.store.tables import one_time_codes
from bot.store.work_tables import enrolments, memberships, schools


@dataclass(frozen=True, slots=True)
class Listed:
    """One role of one person."""

    id: int
    person: str
    name: str
    """May be empty."""
    role: Role
    programme: str
    """Empty of an admin."""
    edition: str
    enrolment: str
    """Empty of an office and an admin."""
    school: str
    county: str
    joined_at: int


@dataclass(frozen=True, slots=True)
class Invited:
    """A code that nobody has used yet. The code itself is not stored."""

    key: str
    role: Role
    programme: str
    edition: str
    school: str
    expires_at: int


_PROGRAMME = func.coalesce(enrolments.c.programme, memberships.c.programme)
"""Of an office its own, of a role at a school that school's; of an admin empty."""


async def listed(
    tx: AsyncConnection,
    scope: Scope,
    *,
    words: str = "",
    programme: str = "",
    role: Role | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Listed]:
    """Roles that somebody holds now, in the order of joining.

    Args:
        words: part of a name, a school or a county.
        programme: of this one alone, where given.
        role: this one alone, where given.
        after: only roles with a larger number than this one.
        limit: how many at most.
    """
    wanted: list[ColumnElement[bool]] = [scope.oversees(_PROGRAMME), memberships.c.ended_at.is_(None)]
    wanted.append(memberships.c.id > after)
    if words:
        columns = (memberships.c.name, schools.c.name, schools.c.county)
        wanted.append(or_(*(column.contains(words, autoescape=True) for column in columns)))
    wanted += [_PROGRAMME.in_([programme])] if programme else []
    wanted += [memberships.c.role == role.value] if role else []
    rows = await tx.execute(
        select(
            memberships, _PROGRAMME.label("of"), enrolments.c.edition, schools.c.name.label("school"), schools.c.county
        )
        .select_from(
            memberships.outerjoin(enrolments, enrolments.c.id == memberships.c.enrolment_id).outerjoin(
                schools, schools.c.id == enrolments.c.school_id
            )
        )
        .where(*wanted)
        .order_by(memberships.c.id)
        .limit(limit)
    )
    return [
        Listed(
            row.id, row.person_id, row.name, Role(row.role), row.of, row.edition or "", row.enrolment_id or "",
            row.school or "", row.county or "", row.joined_at,
        )
        for row in rows
    ]  # fmt: skip


async def one(tx: AsyncConnection, scope: Scope, number: int) -> Listed | None:
    """One role that somebody holds now; None where there is none that the person oversees."""
    found = await listed(tx, scope, after=number - 1, limit=1)
    return found[0] if found and found[0].id == number else None


async def invited(tx: AsyncConnection, scope: Scope, now: int) -> list[Invited]:
    """Codes that still let somebody in, those first that end first."""
    programme = one_time_codes.c.data["programme"].as_string()
    rows = await tx.execute(
        select(one_time_codes)
        .where(
            one_time_codes.c.purpose == people.INVITE,
            one_time_codes.c.used_at.is_(None),
            one_time_codes.c.expires_at > now,
            scope.oversees(programme),
        )
        .order_by(one_time_codes.c.expires_at, one_time_codes.c.code_hash)
    )
    return [
        Invited(
            row.code_hash, Role(row.data["role"]), row.data["programme"], row.data["edition"], row.data["school"],
            row.expires_at,
        )
        for row in rows
    ]  # fmt: skip


async def withdraw(tx: AsyncConnection, scope: Scope, key: str) -> bool:
    """Make an unused code open nothing any more; whether there was one that the person oversees."""
    programme = one_time_codes.c.data["programme"].as_string()
    ours = (one_time_codes.c.code_hash == key, one_time_codes.c.purpose == people.INVITE)
    gone = await tx.execute(
        delete(one_time_codes).where(*ours, one_time_codes.c.used_at.is_(None), scope.oversees(programme))
    )
    return bool(gone.rowcount)


async def end(tx: AsyncConnection, scope: Scope, number: int, now: int) -> bool:
    """End one role; whether it was done. Of offices and admins only an admin ends it, and nobody their own.

    Codes that the person gave and nobody used yet end too: they let in on their word.
    """
    ours = await one(tx, scope, number)
    if ours is None or ours.person == scope.person or not (ours.role.at_school or scope.is_admin):
        return False
    here = (memberships.c.id == number, memberships.c.ended_at.is_(None))
    ended = await tx.execute(update(memberships).where(*here).values(ended_at=now))
    if not ended.rowcount:
        return False
    unused = (one_time_codes.c.purpose == people.INVITE, one_time_codes.c.used_at.is_(None))
    await tx.execute(delete(one_time_codes).where(one_time_codes.c.person_id == ours.person, *unused))
    return True
