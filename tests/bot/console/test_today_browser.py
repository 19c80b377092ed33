"""Signing in and the first page, in a real browser."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.store import console_sessions
from tests.bot.console.console_house import PASSWORD, START, Console
from tests.bot.console.seen import Seen
from tests.bot.store.school_house import NOW

pytestmark = pytest.mark.browser

PICTURES = Path(os.environ["XUEBAN_PICTURES"]) if "XUEBAN_PICTURES" in os.environ else None


async def schools(house: Console) -> None:
    """Three schools of two programmes, one of which has logged something."""
    first = await house.school("示範高中", county="臺中市")
    await house.school("第二高中", county="臺北市")
    await house.school("第三國中", "mobile-learning")
    await house.log(await house.member("a", first), first)
    house.clock.move_to(START + timedelta(days=303))  # a report is late, a settlement is near


def test_the_first_admin_signs_in_sees_today_and_signs_out(seen: Seen, chromium: Browser) -> None:
    seen.do(schools)
    with seen.page(chromium, None) as page:
        page.goto("/admin")
        page.get_by_label("系統管理者的密碼").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("密碼不對，沒有登入。")
        page.get_by_label("系統管理者的密碼").fill(PASSWORD)
        page.get_by_role("button", name="登入").click()
        expect(page.get_by_role("heading", name="今天")).to_be_visible()
        expect(page.get_by_role("navigation", name="後台").get_by_role("link", name="今天")).to_have_attribute(
            "aria-current", "page"
        )
        page.get_by_role("button", name="登出").click()
        expect(page.get_by_role("status")).to_have_text("已經登出。")
        page.goto("/admin")
        expect(page.get_by_role("heading", name="登入後台")).to_be_visible()


def test_the_pages_are_accessible_at_every_width_and_in_the_dark(seen: Seen, chromium: Browser) -> None:
    seen.do(schools)
    admin = seen.do(lambda house: house.admin())
    seen.check(chromium, None, "/admin/sign-in", PICTURES, "sign-in")
    seen.check(chromium, None, "/admin/enter/whatever", PICTURES, "enter")
    seen.check(chromium, admin, "/admin", PICTURES, "today")
    seen.check(chromium, admin, "/admin/nothing", PICTURES, "refused")


def test_a_link_from_the_chat_signs_in_by_keyboard_and_without_a_script(seen: Seen, chromium: Browser) -> None:
    office = seen.do(lambda house: house.office())
    token = seen.do(lambda house: house.do(lambda tx: console_sessions.make_entry(tx, office.person, NOW)))
    with seen.page(chromium, None, phone=True, script=False) as page:
        page.goto(f"/admin/enter/{token}")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到內容")).to_be_focused()
        page.get_by_role("button", name="登入").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="今天")).to_be_visible()
        page.goto(f"/admin/enter/{token}")
        page.get_by_role("button", name="登入").click()
        expect(page.get_by_role("alert")).to_contain_text("已經用過")


def test_the_script_of_the_pages_is_there_and_allowed(seen: Seen, chromium: Browser) -> None:
    admin = seen.do(lambda house: house.admin())
    with seen.page(chromium, admin) as page:
        page.goto("/admin")
        assert page.evaluate("[htmx.config.allowEval, htmx.config.includeIndicatorStyles]") == [False, False]
