"""`xueban knowledge triage`: questions that were not answered well, as proposals for a curator to edit, or what was
decided about them, as a patch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import logs, settings
from bot.clock import epoch_ms, parse_local
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store import curation, migrate
from bot.store.access import unlimited
from bot.store.curation import Decision
from bot.store.database import Database, is_missing
from knowledge.answering.engine import Answerer
from knowledge.answering.nearest import Nearby
from knowledge.clusters import Wording
from knowledge.loader import load_base
from knowledge.patching import patch
from knowledge.triage import propose

Found = TypeVar("Found")


def triage(limit: int = 500) -> None:
    """Print proposals as YAML from the questions of the configured database that nobody decided about, most askers
    first."""

    async def read(tx: AsyncConnection) -> list[Wording]:
        return await curation.wordings(tx, unlimited(), limit=limit)

    found = _read(read)
    print(propose(found, Nearby(Answerer(load_base())).find), end="")


def print_decided(since: str = "") -> None:
    """Print what was decided, as a patch of the knowledge base.

    Args:
        since: from this day or moment on (ISO, Taipei without a zone); empty: from the first.
    """
    start = _moment(since)

    async def read(tx: AsyncConnection) -> list[Decision]:
        return await curation.decisions(tx, unlimited(), since=start)

    decisions = _read(read)
    print(patch((each.change for each in reversed(decisions)), load_base()), end="")


def _moment(text: str) -> int:
    try:
        return epoch_ms(parse_local(text)) if text else 0
    except ValueError:
        raise BadInputError(f"--since {text}：看不懂這個日期，例如 2025-11-01。") from None


def _read(ask: Callable[[AsyncConnection], Awaitable[Found]]) -> Found:
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    return asyncio.run(_asked(found, ask))


async def _asked(found: Settings, ask: Callable[[AsyncConnection], Awaitable[Found]]) -> Found:
    if is_missing(found.database_url):
        raise BadInputError(
            f"還沒有資料庫（{make_url(found.database_url).database}）。請檢查 DATABASE_URL，或先執行 xueban migrate。"
        )
    database = Database(found.database_url)
    try:
        if await migrate.current(database) != migrate.head():
            raise BadInputError("資料庫還不是最新的結構，請先執行 xueban migrate。")
        async with database.read() as connection:
            return await ask(connection)
    finally:
        await database.close()
