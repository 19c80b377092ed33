"""The ways in and out: the first admin's password, a link that works once, signing out."""

from __future__ import annotations

import ipaddress

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.console.guard import SIGN_IN, Guard, RefusedError, may_enter, own_path
from bot.console.page import ROOT, Renderer
from bot.console.passwords import Passwords
from bot.console.sessions import Cookies
from bot.console.visit import Visit, read_form
from bot.store import console_log, console_sessions
from bot.store.access import scope_of
from bot.store.database import Database

WRONG = "密碼不對，沒有登入。"
TOO_MANY = "密碼錯太多次了，請 15 分鐘後再試。"
LINK_OVER = "這個登入連結已經用過、過期，或不再有權限。請在聊天裡打「後台」，拿一個新的。"
SIGNED_OUT = "已經登出。"
PASSWORD, LINK = "password", "link"


class SignIn:
    """Pages for whoever is not signed in yet, and signing out."""

    def __init__(
        self, guard: Guard, database: Database, clock: Clock, cookies: Cookies, page: Renderer, passwords: Passwords
    ) -> None:
        self._guard = guard
        self._database = database
        self._clock = clock
        self._cookies = cookies
        self._page = page
        self._passwords = passwords

    def routes(self) -> list[Route]:
        """`/admin/sign-in`, `/admin/enter/<token>`, `/admin/sign-out`."""
        guard = self._guard
        return [
            guard.open(SIGN_IN, self._show, ["GET"]),
            guard.open(SIGN_IN, self._try, ["POST"]),
            guard.open(f"{ROOT}/enter/{{token}}", self._ask, ["GET"]),
            guard.open(f"{ROOT}/enter/{{token}}", self._enter, ["POST"]),
            guard.post(f"{ROOT}/sign-out", self._leave),
        ]

    async def _show(self, request: Request) -> Response:
        following = own_path(request.query_params.get("next", ""))
        if await self._guard.visit(request):
            return RedirectResponse(following, 303)
        said = SIGNED_OUT if request.query_params.get("out") == "1" else ""
        return self._form(following, said=said)

    async def _try(self, request: Request) -> Response:
        form = await read_form(request)
        following, now = own_path(form.get("next")), epoch_ms(self._clock.now())
        address = _place(request)
        async with self._database.write() as tx:
            allowed = await console_sessions.may_try(tx, address, now)
        if not allowed:
            return self._form(following, TOO_MANY, 429)
        # Outside of any transaction: it is slow on purpose.
        if not await self._passwords.is_right(form.get("password")):
            return self._form(following, WRONG, 403)
        async with self._database.write() as tx:
            await console_sessions.forgive(tx, address)
            person = await console_sessions.first_admin(tx, now)
            token = await self._begin(tx, request, person, PASSWORD, now)
        return self._welcome(token, following)

    async def _ask(self, _request: Request) -> Response:
        """Looking uses nothing up: chats look at links before people do."""
        return self._page.render("enter.html", None)

    async def _enter(self, request: Request) -> Response:
        now = epoch_ms(self._clock.now())
        async with self._database.write() as tx:
            person = await console_sessions.use_entry(tx, request.path_params["token"], now)
            may = person is not None and may_enter(await scope_of(tx, person))
            token = await self._begin(tx, request, person, LINK, now) if person and may else ""
        if not token:
            raise RefusedError(410, LINK_OVER)
        return self._welcome(token, ROOT)

    async def _leave(self, _request: Request, visit: Visit) -> Response:
        async with self._database.write() as tx:
            await console_sessions.end(tx, visit.token)
            await console_log.note(tx, visit.person, console_log.SIGN_OUT, visit.at)
        response = RedirectResponse(f"{SIGN_IN}?out=1", 303)
        self._cookies.sign_out(response)
        return response

    async def _begin(self, tx: AsyncConnection, request: Request, person: str, way: str, now: int) -> str:
        """A new session with a new secret, whatever the browser brought along; the one that it had ends."""
        if had := self._cookies.token(request):
            await console_sessions.end(tx, had)
        await console_log.note(tx, person, console_log.SIGN_IN, now, data={"way": way})
        return await console_sessions.begin(tx, person, now)

    def _welcome(self, token: str, to: str) -> Response:
        response = RedirectResponse(to, 303)
        self._cookies.sign_in(response, token)
        return response

    def _form(self, following: str, problem: str = "", status: int = 200, said: str = "") -> Response:
        by_password = self._passwords.is_set
        values = {"following": following, "problem": problem, "said": said, "by_password": by_password}
        return self._page.render("sign_in.html", None, status, **values)


def _place(request: Request) -> str:
    """Where a request comes from: of IPv6 the network, since one household has as many addresses as it likes."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((int(address), 64), strict=False))
