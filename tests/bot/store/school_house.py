"""Schools with people in them, for tests of what one may see and change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import enrolments, records
from bot.store.access import Enrolment, Role, Scope, scope_of, unlimited
from bot.store.stored_record import DONE, StoredRecord
from bot.store.tables import conversations, people
from tests.real import real_base

NOW = 1_763_604_000_000
"""Thursday 20 November 2025, 10:00 in Taipei."""
SLUG = "distance-teaching"
MEETING: dict[str, Any] = {
    "kind": "community_meeting",
    "starts_at": datetime(2025, 11, 18, 14, 0),
    "minutes": 120,
    "mode": "onsite",
    "topic": "共備",
}


async def person(tx: AsyncConnection, name: str) -> str:
    """Somebody with one conversation."""
    await tx.execute(insert(people).values(id=name, created_at=NOW))
    row = {"id": f"web:{name}", "channel": "web", "address": name, "person_id": name}
    await tx.execute(insert(conversations).values(**row, created_at=NOW, updated_at=NOW))
    return name


async def school(tx: AsyncConnection, name: str, slug: str = SLUG, *, county: str = "") -> Enrolment:
    """A school that takes part in the newest edition of a programme."""
    found = await enrolments.enrol(tx, unlimited(), name, real_base().programme(slug), NOW, county=county)
    assert found is not None
    return found


async def member(tx: AsyncConnection, name: str, place: Enrolment, role: Role = Role.COORDINATOR) -> Scope:
    """A new person with a role at a school."""
    return await enter(tx, await person(tx, name), role, place)


async def enter(
    tx: AsyncConnection, who: str, role: Role, place: Enrolment | None = None, *, programme: str = ""
) -> Scope:
    """Give somebody a role; the name in reports is `老師` and the person's id."""
    data = {
        "role": role.value,
        "enrolment": place.id if place else "",
        "programme": place.programme if place else programme,
    }
    await enrolments.join(tx, who, data, NOW, name=f"老師{who}")
    return await scope_of(tx, who)


async def logged(
    tx: AsyncConnection, scope: Scope, place: Enrolment, *, state: str = DONE, now: int = NOW, **fields: Any
) -> StoredRecord:
    """A record like `MEETING`, but for the given fields."""
    found = await records.create(tx, scope, place.id, {**MEETING, **fields}, channel="web", now=now, state=state)
    assert found is not None
    return found
