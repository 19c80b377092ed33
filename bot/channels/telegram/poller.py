"""Long polling, for installations that Telegram can't reach by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.api import fate
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.sender import TelegramSender
from bot.inbox.ingest import Ingest, new_events

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
"""How long Telegram holds a poll open while nothing happens."""
MARGIN_SECONDS = 10
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


class TelegramPoller:
    """Fetches updates and stores them.

    A batch is confirmed only by the poll after the one that brought it, and that poll is made once the batch
    is on disk: what was not stored is fetched again, and what was is recognised by its id.
    """

    def __init__(self, sender: TelegramSender, channel: TelegramChannel, ingest: Ingest) -> None:
        self._api = sender.api
        self._sender = sender
        self._channel = channel
        self._ingest = ingest
        self._offset: int | None = None
        self._webhook_deleted = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Poll until told to stop; a poll that waits then is given up at once, which loses nothing."""
        polling = asyncio.create_task(self._poll_on())
        told = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait((polling, told), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (polling, told):
                task.cancel()
            await asyncio.gather(polling, told, return_exceptions=True)

    async def _poll_on(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._poll_once()
            except TelegramError as error:
                log.warning("telegram.poll_failed", error=type(error).__name__, status=fate(error)[1], pause=pause)
            except Exception:  # a database that is away: the same batch is fetched again
                log.exception("telegram.batch_not_stored", pause=pause)
            else:
                pause = FIRST_PAUSE_SECONDS
                continue
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _poll_once(self) -> None:
        if not self._webhook_deleted:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
            self._webhook_deleted = True
        if not self._channel.username:
            self._channel.username = await self._sender.username()
        params = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES), "offset": self._offset}
        updates = await self._api.call("getUpdates", params, read_seconds=POLL_SECONDS + MARGIN_SECONDS)
        await self._ingest.put(new_events(self._channel, updates))
        self._offset = _after(updates)


def _after(updates: Sequence[Any]) -> int | None:
    """The offset that confirms a batch; None after an empty one.

    After a week without updates Telegram goes on at a random id, perhaps a lower one: an offset kept through
    that week would confirm, and lose, everything below it.
    """
    ids = [update["update_id"] for update in updates if isinstance(update, dict) and "update_id" in update]
    return max(ids) + 1 if ids else None
