"""Exporting by chat: which school, which paper, which days; and only to whom it belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.clock import from_epoch_ms
from bot.messages import Choice
from bot.store import enrolments, file_links
from bot.store.access import Role, scope_of
from bot.store.database import Database
from bot.store.file_links import FileLink
from handlers.choices import LONGEST_ACTION, LONGEST_LABEL
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.export import MOST_LISTED, NAME, NO_SCHOOL, Export
from tests.bot.store.school_house import NOW, enter, logged, member, person, school
from tests.real import real_base

BASE = real_base()
LINK = re.compile(r"https://x\.test/files/(\S+)")


@dataclass
class Chat:
    """One person's talk about exports."""

    database: Database
    name: str
    turn: Turn | None = None
    export: Export = field(default_factory=lambda: Export(BASE, "https://x.test"))

    async def say(self, text: str) -> str:
        """Type something; the words of the reply, empty where it is not ours."""
        async with self.database.write() as tx:
            desk = Desk(tx, f"web:{self.name}", from_epoch_ms(NOW))
            self.turn = await self.export.wanted(State(), text, desk)
        return self.text

    async def tap(self, action: str) -> str:
        """Tap a button by what it carries."""
        assert action.startswith("x:")
        async with self.database.write() as tx:
            desk = Desk(tx, f"web:{self.name}", from_epoch_ms(NOW))
            self.turn = await self.export.act(State(), action.removeprefix("x:"), desk)
        return self.text

    async def press(self, label: str) -> str:
        """Tap a button of the last reply by its label."""
        return await self.tap(next(choice.action for choice in self.offered if choice.label == label))

    async def link(self) -> FileLink:
        """What the link of the last reply stands for."""
        found = LINK.search(self.text)
        assert found is not None, self.text
        async with self.database.read() as tx:
            link = await file_links.find(tx, found[1], NOW)
        assert link is not None
        return link

    @property
    def text(self) -> str:
        """All words of the last reply."""
        return "\n".join(message.text for message in self.turn.messages) if self.turn else ""

    @property
    def offered(self) -> list[Choice]:
        """All buttons of the last reply."""
        return [choice for message in self.turn.messages for choice in message.choices] if self.turn else []

    @property
    def labels(self) -> list[str]:
        """What is on them."""
        return [choice.label for choice in self.offered]


async def teacher(database: Database, *slugs: str) -> Chat:
    """Somebody at a school of each of these programmes, with a record of 18 November in each."""
    async with database.write() as tx:
        await person(tx, "a")
        for slug in slugs:
            place = await school(tx, "國立某某高中", slug)
            scope = await enter(tx, "a", Role.COORDINATOR, place)
            await logged(tx, scope, place)
    return Chat(database, "a")


