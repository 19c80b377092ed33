"""One process of the service: which channels are on, what runs in it, and how it begins and ends."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from functools import cached_property
from typing import Any

import structlog

from bot.channels.line import LineChannel, LineSender
from bot.channels.line.admin_api import LineAdmin
from bot.channels.line.menu_links import RoleMenus
from bot.channels.line.quota import LineQuota
from bot.channels.telegram import TelegramChannel, TelegramPoller, TelegramSender
from bot.channels.web import WebChannel
from bot.clock import SystemClock, epoch_ms
from bot.conversation import make_router
from bot.evidence.fetch import Fetcher
from bot.evidence.intake import Intake
from bot.evidence.preparing import Preparing
from bot.evidence.sources import LineFiles, Source, TelegramFiles
from bot.evidence.storage import Folder
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.messages import Channel, Incoming
from bot.reminding import make_planner, make_teller
from bot.settings import Settings
from bot.store import console_sessions, conversations, evidence, file_links, inbox, outbox, people, questions
from bot.store.database import Database
from bot.web.webhooks import Webhook
from handlers.checklist.checklists import Checklists
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
        self.base = load_base()
        self.checklists = Checklists(self.base)
        self.storage = Folder(settings.evidence_dir)
        preparing = Preparing(settings.largest_evidence)
        self.intake = Intake(self.database, self.storage, preparing, self.clock)
        self.fetcher = Fetcher(self.database, self.storage, self._file_sources(), self.channels, preparing, self.clock)
        self.workers = self._make_workers()
        self.ingest = Ingest(self.database, self.clock, on_stored=self._wake_workers)
        self.planner = make_planner(self.base, self.channels.values(), self.line_quota)
        self.teller = make_teller(self.base, self.channels.values(), self.line_quota, lambda: self.answerer)
        self.ticker = Ticker(self.tick)

    @property
    def alive(self) -> bool:
        """Whether the clock still beats; true in a process that has none."""
        return self.ticker.alive or "scheduler" not in self.settings.roles

    @property
    def roles(self) -> tuple[str, ...]:
        """What this process does: web, worker, scheduler."""
        return self.settings.roles

    @property
    def tick_age_seconds(self) -> float:
        """Seconds since the last beat, on the monotonic clock."""
        return self.ticker.age_seconds

    @cached_property
    def answerer(self) -> Answerer:
        """What answers questions, one for the process: made ready where it is first wanted, which takes a second or
        two, so that nobody's first question waits."""
        answerer = Answerer(self.base)
        answerer.warm()
        return answerer

    def _configure_line(self) -> None:
        settings = self.settings
        self.line: LineChannel | None = None
        self.line_quota: LineQuota | None = None
        if settings.line_channel_secret and settings.line_channel_access_token:
            self.line = LineChannel(settings.line_channel_secret.get_secret_value())
            self.line_sender = LineSender(
                # LINE's tokens run out by LINE's clock, whatever XUEBAN_NOW says.
                settings.line_channel_access_token.get_secret_value(),
                settings.line_api_base_url,
                SystemClock(),
                own_clock=self.clock,
            )
            self.line_quota = LineQuota(
                settings.line_channel_access_token.get_secret_value(), settings.line_api_base_url
            )
            self.channels["line"] = self.line
            self.senders["line"] = self.line_sender
            self.role_menus = RoleMenus(
                LineAdmin(
                    settings.line_channel_access_token.get_secret_value(),
                    settings.line_api_base_url,
                    settings.line_data_api_base_url,
                )
            )

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
        router = make_router(self.settings, self.checklists, self.answerer)
        count = 1 if self.database.is_sqlite else WORKERS_ON_POSTGRES
        return [
            Worker(
                self.database,
                self.channels,
                router,
                self.clock,
                on_outgoing=self._wake_senders,
                on_slow=self._show_loading,
            )
            for _ in range(count)
        ]

    def _file_sources(self) -> dict[str, Source]:
        """Where photos and files of the channels that are on are fetched from."""
        settings, limit = self.settings, self.settings.largest_evidence
        sources: dict[str, Source] = {}
        if settings.line_channel_access_token:
            token = settings.line_channel_access_token.get_secret_value()
            sources["line"] = LineFiles(token, settings.line_data_api_base_url, limit)
        if settings.telegram_bot_token:
            token = settings.telegram_bot_token.get_secret_value()
            sources["telegram"] = TelegramFiles(token, settings.telegram_api_base_url, limit)
        return sources

    def _wake_senders(self) -> None:
        self.dispatcher.wake()
        self.fetcher.wake()

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
            self._spawn(self.fetcher.run(self._stopping))
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
        self._wake_senders()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            for task in late:
                log.error("app.task_did_not_end", task=task.get_name())
                task.cancel()
        if self.line:
            await self.line_sender.close()
            await self.role_menus.close()
        if self.telegram:
            await self.telegram_sender.close()
        await self.database.close()

    async def tick(self) -> int:
        """One pass of what is due by the clock: wake everyone, forget what was kept long enough, remind.

        Returns how many messages it made.
        """
        self._wake_workers()
        self._wake_senders()
        await self._learn_telegram_name()
        if time.monotonic() >= self._forget_next:
            await self._forget()
            self._forget_next = time.monotonic() + FORGET_EVERY_SECONDS
        made = await self.planner.tick(self.database, self.clock.now())
        if made:
            self._wake_senders()
        if self.line:
            await self.role_menus.tick(self.database)
        if told := await self.teller.tick(self.database, self.clock.now()):
            self._wake_senders()
        return made + told

    async def _forget(self) -> None:
        """Delete what people wrote, and what was said to it, once it has been kept for the days that were promised."""
        before = epoch_ms(self.clock.now() - timedelta(days=self.settings.retention_days))
        for forget in (inbox.forget, outbox.forget, questions.forget, conversations.forget, evidence.forget):
            async with self.database.write() as tx:
                await forget(tx, before)
        async with self.database.write() as tx:
            await people.forget_codes(tx, epoch_ms(self.clock.now()))
            await file_links.forget(tx, epoch_ms(self.clock.now()))
            await console_sessions.forget(tx, epoch_ms(self.clock.now()))

    def webhooks(self) -> dict[str, Webhook]:
        """The webhooks of the channels that are on, by path."""
        if "web" not in self.settings.roles:
            return {}
        channels = [channel for channel in (self.line, self.telegram) if channel is not None]
        return {f"/webhooks/{channel.name}": Webhook(channel, self.ingest) for channel in channels}


def _process_name() -> str:
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
