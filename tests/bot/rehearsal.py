"""A small engine with fixed replies, and everything around it for real: database, ingest, worker, page.

The page must be able to show whatever an engine may say, so these tests do not depend on what programmes say.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import httpx
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels.web import WebChannel
from bot.clock import ShiftedClock, epoch_ms, parse_local
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.messages import Card, Choice, Incoming, Kind, Message, Outgoing, Text, to_json
from bot.store import migrate, outbox, tables
from bot.store.database import Database
from bot.web import chat
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.router import Router
from tests.databases import lay_out

HOST = "http://chat.test"
FRIDAY = parse_local("2025-09-05T14:00")
WELCOME = "您好，我是學伴"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Rehearsal:
    """Says what the tests expect. 「壞掉」 fails, 「無言」 is silent."""

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """One turn."""
        if incoming.text == "壞掉":
            raise RuntimeError("as asked")
        return Turn(state, self._messages(incoming))

    def _messages(self, incoming: Incoming) -> tuple[Message, ...]:
        if incoming.text == "無言":
            return ()
        if incoming.kind is Kind.FOLLOW:
            ask = (Choice("補助多少錢？", "ask:money"), Choice("何時截止？", "ask:end"))
            return (Card(title=WELCOME, text="直接問就好。", choices=(*ask, Choice("選單", "menu", aside=True))),)
        if incoming.kind is Kind.CHOICE:
            return (Text(f"您按了 {incoming.action}"),)
        if incoming.kind is Kind.FILE:
            return (Text("我看不懂檔案。"),)
        pages = Choice("第二頁", "page:2"), Choice("有幫助", "helpful", aside=True)
        card = Card(
            title="題目",
            text=f"回答：{incoming.text}",
            source="依據：跨校遠距（114 學年度）柒/一/(一)",
            status="查到了",
            choices=pages,
        )
        return (card, Text("還有呢？", (Choice("沒有了", "done"),)))


def rehearsal() -> Router:
    """The small engine in the place of the router, whose one method it has."""
    return cast(Router, Rehearsal())


@dataclass(slots=True)
class Stage:
    """A running page and the means to look behind it."""

    app: Starlette
    database: Database
    clock: ShiftedClock
    worker: Worker

    def browser(self) -> httpx.AsyncClient:
        """A new browser with an empty cookie jar that does not follow redirects by itself."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HOST)

    async def push(self, text: str, *, key: str, not_before: int = 0, conversation: str = "") -> None:
        """Put a reminder into the outbox, as the scheduler does."""
        async with self.database.write() as tx:
            owner = conversation or (await tx.execute(select(tables.conversations.c.id))).scalar_one()
            body = Outgoing("show", {"messages": [to_json(Text(text))]})
            now = epoch_ms(self.clock.now())
            identity = await outbox.add(tx, body, conversation_id=owner, dedupe_key=key, event_id="", now=now)
            if not_before:
                await tx.execute(
                    update(tables.outbox).where(tables.outbox.c.id == identity).values(not_before=not_before)
                )


@asynccontextmanager
async def stage(
    url: str, *, secure: bool = False, working: bool = True, start: datetime = FRIDAY
) -> AsyncIterator[Stage]:
    """The page over a real database; without `working` nothing is answered, as when the worker is away."""
    lay_out(url)
    database, clock, stopping = Database(url), ShiftedClock(start), asyncio.Event()
    await migrate.to_head(database)
    worker = Worker(database, {"web": WebChannel()}, rehearsal(), clock, on_outgoing=_nothing)
    ingest = Ingest(database, clock, on_stored=worker.wake)
    pages = chat.ChatPages(database, ingest, clock, secure=secure)
    app = Starlette(routes=[*pages.routes(), Mount("/static", chat.static_files(), name="static")])
    task = asyncio.create_task(worker.run(stopping)) if working else None
    try:
        yield Stage(app, database, clock, worker)
    finally:
        stopping.set()
        worker.wake()
        if task:
            await task
        await database.close()


def _nothing() -> None:
    """Nobody waits for outgoing messages here."""
