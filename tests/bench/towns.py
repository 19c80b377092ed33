"""Towns of many schools, made quickly: each school of one programme, with a coordinator of its own."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert

from bot.store.database import Database
from bot.store.tables import conversations, people
from bot.store.work_tables import enrolments, memberships, schools
from tests.scheduler.reminding import BASE

SLUG = "distance-teaching"


async def fill(
    database: Database, size: int, *, channel: str = "web", slug: str = SLUG, facts: Mapping[str, str] | None = None
) -> None:
    """`size` schools of the same facts, whose coordinators are reached in one channel."""
    programme = BASE.programme(slug)
    names = [f"n{number:06}" for number in range(size)]
    part = {
        "programme": programme.slug,
        "edition": programme.edition,
        "starts_on": programme.valid_from.isoformat(),
        "ends_on": programme.valid_until.isoformat(),
        "facts": dict(facts or {}),
        "created_at": 1,
    }
    role = {"role": "coordinator", "joined_at": 1}
    door = {"channel": channel, "created_at": 1, "updated_at": 1}
    async with database.write() as tx:
        await tx.execute(insert(schools), [{"id": name, "name": name, "created_at": 1} for name in names])
        await tx.execute(insert(enrolments), [{"id": name, "school_id": name, **part} for name in names])
        await tx.execute(insert(people), [{"id": name, "created_at": 1} for name in names])
        await tx.execute(insert(memberships), [{"person_id": name, "enrolment_id": name, **role} for name in names])
        await tx.execute(
            insert(conversations),
            [{"id": f"{channel}:{name}", "address": name, "person_id": name, **door} for name in names],
        )
