"""`xueban tick`: one pass of planning and sending, for whoever prefers cron to a process that stays."""

from __future__ import annotations

import asyncio

from bot import logs, settings
from bot.service import Service
from bot.settings import Settings
from bot.store import migrate


def tick(now: str = "") -> None:
    """Plan and send what is due at `now` (ISO, Taipei without a zone; empty: the present), then end."""
    found = settings.load(**({"xueban_now": now} if now else {}))
    logs.configure(found.log_level, found.log_format, found.secrets)
    tried = asyncio.run(_pass(found))
    print(f"送出 {tried} 則。" if tried else "現在沒有要送的訊息。")


async def _pass(found: Settings) -> int:
    service = Service(found)
    try:
        await migrate.to_head(service.database)
        await service.tick()
        tried = 0
        while sent := await service.dispatcher.drain_once():
            tried += sent
        return tried
    finally:
        await service.stop()
