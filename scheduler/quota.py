"""Spends LINE's pushes of a month: freely at first, from 95 % on for what is due within a day, at 100 % not at all.

Whoever gets no push is reached by Telegram or the web page where the person has one; else the reminder waits for the
person's next message, the next month, or its date. The admins are told at 80, 95 and 100 %, once each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.messages import Text
from bot.store import outbox, quota, recipients
from bot.store.database import Database
from bot.store.recipients import Door
from knowledge.deadlines.engine import Due
from scheduler.digest import Item
from scheduler.outlets import Outlets

log = structlog.get_logger(__name__)

COUNTED = "line"
"""The channel whose pushes are counted; the others are free."""
WARN_AT, NARROW_AT, EMPTY_AT = 80, 95, 100
"""Per cent of the month."""
WARNINGS = {
    WARN_AT: "LINE 本月的推播已用 {used}／{allowed} 則（{per_cent}%）。到 95% 時只傳明天和今天到期的；請考慮升級方案。",
    NARROW_AT: "LINE 本月的推播已用 {used}／{allowed} 則（{per_cent}%）。從現在起只傳明天和今天到期的提醒。",
    EMPTY_AT: "LINE 本月的推播已用完（{used}／{allowed} 則）。提醒改走 Telegram、網頁和下一次回覆，下個月恢復。",
}
USED = Gauge("xueban_push_quota_used_ratio", "Share of the month's pushes that is used", ["channel"])


def month_of(now: datetime) -> str:
    """The local month: `2026-07`. LINE counts by the month of Japan, one hour ahead; within that hour we err to be
    sparing."""
    return f"{now.astimezone(TAIPEI):%Y-%m}"


def is_urgent(items: Sequence[Item], now: datetime) -> bool:
    """Whether something is due today or tomorrow, or is told for the last time before a holiday that it is due in."""
    today = now.astimezone(TAIPEI).date()
    for item in items:
        what = item.matter.what
        if item.row.key.rule in ("T-1", "T-0"):
            return True
        if isinstance(what, Due) and what.end and timedelta() <= what.end.date() - today <= timedelta(days=1):
            return True
    return False


class Quota:
    """Chooses the door that a digest goes through, and keeps the ledger."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets

    async def refresh(self, database: Database, now: datetime) -> None:
        """Ask the provider, note its word, and tell the admins what they have to know."""
        if self._outlets.quota is None:
            return
        report = await self._outlets.quota()  # with no transaction open
        month = month_of(now)
        async with database.write() as tx:
            if report is not None:
                pending = await quota.pending(tx, COUNTED)
                await quota.report(
                    tx, COUNTED, month, allowed=report.allowed, used=report.used, pending=pending, now=epoch_ms(now)
                )
            ledger = await quota.ledger(tx, COUNTED, month)
            if ledger is not None:
                USED.labels(COUNTED).set(ledger.per_cent / 100)
                await self._warn(tx, ledger, now)

    async def door(
        self, tx: AsyncConnection, items: Sequence[Item], doors: Sequence[Door], now: datetime
    ) -> Door | None:
        """The door used last that may be used; None where there is none. A counted push is reserved with it."""
        for door in doors:
            if door.channel != COUNTED:
                return door
            ledger = await quota.ledger(tx, COUNTED, month_of(now), hold=True)
            if ledger is not None and not _may_push(ledger, urgent=is_urgent(items, now)):
                continue
            await quota.reserve(tx, COUNTED, month_of(now))
            return door
        return None

    async def _warn(self, tx: AsyncConnection, ledger: quota.Ledger, now: datetime) -> None:
        level = max((each for each in WARNINGS if ledger.per_cent >= each), default=0)
        if not level or not await quota.warned(tx, ledger.channel, ledger.month, level):
            return
        log.error("reminders.quota", channel=ledger.channel, per_cent=ledger.per_cent)
        said = Text(WARNINGS[level].format(used=ledger.used, allowed=ledger.allowed, per_cent=ledger.per_cent))
        admins = await recipients.admins(tx)
        for person, doors in (await recipients.doors(tx, admins, self._outlets.renderers)).items():
            # What is free first: a push that says that pushes run out should cost none.
            door = min(doors, key=lambda each: each.channel == COUNTED)
            if door.channel == COUNTED and ledger.left == 0:
                continue
            await outbox.add(
                tx,
                self._outlets.renderers[door.channel](door.address, (said,)),
                conversation_id=door.conversation_id,
                dedupe_key=f"quota:{ledger.channel}:{ledger.month}:{level}:{person}",
                event_id="",
                now=epoch_ms(now),
            )


def _may_push(ledger: quota.Ledger, *, urgent: bool) -> bool:
    if ledger.left == 0:
        return False
    return urgent or ledger.per_cent < NARROW_AT
