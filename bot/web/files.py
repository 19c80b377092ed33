"""Files behind a link: `/files/<token>` makes what the link stands for, as it is now, and hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.store import file_links
from bot.store.database import Database
from bot.store.file_links import FileLink
from bot.web.visitors import HEADERS, patient

GONE = "這個連結已經過期或不存在。請回到對話裡，再按一次匯出。"


@dataclass(frozen=True, slots=True)
class Made:
    """A file."""

    name: str
    media_type: str
    content: bytes


class Maker(Protocol):
    """Makes one kind of file."""

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """The file a link stands for; None where what it was made of is gone."""
        ...


class Files:
    """The page. `makers`: what makes each kind of file."""

    def __init__(self, database: Database, clock: Clock, makers: Mapping[str, Maker]) -> None:
        self._database = database
        self._clock = clock
        self._makers = makers

    def routes(self) -> list[Route]:
        """`/files/<token>`."""
        return [Route("/files/{token}", patient(self._hand_out), methods=["GET"])]

    async def _hand_out(self, request: Request) -> Response:
        made = await self._make(request.path_params["token"])
        if made is None:
            return PlainTextResponse(GONE, 404, headers=dict(HEADERS))
        headers = {
            **HEADERS,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}",
            "Cache-Control": "private, no-store",
        }
        return Response(made.content, headers=headers, media_type=made.media_type)

    async def _make(self, token: str) -> Made | None:
        async with self._database.read() as connection:
            link = await file_links.find(connection, token, epoch_ms(self._clock.now()))
            maker = self._makers.get(link.kind) if link else None
            return await maker(connection, link, self._clock) if link and maker else None
