"""Carries frozen calls to Telegram, and says honestly what became of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.api import READ_SECONDS, Fate, TelegramApi, fate, retry_after_ms
from bot.channels.telegram.note import Doubt, Note
from bot.channels.telegram.render import labelled
from bot.store.outbox import Delivery
from scheduler.dispatch import Outcome, Result

log = structlog.get_logger(__name__)

COURTESY = "answerCallbackQuery"
"""Ends the spinner on a button. Telegram refuses it after a while, and nobody misses it."""
COURTESY_SECONDS = 3.0
TOKEN_PAUSE_MS = 60_000
ATTEMPT_SECONDS = 25.0
"""No further call is begun after this: with the last one that stays within the dispatcher's lease of 60 s."""


class TelegramSender:
    """Sends deliveries to Telegram.

    The promise: no message is lost silently, and one is repeated only where it can't be known whether it
    arrived; the repeat then says so (`REPEAT_NOTE`). Telegram has no idempotency key: more is not to be had.

    - What certainly did not leave (no connection), or was turned down for now, is tried again as it is.
    - Where the answer was lost (read time-out, dropped connection), or a process died after claiming the row,
      the message is sent once more with the note. If that answer is lost too, the delivery ends as UNKNOWN,
      which an admin sees: a third copy would be worse.
    - After an answer of 500 or above the message is tried again as long as it takes, with the note: a gateway
      can't know what became of the call behind it.
    - Of a delivery in several calls, those that were accepted are not made again: the row's last status holds
      how many there were, so this holds in another process too. After a process died in the middle it does
      not; then all are repeated, with the note.
    - A group that became a supergroup ends as DEAD with status `migrated`: its new id is a new conversation.
    """

    def __init__(self, token: str, api_base_url: str, *, read_seconds: float = READ_SECONDS) -> None:
        self.api = TelegramApi(token, api_base_url, read_seconds=read_seconds)

    async def username(self) -> str:
        """The bot's own name without `@`; empty where Telegram can't be asked just now."""
        try:
            return str((await self.api.call("getMe", {}))["username"])
        except (TelegramError, KeyError, TypeError) as error:
            log.warning("telegram.name_not_known", error=type(error).__name__)
            return ""

    async def close(self) -> None:
        """Give all connections back."""
        await self.api.close()

    async def send(self, delivery: Delivery) -> Outcome:
        """Make the calls that remain; stops at the first that fails. Takes at most about 40 s."""
        calls = delivery.payload["calls"]
        note = Note.read(delivery.previous)
        began = time.monotonic()
        request_id = ""
        for index in range(note.accepted, len(calls)):
            if time.monotonic() - began > ATTEMPT_SECONDS:
                return Outcome(Result.RETRY, replace(note, error="late").write(), request_id)
            call = calls[index]
            if call["method"] == COURTESY:
                await self._be_courteous(call, delivery)
            else:
                try:
                    request_id = await self._make(call, note.doubt) or request_id
                except TelegramError as error:
                    _log(error, delivery)
                    return _outcome(error, note, request_id)
            note = Note(index + 1, note.doubt if note.doubt is Doubt.LOST else Doubt.NONE)
        return Outcome(Result.SENT, "200", request_id)

    async def _make(self, call: Mapping[str, Any], doubt: Doubt) -> str:
        """Make one call, labelled where it may be a repeat; returns the new message's id."""
        params = dict(call["params"])
        if doubt is not Doubt.NONE:
            params["text"] = labelled(params["text"])
        result = await self.api.call(call["method"], params)
        return str(result.get("message_id", "")) if isinstance(result, Mapping) else ""

    async def _be_courteous(self, call: Mapping[str, Any], delivery: Delivery) -> None:
        if delivery.previous:
            return
        try:
            await self.api.call(call["method"], call["params"], read_seconds=COURTESY_SECONDS)
        except TelegramError as error:
            log.info("telegram.button_not_answered", event_id=delivery.event_id, error=type(error).__name__)


def _outcome(error: TelegramError, note: Note, request_id: str) -> Outcome:
    """What a failed call means for the delivery; `note` is what was known before it."""
    meaning, status = fate(error)
    if meaning in (Fate.REFUSED, Fate.MIGRATED):
        return Outcome(Result.DEAD, status, request_id)
    if meaning is Fate.UNKNOWN:
        if note.doubt in (Doubt.UNKNOWN, Doubt.LOST):
            return Outcome(Result.UNKNOWN, replace(note, error=status).write(), request_id)
        return Outcome(Result.RETRY, Note(note.accepted, Doubt.UNKNOWN).write(), request_id)
    doubt = Doubt.SERVER if meaning is Fate.SERVER_FAILED and note.doubt is Doubt.NONE else note.doubt
    said = Note(note.accepted, doubt, status).write()
    return Outcome(Result.RETRY, said, request_id, _wait_ms(meaning, error), meaning is Fate.TOKEN_REFUSED)


def _wait_ms(meaning: Fate, error: TelegramError) -> int | None:
    if isinstance(error, RetryAfter):
        return retry_after_ms(error)
    return TOKEN_PAUSE_MS if meaning is Fate.TOKEN_REFUSED else None


def _log(error: TelegramError, delivery: Delivery) -> None:
    # Telegram's description names the fault, never the words of the message.
    log.warning(
        "telegram.call_failed",
        event_id=delivery.event_id,
        delivery=delivery.id,
        error=type(error).__name__,
        description=error.message[:200],
    )
