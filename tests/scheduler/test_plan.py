"""Reminders arrive once, and only when needed: a whole pass over a real database, on both engines."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.clock import epoch_ms, parse_local
from bot.store import deadline_marks, deadline_moves, records
from bot.store.access import Role, unlimited
from bot.store.database import Database
from bot.store.stored_record import local
from bot.store.tables import outbox
from tests.scheduler.reminding import Town, planner, words

NUDGELESS = "urban-rural-partner"
"""One deadline: final_report, 2017-07-31 (Monday)."""
FINAL = {"subject": "deadline:final_report"}
AHEAD = ["2017-06-30", "2017-07-17", "2017-07-24", "2017-07-28", "2017-07-31"]
"""T-30 is Saturday, 1 July, told the Friday before; T-3 is Friday, T-1 (Sunday) the same."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def told(texts: list[str], title: str = "期末成果報告") -> list[str]:
    return [text for text in texts if title in text]


async def test_a_deadline_is_told_on_its_days_and_once_each(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    day = datetime(2017, 6, 25)
    while day <= datetime(2017, 7, 31):
        for hour in ("08:59", "09:00", "15:00"):
            await town.at(f"{day.date()}T{hour}")
        day += timedelta(days=1)
    seen = [local(row.created_at) for row in await town.digests() if told([words(row.payload["messages"])])]
    assert seen == [parse_local(f"{each}T09:00").replace(tzinfo=None) for each in AHEAD]
    assert "就是今天" in (await town.texts())[-1]


async def test_a_second_pass_adds_nothing(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    assert await town.at("2017-07-24T09:00") == 1
    before = [(row.id, row.state) for row in await town.rows()]
    assert await town.at("2017-07-24T09:00") == await town.at("2017-07-24T12:00") == 0
    assert [(row.id, row.state) for row in await town.rows()] == before


@pytest.mark.parametrize("replicas", [4])
async def test_replicas_at_the_same_moment_make_one_digest(town: Town, replicas: int) -> None:
    place = await town.school(NUDGELESS)
    for name in ("ann", "bob", "cyd"):
        await town.person(name, place)
    now = parse_local("2017-07-24T09:00")
    others = [Database(town.database.url) for _ in range(replicas)]
    made = await asyncio.gather(*(planner()(each, now) for each in others))
    for each in others:
        await each.close()
    await town.at("2017-07-24T09:01")
    assert len(await town.digests()) == 3
    assert sum(made) <= 3
    keys = [(row.person_id, row.subject, row.revision, row.rule) for row in await town.rows()]
    assert len(keys) == len(set(keys))


async def test_of_several_that_fell_due_unseen_only_the_newest_is_told(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    await town.at("2017-07-25T09:00")
    rules = {row.rule: row.state for row in await town.rows(**FINAL)}
    assert rules == {"T-30": "superseded", "T-14": "superseded", "T-7": "enqueued"}
    assert "還有 6 天" in (await town.texts())[0]


async def test_done_work_is_told_no_more(town: Town) -> None:
    place = await town.school(NUDGELESS)
    ann = await town.person("ann", place)
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await deadline_marks.mark(tx, ann, place.id, "final_report", None, 1)
    for day in (25, 28, 31):
        await town.at(f"2017-07-{day}T09:00")
    await town.at("2017-08-02T09:00")
    assert len(told(await town.texts())) == 1


async def test_a_record_of_the_same_name_is_the_work_done(town: Town) -> None:
    place = await town.school(NUDGELESS)
    ann = await town.person("ann", place)
    await town.at("2017-07-24T09:00")
    handed_in = {"kind": "deliverable", "deliverable": "final_report", "starts_at": datetime(2017, 7, 25)}
    async with town.database.write() as tx:
        await records.create(tx, ann, place.id, handed_in, channel="web", now=epoch_ms(parse_local("2017-07-25")))
    await town.at("2017-07-31T09:00")
    assert len(told(await town.texts())) == 1


async def test_hours_that_are_reached_end_the_deadline_of_the_same_section(town: Town) -> None:
    place = await town.school("onsite-mentoring", first_visit_on="2025-09-01")
    ann = await town.person("ann", place, since=parse_local("2025-09-01"))
    await town.at("2025-11-03T09:00")
    for day in (2, 3, 4):
        visit = {"kind": "mentoring_visit", "starts_at": datetime(2025, 9, day, 9), "minutes": 300, "mode": "onsite"}
        async with town.database.write() as tx:
            await records.create(tx, ann, place.id, visit, channel="web", now=1)
    await town.at("2025-11-17T09:00")
    assert len(told(await town.texts(), "完成入校陪伴")) == 1


async def test_what_waits_in_the_outbox_is_taken_back_when_the_work_is_done(town: Town) -> None:
    place = await town.school(NUDGELESS)
    ann = await town.person("ann", place, channel="line")
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await deadline_marks.mark(tx, ann, place.id, "final_report", None, 1)
    await town.at("2017-07-24T09:05")
    first = (await town.digests())[0]
    assert first.state == "cancelled"
    assert (await town.rows(**FINAL, rule="T-7"))[0].state == "done"


async def test_a_moved_date_takes_the_old_reminder_back_and_is_told_anew(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="line")
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        due, at = datetime(2017, 7, 28, 17, 0), epoch_ms(parse_local("2017-07-24T09:02"))
        assert await deadline_moves.move(tx, unlimited(), NUDGELESS, "105", "final_report", due, "颱風", at) == 1
    await town.at("2017-07-24T09:05")
    old, new = await town.digests()
    assert (old.state, new.state) == ("cancelled", "queued")
    assert "期限改了：期末成果報告 原 106/7/31（一） → 106/7/28（五）17:00，原因：颱風" in (await town.texts())[1]
    states = {(row.revision, row.rule): row.state for row in await town.rows(**FINAL)}
    assert states["2017-07-31T23:59", "T-7"] == "cancelled"
    assert states["2017-07-28T17:00~1", "moved-1"] == "enqueued"


async def test_a_message_under_way_is_left_alone_when_the_date_moves(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="line")
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await tx.execute(update(outbox).values(state="sending", attempts=1))
        await deadline_moves.move(tx, unlimited(), NUDGELESS, "105", "final_report", datetime(2017, 7, 28), "提前", 1)
    await town.at("2017-07-24T09:05")
    assert [row.state for row in await town.digests()] == ["sending"]


async def test_after_an_hour_of_downtime_nobody_apologises(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    await town.at("2017-07-24T08:30")
    await town.at("2017-07-24T10:30")
    assert "抱歉" not in (await town.texts())[0]


async def test_after_three_days_of_downtime_the_newest_is_told_with_an_apology(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    await town.at("2017-07-23T09:00")
    await town.at("2017-07-26T10:00")
    assert "抱歉" in (await town.texts())[-1]
    assert "還有 5 天" in (await town.texts())[-1]


async def test_after_the_date_nothing_says_that_days_are_left(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    await town.at("2017-07-01T09:00")
    await town.at("2017-08-02T09:00")
    last = (await town.texts())[-1]
    assert "還有" not in last
    assert "已經過了 2 天" in last
    states = {row.rule: row.state for row in await town.rows(**FINAL)}
    assert (states["T-0"], states["late-1"], states["late-2"]) == ("expired", "superseded", "enqueued")


async def test_a_date_that_closed_while_we_were_down_is_said_once(town: Town) -> None:
    await town.person("ann", await town.school("onsite-mentoring"))
    await town.at("2025-05-01T09:00")
    for hour in ("09:00", "15:00"):
        await town.at(f"2025-06-23T{hour}")
    await town.at("2025-06-24T09:00")
    closed = [text for text in await town.texts() if "已截止" in text]
    assert len(closed) == 1


async def test_overdue_is_told_five_times_and_then_the_office_once(town: Town) -> None:
    place = await town.school(NUDGELESS)
    await town.person("ann", place)
    await town.person("office", role=Role.OFFICE, programme=NUDGELESS)
    day = datetime(2017, 8, 1)
    while day < datetime(2017, 9, 15):
        for hour in ("09:00", "14:00"):
            await town.at(f"{day.date()}T{hour}")
        day += timedelta(days=1)
    late = [text for text in await town.texts("ann") if "已經過了" in text]
    assert len(late) == 5
    assert len(await town.texts("office")) == 1
    assert "某某高中" in (await town.texts("office"))[0]


async def test_a_clock_that_jumps_back_an_hour_repeats_nothing(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    for moment in ("2017-07-24T09:10", "2017-07-24T08:10", "2017-07-24T09:05", "2017-07-23T23:30", "2017-07-24T09:06"):
        await town.at(moment)
    assert len(await town.digests()) == 1


async def test_nothing_is_sent_in_the_quiet_hours(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    for hour in ("21:00", "23:30"):
        assert await town.at(f"2017-07-24T{hour}") == 0
    assert await town.at("2017-07-25T07:59") == 0
    assert await town.at("2017-07-25T09:00") == 1
    assert "還有 6 天" in (await town.texts())[0]
