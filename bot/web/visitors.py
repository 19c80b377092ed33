"""Who is at the chat page: a random cookie, whether a request comes from our own page, and what all pages carry."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

log = structlog.get_logger(__name__)

YEAR_SECONDS = 365 * 24 * 3600
_COOKIE = re.compile(r"[A-Za-z0-9_-]{32}")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with that a browser sends `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

AWAY = "現在拿不到資料，請過一會兒再試。"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser."""

    cookie: str
    """192 random bits; whoever has them reads the conversation."""

    @property
    def session(self) -> str:
        """What is stored in place of the cookie, so that a copy of the database opens no conversation."""
        return hashlib.sha256(self.cookie.encode()).hexdigest()[:40]

    @property
    def conversation_id(self) -> str:
        """The primary key of its conversation row."""
        return f"web:{self.session}"


class Cookies:
    """Hands out the session cookie and reads it back. `secure`: the page is served over https."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        # With this prefix a browser takes the cookie from no other host and no plain http.
        self.name = "__Host-xueban" if secure else "xueban"

    def read(self, request: Request) -> Visitor | None:
        """The visitor that a request names; None without a cookie that could be ours."""
        value = request.cookies.get(self.name, "")
        return Visitor(value) if _COOKIE.fullmatch(value) else None

    def new(self) -> Visitor:
        """A visitor whom nobody else can be."""
        return Visitor(secrets.token_urlsafe(24))

    def give(self, response: Response, visitor: Visitor) -> None:
        """Set the cookie for another year."""
        response.set_cookie(
            self.name,
            visitor.cookie,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )


def from_elsewhere(request: Request) -> bool:
    """Whether another site's page made this request (CSRF). What sends neither header is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def patient(endpoint: Endpoint) -> Endpoint:
    """The endpoint, but where the database or the storage is away that is said, and nothing else is told of it."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (SQLAlchemyError, OSError) as error:
            log.error("page.database_away", page=request.url.path.split("/")[1], error=type(error).__name__)
            return PlainTextResponse(AWAY, 503, headers=dict(HEADERS))

    return answer
