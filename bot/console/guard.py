"""Lets into the console who may be there, and nobody else; puts the security headers on everything that leaves it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.console.page import ROOT, Renderer
from bot.console.sessions import Cookies
from bot.console.visit import CSRF, UnreadableFormError, Visit, read_form
from bot.store import console_sessions
from bot.store.access import Role, Scope, scope_of
from bot.store.database import Database
from bot.web.visitors import HEADERS as VISITORS_HEADERS
from bot.web.visitors import from_elsewhere
from bot.web.webhooks import BodyTooLargeError

log = structlog.get_logger(__name__)

SIGN_IN = f"{ROOT}/sign-in"
HEADERS = {
    **VISITORS_HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOT_FOUND = "找不到這一頁，或您沒有權限看。"
NOT_OUR_PAGE = "這個要求不是從後台的頁面送出的，所以沒有處理。請回到上一頁，重新整理後再送一次。"
UNREADABLE = "這個要求讀不懂，所以沒有處理。請回到上一頁再送一次。"
TOO_LARGE = "送出的內容太大，所以沒有處理。請分幾次送。"
AWAY = "現在連不上資料庫，沒有處理。請過一會兒再試。"
_OURS = re.compile(rf"{ROOT}(?:[/?][\w\-./?=&%]*)?", re.ASCII)


class Number(Convertor[int]):
    """`{id:number}`: what a database takes for a number. Starlette's own `int` fails at one of thousands of digits."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """See `Convertor`."""
        return int(value)

    def to_string(self, value: int) -> str:
        """See `Convertor`."""
        return str(value)


register_url_convertor("number", Number())

Open = Callable[[Request], Awaitable[Response]]
"""An endpoint for everybody."""
Endpoint = Callable[[Request, Visit], Awaitable[Response]]
"""An endpoint for who is signed in."""


class RefusedError(Exception):
    """A request that is not done: HTTP status, and one sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def not_found() -> RefusedError:
    """For what is not there and for what the visitor may not see alike."""
    return RefusedError(404, NOT_FOUND)


class Guard:
    """Makes routes of endpoints."""

    def __init__(self, database: Database, clock: Clock, cookies: Cookies, page: Renderer) -> None:
        self._database = database
        self._clock = clock
        self._cookies = cookies
        self._page = page

    def get(self, path: str, endpoint: Endpoint, *, admin_only: bool = False) -> Route:
        """A page to look at; it must change nothing. HEAD is answered too."""
        return Route(path, self._guarded(self._signed_in(endpoint, admin_only)), methods=["GET"])

    def post(self, path: str, endpoint: Endpoint, *, admin_only: bool = False) -> Route:
        """A change. The endpoint finds the checked form in `visit.form`, and ends with `Renderer.see_other`."""
        return Route(path, self._guarded(self._signed_in(endpoint, admin_only)), methods=["POST"])

    def open(self, path: str, endpoint: Open, methods: list[str]) -> Route:
        """What needs no session: signing in. The endpoint itself reads its form, with `visit.read_form`."""

        async def checked(request: Request) -> Response:
            if request.method == "POST" and from_elsewhere(request):
                raise RefusedError(403, NOT_OUR_PAGE)
            return await endpoint(request)

        return Route(path, self._guarded(checked), methods=methods)

    async def visit(self, request: Request) -> Visit | None:
        """Who is signed in and may be here; None for anybody else. Who lost their role a second ago is nobody."""
        token = self._cookies.token(request)
        if not token:
            return None
        now = self._clock.now()
        async with self._database.read() as connection:
            session = await console_sessions.find(connection, token, epoch_ms(now))
            scope = await scope_of(connection, session.person) if session else None
        if session is None or scope is None or not may_enter(scope):
            return None
        if epoch_ms(now) - session.seen_at >= console_sessions.TOUCH_MS:
            async with self._database.write() as tx:
                await console_sessions.touch(tx, token, epoch_ms(now))
        is_script = request.headers.get("hx-request") == "true"
        visit = Visit(scope, now, request.url.path, token, is_script=is_script)
        return replace(visit, said=self._cookies.heard(request, visit))

    def _signed_in(self, endpoint: Endpoint, admin_only: bool) -> Open:
        async def signed_in(request: Request) -> Response:
            visit = await self.visit(request)
            if visit is None:
                return _to_sign_in(request)
            # No id of ours has a control character, and a database may refuse to compare such text at all.
            if (admin_only and not visit.is_admin) or not request.url.path.isprintable() or "%00" in request.url.path:
                raise not_found()
            if request.method == "POST":
                visit = await _with_form(request, visit)
            return await endpoint(request, visit)

        return signed_in

    def _guarded(self, endpoint: Open) -> Open:
        """Every response has the security headers, and every refusal says in one sentence what to do."""

        async def guarded(request: Request) -> Response:
            try:
                response = await endpoint(request)
            except RefusedError as refused:
                response = await self._refuse(request, refused)
            except UnreadableFormError:
                response = await self._refuse(request, RefusedError(400, UNREADABLE))
            except BodyTooLargeError:
                response = await self._refuse(request, RefusedError(413, TOO_LARGE))
            except ClientDisconnect:
                response = Response(status_code=400)
            except (SQLAlchemyError, OSError) as error:
                log.error("console.database_away", error=type(error).__name__)
                response = self._page.render("refused.html", None, 503, sentence=AWAY)
            response.headers.update({name: value for name, value in HEADERS.items() if name not in response.headers})
            return response

        return guarded

    async def _refuse(self, request: Request, refused: RefusedError) -> Response:
        try:
            visit = await self.visit(request)
        except (SQLAlchemyError, OSError):  # the sentence is worth more than the navigation around it
            visit = None
        return self._page.render("refused.html", visit, refused.status, sentence=refused.sentence)


def may_enter(scope: Scope) -> bool:
    """Whether the console is for somebody: offices and admins."""
    return any(each.role in (Role.OFFICE, Role.ADMIN) for each in scope.memberships)


def own_path(value: str) -> str:
    """A path of the console that somebody wanted to see; the first page for whatever else it is."""
    return value if len(value) <= 300 and _OURS.fullmatch(value) and "//" not in value else ROOT


async def _with_form(request: Request, visit: Visit) -> Visit:
    if from_elsewhere(request):
        raise RefusedError(403, NOT_OUR_PAGE)
    form = await read_form(request)
    if not hmac.compare_digest(form.get(CSRF).encode(), visit.csrf.encode()):
        raise RefusedError(403, NOT_OUR_PAGE)
    return replace(visit, form=form)


def _to_sign_in(request: Request) -> Response:
    """Where it was a mere look, the visitor comes back to it afterwards."""
    wanted = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    is_look = request.method in ("GET", "HEAD") and own_path(wanted) not in (ROOT, SIGN_IN)
    to = f"{SIGN_IN}?next={quote(wanted, safe='')}" if is_look else SIGN_IN
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": SIGN_IN})
    return RedirectResponse(to, 303)
