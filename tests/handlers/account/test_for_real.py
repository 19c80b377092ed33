"""The account behind the real worker: codes in a race, and deleting while other messages wait."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import ShiftedClock, epoch_ms
from bot.store import enrolments, people
from bot.store.access import Role, scope_of, unlimited
from bot.store.database import Database
from bot.store.tables import conversations, questions, runs
from bot.store.tables import inbox as inbox_table
from bot.store.tables import people as people_table
from bot.store.work_tables import memberships
from handlers.router import Router
from tests.bot.inbox.house import House
from tests.handlers.account.town import SLUG
from tests.handlers.stage import Prompter, real_checklists
from tests.parrot import said
from tests.real import real_base


class RealHouse(House):
    """Somebody who understands, instead of the parrot."""

    def __init__(self, database: Database, clock: ShiftedClock) -> None:
        super().__init__(database, clock)
        asks = Prompter()
        asks.base = real_base()
        self.parrot: Any = Router(asks, checklists=real_checklists())

    async def code(self, role: Role = Role.TEACHER) -> str:
        """An invitation to 甲校."""
        async with self.database.write() as tx:
            now = epoch_ms(self.clock.now())
            place = await enrolments.enrol(tx, unlimited(), "甲校", real_base().programme(SLUG), now)
            assert place is not None
            code = await enrolments.invite(tx, unlimited(), role, now, enrolment_id=place.id)
            assert code is not None
            return people.grouped(code)

    async def hear(self, who: str, *texts: str) -> str:
        """Say something and wait for the answer; the last one."""
        for text in texts:
            await self.receive(said(who, text))
            await self.work()
        return (await self.answers(who))[-1]

    async def count(self, table: Any) -> int:
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.fixture
def house(database: Database, clock: ShiftedClock) -> RealHouse:
    return RealHouse(database, clock)


async def test_of_many_who_use_one_code_at_once_one_gets_in(house: RealHouse) -> None:
    code = await house.code()
    await house.receive(*(said(f"p{number}", f"加入 {code}") for number in range(6)))
    workers = [house.worker() for _ in range(3)]

    async def run(worker: Any) -> None:
        while await worker.step():
            pass

    await asyncio.gather(*map(run, workers))
    while await workers[0].step():
        pass
    answers = await house.answers()
    assert sum("已加入" in answer for answer in answers) == 1
    assert sum("不能用" in answer for answer in answers) == 5
    assert await house.count(memberships) == 1
    assert set(await house.column(inbox_table.c.state)) == {"done"}


async def test_deleting_leaves_a_conversation_that_can_go_on(house: RealHouse) -> None:
    await house.hear("ann", f"加入 {await house.code()}", "王小明", "天氣", "檢核跨校遠距")
    answer = await house.hear("ann", "刪除我的資料", "確認刪除")
    assert "已經刪除" in answer
    assert await house.answers("ann") == [answer]
    assert await house.count(questions) == await house.count(runs) == await house.count(memberships) == 0
    assert await house.column(people_table.c.id) == []
    assert await house.column(inbox_table.c.payload) != []
    assert "我是學伴" not in answer
    assert "還沒有加入" in await house.hear("ann", "我的學校")


async def test_deleting_in_one_channel_while_the_other_has_something_waiting(house: RealHouse) -> None:
    await house.hear("ann", f"加入 {await house.code()}", "王小明", "連結帳號")
    link = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", "".join(await house.answers("ann")))[-1]
    assert "連結好了" in await house.hear("bob", f"連結 {link}")
    await house.hear("ann", "刪除我的資料")
    # What waits in the other channel is answered, by then as by somebody unknown.
    await house.receive(said("ann", "確認刪除", at=5), said("bob", "我的學校", at=6))
    await house.work()
    assert "已經刪除" in (await house.answers("ann"))[-1]
    assert "還沒有加入" in (await house.answers("bob"))[-1]
    assert set(await house.column(inbox_table.c.state)) == {"done"}
    assert len(await house.column(conversations.c.id)) == 2
    await house.hear("bob", "刪除我的資料", "確認刪除")
    assert await house.column(people_table.c.id) == []


async def test_a_merge_and_a_message_of_the_other_at_the_same_time(house: RealHouse) -> None:
    await house.hear("ann", f"加入 {await house.code()}", "王小明", "連結帳號")
    link = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", "".join(await house.answers("ann")))[-1]
    await house.receive(said("bob", f"連結 {link}"), said("ann", "檢核跨校遠距"), said("bob", "檢核跨校遠距", at=9))
    first, second = house.worker(), house.worker()
    await asyncio.gather(first.step(), second.step())
    await house.later(60_000)
    async with house.database.read() as connection:
        ann, bob = [await people.find(connection, f"parrot:{who}") for who in ("ann", "bob")]
        assert ann == bob
        assert ann is not None
        assert len((await scope_of(connection, ann)).memberships) == 1
    assert set(await house.column(inbox_table.c.state)) == {"done"}
    assert len(set(await house.column(runs.c.person_id))) == 1
