"""`xueban move-deadline`: another date than the document's, as the office published it; first what that would do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import typer

from bot import logs, settings
from bot.clock import epoch_ms
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store import deadline_moves, migrate
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.deadline_moves import MoveError
from knowledge.deadlines.dates import MomentError, parse_fixed
from knowledge.deadlines.loader import UnknownProgrammeError, load_deadlines
from scheduler.moving import Preview, preview
from scheduler.wording import say_moment

DOCUMENT = "document"
"""Given instead of a date: the document's own stands again."""
MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    slug: str
    key: str
    date: str
    reason: str
    edition: str = ""


def move_deadline(asked: Wanted, *, yes: bool) -> int:
    """Print what it would do, ask, and do it; exit code 1 where it was declined.

    Raises:
        BadInputError: no such deadline, or a date that can't be meant.
    """
    due = _date(asked.date)
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    try:
        edition = load_deadlines(asked.slug, asked.edition or None).edition
        return asyncio.run(_move(found, asked, edition, due, yes=yes))
    except UnknownProgrammeError as error:
        raise BadInputError(f"沒有「{asked.slug}」這個計畫的期限；有的是：{'、'.join(error.known)}。") from None
    except MoveError as error:
        raise BadInputError(str(error)) from None


async def _move(found: Settings, asked: Wanted, edition: str, due: datetime | None, *, yes: bool) -> int:
    database, scope = Database(found.database_url), unlimited()
    what = (asked.slug, edition, asked.key)
    deadline_moves.check(*what, due, asked.reason)
    try:
        await migrate.to_head(database)
        now = found.clock().now()
        async with database.read() as tx:
            seen = await preview(tx, scope, *what, due, now)
        assert seen is not None  # the machine's own scope may move anything
        print("\n".join(in_words(seen, asked.reason)))
        if not yes and not typer.confirm("要這樣改嗎？", default=False):
            print("沒有改。")
            return 1
        async with database.write() as tx:
            if due is None:
                revision = await deadline_moves.take_back(tx, scope, *what, asked.reason, epoch_ms(now))
            else:
                revision = await deadline_moves.move(tx, scope, *what, due, asked.reason, epoch_ms(now))
    finally:
        await database.close()
    print(f"改好了，這是第 {revision} 次改期。")
    return 0


def in_words(seen: Preview, reason: str) -> Iterator[str]:
    """The preview for people."""
    yield f"{seen.title}：{_say(seen.stands)} → {_say(seen.due)}，原因：{reason}"
    yield f"還沒完成的學校：{seen.schools} 所（已完成 {seen.done} 所，不通知）"
    yield f"收回舊日期的提醒：排好的 {seen.planned} 則，還沒送出的訊息 {seen.messages} 則"
    yield f"下一則彙整會通知改期：{len(seen.hearers)} 人次"
    for each in seen.hearers[:MOST_NAMES]:
        yield f"  {each.place.school} {each.name or '（沒有名字）'}"
    if len(seen.hearers) > MOST_NAMES:
        yield f"  還有 {len(seen.hearers) - MOST_NAMES} 人次"
    yield "新日期的提醒：" if seen.firings else "新日期不會再提前提醒。"
    for firing in seen.firings:
        yield f"  {say_moment(firing.at)}（{firing.rule}）{firing.people} 人次"


def _say(due: datetime | None) -> str:
    return say_moment(due) if due else "各校不同，或還不知道"


def _date(given: str) -> datetime | None:
    if given == DOCUMENT:
        return None
    try:
        return parse_fixed(given)
    except MomentError:
        raise BadInputError(f"沒有「{given}」這一天；請像 2026-08-15 或 2026-08-15T17:00 這樣給。") from None
