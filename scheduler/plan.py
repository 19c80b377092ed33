"""One pass of reminding: plan what fell due, then put each person's day into one message.

Every replica may run it, at any time and any number of times: a reminder is unique by duty, recipient and rule, a
digest by person and day. Its message is frozen in the outbox in the transaction that notes what it tells.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store import outbox, preferences, recipients, reminders
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.store.preferences import Wishes
from bot.store.recipients import Door
from bot.store.reminders import State, Stored
from knowledge.schema import Base
from scheduler import digest, matters
from scheduler.alerts import Alerts
from scheduler.digest import Item
from scheduler.matters import Matter
from scheduler.outlets import Outlets
from scheduler.quota import Quota, is_urgent
from scheduler.reconcile import Place, moment, reconcile

log = structlog.get_logger(__name__)

SCHOOLS_AT_ONCE = 400
PEOPLE_AT_ONCE = 50
PEOPLE_LOOKED_UP = 2000
"""Who has something due is looked up for many at once: each look goes through all that is due."""
HOUR_MS = 3600 * 1000
REVISIONS = 9
"""A digest that was taken back is made anew so often a day at most."""
ENDED = ("cancelled", "expired")
SECOND = ":second"
"""Of the key of the one further digest of a day, for what binds today or tomorrow and was not known this morning."""

MISSED = Counter("xueban_reminders_missed_total", "Reminders whose date went by before they could be told")
OLDEST = Gauge("xueban_reminder_oldest_due_seconds", "How long the reminder waits that waits longest to be told")
DIGESTS = Counter("xueban_digests_total", "Digests put into the outbox, by channel", ["channel"])


class Planner:
    """Plans and enqueues. Holds no state but when it last looked at everything, which spares work, nothing else."""

    def __init__(self, base: Base, outlets: Outlets, *, schools: int = SCHOOLS_AT_ONCE) -> None:
        self._base = base
        self._outlets = outlets
        self._schools = schools
        self._looked: tuple[date, int] | None = None
        self._quota = Quota(outlets)
        self._alerts = Alerts(outlets)

    async def __call__(self, database: Database, now: datetime) -> int:
        """A whole pass at `now` (aware); returns how many digests it made."""
        last = await self._begin(database, now)
        await self._quota.refresh(database, now)
        await self._alerts(database, now, ended=True)
        await self._plan_all(database, now, last)
        self._looked = _slot(now)
        return await self._tell_all(database, now, last)

    async def tick(self, database: Database, now: datetime) -> int:
        """The same for a clock that beats every few seconds: everything is looked through once an hour."""
        if self._looked != _slot(now):
            return await self(database, now)
        await self._alerts(database, now, ended=False)
        return await self._tell_all(database, now, await self._begin(database, now))

    async def _begin(self, database: Database, now: datetime) -> int | None:
        async with database.write() as tx:
            MISSED.inc(await reminders.expire(tx, epoch_ms(now)))
            return await reminders.last_pass(tx)

    async def _plan_all(self, database: Database, now: datetime, last: int | None) -> None:
        today = now.astimezone(TAIPEI).date()
        async with database.read() as tx:
            editions = await matters.editions(tx)
        for programme, edition in editions:
            if not matters.is_live(programme, edition, today):
                continue
            after = ""
            while True:
                async with database.write(patient=True) as tx:
                    ids = await matters.page(tx, programme, edition, after=after, limit=self._schools)
                    if ids:
                        await reconcile(tx, ids, now, last)
                if len(ids) < self._schools:
                    break
                after = ids[-1]
                await asyncio.sleep(0)
        async with database.write() as tx:
            await reminders.note_pass(tx, epoch_ms(now))

    async def _tell_all(self, database: Database, now: datetime, last: int | None) -> int:
        made, after = 0, ""
        while True:
            async with database.read() as tx:
                persons = await reminders.people_due(
                    tx, epoch_ms(now), channels=self._outlets.renderers, after=after, limit=PEOPLE_LOOKED_UP
                )
            for start in range(0, len(persons), PEOPLE_AT_ONCE):
                async with database.write(patient=True) as tx:
                    made += await self._tell(tx, persons[start : start + PEOPLE_AT_ONCE], now, last)
                await asyncio.sleep(0)
            if len(persons) < PEOPLE_LOOKED_UP:
                break
            after = persons[-1]
        async with database.read() as tx:
            oldest = await reminders.oldest_due(tx, epoch_ms(now))
        OLDEST.set(0 if oldest is None else (epoch_ms(now) - oldest) / 1000)
        return made

    async def _tell(self, tx: AsyncConnection, persons: Sequence[str], now: datetime, last: int | None) -> int:
        """Digests of some people, in one transaction. Who is in another planner's hands is left to that one."""
        held = await reminders.hold(tx, persons)
        due = await reminders.due_of(tx, held, epoch_ms(now))
        about = await reconcile(tx, sorted({row.key.enrolment for row in due}), now, last)
        rows: dict[str, list[Stored]] = defaultdict(list)
        for row in await reminders.due_of(tx, held, epoch_ms(now)):
            rows[row.key.person].append(row)
        day = _Day(
            now, await preferences.of_people(tx, held), await recipients.doors(tx, held, self._outlets.renderers)
        )
        keys = {f"{_key(person, day.today)}{end}" for person in rows for end in (*_ENDINGS, *_SECOND_ENDINGS)}
        day.states = await reminders.digests(tx, keys)
        talks = [door.conversation_id for doors in day.doors.values() for door in doors]
        day.dialogues = await recipients.hold_dialogues(tx, talks)
        for person, own in rows.items():
            await self._tell_one(tx, person, own, about, day)
        await outbox.add_all(tx, day.letters, day.at)
        await reminders.enqueue(tx, day.told, day.at)
        await recipients.set_dialogues(tx, day.shown)
        return len(day.letters)

    async def _tell_one(
        self, tx: AsyncConnection, person: str, rows: Sequence[Stored], about: Mapping[Place, Matter], day: _Day
    ) -> None:
        """One person's digest, laid with the day's."""
        wishes = day.wishes.get(person, Wishes())
        if day.minute < wishes.at_minute or wishes.is_quiet(day.minute):
            return
        key = day.free_key(person)
        if key is None:  # today's is out
            tomorrow = moment(day.today + timedelta(days=1), wishes.at_minute)
            rows, others = _by_urgency(rows, about, day.now)
            key = day.free_key(person, _SECOND_ENDINGS) if rows else None
            await reminders.postpone(tx, [row.id for row in (others if key else [*rows, *others])], tomorrow, day.at)
        if key is None:
            return
        doors = day.doors.get(person, ())
        if any(each.conversation_id not in day.dialogues for each in doors):  # talking to us this very moment
            return
        items, double = _newest(rows, about)
        await reminders.end(tx, double, State.SUPERSEDED, day.at)
        door = await self._quota.door(tx, items, doors, day.now) if items else None
        if door is None:
            await reminders.postpone(tx, [item.id for item in items], day.at + HOUR_MS, day.at)
            return
        try:
            messages = digest.compose(items, day.local, self._base, self._outlets.held_question)
            body = self._outlets.renderers[door.channel](door.address, messages)
        except Exception:  # the others' are made all the same, and this one is tried later
            log.exception("reminders.digest_failed", reminders=len(items))
            await reminders.postpone(tx, [item.id for item in items], day.at + HOUR_MS, day.at)
            return
        letter = Letter(body, door.conversation_id, key, expires_at=day.end(wishes))
        day.letters.append(letter)
        day.told |= dict.fromkeys((item.id for item in items), letter.id)
        day.shown[door.conversation_id] = self._outlets.remember(day.dialogues[door.conversation_id], messages)
        DIGESTS.labels(door.channel).inc()
        log.info("reminders.digest", delivery=letter.id, channel=door.channel, items=len(items))


