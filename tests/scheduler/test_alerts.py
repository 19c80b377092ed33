"""Dead letters are seen by an admin: once a day, through a channel that works, and never about themselves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import epoch_ms, parse_local
from bot.store import outbox
from bot.store.access import Role
from bot.store.database import Database
from bot.store.outbox import Attempt
from bot.store.tables import outbox as table
from tests.scheduler.reminding import Town, door

SLUG = "urban-rural-partner"
MORNING = "2017-07-24T09:00"


@pytest.fixture
async def town(database: Database) -> Town:
    """Somebody whose digest lies in the outbox for LINE."""
    found = Town(database)
    await found.person("ann", await found.school(SLUG), channel="line")
    await found.at(MORNING)
    return found


async def ends(town: Town, state: str, status: str = "400", at: str = "2017-07-24T09:01", **which: Any) -> None:
    """Everything that waits ends so, or is turned down so."""
    mine = [table.c[name] == value for name, value in which.items()]
    async with town.database.write() as tx:
        waiting = list((await tx.execute(select(table.c.id).where(table.c.state == "queued", *mine))).scalars())
        said = {"state": state, "last_status": status, "attempts": 1}
        await tx.execute(update(table).where(table.c.id.in_(waiting)).values(said))
        attempts = [Attempt(identity, state, status, "") for identity in waiting]
        await outbox.record(tx, attempts, epoch_ms(parse_local(at)))


async def sent(town: Town, at: str) -> None:
    async with town.database.write() as tx:
        values = {"state": "sent", "sent_at": epoch_ms(parse_local(at)), "last_status": "200"}
        await tx.execute(update(table).where(table.c.state == "queued").values(values))


async def alerts(town: Town) -> list[Any]:
    async with town.database.read() as tx:
        found = select(table).where(table.c.dedupe_key.like("alert:%")).order_by(table.c.created_at, table.c.seq)
        return list(await tx.execute(found))


async def said(town: Town) -> list[str]:
    return [row.payload["messages"][0]["text"] for row in await alerts(town)]


@pytest.mark.parametrize(("state", "why"), [("dead", "對方不收"), ("unknown", "不知道到了沒有")])
async def test_what_was_given_up_is_told_to_the_admin_on_the_web_page_too(town: Town, state: str, why: str) -> None:
    await town.person("root", role=Role.ADMIN)
    await ends(town, state)
    await town.at("2017-07-24T10:00")
    assert await said(town) == [
        f"有 1 則訊息送不出去：LINE 1 則（{why}，400）。"
        "請在主機上執行 xueban doctor，原因寫在服務的紀錄裡（outbox.given_up）。"
    ]
    assert [(row.channel, row.state) for row in await alerts(town)] == [("web", "sent")]


async def test_it_is_told_once_a_day_at_most_and_only_what_is_new(town: Town) -> None:
    await town.person("root", role=Role.ADMIN)
    await ends(town, "dead")
    for moment in ("2017-07-24T10:00", "2017-07-24T11:00", "2017-07-25T09:00", "2017-07-25T10:00"):
        await town.at(moment)
    assert len(await said(town)) == 1
    await town.person("bob", await town.school(SLUG, "乙校"), channel="line")
    await town.person("cyd", await town.school(SLUG, "丙校"), channel="line")
    await town.at("2017-07-28T09:00")
    await ends(town, "dead", at="2017-07-28T09:01", address="bob")
    await town.at("2017-07-28T10:00")
    await ends(town, "dead", at="2017-07-28T10:01", address="cyd")
    await town.at("2017-07-28T11:00")
    assert ["1 則" in each for each in await said(town)] == [True, True], "the third is left for tomorrow"
    await town.at("2017-07-29T10:00")
    assert len(await said(town)) == 3


async def test_nobody_is_woken_for_it(town: Town) -> None:
    await town.person("root", role=Role.ADMIN)
    await ends(town, "dead")
    await town.at("2017-07-24T23:00")
    assert await said(town) == []
    await town.at("2017-07-25T09:00")
    assert len(await said(town)) == 1


async def test_an_alert_that_is_given_up_itself_is_not_told(town: Town) -> None:
    await town.person("root", role=Role.ADMIN, channel="telegram")
    await ends(town, "dead")
    await town.at("2017-07-24T10:00")
    await ends(town, "dead", status="403", at="2017-07-24T10:01", channel="telegram")
    async with town.database.write() as tx:
        await door(tx, "root", "web")
    for moment in ("2017-07-25T10:00", "2017-07-26T10:00"):
        await town.at(moment)
    assert len(await said(town)) == 1


async def test_without_an_admin_it_waits_for_one(town: Town) -> None:
    await ends(town, "dead")
    await town.at("2017-07-24T10:00")
    await town.person("root", role=Role.ADMIN)
    await town.at("2017-07-24T11:00")
    assert len(await said(town)) == 1


async def test_a_refusal_is_told_once_through_another_channel(town: Town) -> None:
    """A revoked token: its own channel carries no word of it."""
    await town.person("root", role=Role.ADMIN, channel="line")
    async with town.database.write() as tx:
        await door(tx, "root", "telegram", used=0)
    await ends(town, "queued", status="401")
    for moment in ("2017-07-24T10:00", "2017-07-24T11:00"):
        await town.planner.tick(town.database, parse_local(moment))
    assert [
        (row.channel, "LINE 不收我們的訊息" in row.payload["messages"][0]["text"]) for row in await alerts(town)
    ] == [("telegram", True)]


async def test_a_refusal_is_told_within_the_hour_too(town: Town) -> None:
    await town.person("root", role=Role.ADMIN)
    await town.planner.tick(town.database, parse_local("2017-07-24T09:10"))
    await ends(town, "queued", status="401?")
    await town.planner.tick(town.database, parse_local("2017-07-24T09:11"))
    assert len(await said(town)) == 1


async def test_an_admin_who_has_only_that_channel_is_told_when_there_is_another(town: Town) -> None:
    await town.person("root", role=Role.ADMIN, channel="line")
    await ends(town, "queued", status="401")
    await town.at("2017-07-24T10:00")
    assert await alerts(town) == []
    async with town.database.write() as tx:
        await door(tx, "root", "web")
    await town.at("2017-07-24T11:00")
    assert len(await alerts(town)) == 1


async def test_after_it_worked_again_another_refusal_is_told_anew(town: Town) -> None:
    await town.person("root", role=Role.ADMIN)
    await ends(town, "queued", status="401")
    await town.at("2017-07-24T10:00")
    await sent(town, "2017-07-24T12:00")
    await town.at("2017-07-28T09:00")
    await ends(town, "queued", status="403", at="2017-07-28T09:01")
    await town.at("2017-07-28T10:00")
    assert len(await said(town)) == 2
