"""The office moves a date: nobody is sent the old one any more, and whom it concerns hears of it once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.clock import ShiftedClock, epoch_ms, parse_local
from bot.store import deadline_marks, deadline_moves, outbox, preferences
from bot.store.access import Role, unlimited
from bot.store.database import Database
from bot.store.tables import outbox as outbox_table
from scheduler.dispatch import Dispatcher
from scheduler.moving import Preview, preview
from scheduler.reconcile import reconcile
from tests.parrot import Postman
from tests.scheduler.reminding import Town

SLUG = "urban-rural-partner"
"""One deadline: final_report, 2017-07-31 (Monday)."""
WHAT = (SLUG, "105", "final_report")
LATER = datetime(2017, 8, 15, 23, 59)
CHANGED = "期限改了：期末成果報告 原 106/7/31（一） → 106/8/15（二），原因：颱風"


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def move(town: Town, at: str, due: datetime = LATER, reason: str = "颱風") -> int:
    async with town.database.write() as tx:
        return await deadline_moves.move(tx, unlimited(), *WHAT, due, reason, epoch_ms(parse_local(at)))


async def take_back(town: Town, at: str) -> int:
    async with town.database.write() as tx:
        return await deadline_moves.take_back(tx, unlimited(), *WHAT, "颱風沒來", epoch_ms(parse_local(at)))


async def days(town: Town, first: str, last: str) -> None:
    """Every day's pass at 09:00."""
    day, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    while day <= end:
        await town.at(f"{day.date()}T09:00")
        day += timedelta(days=1)


async def texts(town: Town, word: str) -> list[str]:
    return [text for text in await town.texts() if word in text]


async def seen(town: Town, due: datetime | None, at: str) -> Preview:
    async with town.database.read() as tx:
        found = await preview(tx, unlimited(), *WHAT, due, parse_local(at))
    assert found is not None
    return found


