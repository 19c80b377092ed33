"""Addresses of calendar feeds, and revisions of what they tell."""

from __future__ import annotations

import asyncio
from itertools import groupby

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.store import calendars
from bot.store.calendar_tables import calendars as table
from bot.store.calendars import MOST, Revision
from bot.store.database import Database
from tests.bot.store.school_house import NOW, person, school
from tests.thorough import examples

SUBJECT = "deadline:final_report"


async def test_an_address_leads_to_its_owner_and_no_other_does(database: Database) -> None:
    async with database.write() as tx:
        for name in ("ann", "bob"):
            await person(tx, name)
        first, second = await calendars.make(tx, "ann", NOW), await calendars.make(tx, "bob", NOW)
        assert first
        assert second
        assert await calendars.owner(tx, first) == "ann"
        assert await calendars.owner(tx, second) == "bob"
        for wrong in (first[:-1], first + "x", "", "\ud800"):
            assert await calendars.owner(tx, wrong) is None


async def test_the_address_itself_is_not_stored(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        secret = await calendars.make(tx, "ann", NOW)
        assert secret is not None
        assert secret not in str((await tx.execute(select(table))).all())


async def test_it_never_ends_until_its_owner_revokes_it(database: Database) -> None:
    async with database.write() as tx:
        for name in ("ann", "bob"):
            await person(tx, name)
        own = [await calendars.make(tx, "ann", NOW), await calendars.make(tx, "ann", NOW + 1)]
        other = await calendars.make(tx, "bob", NOW)
        assert await calendars.of_person(tx, "ann") == [NOW, NOW + 1]
        assert await calendars.revoke(tx, "ann") == 2
        assert [await calendars.owner(tx, each or "") for each in own] == [None, None]
        assert await calendars.owner(tx, other or "") == "bob"


async def test_taps_at_once_make_no_more_than_one_may_have(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")

    async def tap() -> str | None:
        async with database.write() as tx:
            return await calendars.make(tx, "ann", NOW)

    made = await asyncio.gather(*(tap() for _ in range(MOST + 3)))
    assert sum(each is not None for each in made) == MOST


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8))
async def test_the_number_grows_by_one_whenever_something_else_is_told(database: Database, told: list[str]) -> None:
    async with database.engine.connect() as connection:
        tx = await connection.execution_options(xueban_write=True)
        async with tx.begin() as everything:
            place = await school(tx, "甲校")
            for moment, digest in enumerate(told):
                await calendars.note(tx, {(place.id, SUBJECT): (digest, 0)}, NOW + moment)
            changes = [next(iter(same))[0] for _, same in groupby(enumerate(told), key=lambda each: each[1])]
            assert await calendars.revisions(tx, [place.id]) == {
                (place.id, SUBJECT): Revision(told[-1], len(changes) - 1, NOW + changes[-1])
            }
            await everything.rollback()


async def test_a_number_is_at_least_that_of_the_office(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        for digest, least in (("a", 0), ("b", 3), ("c", 3)):
            await calendars.note(tx, {(place.id, SUBJECT): (digest, least)}, NOW)
        found = await calendars.revisions(tx, [place.id])
        assert found[place.id, SUBJECT].sequence == 4


async def test_two_that_note_the_same_change_at_once_count_it_once(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await calendars.note(tx, {(place.id, SUBJECT): ("old", 0)}, NOW)

    async def note() -> None:
        async with database.write() as tx:
            await calendars.note(tx, {(place.id, SUBJECT): ("new", 0)}, NOW + 1)

    await asyncio.gather(*(note() for _ in range(5)))
    async with database.read() as tx:
        assert (await calendars.revisions(tx, [place.id]))[place.id, SUBJECT].sequence == 1
        assert await calendars.revisions(tx, []) == {}
