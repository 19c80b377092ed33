"""A fact that is stated, changed or taken back plans the reminders of its dates anew at the next pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.clock import epoch_ms, parse_local
from bot.store import facts
from bot.store.access import Enrolment, Role, Scope
from bot.store.database import Database
from tests.bot.store.school_house import logged
from tests.scheduler.reminding import Town

NOTICE, SETTLEMENT = "deadline:cannot_open_notice", "deadline:settlement"


async def say(town: Town, scope: Scope, place: Enrolment, at: str, **said: Any) -> None:
    async with town.database.write() as tx:
        stated = await facts.set_facts(tx, scope, place.id, said, channel="web", now=epoch_ms(parse_local(at)))
        assert isinstance(stated, Enrolment)


async def revisions(town: Town, subject: str) -> dict[str, Counter[str]]:
    """By the date that they are about: how many reminders are in each state."""
    rows = await town.rows(subject=subject)
    dates = {row.revision for row in rows}
    return {date: Counter(row.state for row in rows if row.revision == date) for date in dates}


async def test_nothing_is_planned_of_a_date_that_waits_for_a_fact_and_all_of_it_once_it_is_said(
    database: Database,
) -> None:
    town = Town(database)
    place = await town.school()
    ann = await town.person("ann", place)
    await town.at("2025-09-10T09:00")
    assert await town.rows(subject=NOTICE) == []
    await say(town, ann, place, "2025-09-10T10:00", semester_start="2025-09-01")
    await town.at("2025-09-24T09:00")
    assert (await revisions(town, NOTICE)).keys() == {"2025-10-01T23:59"}
    assert any("開不成課備文說明" in text for text in await town.texts("ann"))


async def test_another_date_ends_the_reminders_of_the_old_one(database: Database) -> None:
    town = Town(database)
    place = await town.school("onsite-mentoring")
    ann = await town.person("ann", place)
    await say(town, ann, place, "2025-09-11T10:00", last_visit_on="2025-09-10")
    await town.at("2025-10-27T09:00")
    assert "經費結報" in (await town.texts("ann"))[-1]
    before = len(await town.texts("ann"))
    await say(town, ann, place, "2025-11-03T08:30", last_visit_on="2025-10-01")
    await town.at("2025-11-03T09:00")
    found = await revisions(town, SETTLEMENT)
    assert found.keys() == {"2025-11-10T23:59", "2025-12-01T23:59"}
    assert found["2025-11-10T23:59"]["planned"] == 0
    for day in ("11-07", "11-10", "11-11", "11-24"):
        await town.at(f"2025-{day}T09:00")
    told = [text for text in (await town.texts("ann"))[before:] if "經費結報" in text]
    assert told
    assert all("12/1（" in text and "11/10" not in text for text in told)


async def test_a_fact_that_is_taken_back_ends_what_was_planned(database: Database) -> None:
    town = Town(database)
    place = await town.school("onsite-mentoring")
    ann = await town.person("ann", place)
    await say(town, ann, place, "2025-09-11T10:00", last_visit_on="2025-09-10")
    await town.at("2025-10-27T09:00")
    before = len([text for text in await town.texts("ann") if "經費結報" in text])
    await say(town, ann, place, "2025-10-28T10:00", last_visit_on=None)
    for day in ("03", "07", "09", "10", "11"):
        await town.at(f"2025-11-{day}T09:00")
    assert len([text for text in await town.texts("ann") if "經費結報" in text]) == before == 1
    assert all(states["planned"] == 0 for states in (await revisions(town, SETTLEMENT)).values())


async def test_what_the_records_tell_plans_reminders_too(database: Database) -> None:
    town = Town(database)
    place = await town.school("onsite-mentoring")
    ann = await town.person("ann", place)
    async with database.write() as tx:
        visit: dict[str, Any] = {"kind": "mentoring_visit", "minutes": 300, "mode": "onsite"}
        await logged(tx, ann, place, starts_at=parse_local("2025-09-01T09:00").replace(tzinfo=None), **visit)
    await town.at("2025-11-24T09:00")
    rows = await town.rows(subject="deadline:mentoring_complete")
    assert {row.revision for row in rows} == {"2025-12-01T23:59"}


async def test_the_last_day_that_a_date_can_be_is_told_though_its_fact_is_not_known(database: Database) -> None:
    town = Town(database)
    place = await town.school("onsite-mentoring")
    ann = await town.person("ann", place)
    await town.at("2025-12-01T09:00")
    assert "經費結報：最晚 114/12/15（一）到期，還有 14 天" in (await town.texts("ann"))[-1]
    [*_, row] = await town.digests("ann")
    offered = [choice["label"] for choice in row.payload["messages"][0]["choices"]]
    assert "填最後入校日" in offered
    before = len(await town.texts("ann"))
    await say(town, ann, place, "2025-12-01T10:00", last_visit_on="2025-11-20")  # the same day comes of it
    await town.at("2025-12-02T09:00")
    assert len(await town.texts("ann")) == before, "it says nothing new"


async def test_the_office_hears_of_it_too_where_it_stays_undone(database: Database) -> None:
    town = Town(database)
    place = await town.school("onsite-mentoring")
    await town.person("ann", place)
    await town.person("off", role=Role.OFFICE, programme="onsite-mentoring")
    for day in ("12-15", "12-16", "12-17", "12-18", "12-19", "12-22", "12-23"):
        await town.at(f"2025-{day}T09:00")
    assert any("經費結報：最晚 114/12/15（一）到期，已經過了 8 天" in text for text in await town.texts("off"))


async def test_work_ends_with_its_programme_wherever_it_is_told(database: Database) -> None:
    """Three months from a visit in October lie beyond the last day of the programme."""
    town = Town(database)
    place = await town.school("onsite-mentoring")
    ann = await town.person("ann", place)
    async with database.write() as tx:
        visit: dict[str, Any] = {"kind": "mentoring_visit", "minutes": 300, "mode": "onsite"}
        await logged(tx, ann, place, starts_at=parse_local("2025-10-20T09:00").replace(tzinfo=None), **visit)
    for day in ("2025-12-31", "2026-01-02"):
        await town.at(f"{day}T09:00")
    today, after = (await town.texts("ann"))[-2:]
    assert "完成入校陪伴：114/12/31（三）到期，就是今天" in today
    assert "完成入校陪伴：114/12/31（三）到期，已經過了 2 天" in after
