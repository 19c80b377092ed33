"""Makes events durable before their sender is told 200: one transaction for all that arrive at the same time.

A commit costs the same for one event and for fifty, so concurrent webhooks share one (group commit).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from bot.clock import Clock, epoch_ms
from bot.inbox.encoding import encode
from bot.messages import Channel, Incoming, Kind
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import NewEvent
from bot.store.tables import CONVERSATION_WIDTH, ID_WIDTH

log = structlog.get_logger(__name__)

EVENTS = Counter("xueban_events_total", "Provider events by what became of them", ["channel", "fate"])

LARGEST_COMMIT = 200
"""Events in one transaction: more would make the first of them wait too long."""
RUSH = 16
"""Events in one commit from which on workers step aside: so many at once come only when we are at the limit."""
MOST_WAITING = 5_000
"""Events that wait for a commit. Beyond that senders are turned away at once: memory stays bounded."""
MOST_KNOWN = 100_000
"""Conversations that are remembered to be there; then all are asked for anew."""
SPOKEN = (Kind.TEXT, Kind.FILE, Kind.CHOICE)


class OverloadedError(Exception):
    """Too much waits to be stored already; nothing of this was taken."""


_counter = cache(EVENTS.labels)


def new_events(channel: Channel, raw_events: Sequence[Any]) -> list[NewEvent]:
    """Parse each event by itself: one that is unknown or broken is counted and left out, the others go on."""
    found = [_new_event(channel, raw) for raw in raw_events]
    events = [event for event in found if event is not None]
    _counter(channel.name, "accepted").inc(len(events))
    if len(events) < len(found):
        _counter(channel.name, "ignored").inc(len(found) - len(events))
    return events


def _new_event(channel: Channel, raw: Any) -> NewEvent | None:
    if not isinstance(raw, Mapping):
        return None
    try:
        incoming = channel.parse(raw)
        if incoming is None or _is_overheard(incoming):
            return None
        event = _event(incoming, raw, encode(raw))
        _check_columns(event)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        log.warning("ingest.unreadable_event", channel=channel.name, error=type(error).__name__)
        return None
    return event


def _is_overheard(incoming: Incoming) -> bool:
    """Said in a group to somebody else: not ours to answer, and so not ours to keep."""
    return not incoming.addressed and incoming.kind in SPOKEN


def _event(incoming: Incoming, raw: Mapping[str, Any], body: str) -> NewEvent:
    return NewEvent(
        channel=incoming.channel,
        event_id=incoming.event_id,
        conversation=incoming.conversation,
        address=incoming.address,
        in_group=incoming.in_group,
        message_id=incoming.message_id,
        payload=dict(raw),
        occurred_at=incoming.occurred_at,
        kind=incoming.kind.value,
        body=body,
    )


_WIDTHS = {
    "event_id": ID_WIDTH,
    "message_id": ID_WIDTH,
    "address": ID_WIDTH,
    "conversation_id": CONVERSATION_WIDTH,
}


def _check_columns(event: NewEvent) -> None:
    """Raises `ValueError` for an id that a database would refuse: it would drag others of its commit down."""
    for name, width in _WIDTHS.items():
        value = getattr(event, name)
        if len(value) > width or not value.isprintable():
            raise ValueError(f"{name} can't be stored")


_Waiting = tuple[list[NewEvent], asyncio.Future[None]]


class Ingest:
    """Stores events. `put` returns once they are on disk."""

    def __init__(self, database: Database, clock: Clock, *, on_stored: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._on_stored = on_stored
        self._waiting: list[_Waiting] = []
        self._count = 0
        self._known: set[str] = set()
        self._writer: asyncio.Task[None] | None = None

    async def put(self, events: list[NewEvent]) -> None:
        """Store events durably; those already stored are left as they are.

        Raises whatever the database raises, or `OverloadedError`: then the sender must not be told 200.
        """
        if events:
            await self.begin(events)

    def begin(self, events: list[NewEvent]) -> asyncio.Future[None]:
        """Let events be stored, and return what will be done when they are; see `put`."""
        if self._count >= MOST_WAITING:
            raise OverloadedError(f"{self._count} events wait to be stored")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, done))
        self._count += len(events)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return done

    async def _write_all(self) -> None:
        while self._waiting:
            batch = self._take_batch()
            try:
                await self._store(batch)
            finally:
                self._count -= sum(len(events) for events, _ in batch)
                _tell(batch, asyncio.CancelledError())

    async def _store(self, batch: list[_Waiting]) -> None:
        try:
            await self._commit([event for events, _ in batch for event in events])
        except (DataError, IntegrityError) as error:
            # It lies in what is to be stored. The others of the commit have nothing to do with it.
            known, self._known = self._known, set()  # or in a conversation that is not there any more
            if len(batch) == 1 and not known:
                _tell(batch, error)
            else:
                for one in batch:
                    await self._store([one])
        except Exception as error:  # noqa: BLE001 - handed to every waiting sender
            _tell(batch, error)
        else:
            _tell(batch, None)
            self._on_stored()

    def _take_batch(self) -> list[_Waiting]:
        size, count = 0, 0
        while count < len(self._waiting) and (count == 0 or size < LARGEST_COMMIT):
            size += len(self._waiting[count][0])
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _insert(self, events: list[NewEvent]) -> None:
        async with self._database.append() as tx:
            await inbox.store(tx, events, epoch_ms(self._clock.now()), known=self._known)

    async def _commit(self, events: list[NewEvent]) -> None:
        if len(events) >= RUSH:
            self._database.rush()
        try:
            await self._insert(events)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            await self._insert(events)  # the connection was stale; what it may have stored is not stored twice
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known.update(event.conversation_id for event in events)
        # One line a commit: a line an event would cost more than storing it.
        log.info("ingest.stored", event_ids=" ".join(event.event_id for event in events))


def _tell(batch: list[_Waiting], error: BaseException | None) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        elif isinstance(error, asyncio.CancelledError):
            done.cancel()
        else:
            done.set_exception(error)
