"""Sends what is in the outbox: claim under a lease, send with no transaction open, record what came of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, epoch_ms
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Attempt, Delivery

log = structlog.get_logger(__name__)

UNDER_WAY = 96
"""Deliveries of one channel that one process sends at the same time."""
MOST_UNWRITTEN = 3 * UNDER_WAY
"""Deliveries that it has in hand, those included whose outcome is still to be written down."""
GATHER_SECONDS = 0.02
"""While others are being sent, outcomes wait so long to be written down with theirs, and a claim for more places."""
LEASE_MS = 60_000
"""Longer than any one send may take (Telegram's: 40 s), with room for a slow database."""
SETTLE_PAUSE_SECONDS = 1.0
"""Between two tries to write an outcome down."""
KEY_LIFE_MS = 23 * 3600 * 1000
"""LINE forgets a retry key after 24 h; automatic retry ends before that."""
LONGEST_PAUSE_MS = 15 * 60 * 1000
SHUT_MS = 60_000
"""So long nothing is sent to a provider that refuses us; then one message tries."""

ATTEMPTS = Counter("xueban_outbox_attempts_total", "Attempts to send, by channel and outcome", ["channel", "outcome"])


class Result(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    RETRY = "retry"
    """Not accepted, or not known and safe to repeat."""
    AS_PUSH = "as_push"
    """The reply token is of no use any more: send the same body as a push, under the stored retry key."""
    UNKNOWN = "unknown"
    """May have arrived, and repeating could send it twice; ends here and is seen by an admin."""
    DEAD = "dead"
    """Will never be accepted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A channel's word on one attempt."""

    result: Result
    status: str
    """The provider's status code, or the name of the error."""
    request_id: str = ""
    retry_after_ms: int | None = None
    """How long the provider asks us to wait; None leaves it to the back-off."""
    refused: bool = False
    """It is us that the provider refuses (a revoked token), whatever the message: nothing was taken of it."""


class Sender(Protocol):
    """The half of a channel that touches the network."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once, with a time-out. Never raises for what the provider or the network does."""
        ...


def pause_ms(attempts: int) -> int:
    """Back-off with full jitter: 1 s, 2 s, 4 s … at most 15 minutes."""
    return random.randint(200, min(LONGEST_PAUSE_MS, 1000 * 2 ** min(attempts - 1, 20)))  # nosec B311 # noqa: S311 - no secret


class Dispatcher:
    """Drains the outbox of the channels that have a sender. Any number may run, in any number of processes.

    Each channel has its own lane, so that one whose provider is slow does not hold up the others.
    """

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        clock: Clock,
        *,
        owner: str,
        lease_ms: int = LEASE_MS,
    ) -> None:
        """`owner` must be this process's alone. `lease_ms` must outlast the slowest send."""
        self._database = database
        self._senders = dict(senders)
        self._clock = clock
        self._owner = owner
        self._lease_ms = lease_ms
        self._wakes = {channel: asyncio.Event() for channel in self._senders}
        self._outcomes: list[tuple[Delivery, Outcome]] = []
        self._being_sent = 0
        self._settling = asyncio.Lock()
        self._shut: dict[str, int] = {}
        """Channels whose provider refuses us, and until when nothing is tried there."""

    def wake(self) -> None:
        """Say that there may be something to send."""
        for wake in self._wakes.values():
            wake.set()

    async def run(self, stopping: asyncio.Event, *, poll_seconds: float = 0.5) -> None:
        """Send until told to stop; what is under way then is finished first."""
        await asyncio.gather(*(self._run_lane(channel, stopping, poll_seconds) for channel in self._senders))

    async def drain_once(self) -> int:
        """Claim one batch and send it; returns how many deliveries were tried."""
        batches = [await self._claim(channel, UNDER_WAY) for channel in self._senders]
        deliveries = [delivery for batch in batches for delivery in batch]
        await asyncio.gather(*(self._deliver(delivery) for delivery in deliveries))
        return len(deliveries)

    async def _run_lane(self, channel: str, stopping: asyncio.Event, poll_seconds: float) -> None:
        under_way: set[asyncio.Task[None]] = set()
        wake, places = self._wakes[channel], UNDER_WAY

        def sent() -> None:
            nonlocal places
            places += 1  # what came of it may still have to be written down
            wake.set()

        def ended(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            wake.set()  # the next message of its conversation may be sent

        while not stopping.is_set():
            wake.clear()
            for delivery in await self._claim_safely(channel, min(places, MOST_UNWRITTEN - len(under_way))):
                places -= 1
                task = asyncio.create_task(self._deliver(delivery, sent))
                under_way.add(task)
                task.add_done_callback(ended)
            await _until(wake, poll_seconds)
            if under_way:
                await asyncio.sleep(GATHER_SECONDS)
        if under_way:
            await asyncio.wait(under_way)

    async def _claim_safely(self, channel: str, limit: int) -> Sequence[Delivery]:
        try:
            return await self._claim(channel, limit)
        except Exception:
            log.exception("outbox.claim_failed", channel=channel)
            await asyncio.sleep(SETTLE_PAUSE_SECONDS)
            return ()

    async def _claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        now = epoch_ms(self._clock.now())
        limit = self._open(channel, limit, now)
        if limit <= 0:
            return ()
        async with self._database.write(patient=True) as tx:
            return await outbox.claim(
                tx, owner=self._owner, channels=[channel], now=now, lease_ms=self._lease_ms, limit=limit
            )

    def _open(self, channel: str, limit: int, now: int) -> int:
        """How many may be tried: none for a while after a refusal, then one, until the provider takes us again."""
        if channel not in self._shut or limit <= 0:
            return limit
        # A clock that was put back must not keep it shut for longer.
        if now < self._shut[channel] <= now + SHUT_MS:
            return 0
        self._shut[channel] = now + SHUT_MS
        return 1

    def _learn(self, channel: str, outcome: Outcome) -> None:
        if outcome.refused:
            if channel not in self._shut:
                log.error("outbox.channel_refused", channel=channel, status=outcome.status)
            self._shut[channel] = epoch_ms(self._clock.now()) + SHUT_MS
        elif self._shut.pop(channel, None) is not None:
            log.info("outbox.channel_open_again", channel=channel)

    async def _deliver(self, delivery: Delivery, sent: Callable[[], None] | None = None) -> None:
        """Send, and write down what came of it, for as long as it takes: it can't be found out a second time."""
        self._being_sent += 1
        try:
            mine = (delivery, await self._send(delivery))
        finally:
            self._being_sent -= 1
        self._outcomes.append(mine)
        if sent:
            sent()
        while self._is_waiting(mine):
            try:
                await self._settle_all(mine)
            except Exception:
                log.exception("outbox.not_recorded", event_id=delivery.event_id, delivery=delivery.id)
                await asyncio.sleep(SETTLE_PAUSE_SECONDS)

    def _is_waiting(self, mine: tuple[Delivery, Outcome]) -> bool:
        return any(each is mine for each in self._outcomes)

    async def _settle_all(self, mine: tuple[Delivery, Outcome]) -> None:
        """One transaction for all outcomes that are there: whoever comes first writes down the others' too."""
        async with self._settling:
            if not self._is_waiting(mine):
                return
            if self._being_sent:
                await asyncio.sleep(GATHER_SECONDS)
            batch = tuple(self._outcomes)
            async with self._database.write() as tx:
                await self._settle(tx, batch)
            del self._outcomes[: len(batch)]

    async def _send(self, delivery: Delivery) -> Outcome:
        try:
            async with asyncio.timeout(self._lease_ms / 1000):
                outcome = await self._senders[delivery.channel].send(delivery)
        except Exception:
            log.exception("outbox.sender_failed", event_id=delivery.event_id, delivery=delivery.id)
            outcome = Outcome(Result.RETRY, outbox.LOST)
        self._learn(delivery.channel, outcome)
        ATTEMPTS.labels(delivery.channel, outcome.result.value).inc()
        log.info(
            "outbox.attempt",
            event_id=delivery.event_id,
            delivery=delivery.id,
            channel=delivery.channel,
            method=delivery.method,
            attempt=delivery.attempts,
            outcome=outcome.result.value,
            status=outcome.status,
            request_id=outcome.request_id,
        )
        return outcome

    async def _settle(self, tx: AsyncConnection, batch: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Write down many outcomes with few statements; by id, so that two processes never wait for each other."""
        now = epoch_ms(self._clock.now())
        ordered = sorted(batch, key=lambda each: each[0].id)
        await outbox.record(tx, [_attempt(*each) for each in ordered], now)
        await outbox.sent(tx, [_attempt(*each) for each in ordered if each[1].result is Result.SENT], now)
        for delivery, outcome in ordered:
            if outcome.result is not Result.SENT:
                await self._try_later_or_end(tx, delivery, outcome, now)

    async def _try_later_or_end(self, tx: AsyncConnection, delivery: Delivery, outcome: Outcome, now: int) -> None:
        attempt, result = _attempt(delivery, outcome), outcome.result
        # What was refused for certain can't come twice, however long it waits for a new token.
        if result is Result.RETRY and not outcome.refused and now - delivery.first_attempt_at > KEY_LIFE_MS:
            result = Result.UNKNOWN
        if result in (Result.RETRY, Result.AS_PUSH):
            await outbox.requeue(
                tx,
                delivery.id,
                owner=self._owner,
                not_before=now + _pause_ms(delivery, outcome),
                status=attempt.status,
                method="push" if result is Result.AS_PUSH else delivery.method,
            )
        else:
            log.error("outbox.given_up", event_id=delivery.event_id, delivery=delivery.id, outcome=result.value)
            await outbox.give_up(
                tx,
                delivery.id,
                owner=self._owner,
                state=result.value,
                status=attempt.status,
                request_id=attempt.request_id,
            )


def _attempt(delivery: Delivery, outcome: Outcome) -> Attempt:
    """Cut to its columns: an outcome that can't be written down would be tried for ever."""
    return Attempt(delivery.id, outcome.result.value, outcome.status[:64], outcome.request_id[:128])


def _pause_ms(delivery: Delivery, outcome: Outcome) -> int:
    if outcome.result is Result.AS_PUSH:
        return 0
    return pause_ms(delivery.attempts) if outcome.retry_after_ms is None else outcome.retry_after_ms


async def _until(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return
