"""What a handler may reach beyond its arguments: the transaction of its event, and whose event it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store import people


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is read and written through it is stored together with the new state and the reply, or not at all."""

    tx: AsyncConnection
    conversation_id: str
    now: datetime
    """Aware."""

    @property
    def at(self) -> int:
        """Now in epoch milliseconds, the database's unit."""
        return epoch_ms(self.now)

    @property
    def local(self) -> datetime:
        """Now as wall time in Taipei, without a zone: what rules and people's words are about."""
        return self.now.astimezone(TAIPEI).replace(tzinfo=None)

    @property
    def channel(self) -> str:
        """Where the event came from: `line`, `telegram`, `web`, `terminal`."""
        return self.conversation_id.partition(":")[0]

    async def person(self) -> str:
        """Whose conversation this is."""
        return await people.of_conversation(self.tx, self.conversation_id, self.at)
