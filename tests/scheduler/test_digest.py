"""What a digest says and offers where there are several schools, or none of one's own."""

from __future__ import annotations

import pytest

from bot.clock import epoch_ms, parse_local
from bot.messages import Message
from bot.store import deadline_marks, enrolments, preferences
from bot.store.access import Role, Scope, scope_of
from bot.store.database import Database
from handlers.desk import Desk
from handlers.dialogue import State
from handlers.progress import Progress
from handlers.reminders import Reminders
from scheduler.digest import done_label
from tests.scheduler.reminding import BASE, LONG_AGO, SLUG, Town

T30 = "2026-07-01T09:00"
"""Thirty days before the final report and the programme's end."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def hear(town: Town, text: str, at: str = T30, person: str = "ann") -> tuple[Message, ...]:
    """What reminders or progress answer to a text."""
    async with town.database.write() as tx:
        desk = Desk(tx, f"web:{person}", parse_local(at))
        turn = await Reminders(BASE).wanted(State(), text, desk) or await Progress(BASE).wanted(State(), text, desk)
    assert turn is not None
    return tuple(turn.messages)


async def press(town: Town, label: str, at: str = T30) -> tuple[Message, ...]:
    """A button of the last digest."""
    row = (await town.digests("ann"))[-1]
    offered = [choice for message in row.payload["messages"] for choice in message["choices"]]
    data = next(choice["action"] for choice in offered if choice["label"] == label)
    async with town.database.write() as tx:
        turn = await Reminders(BASE).act(State(), data.removeprefix("d:"), Desk(tx, "web:ann", parse_local(at)))
    assert turn is not None
    return tuple(turn.messages)


async def labels(town: Town, person: str = "ann") -> list[str]:
    row = (await town.digests(person))[-1]
    return [choice["label"] for message in row.payload["messages"] for choice in message["choices"]]


async def of_two_schools(town: Town) -> Scope:
    """Ann, who coordinates the same programme at two schools."""
    await town.person("ann", await town.school(name="甲高中"))
    second = await town.school(name="乙高中")
    data = {"role": Role.COORDINATOR.value, "enrolment": second.id, "programme": SLUG}
    async with town.database.write() as tx:
        await enrolments.join(tx, "ann", data, epoch_ms(LONG_AGO), name="王老師")
        return await scope_of(tx, "ann")


async def test_buttons_of_the_same_work_name_the_school(town: Town) -> None:
    await of_two_schools(town)
    await town.at(T30)
    assert {"甲高中完成：成果報告", "乙高中完成：成果報告"} <= set(await labels(town))
    await press(town, "甲高中完成：成果報告")
    first, second = await hear(town, "我的期限")
    done = {each.text.splitlines()[0]: "成果報告：已完成" in each.text for each in (first, second)}
    assert done == {"【甲高中・跨校遠距教學】": True, "【乙高中・跨校遠距教學】": False}


async def test_the_lists_of_two_schools_and_their_buttons_can_be_told_apart(town: Town) -> None:
    await of_two_schools(town)
    cards = await hear(town, "我的期限")
    offered = [choice.label for card in cards for choice in card.choices]
    assert len(offered) == len(set(offered))
    assert "乙高中填核定日期" in offered


async def test_one_school_is_named_in_no_button(town: Town) -> None:
    await town.person("ann", await town.school())
    await town.at(T30)
    assert "完成：成果報告" in await labels(town)


def test_work_that_is_called_completing_is_not_completed_twice() -> None:
    assert done_label("完成入校陪伴") == "完成入校陪伴"
    assert done_label("經費結報", "甲高中") == "甲高中完成：經費結報"
    assert len(done_label("經費結報", "國立某某大學附屬高級中等學校進修部")) == 20


async def test_an_office_is_offered_no_list_of_its_own_and_told_why_where_it_asks(town: Town) -> None:
    await town.person("ann", await town.school())
    await town.person("off", role=Role.OFFICE, programme=SLUG)
    await town.at("2026-08-10T09:00")
    assert await labels(town, "off") == ["提醒設定"]
    [said] = await hear(town, "我的期限", person="off")
    assert said.text.startswith("計畫辦公室和管理者沒有自己要辦的期限")


async def test_muting_what_comes_every_month_says_so_and_stands_in_the_settings(town: Town) -> None:
    await town.person("ann", await town.school())
    await town.at("2025-10-27T09:00")
    [said] = await press(town, "靜音", "2025-10-27T10:00")
    assert "「教師社群活動」以後每個月或每學期的也不提醒" in said.text
    [card] = await hear(town, "提醒設定")
    assert "靜音的：「教師社群活動（某某高中）」" in card.text


async def test_the_settings_show_what_is_wanted_of_one_thing_alone(town: Town) -> None:
    await town.person("ann", await town.school())
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, place=SLUG, offsets=(5,))
        await preferences.set_wish(tx, "ann", 1, place=SLUG, subject="deadline:final_report", offsets=(20, 0))
    [card] = await hear(town, "提醒設定")
    assert "另外設定的：「跨校遠距教學」 5 天；「成果報告」 20 天、當天" in card.text


async def test_what_was_marked_done_is_not_missing_in_the_progress(town: Town) -> None:
    place = await town.school()
    ann = await town.person("ann", place)
    [card] = await hear(town, "進度", "2026-08-03T10:00")
    assert "❗已逾　成果報告" in card.text
    async with town.database.write() as tx:
        assert await deadline_marks.mark(tx, ann, place.id, "final_report", None, 1)
    [card] = await hear(town, "進度", "2026-08-03T10:00")
    assert "✅ 已標示完成　成果報告" in card.text
    assert "已逾　成果報告" not in card.text
    assert card.text.startswith("1 項已達、")
