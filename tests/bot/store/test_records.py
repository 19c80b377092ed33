"""Records: logged, changed, deleted and restored, and never overwritten silently."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import epoch_ms, parse_local
from bot.store import enrolments, history, records
from bot.store.access import Enrolment, Role, Scope
from bot.store.database import Database
from bot.store.records import Conflict
from bot.store.stored_record import DELETED, DONE, PLANNED, StoredRecord
from bot.store.work_tables import record_versions
from knowledge.requirements.records import Kind, Mode
from tests.bot.store.school_house import MEETING, NOW, logged, member, school

WEB: dict[str, Any] = {"channel": "web", "now": NOW + 1}


async def start(database: Database) -> tuple[Scope, Enrolment, StoredRecord]:
    """A coordinator who logged one meeting."""
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "ann", place)
        return scope, place, await logged(tx, scope, place)


def kept(found: StoredRecord | Conflict | None) -> StoredRecord:
    """What was stored."""
    assert isinstance(found, StoredRecord)
    return found


async def test_a_record_is_kept_as_it_was_logged(database: Database) -> None:
    scope, place, record = await start(database)
    assert (record.kind, record.starts_at, record.minutes, record.mode, record.topic) == tuple(MEETING.values())
    assert (record.day, record.ends_at) == (date(2025, 11, 18), datetime(2025, 11, 18, 16))
    assert (record.state, record.version, record.created_by, record.creator) == (DONE, 1, "ann", "老師ann")
    assert (record.headcount, record.host, record.day_only) == (None, "", False)
    async with database.read() as connection:
        assert await records.get(connection, scope, record.id) == record
        (counted,) = await records.counting(connection, scope, place.id, NOW)
    assert (counted.id, counted.kind, counted.mode) == (record.id, Kind.COMMUNITY_MEETING, Mode.ONSITE)
    assert (counted.starts_at, counted.minutes, counted.mentor_kind) == (record.starts_at, 120, None)


async def test_of_a_day_without_an_hour_only_the_day_is_kept(database: Database) -> None:
    scope, place, _ = await start(database)
    async with database.write() as tx:
        found = await logged(tx, scope, place, day_only=True, minutes=60)
    assert (found.day_only, found.starts_at) == (True, datetime(2025, 11, 18))


async def test_a_change_touches_what_is_given_and_keeps_the_earlier_version(database: Database) -> None:
    scope, _, record = await start(database)
    async with database.write() as tx:
        fields = {"starts_at": datetime(2025, 11, 18, 15), "headcount": 12, "mode": None}
        found = kept(await records.change(tx, scope, record.id, 1, fields, channel="line", now=NOW + 60))
        assert (found.starts_at.hour, found.headcount, found.mode, found.topic) == (15, 12, "", "共備")
        assert (found.version, found.updated_at, found.created_at) == (2, NOW + 60, NOW)
        first, second = await history.versions(tx, scope, record.id)
    assert (first.number, first.action, first.person, first.channel, first.at) == (1, "create", "ann", "web", NOW)
    assert (second.number, second.action, second.name, second.channel) == (2, "change", "老師ann", "line")
    assert (first.data["headcount"], first.data["mode"], first.data["state"]) == (None, "onsite", DONE)
    assert (second.data["headcount"], second.data["mode"]) == (12, "")


async def test_a_plan_is_confirmed_with_the_next_version(database: Database) -> None:
    scope, place, _ = await start(database)
    async with database.write() as tx:
        plan = await logged(tx, scope, place, state=PLANNED)
        assert kept(await records.change(tx, scope, plan.id, 1, {"headcount": 3}, **WEB)).state == PLANNED
        found = kept(await records.change(tx, scope, plan.id, 2, {}, state=DONE, **WEB))
    assert (found.state, found.headcount, found.version) == (DONE, 3, 3)


async def test_of_two_changes_at_once_one_is_told_of_the_other(database: Database) -> None:
    scope, _, record = await start(database)

    async def change(topic: str) -> StoredRecord | Conflict | None:
        async with database.write() as tx:
            return await records.change(tx, scope, record.id, 1, {"topic": topic}, **WEB)

    found = await asyncio.gather(change("電腦"), change("手機"))
    (first,) = [each for each in found if isinstance(each, StoredRecord)]
    assert [each for each in found if isinstance(each, Conflict)] == [Conflict(first)]
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(record_versions))).scalar() == 2
        assert await records.get(connection, scope, record.id) == first


async def test_of_two_deletions_at_once_one_is_told_of_the_other(database: Database) -> None:
    scope, _, record = await start(database)

    async def delete() -> StoredRecord | Conflict | None:
        async with database.write() as tx:
            return await records.delete(tx, scope, record.id, 1, **WEB)

    found = await asyncio.gather(delete(), delete())
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "StoredRecord"]


@pytest.mark.parametrize("state", [DONE, PLANNED])
async def test_deletion_is_a_mark_and_can_be_taken_back(database: Database, state: str) -> None:
    scope, place, first = await start(database)
    async with database.write() as tx:
        record = await logged(tx, scope, place, state=state)
        gone = kept(await records.delete(tx, scope, record.id, 1, **WEB))
        assert (gone.state, gone.version) == (DELETED, 2)
        assert [each.id for each in await records.list_all(tx, scope, place.id)] == [first.id]
        assert await records.change(tx, scope, record.id, 2, {"topic": "改"}, **WEB) == Conflict(gone)
        assert await records.delete(tx, scope, record.id, 2, **WEB) == Conflict(gone)
        assert await records.join(tx, scope, record.id, **WEB) == Conflict(gone)
        assert await records.restore(tx, scope, record.id, 1, **WEB) == Conflict(gone)
        back = kept(await records.restore(tx, scope, record.id, 2, **WEB))
        assert (back.state, back.version, back.topic) == (state, 3, record.topic)
        assert await records.restore(tx, scope, record.id, 3, **WEB) == Conflict(back)
        actions = [version.action for version in await history.versions(tx, scope, record.id)]
        assert actions == ["create", "delete", "restore"]


async def test_what_is_refused_leaves_nothing_behind(database: Database) -> None:
    scope, place, record = await start(database)
    async with database.write() as tx:
        with pytest.raises(ValueError, match="headcount is a whole number"):
            await records.create(tx, scope, place.id, {**MEETING, "headcount": -3}, **WEB)
        with pytest.raises(ValueError, match="headcount is a whole number"):
            await records.change(tx, scope, record.id, 1, {"headcount": 10**9}, **WEB)
        with pytest.raises(ValueError, match="a record is done or planned"):
            await records.create(tx, scope, place.id, MEETING, state=DELETED, **WEB)
        assert await records.list_all(tx, scope, place.id) == [record]


async def test_the_last_own_record_is_the_one_logged_last(database: Database) -> None:
    scope, place, first = await start(database)
    async with database.write() as tx:
        assert await records.last_own(tx, scope, enrolment_id="elsewhere") is None
        last = await logged(tx, scope, place, now=NOW + 5, starts_at=datetime(2025, 9, 1, 9))
        other = await member(tx, "bob", place, Role.TEACHER)
        await logged(tx, other, place, now=NOW + 9)
        assert await records.last_own(tx, scope, enrolment_id=place.id) == last
        await records.delete(tx, scope, last.id, 1, **WEB)
        assert await records.last_own(tx, scope) == first


async def test_records_are_listed_by_day_and_hour(database: Database) -> None:
    scope, place, first = await start(database)
    async with database.write() as tx:
        days = [
            datetime(2025, 11, 30, 9),
            datetime(2025, 11, 1, 9),
            datetime(2025, 11, 18, 9),
            datetime(2025, 12, 1, 0),
        ]
        made = [await logged(tx, scope, place, starts_at=day) for day in days]
        last_of_november, first_of_november, morning, december = made
        november = [first_of_november, morning, first, last_of_november]
        assert await records.list_month(tx, scope, place.id, 2025, 11) == november
        assert await records.list_month(tx, scope, place.id, 2025, 12) == [december]
        assert await records.list_all(tx, scope, place.id) == [*november, december]
        assert await records.on_day(tx, scope, place.id, date(2025, 11, 18)) == [morning, first]


async def test_the_day_of_a_record_is_the_day_in_taipei(database: Database) -> None:
    scope, place, _ = await start(database)
    async with database.write() as tx:
        night = await logged(tx, scope, place, starts_at=datetime(2025, 12, 1, 0, 30), minutes=30)
        assert await records.on_day(tx, scope, place.id, date(2025, 12, 1)) == [night]


async def test_only_plans_of_days_gone_by_are_asked_about(database: Database) -> None:
    scope, place, _ = await start(database)
    async with database.write() as tx:
        plans = [
            await logged(tx, scope, place, state=PLANNED, starts_at=datetime(2025, 11, day, 9)) for day in (19, 17, 20)
        ]
        gone = await logged(tx, scope, place, state=PLANNED, starts_at=datetime(2025, 11, 1, 9))
        await records.delete(tx, scope, gone.id, 1, **WEB)
        assert await records.planned_due(tx, scope, date(2025, 11, 20)) == [plans[1], plans[0]]
        assert await records.planned_due(tx, scope, date(2025, 11, 20), limit=1) == [plans[1]]


async def test_what_is_planned_counts_as_planned_until_its_time_comes(database: Database) -> None:
    scope, place, done = await start(database)
    async with database.write() as tx:
        plan = await logged(tx, scope, place, state=PLANNED, starts_at=datetime(2025, 12, 1, 9))

        async def counted(now: str) -> list[str]:
            at = epoch_ms(parse_local(now))
            return [each.id for each in await records.counting(tx, scope, place.id, at)]

        assert await counted("2025-12-01T08:59") == [done.id, plan.id]
        assert await counted("2025-12-01T09:00") == [done.id]


async def test_who_was_there_too_joins_once_and_keeps_a_version(database: Database) -> None:
    scope, place, record = await start(database)
    async with database.write() as tx:
        other = await member(tx, "bob", place, Role.TEACHER)

    async def join() -> StoredRecord | Conflict | None:
        async with database.write() as tx:
            return await records.join(tx, other, record.id, **WEB)

    found = [kept(each) for each in await asyncio.gather(join(), join(), join())]
    assert {each.version for each in found} == {2}
    async with database.write() as tx:
        assert kept(await records.join(tx, scope, record.id, **WEB)).version == 2
        assert [each.name for each in await history.attendees(tx, scope, record.id)] == ["老師bob"]
        assert [each.person for each in await history.versions(tx, scope, record.id)] == ["ann", "bob"]


async def test_whoever_left_is_still_named_in_what_they_logged(database: Database) -> None:
    scope, place, record = await start(database)
    async with database.write() as tx:
        other = await member(tx, "bob", place)
        await enrolments.leave(tx, scope, NOW)
        found = await records.get(tx, other, record.id)
        assert found is not None
        assert found.creator == "老師ann"