_ENDINGS = ("", *(f":{number}" for number in range(2, REVISIONS + 1)))
_SECOND_ENDINGS = tuple(f"{SECOND}{end}" for end in _ENDINGS)


@dataclass
class _Day:
    """What is known of the people of one transaction, at one moment, and what they are to be told."""

    now: datetime
    wishes: Mapping[str, Wishes]
    doors: Mapping[str, Sequence[Door]]

    def __post_init__(self) -> None:
        self.states: Mapping[str, str] = {}
        self.dialogues: Mapping[str, Mapping[str, Any]] = {}
        self.letters: list[Letter] = []
        self.told: dict[int, str] = {}
        self.shown: dict[str, Mapping[str, Any]] = {}
        self.at = epoch_ms(self.now)
        self.local = self.now.astimezone(TAIPEI).replace(tzinfo=None)
        self.today = self.local.date()
        self.minute = self.local.hour * 60 + self.local.minute

    def free_key(self, person: str, endings: Sequence[str] = _ENDINGS) -> str | None:
        """The key of the digest to be made; None where one is out that was not taken back."""
        for end in endings:
            key = f"{_key(person, self.today)}{end}"
            if key not in self.states:
                return key
            if self.states[key] not in ENDED:
                return None
        return None

    def end(self, wishes: Wishes) -> int:
        """Until when today's digest may be sent: the quiet hours, or midnight."""
        quiet = wishes.quiet[0]
        return moment(self.today, quiet if quiet > self.minute else 24 * 60)


def _by_urgency(
    rows: Sequence[Stored], about: Mapping[Place, Matter], now: datetime
) -> tuple[list[Stored], list[Stored]]:
    """What is due today or tomorrow, and the rest."""
    urgent: list[Stored] = []
    others: list[Stored] = []
    for row in rows:
        matter = about.get((row.key.enrolment, row.key.subject, row.key.revision))
        binds = matter is not None and is_urgent([Item(row, matter)], now)
        (urgent if binds else others).append(row)
    return urgent, others


def _newest(rows: Sequence[Stored], about: Mapping[Place, Matter]) -> tuple[list[Item], list[int]]:
    """What is to be told, one item for each matter, and the ids of those that would say the same once more."""
    found: dict[Place, Item] = {}
    double: list[int] = []
    for row in rows:  # the earliest first
        place = (row.key.enrolment, row.key.subject, row.key.revision)
        if place not in about:
            continue
        if place in found:
            double.append(found[place].id)
        found[place] = Item(row, about[place])
    return list(found.values()), double


def _key(person: str, day: date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def _slot(now: datetime) -> tuple[date, int]:
    local = now.astimezone(TAIPEI)
    return local.date(), local.hour
