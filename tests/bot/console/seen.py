"""The console on a port of its own, in a thread of its own, for a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page

from bot.store.access import Scope
from tests.bot.console.console_house import Console, accessible, console_house
from tests.bot.web.browser_house import House

T = TypeVar("T")
PHONE = {"width": 375, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
NEEDS_SCROLL = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Seen(House):
    """`House` with the console in it."""

    def __init__(self, database_url: str, root: Path) -> None:
        def opening(url: str) -> AbstractAsyncContextManager[Console]:
            return console_house(url, root)

        super().__init__(database_url, opening)

    def do(self, work: Callable[[Console], Awaitable[T]]) -> T:
        """Something that is done to the house: `seen.do(lambda house: house.office())`."""

        async def done() -> T:
            return await work(self.stage)

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(60)

    @contextmanager
    def page(
        self, chromium: Browser, scope: Scope | None, *, phone: bool = False, dark: bool = False, script: bool = True
    ) -> Iterator[Page]:
        """A page of a browser in which somebody is signed in already, nobody where `scope` is None.

        At the end it is checked that the browser had nothing to complain about: no script error, nothing blocked.
        """
        context = chromium.new_context(
            locale="zh-TW",
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            base_url=self.address,
        )
        if scope is not None:
            token = self.do(lambda house: house.session(scope))
            context.add_cookies([{"name": "xueban-admin", "value": token, "url": self.address}])
        visited = context.new_page()
        problems: list[str] = []
        visited.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        visited.on("pageerror", lambda error: problems.append(str(error)))
        yield visited
        context.close()
        # A status that a test asks for is no mistake of the page; what the policy blocked is.
        assert [problem for problem in problems if not problem.startswith("Failed to load resource")] == []

    def check(
        self, chromium: Browser, scope: Scope | None, path: str, pictures: Path | None = None, name: str = "page"
    ) -> None:
        """At phone and desktop width, light and dark: nothing serious for axe, and nothing wider than the window.

        Two views see both widths and both schemes; all four are looked at where pictures are taken.

        Args:
            scope: who looks.
            path: of the page.
            pictures: a folder for screenshots, to be looked at; none are made without.
            name: of the screenshots.
        """
        for phone, dark in ((True, True), (False, False), *(((True, False), (False, True)) if pictures else ())):
            with self.page(chromium, scope, phone=phone, dark=dark) as page:
                page.goto(path)
                accessible(page)
                assert not page.evaluate(NEEDS_SCROLL), (path, phone)
                if pictures:
                    kind = f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}"
                    page.screenshot(path=pictures / f"{name}-{kind}.png", full_page=True)
