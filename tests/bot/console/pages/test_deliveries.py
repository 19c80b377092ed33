"""Deliveries: what arrived, what did not, and trying it again; each office its own people's."""

from __future__ import annotations

from sqlalchemy import update

from bot.messages import Outgoing, Text, to_json
from bot.store import console_log, outbox
from bot.store.access import Role
from bot.store.tables import outbox as table
from tests.bot.console.console_house import OTHER_SLUG, Console, said
from tests.bot.store.school_house import NOW


async def message(house: Console, talks: str, state: str, key: str = "", **more: object) -> str:
    body = Outgoing("push", {"messages": [to_json(Text("只有收的人看得到的話"))]})
    identity = await house.do(
        lambda tx: outbox.add(tx, body, conversation_id=talks, dedupe_key=key or talks + state, event_id="", now=NOW)
    )
    changed = update(table).where(table.c.id == identity).values(state=state, **more)
    await house.do(lambda tx: tx.execute(changed))
    return identity


async def test_a_message_that_failed_is_seen_and_sent_again(house: Console) -> None:
    await house.member("mine", await house.school("甲校"), Role.TEACHER)
    identity = await message(house, "web:mine", "dead", last_status="403")
    office = await house.office()
    desk = await house.at(office)
    text = await desk.read("/admin/deliveries")
    assert "送不到 1" in text
    assert "老師mine" in text
    assert "只有收的人看得到的話" not in text
    text = await desk.done(f"/admin/deliveries/{identity}/retry")
    assert "排進去了" in text
    assert "等著送" in text
    assert "有人按了再送一次" in text
    assert len(house.outgoing) == 1
    log = await house.do(lambda tx: console_log.entries(tx, office))
    assert [(each.action, each.subject) for each in log] == [("delivery_retry", f"delivery:{identity}")]
    assert "再送一次訊息" in await desk.read("/admin/log")


async def test_what_may_have_arrived_is_sent_again_only_when_that_is_said(house: Console) -> None:
    await house.member("mine", await house.school("甲校"))
    identity = await message(house, "web:mine", "unknown")
    desk = await house.at(await house.office())
    assert "這一則可能已經送到" in await desk.done(f"/admin/deliveries/{identity}/retry")
    assert house.outgoing == []
    assert "排進去了" in await desk.done(f"/admin/deliveries/{identity}/retry", {"twice": "yes"})


async def test_another_programmes_message_is_as_if_it_were_not_there(house: Console) -> None:
    await house.member("theirs", await house.school("乙校", OTHER_SLUG))
    identity = await message(house, "web:theirs", "dead")
    desk = await house.at(await house.office())
    assert (await desk.see(f"/admin/deliveries/{identity}")).status_code == 404
    assert (await desk.send(f"/admin/deliveries/{identity}/retry")).status_code == 404
    assert "沒有符合的訊息" in await desk.read("/admin/deliveries")
    assert "老師theirs" in await (await house.at(await house.admin())).read("/admin/deliveries")


async def test_the_chart_is_an_image_without_scripts_and_has_a_table_beside_it(house: Console) -> None:
    await house.member("mine", await house.school("甲校"))
    await message(house, "web:mine", "sent")
    desk = await house.at(await house.office())
    drawn = await desk.see("/admin/deliveries/days.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "<script" not in drawn.text
    assert "送到" in drawn.text
    assert "2025/11/20（四） 1 0 0" in await desk.read("/admin/deliveries")


async def test_filters_and_pages(house: Console) -> None:
    await house.member("mine", await house.school("甲校"))
    for number in range(52):
        await message(house, "web:mine", "sent", key=f"k{number}")
    await message(house, "web:mine", "dead")
    desk = await house.at(await house.office())
    first = await desk.see("/admin/deliveries", state="sent")
    assert said(first).count("主動通知") == 50
    older = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert said(await desk.browser.get(older)).count("主動通知") == 2
    assert said(await desk.see("/admin/deliveries", state="<b>", before="x")).count("主動通知") == 50
