"""`xueban migrate`: the schema to its head."""

from __future__ import annotations

import asyncio

from bot import logs, settings
from bot.settings import Settings
from bot.store import migrate as store
from bot.store.database import Database


def migrate() -> None:
    """Bring the configured database to the newest schema and say what was done."""
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    before, after = asyncio.run(_to_head(found))
    print(
        f"資料庫已經是最新版本（{after}）。" if before == after else f"資料庫更新好了：{before or '空的'} → {after}。"
    )


async def _to_head(found: Settings) -> tuple[str | None, str | None]:
    database = Database(found.database_url)
    try:
        before = await store.current(database)
        await store.to_head(database)
        return before, await store.current(database)
    finally:
        await database.close()
