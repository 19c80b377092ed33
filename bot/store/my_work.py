"""What a person did at schools, for that person: roles, records, files. A part of `my_data`, and by its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import WITH_SCHOOL
from bot.store.console_tables import fact_versions
from bot.store.stored_record import COLUMNS
from bot.store.work_tables import attendances, enrolments, evidence, memberships, record_versions, records, schools


@dataclass(frozen=True, slots=True)
class Held:
    """A role, held now or before."""

    role: str
    school: str
    """Empty for office and admin."""
    programme: str
    edition: str
    name: str
    joined_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """What the person did to a record."""

    at: int
    channel: str
    action: str
    """create, change, delete, restore, join."""
    record: str
    school: str
    programme: str
    edition: str
    words: Mapping[str, Any]
    """What the person stated, by column of `records`."""


@dataclass(frozen=True, slots=True)
class SaidFact:
    """What the person said of a school that its dates and duties depend on."""

    at: int
    channel: str
    school: str
    programme: str
    edition: str
    fact: str
    value: Any
    """As JSON has it; None: taken back."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that the person sent."""

    at: int
    channel: str
    name: str
    media_type: str
    size: int
    state: str
    problem: str
    attached: bool


async def held(tx: AsyncConnection, person: str) -> list[Held]:
    """Roles, held now or before."""
    place = memberships.outerjoin(WITH_SCHOOL, memberships.c.enrolment_id == enrolments.c.id)
    rows = await tx.execute(
        select(memberships, schools.c.name.label("school"), enrolments.c.programme.label("of"), enrolments.c.edition)
        .select_from(place)
        .where(memberships.c.person_id == person)
        .order_by(memberships.c.id)
    )
    return [
        Held(
            row.role,
            row.school or "",
            row.of or row.programme,
            row.edition or "",
            row.name,
            row.joined_at,
            row.ended_at,
        )
        for row in rows
    ]


async def deeds(tx: AsyncConnection, person: str) -> list[Deed]:
    """What the person did to records, the oldest first."""
    before = record_versions.alias()
    place = (
        record_versions.join(records, record_versions.c.record_id == records.c.id)
        .join(enrolments, records.c.enrolment_id == enrolments.c.id)
        .join(schools, enrolments.c.school_id == schools.c.id)
        .outerjoin(
            before,
            and_(before.c.record_id == records.c.id, before.c.version == record_versions.c.version - 1),
        )
    )
    rows = await tx.execute(
        select(
            record_versions,
            before.c.data.label("was"),
            schools.c.name.label("school"),
            enrolments.c.programme,
            enrolments.c.edition,
        )
        .select_from(place)
        .where(record_versions.c.person_id == person)
        .order_by(record_versions.c.at, record_versions.c.record_id, record_versions.c.version)
    )
    return [
        Deed(
            row.at, row.channel, row.action, row.record_id, row.school, row.programme, row.edition,
            _stated(row.action, row.data, row.was or {}),
        )
        for row in rows
    ]  # fmt: skip


def _stated(action: str, data: Mapping[str, Any], was: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a version that are its author's own: all of a new record, of a change what it changed."""
    if action == "create":
        return {name: data[name] for name in COLUMNS if data.get(name) not in ("", None)}
    if action == "change":
        return {name: data[name] for name in COLUMNS if data.get(name) != was.get(name)}
    return {}


async def attended(tx: AsyncConnection, person: str) -> list[tuple[int, str]]:
    """Moments and schools of what the person joined."""
    rows = await tx.execute(
        select(attendances.c.at, schools.c.name)
        .select_from(
            attendances.join(records, attendances.c.record_id == records.c.id)
            .join(enrolments, records.c.enrolment_id == enrolments.c.id)
            .join(schools, enrolments.c.school_id == schools.c.id)
        )
        .where(attendances.c.person_id == person)
        .order_by(attendances.c.at)
    )
    return [(row.at, row.name) for row in rows]


async def sent(tx: AsyncConnection, person: str) -> list[Sent]:
    """Files that the person sent, deleted ones too as long as their row stays."""
    rows = await tx.execute(
        select(evidence).where(evidence.c.person_id == person).order_by(evidence.c.created_at, evidence.c.id)
    )
    return [
        Sent(
            row.created_at, row.channel, row.name, row.media_type, row.size, row.state, row.problem,
            row.record_id is not None,
        )
        for row in rows
    ]  # fmt: skip


async def facts(tx: AsyncConnection, person: str) -> list[SaidFact]:
    """What the person said about schools, the oldest first."""
    table = fact_versions
    rows = await tx.execute(
        select(table, schools.c.name.label("school"), enrolments.c.programme, enrolments.c.edition)
        .select_from(WITH_SCHOOL.join(table, table.c.enrolment_id == enrolments.c.id))
        .where(table.c.person_id == person)
        .order_by(table.c.at, table.c.enrolment_id, table.c.fact, table.c.version)
    )
    return [SaidFact(row.at, row.channel, row.school, row.programme, row.edition, row.fact, row.value) for row in rows]
