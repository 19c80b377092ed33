"""A school, its teacher, and everything that fetches and keeps files, with a real database and real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.clock import ShiftedClock, epoch_ms
from bot.evidence.fetch import Fetcher
from bot.evidence.preparing import Preparing
from bot.evidence.sources import LineFiles, Source, TelegramFiles
from bot.evidence.storage import Folder
from bot.messages import Channel
from bot.store import evidence
from bot.store.access import Enrolment, Role, Scope
from bot.store.database import Database
from bot.store.evidence import Evidence, NewEvidence
from bot.store.tables import conversations, outbox
from bot.store.work_tables import evidence as table
from tests.bot.store.school_house import member, school
from tests.fakes.line import FakeLine
from tests.fakes.telegram import TOKEN, FakeTelegram

LIMIT = 1024 * 1024
CHAT = "line:U1"


@dataclass
class Depot:
    """`await open()` first."""

    database: Database
    clock: ShiftedClock
    root: Path
    line: FakeLine
    telegram: FakeTelegram
    scope: Scope = field(init=False)
    place: Enrolment = field(init=False)

    def __post_init__(self) -> None:
        self.folder = Folder(self.root)
        sources: dict[str, Source] = {
            "line": LineFiles("t", self.line.url, LIMIT),
            "telegram": TelegramFiles(TOKEN, self.telegram.url, LIMIT),
        }
        self.sources = sources
        self.fetcher = self.another()

    def another(self) -> Fetcher:
        """One more process that fetches."""
        channels: dict[str, Channel] = {"line": LineChannel("s"), "telegram": TelegramChannel("s")}
        return Fetcher(self.database, self.folder, self.sources, channels, Preparing(LIMIT), self.clock)

    async def open(self) -> None:
        """Let the teacher in, on LINE and Telegram."""
        async with self.database.write() as tx:
            self.place = await school(tx, "甲校")
            self.scope = await member(tx, "teacher", self.place, Role.TEACHER)
            for channel, address in (("line", "U1"), ("telegram", "70001")):
                row = {"id": f"{channel}:{address}", "channel": channel, "address": address, "person_id": "teacher"}
                await tx.execute(insert(conversations).values(**row, created_at=1, updated_at=1))

    async def close(self) -> None:
        """Give the connections back."""
        for source in self.sources.values():
            await source.close()

    @property
    def now(self) -> int:
        """Epoch milliseconds."""
        return epoch_ms(self.clock.now())

    async def send(
        self, source: str, *, name: str = "", channel: str = "line", batch: str = "b1", message: str = ""
    ) -> None:
        """A message with a file was handled."""
        new = NewEvidence(channel, message or source, source, name)
        chat = CHAT if channel == "line" else "telegram:70001"
        async with self.database.write() as tx:
            await evidence.add(tx, new, person="teacher", conversation_id=chat, batch=batch, now=self.now)

    async def files(self) -> list[Evidence]:
        """What the teacher has sent."""
        async with self.database.read() as connection:
            return await evidence.of_batch(connection, self.scope, "b1")

    async def file(self) -> Evidence:
        """The only one."""
        (found,) = await self.files()
        return found

    async def fetch(self) -> int:
        """Fetch until nothing is due; returns how many attempts that took."""
        steps = 0
        while await self.fetcher.step():
            steps += 1
        return steps

    async def told(self) -> list[dict[str, Any]]:
        """Messages that were put into the outbox."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox.c.payload).order_by(outbox.c.created_at))
            return [row.payload for row in rows]

    async def row(self, column: Any) -> Any:
        """One column of the only row, deleted or not."""
        async with self.database.read() as connection:
            return (await connection.execute(select(table.c[column]))).scalar_one()

    def stored_files(self) -> list[Path]:
        """What lies in the folder."""
        return [path for path in self.root.rglob("*") if path.is_file()]
