"""Who may see and change what: each role, and that nothing reaches a row without asking."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import literal, select

import bot
from bot.store import access, enrolments, facts, history, mentors, records, tallies
from bot.store.access import Enrolment, Role, Scope, scope_of, unlimited
from bot.store.console_tables import fact_versions
from bot.store.database import Database
from bot.store.stored_record import PLANNED, StoredRecord
from bot.store.work_tables import attendances, memberships, record_versions
from bot.store.work_tables import enrolments as enrolment_table
from bot.store.work_tables import records as record_table
from knowledge.requirements.loader import load_requirements
from tests.bot.store.school_house import MEETING, NOW, SLUG, enter, logged, member, person, school
from tests.real import real_base

WITHOUT_SCOPE = {"join of enrolments"}
"""Who joins has no scope yet: the invitation that was just used up lets them in."""
ROOMS: tuple[ModuleType, ...] = (records, enrolments, facts, history, mentors, tallies)


def public() -> dict[str, Callable[..., Awaitable[Any]]]:
    """Every asynchronous function that these rooms offer, by name."""
    return {
        f"{name} of {room.__name__.rpartition('.')[2]}": found
        for room in ROOMS
        for name, found in inspect.getmembers(room, inspect.iscoroutinefunction)
        if found.__module__ == room.__name__ and not name.startswith("_")
    }


def arguments(place: Enrolment, record: StoredRecord, victim: str) -> dict[str, Any]:
    """What an intruder gives who knows every id."""
    return {
        "enrolment_id": place.id,
        "record_id": record.id,
        "expected_version": record.version,
        "fields": MEETING,
        "channel": "web",
        "now": NOW,
        "day": record.day,
        "year": record.day.year,
        "month": record.day.month,
        "before_day": date(2030, 1, 1),
        "person": victim,
        "key": "semester_start",
        "value": "2025-09-01",
        "changes": {"semester_start": "2025-09-01"},
        "places": [place],
        "role": Role.COORDINATOR,
        "school": place.school,
        "programme": place.programme,
        "edition": place.edition,
        "requirements": load_requirements(place.programme, place.edition),
        "name": "改名",
    }


SPECIAL: dict[str, dict[str, Any]] = {
    "enrol of enrolments": {"programme": real_base().programme(SLUG)},
    "standings of tallies": {"now": datetime(2025, 11, 20, tzinfo=UTC)},
    "derived_facts of facts": {"now": datetime(2025, 11, 20, tzinfo=UTC)},
}


@pytest.mark.parametrize("name", sorted(public()))
def test_every_function_takes_a_scope(name: str) -> None:
    given = inspect.signature(public()[name]).parameters
    assert ("scope" in given) == (name not in WITHOUT_SCOPE)
    if "scope" in given:
        assert given["scope"].default is inspect.Parameter.empty


async def everything(tx: Any) -> list[Any]:
    """All rows that belong to a school."""
    tables = (enrolment_table, memberships, record_table, record_versions, attendances, fact_versions)
    return [[tuple(row) for row in await tx.execute(select(table).order_by(*table.primary_key))] for table in tables]


@pytest.mark.parametrize("name", sorted(public().keys() - WITHOUT_SCOPE))
async def test_nothing_reaches_another_school(database: Database, name: str) -> None:
    async with database.write() as tx:
        theirs = await school(tx, "甲校", county="臺中市")
        owner = await member(tx, "owner", theirs)
        record = await logged(tx, owner, theirs)
        await logged(tx, owner, theirs, state=PLANNED)
        stranger = await member(tx, "stranger", await school(tx, "乙校"), Role.COORDINATOR)
        nobody = await scope_of(tx, await person(tx, "nobody"))
        forged = Scope("nobody", owner.memberships)
        for intruder in (stranger, nobody, forged):
            before = await everything(tx)
            given = arguments(theirs, record, "owner") | SPECIAL.get(name, {})
            wanted = inspect.signature(public()[name]).parameters.keys() & given.keys()
            if name in {"rename of enrolments", "leave of enrolments"}:
                wanted &= {"name", "now", "enrolment_id"}
            found = await public()[name](tx, intruder, **{key: given[key] for key in wanted})
            shown = repr(found)
            assert not any(secret in shown for secret in (theirs.id, record.id, "甲校", "老師owner"))
            after = await everything(tx)
            if name != "rename of enrolments":
                assert after == before


async def test_a_writer_sees_and_writes_its_own_school_only(database: Database) -> None:
    async with database.write() as tx:
        one, other = await school(tx, "甲校"), await school(tx, "乙校")
        for role in (Role.COORDINATOR, Role.TEACHER, Role.MENTOR):
            scope = await member(tx, role, one, role)
            assert scope.writable == (one,)
            assert scope.may_write(one.id)
            assert not scope.may_write(other.id)
            assert await enrolments.visible(tx, scope) == [one]
            assert scope.may_manage(one) == (role is Role.COORDINATOR)
            assert not scope.may_manage(other)


async def test_a_mentor_works_at_several_schools(database: Database) -> None:
    async with database.write() as tx:
        places = [await school(tx, name, "onsite-mentoring") for name in ("甲校", "乙校", "丙校")]
        await person(tx, "mentor")
        for place in places:
            scope = await enter(tx, "mentor", Role.MENTOR, place)
        assert scope.writable == tuple(places)


async def test_an_office_sees_and_manages_its_programme_and_logs_nothing(database: Database) -> None:
    async with database.write() as tx:
        here, there = await school(tx, "甲校"), await school(tx, "甲校", "equalization")
        await person(tx, "office")
        scope = await enter(tx, "office", Role.OFFICE, programme=SLUG)
        assert await enrolments.visible(tx, scope) == [here]
        assert (scope.may_manage(here), scope.may_manage(there)) == (True, False)
        assert scope.writable == ()
        assert await records.create(tx, scope, here.id, MEETING, channel="web", now=NOW) is None
        assert await enrolments.invite(tx, scope, Role.TEACHER, NOW, enrolment_id=there.id) is None
        assert await enrolments.invite(tx, scope, Role.TEACHER, NOW, enrolment_id=here.id)


async def test_an_office_of_no_programme_sees_nothing(database: Database) -> None:
    async with database.write() as tx:
        await school(tx, "甲校")
        await person(tx, "office")
        assert await enrolments.visible(tx, await enter(tx, "office", Role.OFFICE)) == []


async def test_an_admin_sees_everything(database: Database) -> None:
    async with database.write() as tx:
        places = [await school(tx, "甲校"), await school(tx, "甲校", "equalization")]
        await person(tx, "admin")
        scope = await enter(tx, "admin", Role.ADMIN)
        assert await enrolments.visible(tx, scope) == places
        assert all(scope.may_manage(place) for place in places)
        assert await records.create(tx, scope, places[0].id, MEETING, channel="web", now=NOW) is None


async def test_the_machine_sees_everything_and_logs_nothing(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        assert await enrolments.visible(tx, unlimited()) == [place]
        assert await records.create(tx, unlimited(), place.id, MEETING, channel="web", now=NOW) is None


@pytest.mark.parametrize("role", list(Role))
async def test_who_is_removed_in_the_middle_of_a_dialogue_has_lost_everything(database: Database, role: Role) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        record = await logged(tx, await member(tx, "owner", place), place)
        await person(tx, "leaver")
        stale = await enter(tx, "leaver", role, place if role.at_school else None, programme=SLUG)
        assert await records.get(tx, stale, record.id) is not None
        assert await enrolments.leave(tx, await scope_of(tx, "leaver"), NOW) == 1
        assert (await scope_of(tx, "leaver")).memberships == ()
        assert await records.get(tx, stale, record.id) is None
        assert await enrolments.members(tx, stale, place.id) == []
        assert await records.create(tx, stale, place.id, MEETING, channel="web", now=NOW) is None
        assert await records.change(tx, stale, record.id, 1, {"topic": "改"}, channel="web", now=NOW) is None


@pytest.mark.parametrize("may", [True, False])
@pytest.mark.parametrize("who", access.WRITERS)
async def test_only_a_coordinator_changes_facts_and_members(database: Database, who: Role, may: bool) -> None:
    async with database.write() as tx:
        own, other = await school(tx, "甲校"), await school(tx, "乙校")
        scope = await member(tx, "who", own, who)
        await member(tx, "somebody", own if may else other, Role.TEACHER)
        place = own if may else other
        allowed = may and who is Role.COORDINATOR
        said = await facts.set_fact(tx, scope, place.id, "semester_start", "2025-09-01", channel="web", now=NOW)
        assert said is allowed
        assert bool(await enrolments.invite(tx, scope, Role.TEACHER, NOW, enrolment_id=place.id)) is allowed
        assert await enrolments.remove(tx, scope, place.id, "somebody", NOW) == int(allowed)


def test_only_the_command_line_the_demonstration_and_the_scheduler_have_the_machines_scope() -> None:
    house = Path(bot.__file__).parent.parent
    rooms = [path for room in ("bot", "handlers", "scheduler") for path in (house / room).rglob("*.py")]
    users = {path.relative_to(house).as_posix() for path in rooms if "unlimited" in path.read_text(encoding="utf-8")}
    users.discard("bot/store/access.py")
    assert users
    assert all(name.startswith(("bot/commands/", "bot/demo/", "scheduler/")) for name in users), users
    makers = {path.relative_to(house).as_posix() for path in rooms if "whole=True" in path.read_text(encoding="utf-8")}
    assert makers == {"bot/store/access.py", "scheduler/matters.py"}  # the second narrows it to the schools in hand
    assert inspect.isfunction(access.unlimited)


async def test_a_programme_is_overseen_by_its_office_and_by_admins_until_they_leave(database: Database) -> None:
    async with database.write() as tx:
        office = await enter(tx, await person(tx, "o"), Role.OFFICE, programme=SLUG)
        admin = await enter(tx, await person(tx, "a"), Role.ADMIN)
        coordinator = await member(tx, "c", await school(tx, "甲校"))

        async def overseen(scope: Scope) -> list[str]:
            named = [literal(each) for each in (SLUG, "mobile-learning", "")]
            return [str(each.value) for each in named if await tx.scalar(select(scope.oversees(each)))]

        assert await overseen(office) == [SLUG]
        assert await overseen(admin) == await overseen(unlimited()) == [SLUG, "mobile-learning", ""]
        assert await overseen(coordinator) == []
        for scope in (office, admin):
            await enrolments.leave(tx, scope, NOW)
            assert await overseen(scope) == []
