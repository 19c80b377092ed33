"""Schools, people and deadlines in a real browser: looking into a school, exporting, inviting, moving a date."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot.clock import parse_local
from bot.reminding import make_planner
from bot.store.access import Scope
from bot.store.reminder_tables import reminders
from bot.store.tables import outbox
from tests.bot.console.console_house import SLUG, Console
from tests.bot.console.pages.test_schools import attached
from tests.bot.console.seen import Seen

pytestmark = pytest.mark.browser

PICTURES = Path(os.environ["XUEBAN_PICTURES"]) if "XUEBAN_PICTURES" in os.environ else None
COUNTIES = ("臺北市", "臺中市", "花蓮縣")


async def filled(house: Console) -> Scope:
    for number, county in enumerate(COUNTIES * 2):
        place = await house.school(f"第{number + 1}示範高級中學", county=county)
        scope = await house.member(f"c{number}", place)
        for _ in range(number):
            await house.log(scope, place, topic="共備三角函數的差異化教學")
    await attached(house, scope, await house.log(scope, place, topic="<i>校內</i>公開課", kind="open_class"))
    return await house.office()


def test_a_school_is_found_looked_into_and_exported(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    with seen.page(chromium, office) as page:
        page.goto("/admin/schools")
        page.get_by_label("縣市").select_option("花蓮縣")
        page.get_by_role("button", name="篩選").click()
        expect(page.get_by_role("heading", name="2 所學校")).to_be_visible()
        page.get_by_role("link", name="第6示範高級中學").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="所有紀錄（Excel）").click()
        assert download.value.suggested_filename.endswith(".xlsx")
        page.get_by_role("link", name="公開").first.click()
        expect(page.get_by_text("<i>校內</i>公開課").first).to_be_visible()
        expect(page.get_by_role("link", name="會議.jpg")).to_be_visible()
        assert page.evaluate("document.querySelector('.files img').complete")


def test_a_date_that_is_moved_changes_the_reminders(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)

    async def remind(house: Console) -> set[str]:
        """What a pass of the planner leaves of the final report: the revisions that are not taken back."""
        await make_planner(house.base)(house.database, house.clock.now())
        async with house.database.read() as tx:
            own = reminders.c.subject == "deadline:final_report"
            rows = await tx.execute(select(reminders.c.revision).where(own, reminders.c.state == "enqueued"))
            return {row.revision for row in rows}

    seen.do(lambda house: _at(house, "2026-07-24T09:00"))
    old = seen.do(remind)
    with seen.page(chromium, office) as page:
        page.goto("/admin/deadlines")
        page.get_by_role("link", name="成果報告").first.click()
        page.get_by_label("新的日期").fill("2026-08-15T17:00")
        page.get_by_label("原因").fill("颱風停班停課")
        page.get_by_role("button", name="先看會通知誰").click()
        expect(page.get_by_role("heading", name="如果這樣改")).to_be_visible()
        expect(page.get_by_role("table", name="會通知的人")).to_contain_text("第1示範高級中學")
        page.get_by_role("button", name="公布這個日期，並通知").click()
        expect(page.get_by_role("status")).to_have_text("日期改好了，相關的人會收到通知。")
    seen.do(lambda house: _at(house, "2026-07-25T09:00"))
    assert seen.do(remind) - old

    async def said(house: Console) -> str:
        async with house.database.read() as tx:
            return str([row.payload for row in await tx.execute(select(outbox.c.payload))])

    assert "颱風停班停課" in seen.do(said)


async def _at(house: Console, moment: str) -> None:
    house.clock.move_to(parse_local(moment))


def test_a_coordinator_is_invited_on_a_phone(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    with seen.page(chromium, office, phone=True) as page:
        page.goto("/admin/people")
        page.get_by_label("學校（計畫辦公室").fill("新的高中")
        page.get_by_role("button", name="給我邀請碼").click()
        expect(page.locator("#code-text")).to_contain_text("加入 ")
        page.get_by_role("link", name="回到成員").click()
        expect(page.get_by_role("table", name="還沒用的邀請碼")).to_contain_text("新的高中")


def test_the_pages_are_accessible(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    admin = seen.do(lambda house: house.admin())
    seen.check(chromium, office, "/admin/schools", PICTURES, "schools")
    seen.check(chromium, office, "/admin/people", PICTURES, "people")
    seen.check(chromium, admin, "/admin/people/1", PICTURES, "person")
    seen.check(chromium, office, "/admin/deadlines", PICTURES, "deadlines")
    wish = f"/admin/deadlines/{SLUG}/114/final_report?due=2026-08-15T17:00&reason=颱風"
    seen.check(chromium, office, wish, PICTURES, "deadline")
    with seen.page(chromium, office) as page:
        page.goto("/admin/schools")
        school = page.get_by_role("link", name="第6示範高級中學").get_attribute("href") or ""
        page.goto(school)
        record = page.get_by_role("link", name="公開").first.get_attribute("href") or ""
    seen.check(chromium, office, school, PICTURES, "school")
    seen.check(chromium, office, record, PICTURES, "record")
