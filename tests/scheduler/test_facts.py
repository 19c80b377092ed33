"""A fact that is stated, changed or taken back plans the reminders of its dates anew at the next pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.clock import epoch_ms, parse_local
from bot.store import facts
from bot.store.access import Enrolment, Scope
from bot.store.database import Database
from tests.bot.store.school_house import logged
from tests.scheduler.reminding import Town

NOTICE = "deadline:cannot_open_notice"


async def say(town: Town, scope: Scope, place: Enrolment, at: str, **said: Any) -> None:
    async with town.database.write() as tx:
        stated = await facts.set_facts(tx, scope, place.id, said, channel="web", now=epoch_ms(parse_local(at)))
        assert isinstance(stated, Enrolment)


async def revisions(town: Town, **wanted: Any) -> dict[str, Counter[str]]:
    rows = await town.rows(subject=NOTICE, **wanted)
    return {revision: Counter(row.state for row in rows if row.revision == revision) for revision in
            {row.revision for row in rows}}  # fmt: skip


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
    assert (await revisions(town)).keys() == {"2025-10-01T23:59"}
    assert any("開不成課備文說明" in text for text in await town.texts("ann"))


async def test_another_date_ends_the_reminders_of_the_old_one(database: Database) -> None:
    town = Town(database)
    place = await town.school()
    ann = await town.person("ann", place)
    await say(town, ann, place, "2025-09-01T10:00", semester_start="2025-09-01")
    await town.at("2025-09-02T09:00")
    await say(town, ann, place, "2025-09-17T10:00", semester_start="2025-09-08")
    await town.at("2025-09-24T09:00")
    found = await revisions(town)
    assert found.keys() == {"2025-10-01T23:59", "2025-10-08T23:59"}
    assert found["2025-10-01T23:59"]["planned"] == 0
    told = [text for text in await town.texts("ann") if "開不成課備文說明" in text]
    assert told
    assert "10/8" in told[-1]
    await town.at("2025-10-01T09:00")
    assert not any("10/1（" in text for text in (await town.texts("ann"))[len(told) :])


async def test_a_fact_that_is_taken_back_ends_what_was_planned(database: Database) -> None:
    town = Town(database)
    place = await town.school()
    ann = await town.person("ann", place)
    await say(town, ann, place, "2025-09-01T10:00", semester_start="2025-09-01")
    await town.at("2025-09-02T09:00")
    before = len([text for text in await town.texts("ann") if "開不成課" in text])
    await say(town, ann, place, "2025-09-02T10:00", semester_start=None)
    for day in ("03", "17", "24", "30"):
        await town.at(f"2025-09-{day}T09:00")
    assert len([text for text in await town.texts("ann") if "開不成課" in text]) == before
    assert all(states["planned"] == 0 for states in (await revisions(town)).values())


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
