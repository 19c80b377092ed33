"""The console over a real database: a programme's schools, an office, an admin, and browsers of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette

from bot.clock import ShiftedClock, parse_local
from bot.console import console
from bot.console.engine import Engine
from bot.console.sessions import Cookies
from bot.console.tools import Tools
from bot.evidence.storage import Folder
from bot.store import console_sessions, migrate
from bot.store.access import Enrolment, Role, Scope
from bot.store.database import Database
from bot.store.stored_record import StoredRecord
from bot.web.evidence import EvidencePages
from knowledge.answering.engine import Answerer
from knowledge.loader import load_base
from knowledge.schema import Base
from tests.bot.store import school_house
from tests.bot.store.school_house import NOW
from tests.bot.web.reading import words

HOST = "http://console.test"
PASSWORD = "correct horse battery"
SLUG = school_house.SLUG
OTHER_SLUG = "mobile-learning"
START = parse_local("2025-11-20T10:00")
"""The moment `NOW`; the clock stands still until `house.clock` is moved."""

T = TypeVar("T")


@cache
def answerer() -> Answerer:
    """The engine, made once for all tests of a process."""
    return Answerer(load_base())


class Well:
    """A service that is well."""

    draining = False
    alive = True
    tick_age_seconds = 3.0
    roles = ("web", "worker", "scheduler")


@dataclass(slots=True)
class Console:
    """The running console and the means to look behind it."""

    app: Starlette
    database: Database
    clock: ShiftedClock
    base: Base
    folder: Folder
    outgoing: list[None]
    """One for each time that somebody called `tools.on_outgoing`."""

    def browser(self, address: str = "10.0.0.1") -> httpx.AsyncClient:
        """A new browser with an empty cookie jar that does not follow redirects by itself."""
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return httpx.AsyncClient(transport=transport, base_url=HOST)

    async def do(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Something that is done to the database, in a transaction of its own."""
        async with self.database.write() as tx:
            return await work(tx)

    async def school(self, name: str, slug: str = SLUG, *, county: str = "") -> Enrolment:
        """A school's part in the newest edition of a programme."""
        return await self.do(lambda tx: school_house.school(tx, name, slug, county=county))

    async def member(self, name: str, place: Enrolment, role: Role = Role.COORDINATOR) -> Scope:
        """A new person with a role at a school, who talks at `web:<name>`."""
        return await self.do(lambda tx: school_house.member(tx, name, place, role))

    async def log(self, scope: Scope, place: Enrolment, **fields: Any) -> StoredRecord:
        """A record of a member's, like `school_house.MEETING` but for the given fields."""
        return await self.do(lambda tx: school_house.logged(tx, scope, place, **fields))

    async def office(self, slug: str = SLUG, name: str = "office") -> Scope:
        """A new person in a programme's office."""
        return await self._somebody(name, Role.OFFICE, slug)

    async def admin(self, name: str = "admin") -> Scope:
        """A new admin."""
        return await self._somebody(name, Role.ADMIN, "")

    async def _somebody(self, name: str, role: Role, slug: str) -> Scope:
        async def work(tx: AsyncConnection) -> Scope:
            return await school_house.enter(tx, await school_house.person(tx, name), role, programme=slug)

        return await self.do(work)

    async def session(self, scope: Scope) -> str:
        """The cookie of a session of somebody's."""
        at = int(self.clock.now().timestamp() * 1000)
        return await self.do(lambda tx: console_sessions.begin(tx, scope.person, at))

    async def at(self, scope: Scope) -> Desk:
        """Somebody who is signed in, at a browser of their own."""
        browser = self.browser()
        browser.cookies.set("xueban-admin", await self.session(scope))
        return Desk(browser)


@dataclass(slots=True)
class Desk:
    """Somebody at a browser."""

    browser: httpx.AsyncClient

    async def see(self, path: str = "/admin", **params: str) -> httpx.Response:
        """A page."""
        return await self.browser.get(path, params=params)

    async def read(self, path: str = "/admin", **params: str) -> str:
        """The words on a page, which must be there."""
        shown = await self.see(path, **params)
        assert shown.status_code == 200, (shown.status_code, words(shown.text))
        return words(shown.text)

    async def send(self, path: str, data: dict[str, Any] | None = None) -> httpx.Response:
        """A form with its hidden field, sent; the redirect is not followed."""
        return await self.browser.post(path, data={"csrf": await self.csrf(), **(data or {})})

    async def done(self, path: str, data: dict[str, Any] | None = None) -> str:
        """A form that is sent and accepted; the words of the page that follows."""
        sent = await self.send(path, data)
        assert sent.status_code == 303, (sent.status_code, words(sent.text))
        return await self.read(sent.headers["location"])

    async def csrf(self) -> str:
        """The hidden field's value, read off a page as a browser has it."""
        page = await self.browser.get("/admin/no-such-page")  # any page has it, and this one reads little
        return page.text.partition('name="csrf" value="')[2].partition('"')[0]


def make_app(
    database: Database, clock: ShiftedClock, root: Path, password: str = PASSWORD, *, secure: bool = False
) -> tuple[Starlette, Tools, list[None]]:
    """The console's routes and evidence, as `bot.site` puts them together."""
    base, cookies, outgoing = load_base(), Cookies(secure=secure), list[None]()
    page = console.renderer(base, cookies)
    tools = Tools(
        database, clock, base, Folder(root), Well(), page=page, address=HOST,
        on_outgoing=lambda: outgoing.append(None), engine=Engine(answerer),
    )  # fmt: skip
    evidence = EvidencePages(database, tools.storage, secure=secure)
    return Starlette(routes=[*evidence.routes(), *console.routes(tools, cookies, password)]), tools, outgoing


@asynccontextmanager
async def console_house(
    url: str, root: Path, password: str = PASSWORD, *, secure: bool = False, running: bool = False
) -> AsyncIterator[Console]:
    """The console; `running`: its clock goes on."""
    database, clock = Database(url), ShiftedClock(START, running=running)
    await migrate.to_head(database)
    app, tools, outgoing = make_app(database, clock, root, password, secure=secure)
    try:
        yield Console(app, database, clock, tools.base, Folder(root), outgoing)
    finally:
        await database.close()


def said(response: httpx.Response) -> str:
    """The words of a response."""
    return words(response.text)


def accessible(page: Page, *, but: Collection[str] = ()) -> None:
    """Assert that axe-core finds nothing serious or critical on the page as it stands. `but`: rules left out."""
    found = Axe().run(page).response["violations"]
    bad = [each for each in found if each["impact"] in ("serious", "critical") and each["id"] not in but]
    assert not bad, [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in bad]


assert int(START.timestamp() * 1000) == NOW
