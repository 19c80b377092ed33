"""XSS once more, in a real Chromium: hostile words on every page run nothing, and the policy has nothing to block."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.bot.web.browser_house import House
from tests.bot.web.browsers import chromium  # noqa: F401 - a fixture
from tests.security.markup import hostile
from tests.security.test_markup import pages
from tests.security.town import Town, town

pytestmark = pytest.mark.browser
MISSING = "Failed to load resource"
"""What has no page of its own has no picture either."""
RAN = "alert = prompt = confirm = a = () => { document.documentElement.dataset.ran = 'yes' }"


def test_nothing_runs_in_a_browser(chromium: Browser, hostile_url: str, tmp_path: Path) -> None:  # noqa: F811
    house = House(hostile_url, lambda url: town(url, tmp_path / "files", hostile=hostile))
    house.start()
    try:
        _visit_all(chromium, house)
    finally:
        house.stop()


def _visit_all(chromium: Browser, house: House) -> None:  # noqa: F811 - the same browser, handed on
    made: Town = house.stage
    session, paths = asyncio.run_coroutine_threadsafe(_ready(made), house.loop).result(60)
    context = chromium.new_context(base_url=house.address)
    context.add_init_script(RAN)
    for name, value in (("xueban-admin", session), ("xueban", made.teacher.cookie)):
        context.add_cookies([{"name": name, "value": value, "url": house.address}])
    page, problems = context.new_page(), list[str]()
    _listen(page, problems)
    for path in paths:
        page.goto(path, wait_until="load")
        assert page.evaluate("document.documentElement.dataset.ran") is None, path
        assert (
            page.evaluate("[...document.querySelectorAll('*')].filter(e => e.localName.startsWith('xss')).length") == 0
        )
        assert not problems, (path, problems)
    context.close()


async def _ready(made: Town) -> tuple[str, list[str]]:
    """A session, and the pages that a browser shows."""
    found = [path for path, _ in await pages(made)]
    shown = [path for path in found if path == "/" or (path.startswith("/admin") and "evidence" not in path)]
    return await made.token(made.admin), shown


def _listen(page: Page, problems: list[str]) -> None:
    """Whatever a script or a blocked one would say."""

    def open_window(dialog: Dialog) -> None:
        problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", open_window)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if _is_bad(said) else None)


def _is_bad(said: ConsoleMessage) -> bool:
    return said.type == "error" and MISSING not in said.text
