"""What leaves, what has arrived and what has not: the outbox, and trying a message again."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import charts
from bot.console.guard import Guard, not_found
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Visit
from bot.store import console_log, deliveries, quota
from bot.store.console_today import FAILED
from bot.store.deliveries import STATES, Delivery, Retry
from handlers.account.words import CHANNELS
from scheduler.quota import COUNTED, month_of

AT_ONCE = 50
DAYS = 30
WORDS = {
    "queued": ("等著送", "calm"),
    "sending": ("正在送", "calm"),
    "sent": ("送到了", "good"),
    "unknown": ("不確定送到沒", "warn"),
    "dead": ("送不到", "bad"),
    "cancelled": ("收回了", "calm"),
    "expired": ("過期沒送", "warn"),
}
OUTCOMES = {
    "sent": "送到了",
    "retry": "沒送成，之後再送",
    "as_push": "改用推播送",
    "dead": "送不到",
    "unknown": "不確定送到沒",
    "retried": "有人按了再送一次",
}
SAID = {
    Retry.QUEUED: "排進去了，馬上再送一次。",
    Retry.RISKY: "這一則可能已經送到。要再送，請勾選「可能會收到兩次」。",
    Retry.STALE: "這一則說的事已經過時，不再送；下一次提醒會重新說。",
    Retry.GONE: "這一則現在不是沒送到的狀態，沒有再送。",
}


class Deliveries:
    """`/admin/deliveries`."""

    path = f"{ROOT}/deliveries"
    title = "送達"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """The list, its chart, one message, and trying that again."""
        return [
            guard.get(self.path, self._list),
            guard.get(f"{self.path}/days.svg", self._chart),
            guard.get(f"{self.path}/{{id}}", self._one),
            guard.post(f"{self.path}/{{id}}/retry", self._retry),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        state = asked.get("state", "") if asked.get("state") in STATES else ""
        channel = asked.get("channel", "") if asked.get("channel") in CHANNELS else ""
        before = _place(asked.get("before", ""))
        async with self._tools.database.read() as tx:
            rows = await deliveries.page(
                tx, visit.scope, state=state, channel=channel, before=before, limit=AT_ONCE + 1
            )
            counts = await deliveries.count(tx, visit.scope)
            days = await self._days(tx, visit)
            ledger = await quota.ledger(tx, COUNTED, month_of(visit.now))
        return self._tools.page.render(
            "deliveries.html", visit, rows=rows[:AT_ONCE], counts=counts, days=days, ledger=ledger,
            older=self._older(rows, state, channel), state=state, channel=channel,
            states=[(name, said) for name, (said, _) in WORDS.items()], words=WORDS, channels=CHANNELS,
            first=not before,
        )  # fmt: skip

    def _older(self, rows: list[Delivery], state: str, channel: str) -> str:
        if len(rows) <= AT_ONCE:
            return ""
        asked = {"state": state, "channel": channel, "before": f"{rows[AT_ONCE - 1].seq}_{rows[AT_ONCE - 1].id}"}
        return f"{self.path}?{urlencode({key: value for key, value in asked.items() if value})}"

    async def _days(self, tx: AsyncConnection, visit: Visit) -> list[tuple[str, int, int, int]]:
        """A day, how many arrived, wait and failed; the newest first, days without any left out."""
        first = visit.today - timedelta(days=DAYS - 1)
        found = await deliveries.by_day(tx, visit.scope, first, DAYS)
        rows = [
            ((first + timedelta(days=at)).isoformat(), found["sent"][at], found["waiting"][at], found["failed"][at])
            for at in range(DAYS)
        ]
        return [row for row in reversed(rows) if any(row[1:])]

    async def _chart(self, _request: Request, visit: Visit) -> Response:
        first = visit.today - timedelta(days=DAYS - 1)
        async with self._tools.database.read() as tx:
            found = await deliveries.by_day(tx, visit.scope, first, DAYS)
        days = [first + timedelta(days=at) for at in range(DAYS)]
        series = {"送到": found["sent"], "等著送": found["waiting"], "沒送到": found["failed"]}
        return charts.image(charts.stacked_bars([f"{day.month}/{day.day}" for day in days], series, every=5))

    async def _one(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            found = await deliveries.get(tx, visit.scope, request.path_params["id"])
            if found is None:
                raise not_found()
            tried = await deliveries.tried(tx, visit.scope, found.id)
        stale = bool(found.expires_at) and found.expires_at <= visit.at
        return self._tools.page.render(
            "delivery.html", visit, found=found, tried=tried, words=WORDS, channels=CHANNELS, outcomes=OUTCOMES,
            may_retry=found.state in FAILED and not stale, stale=stale and found.state in FAILED,
        )  # fmt: skip

    async def _retry(self, request: Request, visit: Visit) -> Response:
        identity, twice = request.path_params["id"], visit.form.get("twice") == "yes"
        async with self._tools.database.write() as tx:
            if await deliveries.get(tx, visit.scope, identity) is None:
                raise not_found()
            done = await deliveries.retry(tx, visit.scope, identity, visit.at, even_twice=twice)
            if done is Retry.QUEUED:
                await console_log.note(tx, visit.person, "delivery_retry", visit.at, subject=f"delivery:{identity}")
        if done is Retry.QUEUED:
            self._tools.on_outgoing()
        return self._tools.page.see_other(visit, f"{self.path}/{identity}", SAID[done])


def _place(text: str) -> tuple[int, str] | None:
    """Where the page before ended, as its link says it; None of anything else."""
    seq, _, identity = text.partition("_")
    return (int(seq), identity) if re.fullmatch(r"[0-9]{1,18}", seq) else None
