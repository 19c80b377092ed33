"""Who is told, through which door, as they wish, and nobody in vain: over a real database, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from bot.clock import epoch_ms, parse_local
from bot.messages import Message, Outgoing
from bot.store import enrolments, preferences, records, reminders
from bot.store.access import Role
from bot.store.database import Database
from bot.store.tables import conversations, inbox
from handlers.record.listing import held_question
from handlers.reminders import after_push
from scheduler.outlets import Outlets
from scheduler.plan import Planner
from tests.scheduler.reminding import BASE, Town, door, show

NUDGELESS = "urban-rural-partner"
"""One deadline: final_report, 2017-07-31 (Monday)."""
FINAL = {"subject": "deadline:final_report"}


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def told(texts: list[str], title: str = "期末成果報告") -> list[str]:
    return [text for text in texts if title in text]


async def test_a_person_of_two_schools_gets_one_digest(town: Town) -> None:
    first, second = await town.school(NUDGELESS, "甲校"), await town.school(NUDGELESS, "乙校")
    await town.person("ann", first)
    async with town.database.write() as tx:
        data = {"role": "coordinator", "enrolment": second.id, "programme": NUDGELESS}
        await enrolments.join(tx, "ann", data, 1)
    assert await town.at("2017-07-24T09:00") == 1
    text = (await town.texts())[0]
    assert "甲校" in text
    assert "乙校" in text


async def test_who_has_no_channel_is_told_once_there_is_one(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="")
    assert await town.at("2017-07-24T09:00") == 0
    assert await town.states(rule="T-7") == {"planned": 1}
    async with town.database.write() as tx:
        await door(tx, "ann", "telegram")
    assert await town.at("2017-07-25T09:00") == 1


async def test_who_never_had_a_channel_keeps_no_reminder_for_ever(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="")
    await town.at("2017-07-24T09:00")
    await town.at("2017-08-01T09:00")
    assert (await town.rows(**FINAL, rule="T-7"))[0].state == "expired"


async def test_who_blocked_us_is_parked_until_they_come_back(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="line")

    async def event(kind: str, at: int) -> None:
        row = {"channel": "line", "event_id": f"{kind}{at}", "conversation_id": "line:ann", "kind": kind}
        async with town.database.write() as tx:
            await tx.execute(insert(inbox).values(**row, payload={}, occurred_at=at, received_at=at, state="done"))

    await event("leave", 5)
    assert await town.at("2017-07-24T09:00") == 0
    await event("follow", 6)
    assert await town.at("2017-07-24T10:00") == 1


async def test_the_conversation_used_last_is_chosen(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="line")
    async with town.database.write() as tx:
        await door(tx, "ann", "telegram", used=50)
    await town.at("2017-07-24T09:00")
    assert (await town.digests())[0].channel == "telegram"


async def test_a_digest_that_could_not_be_sent_that_day_is_told_the_next(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), channel="line")
    await town.at("2017-07-24T09:00")
    await town.at("2017-07-24T21:00")
    await town.at("2017-07-25T09:00")
    first, second = await town.digests()
    assert (first.state, second.state) == ("expired", "queued")
    assert "還有 6 天" in (await town.texts())[1]


async def test_the_push_can_be_answered_by_number(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    await town.at("2017-07-24T09:00")
    async with town.database.read() as tx:
        state = (await tx.execute(conversations.select())).one().state
    assert [choice["label"] for choice in state["offered"]][:3] == ["完成：期末成果報告", "記錄", "明早提醒"]


async def test_days_and_hour_can_be_ones_own(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, offsets=(10, 2), at_minute=16 * 60)
    assert await town.at("2017-07-24T09:00") == 0
    assert await town.at("2017-07-24T16:00") == 1
    assert {row.rule for row in await town.rows(**FINAL)} == {"T-10"}


async def test_what_is_muted_is_not_told(town: Town) -> None:
    place = await town.school(NUDGELESS)
    await town.person("ann", place)
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, place=place.id, subject="deadline:final_report", muted=True)
    await town.at("2017-07-24T09:00")
    assert told(await town.texts()) == []


async def test_who_joined_later_is_not_told_what_was_before(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS), since=parse_local("2017-07-25T10:00"))
    assert await town.at("2017-07-25T11:00") == 0
    assert await town.at("2017-07-28T09:00") == 1


async def test_who_left_is_told_no_more(town: Town) -> None:
    place = await town.school(NUDGELESS)
    ann = await town.person("ann", place, channel="line")
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await enrolments.leave(tx, ann, 2)
    await town.at("2017-07-24T09:10")
    await town.at("2017-07-28T09:00")
    assert [row.state for row in await town.digests()] == ["cancelled"]


async def test_a_fact_that_puts_a_date_before_the_programme_nags_nobody(town: Town) -> None:
    place = await town.school("onsite-mentoring", first_visit_on="1999-01-01", last_visit_on="not a day")
    await town.person("ann", place, since=parse_local("2025-01-05"))
    await town.at("2025-06-13T09:00")
    text = "".join(await town.texts())
    assert "完成入校陪伴" not in text
    assert "填寫申請表" in text


async def test_reminders_are_conserved(town: Town) -> None:
    place = await town.school(first_fact="x", semester_start="2025-09-01")
    await town.person("ann", place)
    await town.person("bob", place, channel="line")
    await town.person("cyd", place, channel="")
    day = datetime(2026, 6, 1)
    while day < datetime(2026, 10, 20):
        await town.at(f"{day.date()}T09:00")
        day += timedelta(days=4)
    states = await town.states()
    assert set(states) <= {each.value for each in reminders.State}
    ended = sum(states[each] for each in ("enqueued", "cancelled", "superseded", "expired", "done"))
    assert ended + states["planned"] == len(await town.rows())
    ends = [row for row in await town.rows(state="planned") if row.expires_at <= epoch_ms(parse_local("2026-10-19"))]
    assert ends == []


async def test_a_message_that_can_not_be_drawn_holds_up_nobody_else(town: Town) -> None:
    place = await town.school(NUDGELESS)
    for name in ("ann", "bob"):
        await town.person(name, place)

    def draw(address: str, messages: Sequence[Message]) -> Outgoing:
        if address == "ann":
            raise RuntimeError("can't be drawn")
        return show(address, messages)

    broken = Planner(BASE, Outlets({"web": draw}, held_question, after_push))
    assert await broken(town.database, parse_local("2017-07-24T09:00")) == 1
    assert await town.at("2017-07-24T10:00") == 1
    assert [len(await town.digests(name)) for name in ("ann", "bob")] == [1, 1]


class KilledError(BaseException):
    """Stands for a process that ends in the middle of its work."""


async def test_a_planner_that_dies_over_a_digest_leaves_all_of_it_to_the_next(town: Town) -> None:
    place = await town.school(NUDGELESS)
    for name in ("ann", "bob"):
        await town.person(name, place)

    def die(address: str, messages: Sequence[Message]) -> Outgoing:
        if address == "bob":
            raise KilledError
        return show(address, messages)

    with pytest.raises(KilledError):
        await Planner(BASE, Outlets({"web": die}, held_question, after_push))(
            town.database, parse_local("2017-07-24T09:00")
        )
    assert await town.digests() == []
    assert await town.at("2017-07-24T09:01") == 2
    assert (await town.states(rule="T-7")) == {"enqueued": 2}


async def test_a_database_that_is_gone_for_a_minute_loses_nothing(town: Town) -> None:
    await town.person("ann", await town.school(NUDGELESS))
    gone = Database("postgresql://nobody@127.0.0.1:9/none")
    nine = parse_local("2017-07-24T09:00")
    with pytest.raises(OperationalError):
        await town.planner.tick(gone, nine)
    await gone.close()
    assert await town.planner.tick(town.database, nine + timedelta(minutes=1)) == 1


async def planned(town: Town, scope: Any, place: Any, when: datetime) -> Any:
    fields = {"kind": "community_meeting", "starts_at": when, "minutes": 120}
    async with town.database.write() as tx:
        return await records.create(tx, scope, place.id, fields, channel="web", now=1, state="planned")


async def test_the_day_after_it_is_asked_whether_what_was_planned_was_held(town: Town) -> None:
    place = await town.school()
    await town.person("ann", place)
    bob = await town.person("bob", place, Role.TEACHER)
    await planned(town, bob, place, datetime(2025, 11, 18, 14, 0))
    await town.at("2025-11-18T20:00")
    assert await town.texts("bob") == []
    await town.at("2025-11-19T09:00")
    await town.at("2025-11-20T09:00")
    assert len([text for text in await town.texts("bob") if "有開成嗎" in text]) == 1
    assert [text for text in await town.texts("ann") if "有開成嗎" in text] == []


async def test_a_month_without_its_meeting_is_told_with_five_working_days_left(town: Town) -> None:
    place = await town.school()
    await town.person("ann", place, since=parse_local("2025-11-10"))
    await town.at("2025-11-21T09:00")
    assert await town.texts() == []
    await town.at("2025-11-24T09:00")
    assert "教師社群活動（11 月）：0／1 次" in (await town.texts())[0]
    assert "還有 5 個上班日" in (await town.texts())[0]


async def test_a_month_with_its_meeting_planned_is_not_told(town: Town) -> None:
    place = await town.school()
    ann = await town.person("ann", place, since=parse_local("2025-11-10"))
    await planned(town, ann, place, datetime(2025, 11, 27, 14, 0))
    await town.at("2025-11-24T09:00")
    assert await town.texts() == []


async def test_a_service_looks_at_everything_once_an_hour_and_tells_at_once(town: Town) -> None:
    place = await town.school(NUDGELESS)
    await town.person("ann", place)
    early, nine = parse_local("2017-07-24T08:59"), parse_local("2017-07-24T09:00")
    assert await town.planner.tick(town.database, early) == 0
    assert await town.planner.tick(town.database, nine) == 1
    assert await town.planner.tick(town.database, nine) == 0
