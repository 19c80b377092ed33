"""Sending files from the page in a real browser: with the keyboard, and without a script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.web.visitors import Visitor
from tests.bot.evidence import in_hand
from tests.bot.web.browser_house import House
from tests.bot.web.evidence_house import LIMIT, FileHouse, file_house

pytestmark = pytest.mark.browser

Files = list[dict[str, str | bytes]]
PHOTO: Files = [{"name": "會議.jpg", "mimeType": "image/jpeg", "buffer": in_hand.photo()}]
HUGE: Files = [{"name": "大.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"\0" * LIMIT}]


class BrowserFileHouse(House):
    """The page with files on a port of its own."""

    def __init__(self, database_url: str, root: Path) -> None:
        super().__init__(database_url, opening=lambda url: file_house(url, root))

    def let_in(self, page: Page) -> None:
        """Make whoever is at the page a teacher with one record."""
        cookie = next(c["value"] for c in page.context.cookies() if c["name"] == "xueban")
        house: FileHouse = self.stage

        async def work() -> None:
            place = await house.school("甲校")
            person = await house.let_in(Visitor(cookie).session, place)
            await house.log(person, place)

        asyncio.run_coroutine_threadsafe(work(), self.loop).result(60)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[BrowserFileHouse]:
    running = BrowserFileHouse(f"sqlite:///{tmp_path / 'xueban.db'}", tmp_path / "evidence")
    running.start()
    yield running
    running.stop()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def visitor(request: pytest.FixtureRequest, chromium: Browser, house: BrowserFileHouse) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-TW", java_script_enabled=request.param)
    page = context.new_page()
    page.goto(house.address)
    house.let_in(page)
    yield page
    context.close()


@pytest.fixture
def page(chromium: Browser, house: BrowserFileHouse) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-TW", viewport={"width": 360, "height": 640})
    opened = context.new_page()
    # Choosers are caught from now on. `expect_file_chooser` alone would begin at the moment of the key, which may come
    # first; then Chromium shows its own chooser to nobody.
    opened.on("filechooser", lambda _chooser: None)
    opened.goto(house.address)
    house.let_in(opened)
    yield opened
    context.close()


def test_a_photo_is_sent_and_attached(visitor: Page) -> None:
    visitor.set_input_files("#files", PHOTO)  # type: ignore[arg-type]
    visitor.click(".send")
    expect(visitor.locator("#log")).to_contain_text("收到 1 個檔案。要附到哪一筆紀錄？")
    expect(visitor.locator(".own").last).to_contain_text("會議.jpg")
    visitor.get_by_role("button", name="11/18 社群活動").last.click()
    expect(visitor.locator("#log")).to_contain_text("1 個檔案附到「11/18 社群活動」了。")


def test_the_paperclip_is_reached_and_opened_with_the_keyboard(page: Page) -> None:
    page.focus("#text")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "files"
    assert page.evaluate("getComputedStyle(document.querySelector('.clip label')).outlineStyle") == "solid"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(PHOTO)  # type: ignore[arg-type]
    expect(page.locator("#chosen")).to_contain_text("要送出：會議.jpg")
    page.keyboard.type("開會照片")
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("開會照片")
    expect(page.locator("#chosen")).to_be_hidden()
    assert page.get_by_label("附上照片或檔案").input_value() == ""


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(page: Page) -> None:
    page.set_input_files("#files", HUGE)  # type: ignore[arg-type]
    expect(page.locator("#notice")).to_contain_text("「大.pdf」超過 1 MB")
    expect(page.locator("#chosen")).to_be_hidden()


def test_a_choice_can_be_taken_back(page: Page) -> None:
    page.set_input_files("#files", PHOTO)  # type: ignore[arg-type]
    page.get_by_role("button", name="取消").click()
    expect(page.locator("#chosen")).to_be_hidden()
    page.fill("#text", "只有字")
    page.keyboard.press("Enter")
    expect(page.locator("#log")).to_contain_text("您說：只有字")


def test_a_small_screen_has_room_for_all_of_it(page: Page) -> None:
    page.set_input_files("#files", PHOTO)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    boxes = [page.locator(each).bounding_box() for each in (".clip label", "#text", ".send")]
    assert all(box is not None and box["height"] >= 44 for box in boxes)
    assert boxes[1] is not None
    assert boxes[1]["width"] > 180
