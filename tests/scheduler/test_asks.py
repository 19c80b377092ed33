"""What a date asks of a school decides how it is told: no button where there is nothing to do, and no nagging."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.clock import epoch_ms, parse_local
from bot.store import facts
from bot.store.access import Scope
from bot.store.database import Database
from handlers.desk import Desk
from handlers.dialogue import State
from handlers.reminders import Reminders
from tests.scheduler.reminding import BASE, Town

MENTORING, DISTANCE = "onsite-mentoring", "distance-teaching"


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def days(town: Town, first: str, last: str) -> None:
    day, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    while day <= end:
        await town.at(f"{day.date()}T09:00")
        day += timedelta(days=1)


async def say(town: Town, scope: Scope, fact: str, value: str, at: str) -> None:
    async with town.database.write() as tx:
        now = epoch_ms(parse_local(at))
        assert await facts.set_fact(tx, scope, scope.writable[0].id, fact, value, channel="web", now=now)


async def told(town: Town, title: str) -> list[str]:
    return [text for text in await town.texts() if title in text]


async def ended_programme(town: Town) -> str:
    """The number of the reminder that the programme ends, alone in its digest's due things."""
    await town.person("ann", await town.school(MENTORING, last_visit_on="2025-08-01", first_visit_on="2025-05-01"))
    await days(town, "2025-12-24", "2025-12-24")
    row = next(each for each in await town.rows(subject="deadline:programme_end", state="enqueued"))
    return str(row.id)


async def labels(town: Town) -> list[str]:
    row = (await town.digests())[-1]
    return [choice["label"] for message in row.payload["messages"] for choice in message["choices"]]


async def test_where_nothing_is_handed_in_there_is_no_button_to_be_done_with_it(town: Town) -> None:
    await ended_programme(town)
    assert await told(town, "計畫結束") != []
    assert [label for label in await labels(town) if "計畫結束" in label or label == "完成"] == []
    assert "明早提醒" in await labels(town)


async def test_where_something_is_handed_in_there_is_one(town: Town) -> None:
    await town.person("ann", await town.school("urban-rural-partner"))
    await town.at("2017-07-24T09:00")
    assert "完成：期末成果報告" in await labels(town)


async def test_an_old_button_for_it_is_answered_and_marks_nothing(town: Town) -> None:
    number = await ended_programme(town)
    async with town.database.write() as tx:
        desk = Desk(tx, "web:ann", parse_local("2025-12-24T10:00"))
        turn = await Reminders(BASE).act(State(), f"done:{number}", desk)
    assert turn is not None
    assert "沒有要交的東西" in turn.messages[0].text
    async with town.database.write() as tx:
        turn = await Reminders(BASE).wanted(State(), "我的期限", Desk(tx, "web:ann", parse_local("2025-12-24T10:00")))
    assert turn is not None
    assert "計畫結束：114/12/31（三）到期" in turn.messages[0].text


async def test_the_list_offers_no_button_for_it_either(town: Town) -> None:
    await ended_programme(town)
    async with town.database.write() as tx:
        turn = await Reminders(BASE).wanted(State(), "我的期限", Desk(tx, "web:ann", parse_local("2025-12-24T10:00")))
    assert turn is not None
    assert "計畫結束" in turn.messages[0].text
    offered = [choice.label for message in turn.messages for choice in message.choices]
    assert [label for label in offered if "計畫結束" in label] == []


async def test_it_is_told_a_month_and_a_week_ahead_and_no_more(town: Town) -> None:
    await town.person("ann", await town.school(MENTORING, last_visit_on="2025-08-01", first_visit_on="2025-05-01"))
    await days(town, "2025-11-25", "2025-12-31")
    said = [text.split("計畫結束：")[1].split("還有 ")[1] for text in await told(town, "計畫結束：")]
    assert [text.split(" 天")[0] for text in said] == ["30", "7"]


async def test_a_notice_that_is_rarely_due_is_told_once_a_week_ahead(town: Town) -> None:
    ann = await town.person("ann", await town.school(DISTANCE))
    await say(town, ann, "approved_on", "2025-09-15", "2025-09-16T10:00")
    await days(town, "2025-09-16", "2025-11-25")
    found = await told(town, "撤銷計畫備文說明")
    assert len(found) == 1
    assert "還有 8 天" in found[0], "the fifteenth is a Saturday, and so is the day a week before"


async def test_one_that_is_known_late_is_told_at_once_and_once(town: Town) -> None:
    ann = await town.person("ann", await town.school(DISTANCE))
    await town.at("2025-11-11T09:00")
    await say(town, ann, "approved_on", "2025-09-15", "2025-11-11T10:00")
    await days(town, "2025-11-12", "2025-11-25")
    assert len(await told(town, "撤銷計畫備文說明")) == 1


async def test_one_that_is_known_only_when_it_is_over_is_not_told(town: Town) -> None:
    ann = await town.person("ann", await town.school(DISTANCE))
    await town.at("2025-11-14T09:00")
    await say(town, ann, "approved_on", "2025-09-15", "2025-11-17T08:00")
    await days(town, "2025-11-17", "2025-11-25")
    assert await told(town, "撤銷計畫備文說明") == []


async def test_one_that_went_by_while_we_were_down_is_not_told_either(town: Town) -> None:
    ann = await town.person("ann", await town.school(DISTANCE))
    await say(town, ann, "approved_on", "2025-09-15", "2025-09-16T10:00")
    await town.at("2025-10-01T09:00")
    await days(town, "2025-11-17", "2025-11-20")
    assert await told(town, "撤銷計畫備文說明") == []


async def test_a_window_that_closed_before_the_school_said_its_day_is_not_told_as_news(town: Town) -> None:
    place = await town.school(DISTANCE, authority="local")
    ann = await town.person("ann", place)
    await town.at("2025-04-25T09:00")
    await say(town, ann, "local_apply_on", "2025-04-25", "2025-04-28T08:00")
    await days(town, "2025-04-28", "2025-04-30")
    assert await told(town, "送出申請：114/4/25（五）已截止") == []


async def test_one_that_was_known_in_time_and_closed_while_we_were_down_is(town: Town) -> None:
    place = await town.school(DISTANCE, authority="local")
    ann = await town.person("ann", place)
    await say(town, ann, "local_apply_on", "2025-04-25", "2025-03-01T08:00")
    await town.at("2025-03-20T09:00")
    await days(town, "2025-04-28", "2025-04-30")
    assert len(await told(town, "送出申請：114/4/25（五）已截止")) == 1
