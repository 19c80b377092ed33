"""A worker with a database, a clock and a parrot to talk to, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.clock import ShiftedClock, epoch_ms
from bot.inbox.worker import Worker
from bot.messages import Channel, Incoming
from bot.store import inbox
from bot.store.database import Database
from bot.store.tables import outbox
from tests.parrot import Parrot, ParrotChannel, events


@dataclass
class House:
    """A worker with all it needs."""

    database: Database
    clock: ShiftedClock
    channel: ParrotChannel = field(default_factory=ParrotChannel)
    parrot: Parrot = field(default_factory=Parrot)
    slow: list[Incoming] = field(default_factory=list)
    rung: int = 0

    def worker(self, channels: Mapping[str, Channel] | None = None) -> Worker:
        return Worker(
            self.database,
            channels or {"parrot": self.channel},
            self.parrot,
            self.clock,
            on_outgoing=self._ring,
            on_slow=self.slow.append,
        )

    def _ring(self) -> None:
        self.rung += 1

    async def receive(self, *raw: dict[str, Any], channel: str = "parrot") -> None:
        async with self.database.write() as tx:
            await inbox.store(tx, events(*raw, channel=channel), epoch_ms(self.clock.now()))

    async def work(self) -> int:
        """Handle all that is due; returns how many steps that took."""
        worker, steps = self.worker(), 0
        while await worker.step():
            steps += 1
        return steps

    async def later(self, milliseconds: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(milliseconds=milliseconds))
        await self.work()

    async def answers(self, who: str = "") -> list[str]:
        query = select(outbox.c.payload).order_by(outbox.c.seq, outbox.c.id)
        if who:
            query = query.where(outbox.c.address == who)
        async with self.database.read() as connection:
            rows = await connection.execute(query)
            return [said_text for row in rows for said_text in row.payload["texts"]]

    async def column(self, column: Any) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(select(column).order_by(*column.table.primary_key))).scalars())