async def test_who_was_told_of_the_old_date_hears_of_the_new_one_once(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await days(town, "2017-07-17", "2017-07-24")
    await move(town, "2017-07-24T14:00")
    await days(town, "2017-07-25", "2017-07-31")
    assert [CHANGED in text for text in await texts(town, "期限改了")] == [True]
    assert await texts(town, "106/7/31（一）到期，就是今天") == []


async def test_the_next_day_ahead_is_told_of_the_new_date_and_says_why(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await days(town, "2017-07-17", "2017-07-24")
    await move(town, "2017-07-24T14:00")
    await days(town, "2017-07-25", "2017-08-15")
    told = [text for text in await town.texts() if "106/8/15（二）到期（原訂 106/7/31（一），已改期：颱風）" in text]
    assert ["還有 14 天" in told[0], "就是今天" in told[-1]] == [True, True]
    assert len(told) == 5, "14, 7, 3, 1 and 0 days ahead"


async def test_whom_it_concerns_within_a_month_hears_of_it_though_nothing_was_told_yet(town: Town) -> None:
    await town.person("ann", await town.school(SLUG), since=parse_local("2017-07-18"))
    await town.at("2017-07-18T09:00")
    await move(town, "2017-07-18T10:00")
    await days(town, "2017-07-19", "2017-07-21")
    assert len(await texts(town, CHANGED)) == 1


async def far_ahead(town: Town, channel: str = "web") -> None:
    """Somebody who is told two months ahead, and was this morning."""
    await town.person("ann", await town.school(SLUG), channel=channel)
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, offsets=(60,))
    await town.at("2017-06-01T09:00")
    assert len(await texts(town, "106/7/31（一）到期，還有 60 天")) == 1


async def test_who_was_told_long_ahead_hears_of_the_move_long_ahead(town: Town) -> None:
    await far_ahead(town)
    await move(town, "2017-06-05T10:00")
    await days(town, "2017-06-05", "2017-06-08")
    assert len(await texts(town, CHANGED)) == 1


async def test_what_was_taken_back_unsent_is_told_when_the_move_is_taken_back_too(town: Town) -> None:
    await far_ahead(town, "line")
    await move(town, "2017-06-01T09:01")
    await take_back(town, "2017-06-01T09:02")
    await town.at("2017-06-01T09:03")
    assert [row.state for row in await town.digests()] == ["cancelled", "queued"]
    assert len(await texts(town, "106/7/31（一）到期，還有 60 天")) == 2


async def test_whom_it_concerns_much_later_is_told_when_the_day_ahead_comes(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await move(town, "2017-03-01T10:00")
    await days(town, "2017-03-01", "2017-03-20")
    assert await texts(town, "期限改了") == []
    await town.at("2017-07-14T09:00")
    assert len(await texts(town, "106/8/15（二）到期（原訂 106/7/31（一），已改期：颱風），還有 32 天")) == 1


async def test_who_joined_after_the_move_is_told_of_the_date_and_not_of_the_move(town: Town) -> None:
    await move(town, "2017-07-24T10:00")
    await town.person("ann", await town.school(SLUG), since=parse_local("2017-07-24T12:00"))
    await days(town, "2017-07-25", "2017-08-01")
    assert await texts(town, "期限改了") == []
    assert len(await texts(town, "106/8/15（二）到期")) == 1


async def test_who_has_seen_to_it_hears_nothing(town: Town) -> None:
    place = await town.school(SLUG)
    ann = await town.person("ann", place)
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await deadline_marks.mark(tx, ann, place.id, "final_report", None, 1)
    await move(town, "2017-07-24T10:00")
    await days(town, "2017-07-25", "2017-08-01")
    assert await texts(town, "期限改了") == []


async def test_of_a_date_that_is_moved_twice_in_a_day_only_the_last_word_is_told(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await town.at("2017-07-24T09:00")
    await move(town, "2017-07-24T10:00")
    await town.at("2017-07-24T10:30")
    await move(town, "2017-07-24T11:00", datetime(2017, 8, 18, 17), "又一個颱風")
    await days(town, "2017-07-25", "2017-07-26")
    told = await texts(town, "期限改了")
    assert len(told) == 1
    assert "原 106/8/15（二） → 106/8/18（五）17:00，原因：又一個颱風" in told[0]


async def test_a_move_taken_back_is_told_and_the_documents_date_is_reminded_of_anew(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await days(town, "2017-07-17", "2017-07-24")
    await move(town, "2017-07-24T10:00")
    await days(town, "2017-07-25", "2017-07-25")
    assert await take_back(town, "2017-07-25T11:00") == 2
    await days(town, "2017-07-26", "2017-07-31")
    again = await texts(town, "原 106/8/15（二） → 106/7/31（一），照文件的日期，原因：颱風沒來")
    assert len(again) == 1
    assert len(await texts(town, "106/7/31（一）到期，還有 3 天")) == 1
    assert len(await texts(town, "106/7/31（一）到期，就是今天")) == 1


async def test_the_old_date_is_taken_back_in_the_same_transaction(town: Town) -> None:
    """No pass of the planner lies between the move and the sender's next look."""
    await town.person("ann", await town.school(SLUG), channel="line")
    await town.at("2017-07-24T09:00")
    await move(town, "2017-07-24T09:01")
    postman = Postman()
    clock = ShiftedClock(parse_local("2017-07-24T09:01"), running=False)
    assert await Dispatcher(town.database, {"line": postman}, clock, owner="me").drain_once() == 0
    await town.at("2017-07-24T09:02")
    await Dispatcher(town.database, {"line": postman}, clock, owner="me").drain_once()
    assert [CHANGED in str(each.payload) or "8/15" in str(each.payload) for each in postman.sent] == [True]


async def test_what_else_the_message_told_is_told_again(town: Town) -> None:
    place = await town.school(SLUG)
    await town.person("ann", place, channel="line")
    await town.at("2017-07-24T09:00")
    before = {row.subject for row in await town.rows(state="enqueued")}
    await move(town, "2017-07-24T09:01")
    await town.at("2017-07-24T09:02")
    assert {row.subject for row in await town.rows(state="enqueued")} == before
    assert [row.state for row in await town.digests()] == ["cancelled", "queued"]


async def test_what_was_tried_is_left_alone(town: Town) -> None:
    await town.person("ann", await town.school(SLUG), channel="line")
    await town.at("2017-07-24T09:00")
    async with town.database.write() as tx:
        await tx.execute(update(outbox_table).values(attempts=1))
    await move(town, "2017-07-24T09:01")
    assert [row.state for row in await town.digests()] == ["queued"]


async def test_a_planner_at_work_and_a_move_wait_for_each_other(town: Town) -> None:
    """Whoever plans holds the schools: no message of the old date can be made beside a move and outlive it."""
    place = await town.school(SLUG)
    await town.person("ann", place, channel="line")
    other = Database(town.database.url)
    now = parse_local("2017-07-24T09:00")
    async with town.database.write() as tx:
        await reconcile(tx, [place.id], now, None)
        moving = asyncio.create_task(move(Town(other), "2017-07-24T09:00"))
        done, _ = await asyncio.wait({moving}, timeout=0.3)
        assert not done
    assert await moving == 1
    await other.close()
    assert {row.state for row in await town.rows(rule="T-7", subject="deadline:final_report")} == {"cancelled"}


async def test_claims_and_moves_at_the_same_time_send_the_old_date_or_take_it_back_but_never_both(town: Town) -> None:
    people = [f"p{number}" for number in range(12)]
    for name in people:
        await town.person(name, await town.school(SLUG, f"{name}校"), channel="line")
    await town.at("2017-07-24T09:00")
    other = Database(town.database.url)
    now = epoch_ms(parse_local("2017-07-24T09:00"))

    async def claim() -> set[str]:
        async with other.write() as tx:
            taken = await outbox.claim(tx, owner="me", channels=["line"], now=now, lease_ms=60_000, limit=5)
        return {each.id for each in taken}

    taken, _ = await asyncio.gather(claim(), move(town, "2017-07-24T09:00"))
    await other.close()
    states = {row.id: row.state for row in await town.digests()}
    assert {identity for identity, state in states.items() if state == "sending"} == taken
    assert {state for identity, state in states.items() if identity not in taken} <= {"cancelled"}


async def test_a_preview_says_what_the_move_then_does(town: Town) -> None:
    first, second = await town.school(SLUG, "甲校"), await town.school(SLUG, "乙校")
    await town.person("ann", first, channel="line")
    await town.person("bob", second)
    done = await town.person("cyd", await town.school(SLUG, "丙校"))
    async with town.database.write() as tx:
        await deadline_marks.mark(tx, done, done.writable[0].id, "final_report", None, 1)
    await town.at("2017-07-24T09:00")
    found = await seen(town, LATER, "2017-07-24T10:00")
    assert (found.title, found.stands, found.due) == ("期末成果報告", datetime(2017, 7, 31, 23, 59), LATER)
    assert (found.schools, found.done, found.planned, found.messages) == (2, 1, 0, 1)
    assert {(each.person, each.name, each.place.school) for each in found.hearers} == {
        ("ann", "老師ann", "甲校"),
        ("bob", "老師bob", "乙校"),
    }
    assert [(each.rule, each.at.isoformat(timespec="minutes"), each.people) for each in found.firings] == [
        ("T-14", "2017-08-01T09:00", 2),
        ("T-7", "2017-08-08T09:00", 2),
        ("T-3", "2017-08-11T09:00", 2),
        ("T-1", "2017-08-14T09:00", 2),
        ("T-0", "2017-08-15T09:00", 2),
    ]
    await move(town, "2017-07-24T10:00")
    await days(town, "2017-07-24", "2017-08-16")
    assert {row.person_id for row in await town.rows(rule="moved-1")} == {each.person for each in found.hearers}
    moments = {(row.rule, row.fire_at) for row in await town.rows(subject="deadline:final_report", state="enqueued")}
    assert {(each.rule, epoch_ms(parse_local(each.at.isoformat()))) for each in found.firings} <= moments


async def test_a_preview_changes_nothing_and_is_for_the_office(town: Town) -> None:
    ann = await town.person("ann", await town.school(SLUG))
    office = await town.person("off", role=Role.OFFICE, programme=SLUG)
    now = parse_local("2017-07-24T10:00")
    async with town.database.read() as tx:
        assert await preview(tx, ann, *WHAT, LATER, now) is None
        assert await preview(tx, office, *WHAT, LATER, now) is not None
        assert await deadline_moves.moved(tx) == {}


async def test_a_preview_of_taking_back_shows_the_documents_date(town: Town) -> None:
    await town.person("ann", await town.school(SLUG))
    await move(town, "2017-07-03T10:00")
    found = await seen(town, None, "2017-07-04T10:00")
    assert (found.stands, found.due) == (LATER, datetime(2017, 7, 31, 23, 59))
