"""From the first release to this one with a database in use: nothing is lost, and today's code works on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select, text

from bot.store import (
    deadline_marks,
    deadline_moves,
    enrolments,
    evidence,
    facts,
    history,
    inbox,
    migrate,
    outbox,
    people,
    questions,
    quota,
    records,
    reminders,
    tables,
)
from bot.store.access import scope_of
from bot.store.database import Database
from bot.store.stored_record import StoredRecord
from tests.bot.store.old_rows import AT, PEPPER, ROWS, SHA

Everything = dict[str, list[dict[str, object]]]


async def rows_of(database: Database) -> Everything:
    """Every row of every table, as the schema that is there has them."""
    async with database.read() as connection:
        there = MetaData()
        await connection.run_sync(there.reflect)
        found: Everything = {}
        for table in there.sorted_tables:
            if table.name != "alembic_version":
                rows = await connection.execute(select(table).order_by(*table.primary_key))
                found[table.name] = [dict(row._mapping) for row in rows]
        return found


def lost(before: Everything, after: Everything) -> list[object]:
    """Rows that are not there any more, or not as they were; a column that came is no loss."""
    return [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if not any(row.items() <= other.items() for other in after.get(table, []))
    ]


def revisions() -> list[str]:
    """All that there are, the first first."""
    found = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return [each.revision for each in found][::-1]


@pytest.fixture
async def upgraded(empty_database_url: str) -> AsyncIterator[Database]:
    """A database that went through every release, with rows of each; nothing was lost at any step."""
    database = Database(empty_database_url)
    known: Everything = {}
    for revision in revisions():
        await migrate.to(database, revision)
        assert lost(known, await rows_of(database)) == []
        async with database.write() as tx:
            for statement in ROWS.get(revision, ()):
                await tx.exec_driver_sql(statement)
        known = await rows_of(database)
    assert await migrate.current(database) == migrate.head()
    yield database
    await database.close()


async def what_waited_is_worked_off_and_what_was_sent_is_not_sent_again(upgraded: Database) -> None:
    async with upgraded.write() as tx:
        event = await inbox.claim(tx, AT)
        assert event is not None
        assert (event.event_id, event.state["welcomed"]) == ("e-new", True)
        await inbox.finish(tx, event, AT)
        assert await inbox.claim(tx, AT) is None
        due = await outbox.claim(tx, owner="me", channels=["line"], now=AT, lease_ms=1000, limit=9)
        assert [(each.id, each.payload["messages"][0]["text"]) for each in due] == [("o-waits", "至少 15 小時。")]
        assert await outbox.count_by_state(tx) == {"sending": 1, "unknown": 1}


async def questions_and_the_secret_that_hashes_askers_are_kept(upgraded: Database) -> None:
    async with upgraded.read() as tx:
        assert await questions.pepper(tx) == bytes.fromhex(PEPPER)
        asked = (await tx.execute(select(tables.questions.c.text, tables.questions.c.feedback))).all()
        assert [tuple(row) for row in asked] == [("遊覽車可以報帳嗎", "other")]


async def a_coordinator_sees_and_changes_what_was_logged_before(upgraded: Database) -> None:
    async with upgraded.write() as tx:
        scope = await scope_of(tx, str(await people.find(tx, "web:ann")))
        assert [role.role for role in scope.memberships] == ["coordinator"]  # what had ended stays ended
        (place,) = await enrolments.visible(tx, scope)
        assert (place.school, place.county, place.facts) == ("示範高中", "臺中市", {"authority": "moe"})
        (record,) = await records.list_all(tx, scope, place.id)
        assert (record.minutes, record.headcount, record.creator) == (120, 5, "召集人")
        assert [each.data["minutes"] for each in await history.versions(tx, scope, record.id)] == [90, 120]
        (photo,) = await evidence.of_record(tx, scope, record.id)
        assert (photo.name, photo.sha256) == ("現場.jpg", SHA)
        changed = await records.change(tx, scope, record.id, 2, {"headcount": 6}, channel="web", now=AT)
        assert isinstance(changed, StoredRecord)
        assert changed.version == 3
        assert await facts.set_fact(tx, scope, place.id, "semester_start", "2025-09-01", channel="web", now=AT)


async def reminders_moved_dates_and_the_quota_go_on(upgraded: Database) -> None:
    async with upgraded.read() as tx:
        assert await reminders.oldest_due(tx, AT) == AT - 1
        assert (await deadline_marks.marked(tx, ["e1"]))["e1"] == {"apply"}
        moved = (await deadline_moves.moved(tx))["distance-teaching", "114"]["final_report"]
        assert (str(moved.due), moved.revision) == ("2026-08-14 23:59:00", 1)
        ledger = await quota.ledger(tx, "line", "2025-11")
        assert ledger is not None
        assert (ledger.allowed, ledger.used) == (200, 9)


async def test_step_by_step_nothing_is_lost_and_todays_code_works_on_it(upgraded: Database) -> None:
    await what_waited_is_worked_off_and_what_was_sent_is_not_sent_again(upgraded)
    await questions_and_the_secret_that_hashes_askers_are_kept(upgraded)
    await a_coordinator_sees_and_changes_what_was_logged_before(upgraded)
    await reminders_moved_dates_and_the_quota_go_on(upgraded)


async def test_one_leap_from_the_first_release_comes_to_the_same(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    await migrate.to(database, "0001")
    async with database.write() as tx:
        for statement in ROWS["0001"]:
            await tx.exec_driver_sql(statement)
    known = await rows_of(database)
    await migrate.to_head(database)
    assert lost(known, await rows_of(database)) == []
    if database.is_sqlite:
        async with database.read() as tx:
            assert (await tx.execute(text("PRAGMA foreign_key_check"))).all() == []
    await database.close()
