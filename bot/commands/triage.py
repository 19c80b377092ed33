"""`xueban knowledge triage`: questions that were not answered well, as proposals for a curator to edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy.engine import make_url

from bot import logs, settings
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store import migrate, questions
from bot.store.database import Database, is_missing
from knowledge.answering.engine import Answerer
from knowledge.answering.normalise import fold
from knowledge.loader import load_base
from knowledge.schema import Base, Entry, Gap
from knowledge.triage import Nearest, propose


def triage(limit: int = 500) -> None:
    """Print proposals as YAML from the questions of the configured database, most askers first."""
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    rows = asyncio.run(_rows(found, limit))
    print(propose(rows, nearest_in(Answerer(load_base()))), end="")


async def _rows(found: Settings, limit: int) -> Sequence[dict[str, Any]]:
    if is_missing(found.database_url):
        raise BadInputError(
            f"還沒有資料庫（{make_url(found.database_url).database}）。請檢查 DATABASE_URL，或先執行 xueban migrate。"
        )
    database = Database(found.database_url)
    try:
        if await migrate.current(database) != migrate.head():
            raise BadInputError("資料庫還不是最新的結構，請先執行 xueban migrate。")
        async with database.read() as connection:
            return await questions.for_curation(connection, limit)
    finally:
        await database.close()


def nearest_in(answerer: Answerer) -> Callable[[str], Nearest | None]:
    """Finds the entry whose wording is nearest to a question, first among those that the engine thinks of."""
    wordings = _wordings(answerer.base)

    def find(text: str) -> Nearest | None:
        answer = answerer.answer(text)
        refs = {ref for ref in (answer.ref, *(s.ref for s in answer.suggestions)) if ref in wordings}
        near = (_near(text, ref, *wordings[ref]) for ref in (refs or wordings))
        return max(near, key=lambda found: found.nearness, default=None)

    return find


def _wordings(base: Base) -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for programme in base.programmes:
        items: Iterable[Entry | Gap] = (*programme.entries, *programme.gaps)
        for item in items:
            found[programme.ref(item)] = item.title, [fold(words) for words in (item.title, *item.aliases)]
    return found


def _near(text: str, ref: str, title: str, wordings: list[str]) -> Nearest:
    folded = fold(text)
    return Nearest(ref, title, max(fuzz.ratio(folded, wording) for wording in wordings) / 100)
