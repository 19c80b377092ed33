"""Who reads what of the console's log."""

from __future__ import annotations

from bot.store import console_log, enrolments
from bot.store.access import Role, Scope
from bot.store.database import Database
from tests.bot.store.school_house import NOW, SLUG, enter, member, person, school

OTHER = "mobile-learning"


async def subjects(database: Database, scope: Scope, **wanted: object) -> list[str]:
    async with database.read() as tx:
        return [each.subject for each in await console_log.entries(tx, scope, **wanted)]  # type: ignore[arg-type]


async def fill(database: Database) -> None:
    async with database.write() as tx:
        for number, programme in enumerate((SLUG, OTHER, "", SLUG)):
            await console_log.note(
                tx, f"p{number % 2}", "sign_in", NOW + number, programme=programme, subject=f"s{number}"
            )


async def test_an_office_reads_what_concerns_its_programme_and_an_admin_all(database: Database) -> None:
    await fill(database)
    async with database.write() as tx:
        office = await enter(tx, await person(tx, "o"), Role.OFFICE, programme=SLUG)
        admin = await enter(tx, await person(tx, "a"), Role.ADMIN)
        coordinator = await member(tx, "c", await school(tx, "甲校"))
    assert await subjects(database, office) == ["s3", "s0"]
    assert await subjects(database, admin) == ["s3", "s2", "s1", "s0"]
    assert await subjects(database, coordinator) == []
    async with database.write() as tx:
        await enrolments.leave(tx, office, NOW)
    assert await subjects(database, office) == []


async def test_it_is_read_page_by_page_and_by_person_and_action(database: Database) -> None:
    await fill(database)
    async with database.write() as tx:
        admin = await enter(tx, await person(tx, "a"), Role.ADMIN)
    async with database.read() as tx:
        first = await console_log.entries(tx, admin, limit=2)
    assert await subjects(database, admin, before=first[-1].id) == ["s1", "s0"]
    assert await subjects(database, admin, person="p1") == ["s3", "s1"]
    assert await subjects(database, admin, programme=OTHER) == ["s1"]
    assert await subjects(database, admin, action="deadline_move") == []


async def test_what_was_noted_is_read_as_it_was(database: Database) -> None:
    async with database.write() as tx:
        admin = await enter(tx, await person(tx, "a"), Role.ADMIN)
        await console_log.note(tx, "a", "deadline_move", NOW, subject="x" * 500, data={"revision": 2})
        (found,) = await console_log.entries(tx, admin)
    assert (found.at, found.person, found.action, found.programme) == (NOW, "a", "deadline_move", "")
    assert (found.subject, dict(found.data)) == ("x" * 200, {"revision": 2})
