"""Deliveries and the log, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.store.access import Scope
from tests.bot.console.console_house import Console
from tests.bot.console.pages.test_deliveries import message
from tests.bot.console.seen import Seen

pytestmark = pytest.mark.browser

PICTURES = Path(os.environ["XUEBAN_PICTURES"]) if "XUEBAN_PICTURES" in os.environ else None


async def filled(house: Console) -> Scope:
    place = await house.school("示範高中", county="臺中市")
    for name in "abc":
        await house.member(name, place)
    for number, state in enumerate(("sent", "sent", "sent", "queued", "unknown", "dead")):
        at = int(house.clock.now().timestamp() * 1000) - number * 24 * 3600 * 1000
        await message(house, f"web:{'abc'[number % 3]}", state, created_at=at, attempts=number, last_status="timeout")
    return await house.office()


def test_a_message_that_failed_is_sent_again_with_the_keyboard(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    with seen.page(chromium, office) as page:
        page.goto("/admin/deliveries?state=unknown")
        page.get_by_role("table", name="訊息").get_by_role("link").click()
        page.get_by_label("這一則可能已經送到").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="再送一次").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("排進去了，馬上再送一次。")
        page.get_by_role("link", name="操作紀錄").click()
        expect(page.get_by_role("table", name="操作紀錄")).to_contain_text("再送一次訊息")


def test_the_pages_are_accessible(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    seen.check(chromium, office, "/admin/deliveries", PICTURES, "deliveries")
    seen.check(chromium, office, "/admin/log", PICTURES, "log")
