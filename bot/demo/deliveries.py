"""What became of messages, by the real dispatcher over a LINE that is only played: most arrive, some do not."""

from __future__ import annotations

from bot.clock import ShiftedClock, from_epoch_ms
from bot.demo.dice import dice
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Delivery
from scheduler.dispatch import Dispatcher, Outcome, Result

OWNER = "demo"
COUNTED = "line"
LEASE_MS = 60_000
_FATES = ((0.10, Result.DEAD, "400"), (0.18, Result.UNKNOWN, "timeout"), (1.0, Result.SENT, "200"))


class PlayedLine:
    """Says what LINE would have said; nothing leaves the machine."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.tried = 0
        self.pushes = 0

    async def send(self, delivery: Delivery) -> Outcome:
        """See `scheduler.dispatch.Sender`. Answers arrive always, reminders nearly always."""
        self.tried += 1
        if delivery.method == "reply":
            return Outcome(Result.SENT, "200", f"demo-{self.tried}")
        self.pushes += 1
        fate = dice(self._seed, "fate", delivery.address, delivery.created_at).random()  # whatever the order of sending
        result, status = next((result, status) for limit, result, status in _FATES if fate < limit)
        return Outcome(result, status, f"demo-{self.tried}")


class Post:
    """Delivers for LINE, at moments that are given."""

    def __init__(self, database: Database, seed: int) -> None:
        self._database = database
        self._line = PlayedLine(seed)
        self._clock = ShiftedClock(from_epoch_ms(0), running=False)
        self._dispatcher = Dispatcher(database, {COUNTED: self._line}, self._clock, owner=OWNER)

    @property
    def pushes(self) -> int:
        """How many pushes were made."""
        return self._line.pushes

    async def deliver(self, now: int) -> None:
        """Everything that is due by `now`, in epoch milliseconds."""
        self._clock.move_to(from_epoch_ms(now))
        while await self._dispatcher.drain_once():
            pass

    async def begin(self, now: int) -> None:
        """Take one message in hand and never say what came of it: as after a crash."""
        async with self._database.write() as tx:
            await outbox.claim(tx, owner=OWNER, channels=[COUNTED], now=now, lease_ms=LEASE_MS, limit=1)
