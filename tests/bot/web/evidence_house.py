"""The chat page with files: a school, its teacher at a browser, and all that takes, keeps and hands out files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import httpx
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels.web import WebChannel
from bot.clock import ShiftedClock
from bot.evidence.intake import Intake
from bot.evidence.preparing import Preparing
from bot.evidence.storage import Folder
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.messages import Incoming, Kind, Text
from bot.store import file_links, migrate, people
from bot.store.access import Enrolment, Role, scope_of
from bot.store.database import Database
from bot.store.evidence import Evidence, read
from bot.store.stored_record import StoredRecord
from bot.store.work_tables import evidence as table
from bot.web import chat
from bot.web.evidence import EvidenceFiles, EvidencePages
from bot.web.files import Files
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.evidence import EvidenceDesk
from handlers.router import Router
from tests.bot.rehearsal import FRIDAY, HOST
from tests.bot.store.school_house import NOW, enter, logged, school
from tests.bot.web.reading import once_of
from tests.databases import lay_out

LIMIT = 1024 * 1024


class Clerk:
    """Answers files and their buttons as the service does, and says back whatever else is said."""

    def __init__(self) -> None:
        self._files = EvidenceDesk(HOST, LIMIT)

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """One turn."""
        turn: Turn | None = None
        if incoming.kind is Kind.FILE:
            turn = await self._files.received(state, incoming, desk)
        elif incoming.kind is Kind.CHOICE:
            turn = await self._files.act(state, incoming.action.removeprefix("v:"), desk)
        return turn or Turn(state, (Text(f"您說：{incoming.text}"),))


@dataclass(slots=True)
class FileHouse:
    """A running page, and the means to let people in and to look behind it."""

    app: Starlette
    database: Database
    clock: ShiftedClock
    folder: Folder
    root: Path

    def browser(self) -> httpx.AsyncClient:
        """A new browser with an empty cookie jar that does not follow redirects by itself."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HOST)

    async def let_in(self, session: str, place: Enrolment, role: Role = Role.TEACHER) -> str:
        """Make whoever is at a page a member of a school; returns the person."""
        async with self.database.write() as tx:
            person = await people.of_conversation(tx, f"web:{session}", NOW)
            await enter(tx, person, role, place)
            return person

    async def school(self, name: str) -> Enrolment:
        """A school."""
        async with self.database.write() as tx:
            return await school(tx, name)

    async def log(self, person: str, place: Enrolment) -> StoredRecord:
        """A record of somebody's."""
        async with self.database.write() as tx:
            return await logged(tx, await scope_of(tx, person), place)

    async def files(self) -> list[Evidence]:
        """All files that were not deleted."""
        async with self.database.read() as connection:
            return [read(row) for row in await connection.execute(select(table).order_by(table.c.source))]

    async def link(self, person: str, identity: str, until: int) -> str:
        """The address of a link to a file."""
        async with self.database.write() as tx:
            token = await file_links.make(tx, person, "evidence", {"evidence": identity, "until": until}, NOW)
        return f"/files/{token}"

    def kept(self) -> list[Path]:
        """What lies in the folder."""
        return [path for path in self.root.rglob("*") if path.is_file()]


@asynccontextmanager
async def file_house(url: str, root: Path, *, start: datetime = FRIDAY) -> AsyncIterator[FileHouse]:
    """The page over a real database, taking files of at most `LIMIT`."""
    lay_out(url)
    database, clock, stopping = Database(url), ShiftedClock(start), asyncio.Event()
    await migrate.to_head(database)
    router = cast(Router, Clerk())
    worker = Worker(database, {"web": WebChannel()}, router, clock, on_outgoing=lambda: None)
    folder = Folder(root)
    intake = Intake(database, folder, Preparing(LIMIT), clock)
    pages = chat.ChatPages(database, Ingest(database, clock, on_stored=worker.wake), clock, False, intake)
    files = Files(database, clock, {"evidence": EvidenceFiles(folder)})
    routes = [*pages.routes(), *files.routes(), *EvidencePages(database, folder, secure=False).routes()]
    app = Starlette(routes=[*routes, Mount("/static", chat.static_files(), name="static")])
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield FileHouse(app, database, clock, folder, root)
    finally:
        stopping.set()
        worker.wake()
        await task
        await database.close()


async def send_files(
    browser: httpx.AsyncClient, *files: tuple[str, bytes], text: str = "", **fields: str
) -> httpx.Response:
    """Choose files in the form of the page, write something beside them, and send."""
    page = await browser.get("/")
    parts = [("file", (name, content)) for name, content in files]
    data = {"id": once_of(page.text), "text": text, **fields}
    return await browser.post("/chat", data=data, files=parts or [("file", ("", b""))])
