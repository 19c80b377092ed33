"""The month's pushes: spent sparingly near the end, never beyond it, and whoever has another door uses that."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.clock import parse_local
from bot.store import quota
from bot.store.access import Role
from bot.store.database import Database
from bot.store.tables import outbox
from scheduler.outlets import Report
from tests.scheduler.reminding import Town, door, planner

SLUG = "urban-rural-partner"
MONTH = "2017-07"


class Line:
    """LINE, asked for its quota."""

    def __init__(self, allowed: int | None = 200, used: int = 0) -> None:
        self.report: Report | None = Report(allowed, used)

    async def __call__(self) -> Report | None:
        return self.report


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def town(database: Database, line: Line) -> Town:
    found = Town(database, planner(line))
    await found.person("ann", await found.school(SLUG), channel="line")
    return found


async def ledger(town: Town) -> quota.Ledger:
    async with town.database.read() as tx:
        found = await quota.ledger(tx, "line", MONTH)
    assert found is not None
    return found


async def test_each_push_is_counted_with_what_line_reports(town: Town, line: Line) -> None:
    line.report = Report(200, 7)
    await town.at("2017-07-24T09:00")
    assert ((await ledger(town)).used, (await ledger(town)).left) == (8, 192)


async def test_what_waits_to_be_sent_stays_counted_when_line_reports_again(town: Town) -> None:
    await town.at("2017-07-24T09:00")
    await town.at("2017-07-24T10:00")
    assert (await ledger(town)).used == 1


async def test_at_95_per_cent_only_what_is_due_within_a_day_is_pushed(town: Town, line: Line) -> None:
    line.report = Report(200, 190)
    assert await town.at("2017-07-24T09:00") == 0
    assert await town.at("2017-07-28T09:00") == 1, "Friday: the last working day before the day before it is due"
    assert await town.at("2017-07-31T09:00") == 1


async def test_at_the_end_nothing_is_pushed_and_nothing_is_lost(town: Town, line: Line) -> None:
    line.report = Report(200, 200)
    assert await town.at("2017-07-31T09:00") == 0
    line.report = Report(3000, 200)
    assert await town.at("2017-07-31T10:01") == 1


async def test_who_has_telegram_is_reached_there(town: Town, line: Line) -> None:
    async with town.database.write() as tx:
        await door(tx, "ann", "telegram", used=0)
    line.report = Report(200, 200)
    await town.at("2017-07-24T09:00")
    assert [row.channel for row in await town.digests()] == ["telegram"]


async def test_a_plan_without_limit_is_never_narrowed(town: Town, line: Line) -> None:
    line.report = Report(None, 5_000)
    assert await town.at("2017-07-24T09:00") == 1


async def test_where_line_does_not_answer_what_was_known_counts(town: Town, line: Line) -> None:
    line.report = Report(200, 200)
    await town.at("2017-07-10T09:00")
    line.report = None
    assert await town.at("2017-07-24T09:00") == 0


@pytest.mark.parametrize(("used", "said"), [(160, "80%"), (190, "95%"), (200, "用完")])
async def test_the_admin_is_told_once_of_each_level(town: Town, line: Line, used: int, said: str) -> None:
    await town.person("root", role=Role.ADMIN)
    line.report = Report(200, used)
    for hour in ("10:00", "11:00", "12:00"):
        await town.at(f"2017-07-03T{hour}")
    async with town.database.read() as tx:
        rows = list(await tx.execute(select(outbox).where(outbox.c.dedupe_key.like("quota:%"))))
    assert len(rows) == 1
    assert said in rows[0].payload["messages"][0]["text"]


async def test_replicas_never_promise_more_than_is_left(database: Database) -> None:
    line = Line(200, 197)
    town = Town(database, planner(line))
    for number in range(8):
        await town.person(f"p{number}", await town.school(SLUG, f"第{number}校"), channel="line")
    others = [Database(database.url) for _ in range(3)]
    now = parse_local("2017-07-31T09:00")
    await asyncio.gather(*(planner(line)(each, now) for each in others))
    for each in others:
        await each.close()
    assert len(await town.digests()) <= 3
    assert (await ledger(town)).left == 0
