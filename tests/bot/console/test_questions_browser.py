"""Questions and answers in a real browser: deciding by keyboard, with a script and without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import curation
from bot.store.access import Scope, unlimited
from knowledge.clusters import wording_key
from knowledge.patching import Kind, Verdict
from tests.bot.console.console_house import OTHER_SLUG, SLUG, Console
from tests.bot.console.seen import Seen
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW

pytestmark = pytest.mark.browser

PICTURES = Path(os.environ["XUEBAN_PICTURES"]) if "XUEBAN_PICTURES" in os.environ else None
REF = f"{SLUG}/114/agreement-per-school"
BUS = "遊覽車的租金可以報帳嗎"
LUNCH = "開會的時候可以訂便當嗎"
PAGE = f"/admin/questions/{wording_key(SLUG, BUS)}"


async def filled(house: Console) -> Scope:
    """Questions in vain of many people, one decided; answers that were liked and disliked."""

    async def work(tx: AsyncConnection) -> None:
        for number in range(6):
            await asked(tx, f"web:{number}", BUS)
        await asked(tx, "web:8", f"{BUS}呢")
        await asked(tx, "web:9", f"老師{BUS}<b>謝謝</b>", status="unsure", candidates=[REF])
        for number in range(3):
            await asked(tx, f"web:{number}", LUNCH)
        await asked(tx, "web:1", "行動載具壞了怎麼辦", programme=OTHER_SLUG)
        for at, item in enumerate(house.base.programme(SLUG).entries[:12]):
            for number in range(14 - at):
                said = ("helpful", "helpful", "other", "")[(number + at) % 4]
                await asked(
                    tx,
                    f"web:{number}",
                    item.title,
                    status="answered",
                    entry=f"{SLUG}/114/{item.key}",
                    feedback=said,
                )
        await asked(tx, "web:1", "學伴是誰做的")
        key = wording_key(SLUG, "學伴是誰做的")
        await curation.decide(tx, unlimited(), [key], Verdict(Kind.REJECT), NOW)
        await asked(tx, "web:1", "同意書可以用電子檔嗎")
        key = wording_key(SLUG, "同意書可以用電子檔嗎")
        await curation.decide(tx, unlimited(), [key], Verdict(Kind.ALIAS, SLUG, REF), NOW)

    await house.do(work)
    return await house.office()


def test_a_question_is_decided_with_the_keyboard(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    with seen.page(chromium, office) as page:
        page.goto("/admin/questions")
        page.get_by_role("link", name=BUS, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(BUS)
        page.get_by_label(f"{BUS}呢").focus()
        page.keyboard.press("Space")  # not this one
        page.get_by_label("加到現有的條目").focus()
        page.keyboard.press("Space")
        page.get_by_label("用文字找條目").focus()
        page.keyboard.type("同意書 幾張")
        expect(page.locator("#found")).to_contain_text("找到的條目")  # without leaving the page
        page.get_by_label("合作同意書要幾張？").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="記下決定").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("記下了：加到現有的條目。")
        page.goto("/admin/questions/decided")
        row = page.get_by_role("row", name=BUS)
        expect(row).to_contain_text("合作同意書要幾張？")
        expect(row).not_to_contain_text(f"{BUS}呢")
        with page.expect_download() as download:
            page.get_by_role("button", name="下載修改").click()
        assert BUS in Path(download.value.path()).read_text("utf-8")


def test_a_new_entry_without_a_script_on_a_phone(seen: Seen, chromium: Browser) -> None:
    office = seen.do(filled)
    with seen.page(chromium, office, phone=True, script=False) as page:
        page.goto(PAGE)
        page.get_by_label("加到現有的條目").check()
        page.get_by_label("用文字找條目").fill("同意書")
        page.get_by_role("button", name="找", exact=True).click()
        expect(page.locator("#found")).to_contain_text("找到的條目")
        page.get_by_label("新增一條").check()
        expect(page.get_by_label("用文字找條目")).not_to_be_visible()
        page.get_by_label("答案", exact=True).fill("字" * 401)
        page.get_by_role("button", name="記下決定").click()
        expect(page.get_by_role("alert")).to_contain_text("最多 400 個字")
        page.get_by_label("答案", exact=True).fill("可以。")
        page.get_by_label("出處的章節").fill("柒/一")
        page.get_by_role("button", name="記下決定").click()
        expect(page.get_by_role("status")).to_have_text("記下了：新增一條。")


def test_the_pages_are_accessible(seen: Seen, chromium: Browser) -> None:
    office, admin = seen.do(filled), seen.do(lambda house: house.admin())
    seen.check(chromium, admin, "/admin/questions", PICTURES, "questions")
    seen.check(chromium, office, PAGE, PICTURES, "question")
    seen.check(chromium, office, "/admin/questions/decided", PICTURES, "decided")
    seen.check(chromium, office, "/admin/answers", PICTURES, "answers")
    seen.check(chromium, office, f"/admin/answers/{REF}", PICTURES, "answer")
