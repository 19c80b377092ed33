"""Wires the house together: settings in, a running service out."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

from bot.channels.line import LineChannel, LineSender
from bot.channels.telegram import TelegramChannel, TelegramPoller, TelegramSender
from bot.channels.web import WebChannel
from bot.clock import SystemClock, epoch_ms
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.messages import Channel, Incoming
from bot.settings import Settings
from bot.store import conversations, inbox, migrate, outbox, questions
from bot.store.database import Database
from bot.web import chat, health
from bot.web.webhooks import Webhook
from handlers.router import Router
from knowledge.answering.engine import Answerer
from knowledge.loader import load_base
from scheduler.dispatch import Dispatcher, Sender
from scheduler.ticker import Ticker

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 20
"""How long work in hand may take after SIGTERM; the whole stop stays within 25 s."""
WORKERS_ON_POSTGRES = 4
FORGET_EVERY_SECONDS = 3600


class Service:
    """One process of Xueban: any of the roles web, worker and scheduler."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = settings.clock()
        self.database = Database(settings.database_url)
        self.draining = False
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._forget_next = 0.0
        self._aside: set[asyncio.Task[None]] = set()
        self.channels: dict[str, Channel] = {"web": WebChannel()}
        self.senders: dict[str, Sender] = {}
        self._configure_line()
        self._configure_telegram()
        self.dispatcher = Dispatcher(self.database, self.senders, self.clock, owner=_process_name())
        self.workers = self._make_workers()
        self.ingest = Ingest(self.database, self.clock, on_stored=self._wake_workers)
        self.ticker = Ticker(self.tick)

    @property
    def alive(self) -> bool:
        """Whether the clock still beats; true in a process that has none."""
        return self.ticker.alive or "scheduler" not in self.settings.roles

    @property
    def tick_age_seconds(self) -> float:
        """Seconds since the last beat, on the monotonic clock."""
        return self.ticker.age_seconds

    def _configure_line(self) -> None:
        settings = self.settings
        self.line: LineChannel | None = None
        if settings.line_channel_secret and settings.line_channel_access_token:
            self.line = LineChannel(settings.line_channel_secret.get_secret_value())
            self.line_sender = LineSender(
                # LINE's tokens run out by LINE's clock, whatever XUEBAN_NOW says.
                settings.line_channel_access_token.get_secret_value(),
                settings.line_api_base_url,
                SystemClock(),
            )
            self.channels["line"] = self.line
            self.senders["line"] = self.line_sender

    def _configure_telegram(self) -> None:
        settings = self.settings
        self.telegram: TelegramChannel | None = None
        if settings.telegram_bot_token:
            secret = settings.telegram_webhook_secret
            self.telegram = TelegramChannel(secret.get_secret_value() if secret else "")
            self.telegram_sender = TelegramSender(
                settings.telegram_bot_token.get_secret_value(), settings.telegram_api_base_url
            )
            self.channels["telegram"] = self.telegram
            self.senders["telegram"] = self.telegram_sender

    def _make_workers(self) -> list[Worker]:
        if "worker" not in self.settings.roles:
            return []
        answerer = Answerer(load_base())
        answerer.warm()
        router = Router(answerer, retention_days=self.settings.retention_days)
        count = 1 if self.database.is_sqlite else WORKERS_ON_POSTGRES
        return [
            Worker(
                self.database,
                self.channels,
                router,
                self.clock,
                on_outgoing=self.dispatcher.wake,
                on_slow=self._show_loading,
            )
            for _ in range(count)
        ]

    def _wake_workers(self) -> None:
        for worker in self.workers:
            worker.wake()

    def _show_loading(self, incoming: Incoming) -> None:
        if incoming.channel == "line" and not incoming.in_group:
            task = asyncio.create_task(self.line_sender.show_loading(incoming.address))
            self._aside.add(task)
            task.add_done_callback(self._aside.discard)

    async def start(self) -> None:
        """Open what is needed and begin to work."""
        settings = self.settings
        if settings.xueban_now:
            log.warning("app.clock_is_shifted", XUEBAN_NOW=settings.xueban_now)
        for name, on in (("LINE", settings.line_on), ("Telegram", settings.telegram_on)):
            log.info("app.channel", channel=name, on=on)
        await self._learn_telegram_name()
        if self.telegram and "web" in settings.roles and not settings.public_url:
            self._spawn(TelegramPoller(self.telegram_sender, self.telegram, self.ingest).run(self._stopping))
        for worker in self.workers:
            self._spawn(worker.run(self._stopping))
        if "worker" in settings.roles:
            self._spawn(self.dispatcher.run(self._stopping))
        if "scheduler" in settings.roles:
            self._spawn(self.ticker.run(self._stopping))

    async def _learn_telegram_name(self) -> None:
        """Without its own name the bot cannot see that it is mentioned; asked again until Telegram answers."""
        if self.telegram and not self.telegram.username:
            self.telegram.username = await self.telegram_sender.username()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def stop(self) -> None:
        """Finish what is in hand, then close everything."""
        self.draining = True
        self._stopping.set()
        self._wake_workers()
        self.dispatcher.wake()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            for task in late:
                log.error("app.task_did_not_end", task=task.get_name())
                task.cancel()
        if self.line:
            await self.line_sender.close()
        if self.telegram:
            await self.telegram_sender.close()
        await self.database.close()

    async def tick(self) -> None:
        """One pass of what is due by the clock: wake everyone, and forget what was kept long enough."""
        self._wake_workers()
        self.dispatcher.wake()
        await self._learn_telegram_name()
        if time.monotonic() >= self._forget_next:
            await self._forget()
            self._forget_next = time.monotonic() + FORGET_EVERY_SECONDS

    async def _forget(self) -> None:
        """Delete what people wrote, and what was said to it, once it has been kept for the days that were promised."""
        before = epoch_ms(self.clock.now() - timedelta(days=self.settings.retention_days))
        for forget in (inbox.forget, outbox.forget, questions.forget, conversations.forget):
            async with self.database.write() as tx:
                await forget(tx, before)

    def webhooks(self) -> dict[str, Webhook]:
        """The webhooks of the channels that are on, by path."""
        if "web" not in self.settings.roles:
            return {}
        channels = [channel for channel in (self.line, self.telegram) if channel is not None]
        return {f"/webhooks/{channel.name}": Webhook(channel, self.ingest) for channel in channels}

    def routes(self) -> list[BaseRoute]:
        """Everything that this process serves over HTTP."""
        found: list[BaseRoute] = [*health.routes(self, self.database, self.clock)]
        if "web" not in self.settings.roles:
            return found
        pages = chat.ChatPages(
            self.database, self.ingest, self.clock, secure=self.settings.public_url.startswith("https")
        )
        return [*found, *pages.routes(), Mount("/static", chat.static_files(), name="static")]


def _process_name() -> str:
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Application:
    """The ASGI application: webhooks go straight to their channel, all else through Starlette.

    They are nearly all of the traffic, and routing and middleware would cost them as much as being stored.
    """

    def __init__(self, settings: Settings) -> None:
        self.service: Service | None = None
        self._settings = settings
        self._hooks: dict[str, Webhook] = {}
        self._pages = Starlette(lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hook = self._hooks.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        await (hook or self._pages)(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, pages: Starlette) -> AsyncIterator[None]:
        self.service = service = Service(self._settings)
        await migrate.to_head(service.database)
        self._hooks = service.webhooks()
        pages.router.routes.extend(service.routes())
        await service.start()
        # The knowledge base is a million objects that live as long as the process; a collection that walks them
        # all would hold every webhook up for a tenth of a second.
        gc.collect()
        gc.freeze()
        yield
        await service.stop()


def create_app(settings: Settings) -> Application:
    """The application; the service lives as long as its lifespan."""
    return Application(settings)
