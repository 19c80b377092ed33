"""`xueban tick`: one pass of planning and sending, for whoever prefers cron to a process that stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import logs, settings
from bot.service import Service
from bot.settings import Settings
from bot.store import migrate, outbox
from bot.store.database import Database

NOTHING = "現在沒有要送的訊息。"
MADE = "做好 {made} 份提醒，其中 {shown} 份放在網頁上，對方打開就看得到。"
SENT = "送出 {sent} 則。"
LATER = "有 {late} 次沒有送成，之後再試；原因寫在紀錄裡，也可以執行 xueban doctor。"


@dataclass(frozen=True, slots=True)
class Done:
    """What a pass did."""

    made: int
    """Messages that it made, wherever they go."""
    shown: int
    """Messages that are delivered by being stored, as on the web page."""
    sent: int
    tried: int
    """Attempts to send, the vain ones too."""


def tick(now: str = "") -> None:
    """Plan and send what is due at `now` (ISO, Taipei without a zone; empty: the present), then end."""
    found = settings.load(**({"xueban_now": now} if now else {}))
    logs.configure(found.log_level, found.log_format, found.secrets)
    print("\n".join(in_words(asyncio.run(_pass(found)))))


def in_words(done: Done) -> list[str]:
    """A line for each thing that was done."""
    lines = [MADE.format(made=done.made, shown=done.shown)] if done.made else []
    lines += [SENT.format(sent=done.sent)] if done.sent else []
    lines += [LATER.format(late=done.tried - done.sent)] if done.tried > done.sent else []
    return lines or [NOTHING]


async def _pass(found: Settings) -> Done:
    service = Service(found)
    try:
        await migrate.to_head(service.database)
        before = await _arrived(service.database)
        made = await service.tick()
        shown = await _arrived(service.database) - before
        tried = 0
        while some := await service.dispatcher.drain_once():
            tried += some
        sent = await _arrived(service.database) - before - shown
        return Done(made, shown, sent, tried)
    finally:
        await service.stop()


async def _arrived(database: Database) -> int:
    async with database.read() as tx:
        return (await outbox.count_by_state(tx)).get("sent", 0)
