"""Works the inbox off: one transaction holds the new state, the reply to send and "done"."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, epoch_ms
from bot.inbox import allowance
from bot.inbox.effects import Keeper
from bot.messages import Channel, Incoming, Kind, Message, Text
from bot.store import conversations, inbox, outbox
from bot.store.database import Database
from bot.store.inbox import Claimed
from handlers.desk import Desk
from handlers.dialogue import KeepQuestion, State, Turn

log = structlog.get_logger(__name__)

PAUSES_MS = (1_000, 5_000)
"""Waits before the second and third attempt at an event whose handling failed."""
SLOW_MS = 1_000
"""A person who has waited this long sees that we are at it, where the channel can show it."""

UNLIMITED = (Kind.UNSEND, Kind.LEAVE)
"""What a person may do however much they sent before: taking back and leaving."""

TOO_FAST = "您傳得有點快，我先歇口氣，這段時間的訊息沒有處理。請一分鐘後再問一次。"
SORRY = "抱歉，這一則我處理時出了問題，已經通知維護人員。請換個說法再問一次，或輸入「選單」。"

HANDLED = Counter("xueban_handled_total", "Inbox events by what became of them", ["channel", "fate"])
ANSWERS = Counter("xueban_answers_total", "Questions by how sure the answer was", ["channel", "zone"])
SECONDS = Histogram("xueban_handle_seconds", "Time from an event's arrival to its stored answer")


class Converses(Protocol):
    """What a worker asks of the router."""

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """What to say, to remember and to write down."""
        ...


class Worker:
    """Takes one event at a time. Several may run at once, in several processes; a conversation has one at a time."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        router: Converses,
        clock: Clock,
        *,
        on_outgoing: Callable[[], None],
        on_slow: Callable[[Incoming], None] = lambda incoming: None,
    ) -> None:
        self._database = database
        self._channels = dict(channels)
        self._router = router
        self._clock = clock
        self._on_outgoing = on_outgoing
        self._on_slow = on_slow
        self._keeper = Keeper()
        self._wake = asyncio.Event()
        self._zones: list[str] = []

    def wake(self) -> None:
        """Say that there may be something to do."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event, *, poll_seconds: float = 0.5) -> None:
        """Work until told to stop; the event in hand is finished first."""
        while not stopping.is_set():
            self._wake.clear()
            if await self._step_safely(stopping):
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), poll_seconds)
            except TimeoutError:
                continue

    async def _step_safely(self, stopping: asyncio.Event) -> bool:
        try:
            return await self.step()
        except Exception:
            log.exception("worker.step_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), 1.0)
            return False

    async def step(self) -> bool:
        """Handle one event; False where none was due."""
        event: Claimed | None = None
        try:
            async with self._database.write(patient=True) as tx:
                event = await inbox.claim(tx, self._now(), self._channels)
                if event is None:
                    return False
                fate = await self._handle(tx, event)
        except Exception as error:
            if event is None or _lost_database(error):
                raise
            log.exception("worker.event_failed", event_id=event.event_id, attempt=event.attempts + 1)
            fate = await self._try_later_or_apologise(event)
        HANDLED.labels(event.channel, fate).inc()
        for zone in self._zones if fate == "done" else ():
            ANSWERS.labels(event.channel, zone).inc()
        SECONDS.observe(max(0, self._now() - event.received_at) / 1000)
        log.info("worker.handled", event_id=event.event_id, channel=event.channel, fate=fate)
        self._on_outgoing()
        return True

    async def _handle(self, tx: AsyncConnection, event: Claimed) -> str:
        """Do all that an event asks for within one transaction; returns what became of it."""
        now = self._now()
        self._zones = []
        incoming = self._parse(event)
        if incoming is None:
            await inbox.finish(tx, event, now)
            return "ignored"
        if incoming.kind is Kind.UNSEND or await conversations.was_unsent(tx, event.channel, incoming.message_id):
            await conversations.unsend(tx, event.channel, incoming.message_id, now)
            await inbox.finish(tx, event, now)
            return "unsent"
        bucket = event.allowance
        if incoming.kind not in UNLIMITED:
            # By the time of arrival: what piled up while we were away was not sent in a burst.
            verdict = allowance.spend(bucket, event.received_at)
            if not verdict.allowed:
                return await self._hold_back(tx, event, incoming, verdict)
            bucket = verdict.bucket
        if now - event.received_at > SLOW_MS:
            self._on_slow(incoming)
        desk = Desk(tx, event.conversation_id, self._clock.now())
        turn = await self._router.handle(State.load(event.state), incoming, desk)
        await self._reply(tx, event, incoming, turn.messages)
        self._zones = [effect.status for effect in turn.effects if isinstance(effect, KeepQuestion)]
        for effect in turn.effects:
            await self._keeper.apply(tx, effect, incoming, event.conversation_id, now)
        await conversations.save(tx, event.conversation_id, now, state=turn.state.dump(), allowance=bucket)
        await inbox.finish(tx, event, now)
        return "done"

    def _parse(self, event: Claimed) -> Incoming | None:
        """None too for an event whose content was erased meanwhile."""
        incoming = self._channels[event.channel].parse(event.payload) if event.payload else None
        if incoming is not None and not incoming.occurred_at:
            return replace(incoming, occurred_at=event.occurred_at)
        return incoming

    async def _hold_back(
        self, tx: AsyncConnection, event: Claimed, incoming: Incoming, verdict: allowance.Verdict
    ) -> str:
        now = self._now()
        if verdict.notify and incoming.addressed:
            await self._reply(tx, event, incoming, (Text(TOO_FAST),))
        count = await inbox.limit_all(tx, event, now, but=UNLIMITED)
        await conversations.save(tx, event.conversation_id, now, state=event.state, allowance=verdict.bucket)
        log.warning("worker.limited", event_id=event.event_id, events=count)
        return "limited"

    async def _reply(
        self, tx: AsyncConnection, event: Claimed, incoming: Incoming, messages: Sequence[Message]
    ) -> None:
        if not messages:
            return
        await outbox.add(
            tx,
            self._channels[event.channel].render(incoming, messages),
            conversation_id=event.conversation_id,
            # Not the row's number: a database made anew would count, and make LINE's retry keys, once more.
            dedupe_key=f"inbox:{event.channel}:{event.event_id}",
            event_id=event.event_id,
            now=self._now(),
        )

    async def _try_later_or_apologise(self, event: Claimed) -> str:
        if event.attempts < len(PAUSES_MS):
            async with self._database.write() as tx:
                if await inbox.claim_again(tx, event):
                    await inbox.postpone(tx, event, self._now() + PAUSES_MS[event.attempts])
            return "postponed"
        try:
            await self._give_up(event, apologise=True)
        except Exception as error:
            if _lost_database(error):
                raise
            log.exception("worker.apology_failed", event_id=event.event_id)
            await self._give_up(event, apologise=False)
        return "failed"

    async def _give_up(self, event: Claimed, *, apologise: bool) -> None:
        async with self._database.write() as tx:
            if not await inbox.claim_again(tx, event):
                return
            incoming = self._parse(event) if apologise else None
            if incoming is not None and incoming.addressed:
                await self._reply(tx, event, incoming, (Text(SORRY),))
            await inbox.finish(tx, event, self._now(), state="failed")

    def _now(self) -> int:
        return epoch_ms(self._clock.now())


def _lost_database(error: Exception) -> bool:
    """Whether the connection broke: that says nothing against the event in hand."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
