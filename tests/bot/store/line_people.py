"""People who are reached by LINE, for tests of what coordinators are shown."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import enrolments
from bot.store.access import Enrolment, Role, scope_of
from bot.store.tables import conversations, people
from tests.bot.store.school_house import NOW, enter


async def line_person(
    tx: AsyncConnection, name: str, place: Enrolment, *, coordinates: bool = True, left: bool = False
) -> None:
    """Somebody whose LINE id is `name`, with a role at a school; `left`: who has left it again."""
    await tx.execute(insert(people).values(id=name, created_at=NOW))
    row = {"id": f"line:{name}", "channel": "line", "address": name, "person_id": name}
    await tx.execute(insert(conversations).values(**row, created_at=NOW, updated_at=NOW))
    await enter(tx, name, Role.COORDINATOR if coordinates else Role.TEACHER, place)
    if left:
        await enrolments.leave(tx, await scope_of(tx, name), NOW + 1)
