"""A reply costs no push: what is due is told in it, once, and not pushed any more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.clock import parse_local
from bot.store import outbox
from bot.store.database import Database
from bot.store.reminder_tables import reminders
from handlers.desk import Desk
from handlers.reminders_beside import beside
from scheduler.outlets import Report
from tests.scheduler.reminding import BASE, Town, planner

SLUG = "urban-rural-partner"


async def used_up() -> Report:
    return Report(200, 200)


@pytest.fixture
async def town(database: Database) -> Town:
    found = Town(database, planner(used_up))
    await found.person("ann", await found.school(SLUG), channel="line")
    return found


async def spoken(town: Town, moment: str) -> str:
    async with town.database.write() as tx:
        told = await beside(Desk(tx, "line:ann", parse_local(moment)), "e1", BASE)
    return "\n".join(message.text for message in told)


async def test_what_could_not_be_pushed_is_told_with_the_next_reply(town: Town) -> None:
    assert await town.at("2017-07-24T09:00") == 0
    assert "還有 7 天" in await spoken(town, "2017-07-24T09:20")
    assert await spoken(town, "2017-07-24T09:30") == ""
    async with town.database.read() as tx:
        told = set((await tx.execute(select(reminders.c.outbox_id).where(reminders.c.state == "enqueued"))).scalars())
    assert told == {outbox.identity_of("inbox:line:e1")}


async def test_it_is_not_pushed_as_well(town: Town) -> None:
    await town.at("2017-07-24T09:00")
    await spoken(town, "2017-07-24T09:20")
    town.planner = planner()
    await town.at("2017-07-24T10:30")
    assert await town.digests() == []


async def test_nothing_is_told_in_the_quiet_hours_or_to_strangers(town: Town) -> None:
    await town.at("2017-07-24T09:00")
    assert await spoken(town, "2017-07-24T22:00") == ""
    async with town.database.write() as tx:
        assert await beside(Desk(tx, "line:nobody", parse_local("2017-07-24T09:30")), "e2", BASE) == ()
