"""Hands files out: to the session of someone who may see them now, or through a link made for such a person."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock, epoch_ms
from bot.evidence.inspect import IMAGES
from bot.evidence.storage import Storage
from bot.store import evidence, people
from bot.store.access import scope_of
from bot.store.database import Database
from bot.store.evidence import STORED, Evidence
from bot.store.file_links import FileLink
from bot.web.files import Made
from bot.web.visitors import HEADERS, Cookies, patient

NOT_FOUND = "找不到這個檔案，或您沒有權限看。請回到對話裡，從紀錄再打開一次。"
SAFE = {
    **HEADERS,
    # Whatever a file may hold, it can do nothing: no script, no form, no origin.
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class EvidencePages:
    """`/evidence/<id>`. `secure`: the pages are served over https."""

    def __init__(self, database: Database, storage: Storage, *, secure: bool) -> None:
        self._database = database
        self._storage = storage
        self._cookies = Cookies(secure=secure)

    def routes(self) -> list[Route]:
        """`/evidence/<id>`."""
        return [Route("/evidence/{identity}", patient(self._hand_out), methods=["GET"])]

    async def _hand_out(self, request: Request) -> Response:
        file = await self._visible(request)
        content = await self._storage.get(file.sha256) if file else None
        if file is None or content is None:
            # The same answer for what is not there and what is not theirs.
            return PlainTextResponse(NOT_FOUND, 404, headers=SAFE)
        way = "inline" if file.media_type in IMAGES else "attachment"
        headers = {**SAFE, "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}"}
        return Response(content, headers=headers, media_type=file.media_type)

    async def _visible(self, request: Request) -> Evidence | None:
        visitor = self._cookies.read(request)
        if visitor is None:
            return None
        async with self._database.read() as connection:
            person = await people.find(connection, visitor.conversation_id)
            return await _find(connection, person, request.path_params["identity"])


class EvidenceFiles:
    """Implements `bot.web.files.Maker` for links of the kind `evidence`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """The file, if the link is still good and its owner may still see it."""
        if epoch_ms(clock.now()) > int(link.data.get("until", 0)):
            return None
        file = await _find(connection, link.person, str(link.data.get("evidence", "")))
        content = await self._storage.get(file.sha256) if file else None
        return Made(file.name, file.media_type, content) if file and content is not None else None


async def _find(connection: AsyncConnection, person: str | None, identity: str) -> Evidence | None:
    if not person:
        return None
    file = await evidence.find(connection, await scope_of(connection, person), identity)
    return file if file and file.state == STORED else None
