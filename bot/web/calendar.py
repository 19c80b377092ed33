"""`/calendar/<secret>.ics`: the deadlines and activities of whoever was given the address, for their own calendar.

No session and no password: the address is the key, as calendars want it. What it shows is decided at each request, so
that whoever left a school reads nothing of it any more.
"""

from __future__ import annotations

import asyncio
import hashlib
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.papers.agenda import look, whole
from bot.papers.calendar import MEDIA_TYPE, Entry, calendar_file
from bot.store import calendars
from bot.store.access import scope_of
from bot.store.database import Database
from bot.web.visitors import HEADERS as PAGE_HEADERS
from bot.web.visitors import patient
from knowledge.schema import Base

NAME = "學伴：期限與活動"
GONE = "這個行事曆網址不存在，或已經換掉。請回到對話裡打「行事曆」，拿新的網址。"
HEADERS = {
    **PAGE_HEADERS,
    "Cache-Control": "private, no-cache",  # keep it, and ask each time whether it is still the newest
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TAG = re.compile(r'"([^"]*)"')


class CalendarFeeds:
    """The feeds."""

    def __init__(self, database: Database, clock: Clock, base: Base) -> None:
        self._database = database
        self._clock = clock
        self._base = base

    def routes(self) -> list[Route]:
        """`/calendar/<secret>.ics`."""
        return [Route("/calendar/{secret}.ics", patient(self._feed), methods=["GET"])]

    async def _feed(self, request: Request) -> Response:
        secret = request.path_params["secret"]
        entries = await self._entries(secret) if _SECRET.fullmatch(secret) else None
        if entries is None:
            return PlainTextResponse(GONE, 404, headers=dict(HEADERS))
        # Beside the event loop: a mentor of many schools has a long calendar.
        content = await asyncio.to_thread(calendar_file, NAME, entries)
        tag = hashlib.sha256(content).hexdigest()[:32]
        headers = {**HEADERS, "ETag": f'"{tag}"'}
        if _is_known(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="xueban.ics"'
        return Response(content, headers=headers, media_type=MEDIA_TYPE)

    async def _entries(self, secret: str) -> tuple[Entry, ...] | None:
        now = self._clock.now()
        async with self._database.read() as tx:
            person = await calendars.owner(tx, secret)
            if person is None:
                return None
            scope = await scope_of(tx, person)
            agenda = await look(tx, scope, scope.writable, base=self._base, now=now)
        return await whole(self._database, agenda, [place.id for place in scope.writable], now)


def _is_known(asked: str, tag: str) -> bool:
    """Whether the newest is what a calendar says it has: a list of tags, weak or strong, or `*`."""
    return asked.strip() == "*" or tag in _TAG.findall(asked)
