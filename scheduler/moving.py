"""What moving a date would do, before it is done: who hears of it, what is taken back, what is told anew and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms, from_epoch_ms
from bot.store import deadline_moves, preferences, recipients
from bot.store.access import Enrolment, Scope
from bot.store.deadline_moves import DEADLINE, Waiting
from bot.store.preferences import Wishes
from bot.store.recipients import Recipient
from bot.store.reminder_tables import reminders
from bot.store.reminders import State
from knowledge.deadlines.engine import Due, Moved
from knowledge.deadlines.engine import State as Standing
from scheduler import due as due_days
from scheduler import matters
from scheduler.matters import Matter, Moves
from scheduler.reconcile import hearing, is_told_of_move, moment

SCHOOLS_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who will be told that the date was moved, in their next digest."""

    person: str
    name: str
    """May be empty."""
    place: Enrolment


@dataclass(frozen=True, slots=True)
class Firing:
    """A moment at which the new date is told ahead."""

    at: datetime
    """Naive local time."""
    rule: str
    """`T-7`: a week before."""
    people: int
    """Once for each of their schools."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be."""

    key: str
    title: str
    stands: datetime | None
    """The date that stands now, naive local time; None where it differs by school, or can't be told yet."""
    due: datetime | None
    """The date that would stand; None likewise."""
    schools: int
    """Schools that the deadline applies to, and that have not seen to it."""
    done: int
    """Schools that have; they hear nothing."""
    planned: int
    """Reminders of the old date that are planned, and would be dropped."""
    messages: int
    """Messages that wait unsent with the old date in them, and would be made anew."""
    hearers: tuple[Hearer, ...]
    firings: tuple[Firing, ...]
    """By time."""


async def preview(
    tx: AsyncConnection, scope: Scope, programme: str, edition: str, key: str, due: datetime | None, now: datetime
) -> Preview | None:
    """What moving a date would do; None for who may not move it. Changes nothing, so any connection will do.

    Args:
        due: naive local wall time, 23:59 for a whole day; None to take back what was moved.
        now: aware.

    Raises:
        MoveError: no such deadline, or a date that can't be meant.
    """
    if not scope.may_oversee(programme):
        return None
    deadline_moves.check(programme, edition, key, due, reason="-")
    look = _Look(key, now, await _with(tx, (programme, edition), key, due, now))
    look.waiting = {each.id: each for each in await deadline_moves.waiting(tx, programme, edition, key)}
    after = ""
    while True:
        ids = await matters.page(tx, programme, edition, after=after, limit=SCHOOLS_AT_ONCE)
        await look.at(tx, ids)
        if len(ids) < SCHOOLS_AT_ONCE:
            return look.seen(matters.deadline_titles(programme, edition)[key])
        after = ids[-1]


async def _with(tx: AsyncConnection, edition: tuple[str, str], key: str, due: datetime | None, now: datetime) -> Moves:
    """All moved dates, and this one as it would be."""
    moved = await deadline_moves.moved(tx)
    last = moved.get(edition, {}).get(key)
    local = now.astimezone(TAIPEI).replace(tzinfo=None)
    move = Moved(due, last.revision + 1 if last else 1, "", local, last.due if last else None)
    return {**moved, edition: {**moved.get(edition, {}), key: move}}


class _Look:
    """Gathers it, some schools at a time."""

    def __init__(self, key: str, now: datetime, moved: Moves) -> None:
        self._key, self._now, self._moved = key, now, moved
        self._subject = f"{DEADLINE}:{key}"
        self.waiting: Mapping[int, Waiting] = {}
        self._dues: list[Due] = []
        self._done = 0
        self._hearers: list[Hearer] = []
        self._firings: Counter[tuple[datetime, str]] = Counter()

    async def at(self, tx: AsyncConnection, ids: Sequence[str]) -> None:
        """Look at some schools."""
        found = await matters.of(tx, ids, self._now, self._moved)
        members = await recipients.members(tx, ids)
        told = await self._told(tx, ids)
        wishes = await preferences.of_people(tx, sorted({each.person for many in members.values() for each in many}))
        names = await recipients.names(tx, ids)
        for place, many in found.items():
            for matter in many:
                if matter.subject == self._subject and isinstance(matter.what, Due):
                    if matter.what.state is Standing.DONE:
                        self._done += 1
                        continue
                    self._dues.append(matter.what)
                    for each in hearing(matter, members.get(place, ())):
                        self._hear(matter, matter.what, each, wishes.get(each.person, Wishes()), told, names)

    def seen(self, title: str) -> Preview:
        """All of it."""
        stands, due = {each.stood for each in self._dues}, {each.due for each in self._dues}
        messages = {each.outbox_id for each in self.waiting.values() if each.outbox_id}
        planned = sum(not each.outbox_id for each in self.waiting.values())
        firings = (Firing(at, rule, people) for (at, rule), people in sorted(self._firings.items()))
        return Preview(
            self._key, title, _only(stands), _only(due), len(self._dues), self._done, planned, len(messages),
            tuple(self._hearers), tuple(firings),
        )  # fmt: skip

    def _hear(
        self,
        matter: Matter,
        due: Due,
        who: Recipient,
        wishes: Wishes,
        told: Collection[tuple[str, str]],
        names: Mapping[tuple[str, str], str],
    ) -> None:
        place = matter.place
        if wishes.is_muted(place.programme, place.id, self._subject):
            return
        if is_told_of_move(due, before=(place.id, who.person) in told):
            self._hearers.append(Hearer(who.person, names.get((place.id, who.person), ""), place))
        offsets, _ = wishes.offsets(place.programme, place.id, self._subject)
        for each in due_days.occasions(due, offsets, date.max):
            fire_at = moment(each.day, wishes.at_minute)
            if each.rule.startswith("T-") and fire_at > epoch_ms(self._now):
                self._firings[from_epoch_ms(fire_at).astimezone(TAIPEI).replace(tzinfo=None), each.rule] += 1

    async def _told(self, tx: AsyncConnection, ids: Sequence[str]) -> set[tuple[str, str]]:
        """School and person, where something of the deadline was told and can't be taken back."""
        ours: tuple[Any, ...] = (
            reminders.c.enrolment_id.in_(ids),
            reminders.c.subject == self._subject,
            reminders.c.state == State.ENQUEUED,
        )
        rows = await tx.execute(select(reminders.c.id, reminders.c.enrolment_id, reminders.c.person_id).where(*ours))
        return {(row.enrolment_id, row.person_id) for row in rows if row.id not in self.waiting}


def _only(found: Iterable[datetime | None]) -> datetime | None:
    one = list(found)
    return one[0] if len(one) == 1 else None
