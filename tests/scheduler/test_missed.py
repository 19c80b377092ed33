"""A requirement whose time went by unmet: said once to the school, once to the office, and then no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import epoch_ms, parse_local
from bot.store import preferences, records
from bot.store.access import Role
from bot.store.database import Database
from tests.scheduler.reminding import SLUG, Town

MISSED = "教師社群活動（11 月）：0／1 次；114/11/30（日）已截止，沒有達到，差 1 次"


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def days(town: Town, first: str, last: str) -> None:
    day, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    while day <= end:
        for hour in ("09:00", "15:00"):
            await town.at(f"{day.date()}T{hour}")
        day += timedelta(days=1)


async def missed(town: Town, person: str) -> list[str]:
    return [text for text in await town.texts(person) if "教師社群活動（11 月）" in text and "已截止" in text]


async def meeting(town: Town, scope: Any, place: Any, day: str) -> None:
    fields = {"kind": "community_meeting", "starts_at": datetime.fromisoformat(f"{day}T14:00"), "minutes": 120}
    async with town.database.write() as tx:
        await records.create(tx, scope, place.id, fields, channel="web", now=epoch_ms(parse_local("2025-12-01T08:00")))


async def test_the_school_is_told_once_and_then_the_office_once(town: Town) -> None:
    await town.person("ann", await town.school(), since=parse_local("2025-11-10"))
    await town.person("off", role=Role.OFFICE, programme=SLUG)
    await days(town, "2025-11-28", "2026-01-09")
    told = await missed(town, "ann")
    assert len(told) == 1
    assert MISSED in told[0]
    assert "現在補記就算" in told[0]
    assert len(await missed(town, "off")) == 1
    assert "某某高中" in (await missed(town, "off"))[0]


async def test_it_is_told_on_the_first_working_day_after_and_the_office_a_week_later(town: Town) -> None:
    await town.person("ann", await town.school(), since=parse_local("2025-11-10"))
    await town.person("off", role=Role.OFFICE, programme=SLUG)
    await days(town, "2025-11-28", "2025-12-12")
    told = {row.rule: row.day for row in await town.rows(revision="2025-11")}
    assert (told["missed"], told["office"]) == ("2025-12-01", "2025-12-08")


async def test_what_was_held_and_is_recorded_now_is_not_told(town: Town) -> None:
    place = await town.school()
    ann = await town.person("ann", place, since=parse_local("2025-11-10"))
    await town.person("off", role=Role.OFFICE, programme=SLUG)
    await meeting(town, ann, place, "2025-11-20")
    await days(town, "2025-12-01", "2025-12-15")
    assert await missed(town, "ann") == await missed(town, "off") == []


async def test_who_records_it_after_being_told_spares_the_office(town: Town) -> None:
    place = await town.school()
    ann = await town.person("ann", place, since=parse_local("2025-11-10"))
    await town.person("off", role=Role.OFFICE, programme=SLUG)
    await days(town, "2025-11-28", "2025-12-02")
    await meeting(town, ann, place, "2025-11-20")
    await days(town, "2025-12-03", "2025-12-15")
    assert (len(await missed(town, "ann")), await missed(town, "off")) == (1, [])


async def test_who_joins_later_hears_nothing_of_months_before(town: Town) -> None:
    await town.person("ann", await town.school(), since=parse_local("2025-12-02T10:00"))
    await days(town, "2025-12-02", "2025-12-05")
    assert await missed(town, "ann") == []


async def test_what_is_muted_stays_so(town: Town) -> None:
    place = await town.school()
    await town.person("ann", place, since=parse_local("2025-11-10"))
    await town.at("2025-11-24T09:00")
    subject = next(row.subject for row in await town.rows(revision="2025-11"))
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, place=place.id, subject=subject, muted=True)
    await days(town, "2025-11-28", "2025-12-05")
    assert await missed(town, "ann") == []


async def test_after_weeks_of_downtime_nothing_old_is_dug_up(town: Town) -> None:
    await town.person("ann", await town.school(), since=parse_local("2025-11-10"))
    await town.at("2025-11-24T09:00")
    await days(town, "2025-12-15", "2025-12-16")
    assert await missed(town, "ann") == []
