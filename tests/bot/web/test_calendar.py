"""`/calendar/<secret>.ics`: to whoever has the address, what its owner may see at that moment; to others nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from starlette.applications import Starlette

from bot.clock import ShiftedClock
from bot.store import calendars, enrolments, people
from bot.store.access import Role, Scope, scope_of
from bot.store.calendar_tables import calendar_events
from bot.store.database import Database
from bot.web.calendar import GONE, CalendarFeeds
from tests.bot.store.school_house import NOW, enter, logged, member, person, school
from tests.real import real_base

BASE = real_base()


@pytest.fixture
async def reader(database: Database, clock: ShiftedClock) -> AsyncIterator[httpx.AsyncClient]:
    """A calendar that subscribes."""
    app = Starlette(routes=CalendarFeeds(database, clock, BASE).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        yield client


async def member_of(database: Database, name: str, *schools: str, topic: str = "共備") -> Scope:
    """A new person at some schools, with a meeting of this topic at each."""
    async with database.write() as tx:
        places = [await school(tx, each) for each in schools]
        scope = await member(tx, name, places[0])
        for place in places:
            scope = await enter(tx, name, Role.COORDINATOR, place)
            await logged(tx, scope, place, topic=topic)
        return scope


async def address(database: Database, who: str) -> str:
    """Where somebody's calendar is."""
    async with database.write() as tx:
        secret = await calendars.make(tx, who, NOW)
    assert secret is not None
    return f"/calendar/{secret}.ics"


def events(response: httpx.Response) -> list[Any]:
    """What a calendar reads in an answer."""
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def titles(response: httpx.Response) -> str:
    """All that it shows."""
    return "\n".join(str(event["summary"]) for event in events(response))


async def test_its_owners_deadlines_and_meetings_are_shown_to_whoever_has_the_address(
    database: Database, reader: httpx.AsyncClient
) -> None:
    await member_of(database, "ann", "甲校")
    response = await reader.get(await address(database, "ann"))
    assert "期限：成果報告｜甲校・跨校遠距教學" in titles(response)
    assert "社群活動：共備｜甲校・跨校遠距教學" in titles(response)
    assert "set-cookie" not in response.headers


async def test_nothing_of_other_schools_is_ever_shown(database: Database, reader: httpx.AsyncClient) -> None:
    await member_of(database, "ann", "甲校", topic="甲的")
    await member_of(database, "bob", "乙校", "丙校", topic="乙的")
    one, other = [await reader.get(await address(database, who)) for who in ("ann", "bob")]
    assert ("甲校" in titles(one), "乙" in one.text, "丙校" in one.text) == (True, False, False)
    assert ("甲" in other.text, "乙校" in titles(other), "丙校" in titles(other)) == (False, True, True)


async def test_who_left_a_school_sees_nothing_of_it_at_the_same_address(
    database: Database, reader: httpx.AsyncClient
) -> None:
    await member_of(database, "ann", "甲校")
    feed = await address(database, "ann")
    before = await reader.get(feed)
    assert events(before)
    async with database.write() as tx:
        assert await enrolments.leave(tx, await scope_of(tx, "ann"), NOW)
    after = await reader.get(feed, headers={"If-None-Match": before.headers["etag"]})
    assert events(after) == []
    assert "甲校" not in after.text


async def test_an_office_that_sees_every_school_has_no_calendar_of_them_all(
    database: Database, reader: httpx.AsyncClient
) -> None:
    await member_of(database, "ann", "甲校")
    async with database.write() as tx:
        await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
    assert events(await reader.get(await address(database, "office"))) == []


@pytest.mark.parametrize("secret", ["x", "%00", "..%2f..%2fetc", "a" * 43, "a" * 3000, "😀" * 43, ""])
async def test_a_guessed_address_is_none(reader: httpx.AsyncClient, secret: str) -> None:
    response = await reader.get(f"/calendar/{secret}.ics")
    assert response.status_code == 404
    assert "x" * 20 not in response.text


async def test_a_revoked_address_says_how_to_get_another(database: Database, reader: httpx.AsyncClient) -> None:
    await member_of(database, "ann", "甲校")
    feed = await address(database, "ann")
    async with database.write() as tx:
        await calendars.revoke(tx, "ann")
    response = await reader.get(feed)
    assert (response.status_code, response.text) == (404, GONE)


async def test_an_address_of_one_who_was_made_one_with_another_shows_both(
    database: Database, reader: httpx.AsyncClient
) -> None:
    await member_of(database, "ann", "甲校")
    await member_of(database, "bob", "乙校")
    feed = await address(database, "bob")
    async with database.write() as tx:
        await people.merge(tx, "ann", "bob")
    shown = titles(await reader.get(feed))
    assert "甲校" in shown
    assert "乙校" in shown


async def test_an_unchanged_calendar_is_not_sent_again(
    database: Database, clock: ShiftedClock, reader: httpx.AsyncClient
) -> None:
    scope = await member_of(database, "ann", "甲校")
    feed = await address(database, "ann")
    tag = (await reader.get(feed)).headers["etag"]
    clock.move_to(clock.now() + timedelta(days=3))
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await reader.get(feed, headers={"If-None-Match": asked})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    async with database.write() as tx:
        await logged(tx, scope, scope.writable[0], topic="新的")
    changed = await reader.get(feed, headers={"If-None-Match": tag})
    assert "新的" in titles(changed)
    assert changed.headers["etag"] != tag


@pytest.mark.parametrize("found", [True, False])
async def test_nobody_between_keeps_it_and_no_search_engine_lists_it(
    database: Database, reader: httpx.AsyncClient, found: bool
) -> None:
    await member_of(database, "ann", "甲校")
    response = await reader.get(await address(database, "ann") if found else f"/calendar/{'a' * 43}.ics")
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-robots-tag"] == "noindex"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_looking_is_answered_like_reading(database: Database, reader: httpx.AsyncClient) -> None:
    await member_of(database, "ann", "甲校")
    feed = await address(database, "ann")
    assert (await reader.head(feed)).headers["etag"] == (await reader.get(feed)).headers["etag"]
    assert (await reader.post(feed)).status_code == 405


async def test_reading_writes_only_when_something_changed(database: Database, reader: httpx.AsyncClient) -> None:
    await member_of(database, "ann", "甲校")
    feed = await address(database, "ann")

    async def noted() -> Any:
        async with database.read() as tx:
            rows = select(func.count(), func.max(calendar_events.c.changed_at)).select_from(calendar_events)
            return (await tx.execute(rows)).one()

    assert (await noted())[0] == 0
    await reader.get(feed)
    first = await noted()
    assert first[0] > 0
    await reader.get(feed)
    assert await noted() == first
