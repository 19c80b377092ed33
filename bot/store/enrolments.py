"""Schools and their parts in programmes: who takes part, and who lets whom in. What dates depend on: see `facts`.

All but `join` take a `Scope` (see `access`); `join` is for who has none yet, and is let in by an invitation.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import people
from bot.store.access import ENROLMENT, WITH_SCHOOL, Enrolment, Membership, Role, Scope, read_enrolment
from bot.store.database import insert_or_ignore
from bot.store.tables import one_time_codes
from bot.store.work_tables import enrolments, memberships, schools
from knowledge.schema import Programme

INVITE_DAYS = 7
DAY_MS = 24 * 3600 * 1000
LONGEST_SCHOOL, LONGEST_COUNTY, LONGEST_NAME = 80, 16, 40


class JoinProblem(StrEnum):
    """Why an invitation lets nobody in."""

    GONE = "gone"
    """What it was made for is no longer there."""


@dataclass(frozen=True, slots=True)
class Member:
    """Someone's role at a school, as its members and its office see it."""

    person: str
    role: Role
    name: str
    joined_at: int


def tidy(text: str, longest: int) -> str:
    """A name as it is stored: one width, single blanks, none around it.

    Raises:
        ValueError: nothing is left, it is too long, or it holds what can't be shown.
    """
    found = " ".join(unicodedata.normalize("NFKC", text).split())
    if not 0 < len(found) <= longest or not found.isprintable():
        raise ValueError(f"a name has 1 to {longest} characters that can be shown")
    return found


async def enrol(
    tx: AsyncConnection, scope: Scope, school: str, programme: Programme, now: int, *, county: str = ""
) -> Enrolment | None:
    """A school's part in an edition, made at need; its span is the edition's. None without the right to it.

    Raises:
        ValueError: the name of school or county is none.
    """
    name, county = tidy(school, LONGEST_SCHOOL), tidy(county, LONGEST_COUNTY) if county.strip() else ""
    if not scope.may_oversee(programme.slug):
        return None
    school_id = await _school(tx, name, county, now)
    made = {
        "id": secrets.token_urlsafe(6),
        "school_id": school_id,
        "programme": programme.slug,
        "edition": programme.edition,
        "starts_on": programme.valid_from.isoformat(),
        "ends_on": programme.valid_until.isoformat(),
        "facts": {},
        "created_at": now,
    }
    await tx.execute(insert_or_ignore(enrolments, tx.dialect), made)
    return await _find(
        tx,
        enrolments.c.school_id == school_id,
        enrolments.c.programme == programme.slug,
        enrolments.c.edition == programme.edition,
        scope.manages(enrolments.c.id),
    )


async def _school(tx: AsyncConnection, name: str, county: str, now: int) -> str:
    """The school of this name, however its 臺 is written; made at need, its county noted where none was."""
    spellings = {name, name.replace("台", "臺"), name.replace("臺", "台")}
    known = select(schools.c.id).where(schools.c.name.in_(spellings)).order_by(schools.c.created_at, schools.c.id)
    found: str | None = (await tx.execute(known.limit(1))).scalar()
    if found is None:
        row = {"id": secrets.token_urlsafe(6), "name": name, "county": county, "created_at": now}
        await tx.execute(insert_or_ignore(schools, tx.dialect), row)
        found = (await tx.execute(known.limit(1))).scalar_one()
    if county:
        await tx.execute(update(schools).where(schools.c.id == found, schools.c.county == "").values(county=county))
    return found


