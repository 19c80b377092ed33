"""The first page: what is due, owed, unanswered and unsent, of one's own programmes alone."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.clock import epoch_ms, parse_local
from bot.messages import Outgoing, Text, to_json
from bot.store import deadline_marks, outbox, people, quota, reminders
from bot.store.access import Enrolment, Role, Scope
from bot.store.reminders import Key, New
from bot.store.tables import outbox as outbox_table
from bot.store.tables import questions
from scheduler.quota import COUNTED
from tests.bot.console.console_house import OTHER_SLUG, SLUG, START, Console
from tests.bot.store.school_house import NOW

BEFORE = parse_local("2026-07-25T09:00")
"""Six days before the final report of `SLUG` is due."""
AFTER = parse_local("2026-08-10T09:00")
REPORT = "final_report"


async def marked(house: Console, scope: Scope, place: Enrolment) -> None:
    due = datetime(2026, 7, 31, 23, 59)
    assert await house.do(partial(deadline_marks.mark, scope=scope, enrolment_id=place.id, key=REPORT, due=due, now=1))


async def asked(house: Console, text: str, programme: str, status: str = "refused") -> None:
    row = {"id": text, "person": "p", "channel": "web", "text": text, "folded": text, "status": status}
    await house.do(lambda tx: tx.execute(insert(questions).values(**row, programme=programme, asked_at=NOW)))


async def failed(house: Console, conversation: str, state: str) -> None:
    body = Outgoing("push", {"messages": [to_json(Text("提醒"))]})
    more: dict[str, Any] = {"dedupe_key": f"{conversation}{state}", "event_id": "", "now": NOW}
    identity = await house.do(lambda tx: outbox.add(tx, body, conversation_id=conversation, **more))
    lost = update(outbox_table).where(outbox_table.c.id == identity).values(state=state)
    await house.do(lambda tx: tx.execute(lost))


async def test_a_date_that_is_near_says_how_many_schools_still_owe_it(house: Console) -> None:
    places = [await house.school(name) for name in ("甲校", "乙校", "丙校")]
    await marked(house, await house.member("c", places[0]), places[0])
    house.clock.move_to(BEFORE)
    text = await (await house.at(await house.office())).read()
    assert "2026/7/31（五）23:59 還有 6 天 2／3 校" in text
    assert "沒有逾期的事" in text


@pytest.mark.parametrize(("day", "near"), [("2026-07-16", False), ("2026-07-17", True), ("2026-07-31", True)])
async def test_a_date_is_near_from_two_weeks_before_to_its_day(house: Console, day: str, near: bool) -> None:
    await house.school("甲校")
    house.clock.move_to(parse_local(f"{day}T09:00"))
    text = await (await house.at(await house.office())).read()
    assert ("2026/7/31（五）23:59" in text) is near


async def test_what_is_over_and_owed_is_overdue(house: Console) -> None:
    await house.school("甲校")
    house.clock.move_to(AFTER)
    text = await (await house.at(await house.office())).read()
    assert "2026/7/31（五）23:59 已過 10 天 1／1 校" in text
    assert "逾期 1 項 共 1 校次還沒完成" in text


async def test_what_all_have_done_is_said_to_be_done_and_is_never_overdue(house: Console) -> None:
    place = await house.school("甲校")
    await marked(house, await house.member("c", place), place)
    office = await house.office()
    house.clock.move_to(BEFORE)
    assert "都完成了（1 校）" in await (await house.at(office)).read()
    house.clock.move_to(AFTER)
    assert "沒有逾期的事" in await (await house.at(office)).read()


async def test_an_office_sees_no_dates_of_another_programme(house: Console) -> None:
    await house.school("甲校")
    house.clock.move_to(AFTER)
    other = await house.at(await house.office(OTHER_SLUG))
    assert "已過 10 天" not in await other.read()
    assert "已過 10 天" in await (await house.at(await house.admin())).read()


async def test_a_school_where_an_office_person_teaches_is_none_of_the_offices(house: Console) -> None:
    place = await house.school("甲校")
    teacher = await house.member("t", place, Role.TEACHER)
    office = await house.office(OTHER_SLUG)
    await house.do(lambda tx: people.merge(tx, office.person, teacher.person))
    house.clock.move_to(AFTER)
    assert "已過 10 天" not in await (await house.at(office)).read()


async def test_questions_that_wait_are_counted_by_programme(house: Console) -> None:
    for text, programme in (("甲", SLUG), ("乙", SLUG), ("丙", OTHER_SLUG), ("丁", "")):
        await asked(house, text, programme)
    await asked(house, "戊", SLUG, "answered")
    visitors = [await house.office(), await house.office(OTHER_SLUG, "o2"), await house.admin()]
    pages = [await (await house.at(each)).read() for each in visitors]
    assert [page.partition("沒答到的問題 ")[2].partition(" ")[0] for page in pages] == ["2", "1", "4"]


async def test_messages_that_did_not_arrive_are_counted_of_ones_own_schools(house: Console) -> None:
    await house.member("a", await house.school("甲校"))
    await house.member("b", await house.school("乙校", OTHER_SLUG))
    for conversation, state in (("web:a", "dead"), ("web:a", "unknown"), ("web:b", "dead"), ("web:b", "sent")):
        await failed(house, conversation, state)
    office, admin = await house.at(await house.office()), await house.at(await house.admin())
    assert "沒送到的訊息 2 送不到 1 則、不確定送到沒 1 則" in await office.read()
    assert "沒送到的訊息 3 送不到 2 則、不確定送到沒 1 則" in await admin.read()


@pytest.mark.parametrize(
    ("allowed", "words"), [(200, "81% 用了 162／200 則"), (None, "162 沒有上限"), (0, "100% 用了 162／0 則")]
)
async def test_the_months_pushes_are_shown(house: Console, allowed: int | None, words: str) -> None:
    report = partial(quota.report, channel=COUNTED, month="2025-11", used=162, pending=0, now=NOW)
    await house.do(lambda tx: report(tx, allowed=allowed))
    assert f"本月 LINE 推播 {words}" in await (await house.at(await house.office())).read()


async def test_a_month_of_which_nothing_is_known_says_so(house: Console) -> None:
    assert "這個月還沒有用過" in await (await house.at(await house.office())).read()


async def test_the_reminder_that_waits_longest_is_shown_to_its_own_office(house: Console) -> None:
    place = await house.school("甲校")
    row = New(Key(place.id, "p", "deadline:x", "", "T-7"), "2025-11-20", NOW - 3 * 3600_000, NOW + 1)
    await house.do(lambda tx: reminders.add(tx, [row], NOW))
    own, other = await house.at(await house.office()), await house.at(await house.office(OTHER_SLUG, "o2"))
    assert "最早的一則已等 3 小時" in await own.read()
    assert "等著送的提醒 沒有" in await other.read()


async def test_how_the_machine_is_concerns_admins_alone(house: Console) -> None:
    await house.do(lambda tx: reminders.note_pass(tx, epoch_ms(START) - 120_000))
    admin, office = await house.at(await house.admin()), await house.at(await house.office())
    assert "上次排提醒 2 分鐘前 排程的心跳 3 秒前" in await admin.read()
    assert "心跳" not in await office.read()


async def test_figures_lead_only_to_pages_that_the_visitor_may_open(house: Console) -> None:
    desk = await house.at(await house.office())
    page = (await desk.see()).text
    for link in {part.partition('"')[0] for part in page.split('href="/admin')[1:]}:
        assert (await desk.see(f"/admin{link}")).status_code == 200, link


async def test_a_name_is_shown_as_it_is_written(house: Console) -> None:
    scope = await house.office(name="<b>x</b>")
    page = (await (await house.at(scope)).see()).text
    assert "老師&lt;b&gt;x&lt;/b&gt;" in page