async def test_the_papers_of_the_programme_are_offered_and_one_is_handed_out(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    assert "要匯出國立某某高中（跨校遠距教學）的哪一份" in await chat.say("匯出")
    assert chat.labels == ["紀錄總表 Excel", "社群運作紀錄 Word", "成果報告 Word", "選單"]
    said = await chat.press("社群運作紀錄 Word")
    assert "「跨校遠距教學教師社群運作紀錄」好了，共 1 筆" in said
    assert "7 天內都可以下載" in said
    link = await chat.link()
    assert (link.person, link.kind, link.data["what"], link.data["whole"]) == ("a", NAME, "community", True)
    assert chat.labels == ["紀錄總表 Excel", "成果報告 Word", "選單"]


async def test_what_and_when_can_be_said_at_once(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    said = await chat.say("匯出 11 月的紀錄")
    assert "國立某某高中 114 年 11 月的「紀錄總表」好了，共 1 筆" in said
    data = (await chat.link()).data
    assert (data["first"], data["last"], data["whole"]) == ("2025-11-01", "2025-11-30", False)


async def test_a_period_stays_through_the_choice_of_the_paper(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    assert "期間是114 學年度第 1 學期。" in await chat.say("匯出 上學期")
    await chat.press("成果報告 Word")
    data = (await chat.link()).data
    assert (data["what"], data["first"], data["last"]) == ("report", "2025-08-01", "2026-01-31")


async def test_days_without_records_make_no_empty_file(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    said = await chat.say("匯出 9 月社群紀錄")
    assert "114 年 9 月沒有可以放進" in said
    assert not LINK.search(said)


async def test_days_outside_the_programme_are_said(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    assert "這個計畫是從 2025/08/01 到 2026/07/31" in await chat.say("匯出 2024 年 11 月")


async def test_a_paper_that_the_programme_has_not_leads_to_those_that_it_has(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    assert "文件裡沒有這種紀錄表" in await chat.say("匯出輔導紀錄")
    assert "紀錄總表 Excel" in chat.labels


async def test_of_several_schools_one_is_chosen_first_and_nothing_is_asked_twice(database: Database) -> None:
    chat = await teacher(database, "distance-teaching", "equalization")
    assert "要匯出哪一所學校的" in await chat.say("匯出 社群紀錄")
    assert len(chat.offered) == 3
    assert len(set(chat.labels)) == 3
    await chat.tap(chat.offered[1].action)
    assert "跨校教師專業社群運作紀錄" in chat.text or "沒有可以放進" in chat.text


@pytest.mark.parametrize("slug", sorted({each.slug for each in BASE.programmes}))
async def test_every_programme_offers_buttons_that_every_channel_bears(database: Database, slug: str) -> None:
    chat = await teacher(database, slug)
    await chat.say("匯出114學年度第1學期")
    await chat.say("匯出")
    assert len(chat.offered) >= 3
    for choice in chat.offered:
        assert len(choice.label) <= LONGEST_LABEL
        assert len(choice.action.encode()) <= LONGEST_ACTION
        if choice.action.startswith("x:"):
            assert await chat.tap(choice.action)


async def test_whoever_has_no_school_is_told_how_to_get_in(database: Database) -> None:
    assert await Chat(database, "nobody").say("匯出") == NO_SCHOOL


async def test_a_button_of_a_school_one_has_left_gives_nothing(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    await chat.say("匯出")
    action = chat.offered[0].action
    async with database.write() as tx:
        await enrolments.leave(tx, await scope_of(tx, "a"), NOW)
    assert await chat.tap(action) == NO_SCHOOL
    assert await chat.say("匯出 國立某某高中") == ""


async def test_another_school_is_not_exported(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    async with database.write() as tx:
        other = await school(tx, "別人高中")
        await logged(tx, await member(tx, "x", other), other)
    assert await chat.tap(f"x:of:{other.id}:records:") == NO_SCHOOL
    assert await chat.say("匯出 別人高中 紀錄") == ""


async def test_an_office_names_the_school(database: Database) -> None:
    async with database.write() as tx:
        await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
        for number in range(MOST_LISTED + 1):
            place = await school(tx, f"第{number}高中")
            await logged(tx, await member(tx, f"p{number}", place), place)
    chat = Chat(database, "office")
    assert f"您看得到 {MOST_LISTED + 1} 所學校。請加上學校名稱" in await chat.say("匯出")
    assert "第3高中 114 年 11 月的「紀錄總表」好了" in await chat.say("匯出 第3高中 11 月的紀錄")


@pytest.mark.parametrize(
    "action",
    [
        "",
        "of",
        "of:::",
        "of:a:b",
        "of:a:cake:",
        "of:../etc:records:",
        "of:a:records:x",
        "of:a:records:m13",
        "zap:a:b:c",
    ],
)
async def test_buttons_that_we_never_made_are_not_ours(database: Database, action: str) -> None:
    chat = await teacher(database, "distance-teaching")
    assert await chat.tap(f"x:{action}") == ""


@pytest.mark.parametrize("text", ["成果報告什麼時候交？", "下載申請表", "匯出我的資料", "怎麼匯出到外星球"])
async def test_other_words_are_left_to_others(database: Database, text: str) -> None:
    chat = await teacher(database, "distance-teaching")
    assert await chat.say(text) == ""


async def test_a_day_only_record_counts_in_its_month(database: Database) -> None:
    chat = await teacher(database, "distance-teaching")
    async with database.write() as tx:
        scope = await scope_of(tx, "a")
        await logged(tx, scope, scope.writable[0], starts_at=datetime(2025, 11, 30), day_only=True)
    assert "共 2 筆" in await chat.say("匯出本月紀錄")