async def get(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> Enrolment | None:
    """One enrolment; None for one that the person may not see, as for one that is not there."""
    return await _find(tx, enrolments.c.id == enrolment_id, scope.reads(enrolments.c.id))


async def visible(
    tx: AsyncConnection, scope: Scope, *, programme: str = "", edition: str = "", county: str = ""
) -> list[Enrolment]:
    """All enrolments that the person may see, by county and school; of one programme, edition, county where given."""
    wanted = [scope.reads(enrolments.c.id)]
    given = ((enrolments.c.programme, programme), (enrolments.c.edition, edition), (schools.c.county, county))
    wanted += [column == value for column, value in given if value]
    rows = await tx.execute(
        select(*ENROLMENT)
        .select_from(WITH_SCHOOL)
        .where(*wanted)
        .order_by(schools.c.county, schools.c.name, enrolments.c.programme, enrolments.c.edition)
    )
    return [read_enrolment(row) for row in rows]


async def _find(tx: AsyncConnection, *conditions: Any) -> Enrolment | None:
    rows = await tx.execute(select(*ENROLMENT).select_from(WITH_SCHOOL).where(*conditions))
    row: Row[Any] | None = rows.first()
    return None if row is None else read_enrolment(row)


async def members(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> list[Member]:
    """Who has a role at the school now, in the order of joining; nobody to whom may not see it."""
    rows = await tx.execute(
        select(memberships.c.person_id, memberships.c.role, memberships.c.name, memberships.c.joined_at)
        .where(
            memberships.c.enrolment_id == enrolment_id,
            memberships.c.ended_at.is_(None),
            scope.reads(memberships.c.enrolment_id),
        )
        .order_by(memberships.c.id)
    )
    return [Member(row.person_id, Role(row.role), row.name, row.joined_at) for row in rows]


async def invite(
    tx: AsyncConnection,
    scope: Scope,
    role: Role,
    now: int,
    *,
    enrolment_id: str = "",
    programme: str = "",
    days: int = INVITE_DAYS,
) -> str | None:
    """A code with which one person may join within `days`; None without the right to give it.

    Args:
        role: a role at a school needs `enrolment_id`, an office its `programme`, an admin nothing.
        now: epoch milliseconds.
    """
    data: dict[str, Any] = {"role": role.value, "enrolment": "", "school": "", "programme": programme, "edition": ""}
    if role.at_school:
        place = await _find(tx, enrolments.c.id == enrolment_id, scope.manages(enrolments.c.id))
        if place is None:
            return None
        data |= {
            "enrolment": place.id,
            "school": place.school,
            "programme": place.programme,
            "edition": place.edition,
        }
    elif role is Role.OFFICE and not (programme and scope.may_oversee(programme)):
        return None
    elif role is Role.ADMIN:
        if not scope.is_admin:
            return None
        data["programme"] = ""
    expires_at = now + days * DAY_MS
    return await people.make_code(tx, people.INVITE, scope.person or None, expires_at=expires_at, data=data)


async def join(
    tx: AsyncConnection, person: str, data: Mapping[str, Any], now: int, *, name: str = ""
) -> Membership | JoinProblem:
    """Let a person in as an invitation says; who is in already stays as they are.

    Args:
        data: of the code that was just used up, see `people.try_code`; nothing else lets anybody in.
        name: how the person is called in reports; at most `LONGEST_NAME` characters.

    Raises:
        ValueError: the name is none.
    """
    called = tidy(name, LONGEST_NAME) if name.strip() else ""
    role = Role(data["role"])
    place = await _find(tx, enrolments.c.id == data["enrolment"]) if role.at_school else None
    if role.at_school and place is None:
        return JoinProblem.GONE
    row = {
        "person_id": person,
        "role": role.value,
        "enrolment_id": place.id if place else None,
        "programme": data["programme"],
        "name": called,
        "joined_at": now,
    }
    same = and_(
        memberships.c.person_id == person,
        memberships.c.role == role.value,
        memberships.c.programme == row["programme"],
        memberships.c.ended_at.is_(None),
        func.coalesce(memberships.c.enrolment_id, "") == (row["enrolment_id"] or ""),
    )
    if (await tx.execute(select(memberships.c.id).where(same))).first() is None:
        await tx.execute(insert_or_ignore(memberships, tx.dialect), row)
    kept = (await tx.execute(select(memberships.c.name).where(same).order_by(memberships.c.id).limit(1))).scalar_one()
    return Membership(role, place, data["programme"], kept)


async def rename(tx: AsyncConnection, scope: Scope, name: str) -> int:
    """Call the person so in reports, in all of their roles; returns in how many.

    Raises:
        ValueError: the name is none.
    """
    called = tidy(name, LONGEST_NAME)
    own = (memberships.c.person_id == scope.person, memberships.c.ended_at.is_(None))
    return int((await tx.execute(update(memberships).where(*own).values(name=called))).rowcount)


async def leave(tx: AsyncConnection, scope: Scope, now: int, *, enrolment_id: str = "") -> int:
    """End the person's own roles, all of them or those at one school; returns how many."""
    return await _end(tx, scope.person, now, *([memberships.c.enrolment_id == enrolment_id] if enrolment_id else []))


async def remove(tx: AsyncConnection, scope: Scope, enrolment_id: str, person: str, now: int) -> int:
    """End somebody's roles at a school; returns how many, 0 too for who may not remove anybody there."""
    here = memberships.c.enrolment_id == enrolment_id
    return await _end(tx, person, now, here, scope.manages(memberships.c.enrolment_id))


async def _end(tx: AsyncConnection, person: str, now: int, *conditions: Any) -> int:
    """The rows stay with their end. Invitations that the person gave and nobody used yet end too."""
    ours = (memberships.c.person_id == person, memberships.c.ended_at.is_(None), *conditions)
    ended = int((await tx.execute(update(memberships).where(*ours).values(ended_at=now))).rowcount)
    if ended:
        unused = (one_time_codes.c.purpose == people.INVITE, one_time_codes.c.used_at.is_(None))
        await tx.execute(delete(one_time_codes).where(one_time_codes.c.person_id == person, *unused))
    return ended
