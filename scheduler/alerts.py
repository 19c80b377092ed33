"""Tells the admins what only they can mend: messages that were given up, and a provider that refuses us.

The first at most once a day, the second once until a message arrives there again. An alert goes through a channel
that works, is free where there is a choice, and is never about another alert.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms, from_epoch_ms
from bot.messages import Text
from bot.store import outbox, recipients, undelivered
from bot.store.database import Database
from bot.store.preferences import AT_MINUTE, QUIET_FROM
from bot.store.recipients import Door
from bot.store.undelivered import ALERT, Ended
from scheduler.outlets import Outlets
from scheduler.quota import COUNTED

log = structlog.get_logger(__name__)

GIVEN_UP = "有 {count} 則訊息送不出去：{kinds}。請在主機上執行 xueban doctor，原因寫在服務的紀錄裡（outbox.given_up）。"
REFUSED = (
    "{channel} 不收我們的訊息：權杖可能失效或被撤銷，有 {count} 則在等。"
    "請重新發行權杖、更新設定後重新啟動；等著的會自己送出。"
)
STATES = {"dead": "對方不收", "unknown": "不知道到了沒有"}
CHANNELS = {"line": "LINE", "telegram": "Telegram"}
BACK = timedelta(days=7)
"""Older than this nothing is told, however long nobody was an admin."""


class Alerts:
    """Looks, and puts alerts into the outbox. Every replica may, at any time."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets

    async def __call__(self, database: Database, now: datetime, *, ended: bool) -> int:
        """Tell what there is to tell; returns how many alerts were made.

        `ended`: look for given-up messages too, which reads all that is kept.
        """
        local = now.astimezone(TAIPEI)
        if not AT_MINUTE <= local.hour * 60 + local.minute < QUIET_FROM:
            return 0
        async with database.read() as tx:
            refusing = await self._refusing(tx)
            given_up = await self._given_up(tx, now) if ended else []
        if not refusing and not given_up:
            return 0
        async with database.write() as tx:
            made = 0
            for channel, count in refusing.items():
                said = REFUSED.format(channel=_name(channel), count=count)
                made += await self._tell(tx, said, f"{ALERT}:{channel}", refusing, now)
            if given_up:
                troubled = {each.channel for each in given_up}
                made += await self._tell(tx, in_words(given_up), ALERT, refusing, now, last=troubled)
        return made

    async def _refusing(self, tx: AsyncConnection) -> dict[str, int]:
        """Channels whose provider refuses us, of which nobody was told since it last took something."""
        found = await undelivered.refused(tx)
        return {
            channel: count
            for channel, count in found.items()
            if not (told := await undelivered.last_told(tx, f"{ALERT}:{channel}"))
            or told < await undelivered.last_sent(tx, channel)
        }

    async def _given_up(self, tx: AsyncConnection, now: datetime) -> list[Ended]:
        told = await undelivered.last_told(tx, ALERT)
        if told and from_epoch_ms(told).astimezone(TAIPEI).date() >= now.astimezone(TAIPEI).date():
            return []
        return await undelivered.ended(tx, max(told, epoch_ms(now - BACK)))

    async def _tell(
        self,
        tx: AsyncConnection,
        said: str,
        name: str,
        broken: Collection[str],
        now: datetime,
        *,
        last: Collection[str] = (),
    ) -> int:
        """One alert to each admin who can be reached elsewhere; without any it stays to be told."""
        log.error("outbox.admins_alerted", about=name, said=said)
        made = 0
        admins = await recipients.admins(tx)
        for person, doors in (await recipients.doors(tx, admins, self._outlets.renderers)).items():
            door = _best([each for each in doors if each.channel not in broken], last)
            if door is None:
                continue
            await outbox.add(
                tx,
                self._outlets.renderers[door.channel](door.address, (Text(said),)),
                conversation_id=door.conversation_id,
                dedupe_key=f"{ALERT}:{name}:{now.astimezone(TAIPEI).date()}:{person}",
                event_id="",
                now=epoch_ms(now),
            )
            made += 1
        if made:
            await undelivered.note_told(tx, name, epoch_ms(now))
        return made


def in_words(given_up: Sequence[Ended]) -> str:
    """How many, of which channel, and why."""
    kinds = "、".join(
        f"{_name(each.channel)} {each.count} 則（{STATES[each.state]}{f'，{each.status}' if each.status else ''}）"
        for each in given_up
    )
    return GIVEN_UP.format(count=sum(each.count for each in given_up), kinds=kinds)


def _best(doors: Sequence[Door], last: Collection[str]) -> Door | None:
    """Where nothing was given up first, then what is free."""
    return min(doors, key=lambda each: (each.channel in last, each.channel == COUNTED), default=None)


def _name(channel: str) -> str:
    return CHANNELS.get(channel, channel)
