"""Merging two people, held against the schema: nothing of the one who is given up is left anywhere."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.store import history, people, records
from bot.store.access import Role, scope_of
from bot.store.database import Database
from bot.store.reminder_tables import reminder_preferences, reminders
from bot.store.tables import people as people_table
from tests.bot.store.everybody import belongs, person_columns, where_is
from tests.bot.store.school_house import NOW, enter, logged, member, person, school

COLUMNS = [f"{column.table.name}.{column.name}" for column in person_columns()]


def test_the_schema_is_read_right() -> None:
    assert {"runs.person_id", "records.created_by", "record_versions.person_id", "evidence.person_id"} <= set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
async def test_a_merge_leaves_nothing_behind(database: Database, name: str) -> None:
    column = next(each for each in person_columns() if f"{each.table.name}.{each.name}" == name)
    async with database.write() as tx:
        await person(tx, "kept")
        await person(tx, "gone")
        await belongs(tx, column.table, **{column.name: "gone"})
        assert name in await where_is(tx, "gone")
        await people.merge(tx, "kept", "gone")
        assert await where_is(tx, "gone") == set()
        assert name in await where_is(tx, "kept")
        rows = await tx.execute(select(people_table.c.id).where(people_table.c.id == "gone"))
        assert rows.first() is None


async def test_a_role_that_both_hold_is_held_once_and_others_are_added(database: Database) -> None:
    async with database.write() as tx:
        one, other = await school(tx, "甲校"), await school(tx, "乙校")
        await person(tx, "kept")
        await person(tx, "gone")
        await enter(tx, "kept", Role.TEACHER, one)
        await enter(tx, "gone", Role.TEACHER, one)
        await enter(tx, "gone", Role.COORDINATOR, other)
        await people.merge(tx, "kept", "gone")
        scope = await scope_of(tx, "kept")
        assert [(each.role, each.enrolment) for each in scope.memberships] == [
            (Role.TEACHER, one),
            (Role.COORDINATOR, other),
        ]
        assert (await scope_of(tx, "gone")).memberships == ()


async def test_who_logged_as_one_and_joined_as_the_other_has_logged(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        kept, gone = await member(tx, "kept", place), await member(tx, "gone", place)
        first, second = await logged(tx, kept, place), await logged(tx, gone, place)
        await records.join(tx, gone, first.id, channel="web", now=NOW)
        await records.join(tx, kept, second.id, channel="web", now=NOW)
        await people.merge(tx, "kept", "gone")
        for record in (first, second):
            assert await history.attendees(tx, kept, record.id) == []
            found = await records.get(tx, kept, record.id)
            assert found is not None
            assert found.created_by == "kept"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (reminders, {"subject": "deadline:apply", "revision": "r", "rule": "T-7"}),
        (reminder_preferences, {"place": "", "subject": "deadline:apply"}),
    ],
)
async def test_what_both_have_under_one_key_is_had_once(database: Database, table: Table, key: dict[str, Any]) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        where = {"enrolment_id": place.id} if "enrolment_id" in table.c else {}
        for who in ("kept", "gone"):
            await person(tx, who)
            await belongs(tx, table, person_id=who, **where, **key)
        await belongs(tx, table, person_id="gone", **where, **{**key, "subject": "deadline:final_report"})
        await people.merge(tx, "kept", "gone")
        rows = await tx.execute(select(table.c.person_id, table.c.subject).order_by(table.c.subject))
        assert [tuple(row) for row in rows] == [("kept", "deadline:apply"), ("kept", "deadline:final_report")]


@pytest.mark.parametrize("purpose", [people.INVITE, people.LINK])
async def test_a_code_that_two_use_at_once_opens_for_one(database: Database, purpose: str) -> None:
    async with database.write() as tx:
        for name in ("maker", "one", "two"):
            await person(tx, name)
        code = await people.make_code(tx, purpose, "maker", expires_at=NOW + 1000)

    async def attempt(name: str) -> people.CodeState:
        async with database.write() as tx:
            return (await people.try_code(tx, f"web:{name}", purpose, code, NOW)).state

    found = await asyncio.gather(attempt("one"), attempt("two"))
    assert sorted(found) == [people.CodeState.ENDED, people.CodeState.FOUND]
