"""Puts the console together: every page there is, and what guards them."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.console.guard import Guard, not_found
from bot.console.page import ROOT, STATIC, NavEntry, Renderer
from bot.console.pages.answers import Answers
from bot.console.pages.deadlines import Deadlines
from bot.console.pages.deliveries import Deliveries
from bot.console.pages.log import Log
from bot.console.pages.people import People
from bot.console.pages.questions import Questions
from bot.console.pages.schools import Schools
from bot.console.pages.today import Today
from bot.console.passwords import Passwords
from bot.console.sessions import Cookies
from bot.console.sign_in import SignIn
from bot.console.tools import Tools
from bot.console.visit import Visit
from bot.web.chat import static_files
from knowledge.schema import Base


class ConsolePage(Protocol):
    """One page with all that lies below it."""

    path: str
    title: str
    """In the navigation."""
    admin_only: bool

    def __init__(self, tools: Tools) -> None: ...

    def routes(self, guard: Guard) -> list[Route]:
        """Everything that it serves."""
        ...


PAGES: tuple[type[ConsolePage], ...] = (Today, Schools, Deadlines, People, Questions, Answers, Deliveries, Log)
"""In the order of the navigation."""


def renderer(base: Base, cookies: Cookies) -> Renderer:
    """What renders the pages, with the navigation of all of them."""
    return Renderer(base, [NavEntry(each.path, each.title, each.admin_only) for each in PAGES], cookies)


def routes(tools: Tools, cookies: Cookies, password: str) -> list[BaseRoute]:
    """Everything below `/admin`.

    Args:
        tools: for the pages; `tools.page` is from `renderer`.
        cookies: of the console.
        password: of the first admin, in clear or as an argon2 hash; empty: nobody signs in by password.
    """
    guard = Guard(tools.database, tools.clock, cookies, tools.page)
    sign_in = SignIn(guard, tools.database, tools.clock, cookies, tools.page, Passwords(password))
    static = Mount(f"{ROOT}/static", static_files(STATIC), name="console-static")
    found = [route for page in PAGES for route in page(tools).routes(guard)]
    rest = f"{ROOT}/{{rest:path}}"
    return [static, *sign_in.routes(), *found, guard.get(rest, _nothing), guard.post(rest, _nothing)]


async def _nothing(_request: Request, _visit: Visit) -> Response:
    raise not_found()
