"""The first page: what an office should know and do today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import ahead
from bot.console.formats import lasting
from bot.console.guard import Guard
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Visit
from bot.store import console_today, curation, enrolments, quota, reminders
from bot.store.quota import Ledger
from scheduler import matters
from scheduler.quota import COUNTED, month_of

LATE_MS = 10 * 60 * 1000
"""A reminder that waits longer than this to be told is worth a look."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `tone`: `calm`, `warn` or `bad`; `note` says the same in words."""

    title: str
    figure: str
    note: str
    tone: str
    path: str
    """The page that shows more."""


class Today:
    """`/admin`."""

    path = ROOT
    title = "今天"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """`/admin`."""
        return [guard.get(self.path, self._show)]

    async def _show(self, _request: Request, visit: Visit) -> Response:
        tools = self._tools
        async with tools.database.read() as tx:
            overdue, near = await self._deadlines(tx, visit)
            ledger = await quota.ledger(tx, COUNTED, month_of(visit.now))
            tiles = [*_of_deadlines(overdue, near), *await _of_work(tx, visit), _of_quota(ledger)]
            state = await self._state(tx, visit)
        rows = {"overdue": overdue, "near": near}
        return tools.page.render("today.html", visit, tiles=tiles, rows=rows, days=ahead.NEAR.days, state=state)

    async def _deadlines(self, tx: AsyncConnection, visit: Visit) -> tuple[list[ahead.Row], list[ahead.Row]]:
        """Of the schools that the visitor oversees; where they are a teacher themselves is none of the office's."""
        places = [
            each.id for each in await enrolments.visible(tx, visit.scope) if visit.scope.may_oversee(each.programme)
        ]
        found = await matters.of(tx, places, visit.now)
        return ahead.rows((matter for every in found.values() for matter in every), visit.today)

    async def _state(self, tx: AsyncConnection, visit: Visit) -> list[tuple[str, str, str]]:
        """How the service is: what, in words, and a tone."""
        due = await console_today.oldest_due(tx, visit.scope, visit.at)
        waits = visit.at - due if due else 0
        words = f"最早的一則已等 {lasting(waits)}" if due else "沒有"
        found = [("等著送的提醒", words, "warn" if waits > LATE_MS else "calm")]
        if visit.is_admin:
            looked = await reminders.last_pass(tx)
            found.append(("上次排提醒", f"{lasting(visit.at - looked)}前" if looked else "還沒有排過", "calm"))
        if visit.is_admin and self._tools.has_scheduler:
            vital = self._tools.vital
            beat = f"{lasting(int(vital.tick_age_seconds * 1000))}前"
            found.append(("排程的心跳", beat if vital.alive else f"{beat}，可能停了", "good" if vital.alive else "bad"))
        return found


def _of_deadlines(overdue: Sequence[ahead.Row], near: Sequence[ahead.Row]) -> list[Tile]:
    path = f"{ROOT}/deadlines"
    late, still = sum(row.open for row in overdue), sum(row.open for row in near)
    of_late = f"共 {late} 校次還沒完成" if late else "沒有逾期的事"
    of_near = f"共 {still} 校次還沒完成" if still else "都完成了" if near else "沒有要到期的事"
    return [
        Tile("逾期", f"{len(overdue)} 項", of_late, "bad" if late else "calm", path),
        Tile(f"{ahead.NEAR.days} 天內到期", f"{len(near)} 項", of_near, "warn" if still else "calm", path),
    ]


async def _of_work(tx: AsyncConnection, visit: Visit) -> list[Tile]:
    waiting = len(await curation.wordings(tx, visit.scope))
    of_questions = "種問法等您處理" if waiting else "都處理了"
    failed = await console_today.failed_sends(tx, visit.scope)
    lost = sum(failed.values())
    parts = (("dead", "送不到"), ("unknown", "不確定送到沒"))
    of_sends = "、".join(f"{words} {failed[state]} 則" for state, words in parts if failed[state])
    tone = "bad" if failed["dead"] else "warn" if lost else "calm"
    return [
        Tile("沒答到的問題", str(waiting), of_questions, "warn" if waiting else "calm", f"{ROOT}/questions"),
        Tile("沒送到的訊息", str(lost), of_sends or "都送到了", tone, f"{ROOT}/deliveries"),
    ]


def _of_quota(ledger: Ledger | None) -> Tile:
    title, path = "本月 LINE 推播", f"{ROOT}/deliveries"
    if ledger is None:
        return Tile(title, "－", "這個月還沒有用過", "calm", path)
    if ledger.allowed is None:
        return Tile(title, f"{ledger.used:,}", "沒有上限", "calm", path)
    tone = "bad" if ledger.per_cent >= 95 else "warn" if ledger.per_cent >= 80 else "calm"
    return Tile(title, f"{ledger.per_cent}%", f"用了 {ledger.used:,}／{ledger.allowed:,} 則", tone, path)
