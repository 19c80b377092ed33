"""Brings the reminders of some schools into agreement with what concerns them now.

Idempotent: run again, or by several processes at once, it adds nothing. What fell due and is not there is planned;
of several that fell due unseen only the newest is, the others are noted as superseded; what needs no telling any more
is ended, with the reason, and taken back from the outbox while nobody has tried to send it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store import fact_times, preferences, recipients, reminders
from bot.store.access import Role
from bot.store.preferences import Wishes
from bot.store.recipients import Recipient
from bot.store.reminders import Key, New, State, Stored
from bot.store.stored_record import StoredRecord
from knowledge.deadlines.engine import Due
from knowledge.deadlines.engine import State as Standing
from knowledge.requirements.engine import Progress
from knowledge.requirements.engine import State as Met
from scheduler import matters
from scheduler.due import OFFICE, Occasion, is_near, move_occasion, office_after, office_occasion
from scheduler.matters import Matter, Status

DAY_MS = 24 * 3600 * 1000
RECENT_MS = 3 * DAY_MS
"""Messages older than this are sent, or given up."""
AGAIN = "again-"
BREATH = 20
"""Schools that are looked at before others get a turn: hundreds take longer than a webhook may wait."""
Place = tuple[str, str, str]
"""Enrolment, subject, revision."""


@lru_cache(maxsize=4096)
def moment(day: date, minute: int) -> int:
    """A local minute of a day in epoch milliseconds."""
    at = datetime.combine(day, time()) + timedelta(minutes=minute)
    return epoch_ms(at.replace(tzinfo=TAIPEI))


async def reconcile(
    tx: AsyncConnection, ids: Collection[str], now: datetime, last_pass: int | None
) -> Mapping[Place, Matter]:
    """Make the reminders of these enrolments agree with `now` (aware); returns what concerns them.

    `last_pass`: when everything was last looked through, in epoch ms. What fell due since then and more than a day
    ago is late, and will be apologised for.
    """
    await reminders.hold_places(tx, ids)
    found = await matters.of(tx, ids, now)
    members = await recipients.members(tx, tuple(found))
    offices = {
        programme: await recipients.offices(tx, programme)
        for programme in {each.place.programme for many in found.values() for each in many}
    }
    people = {each.person for many in (*members.values(), *offices.values()) for each in many}
    wishes = await preferences.of_people(tx, tuple(people))
    held: dict[str, dict[str, list[Stored]]] = defaultdict(lambda: defaultdict(list))
    for row in await reminders.of_enrolments(tx, tuple(found)):
        held[row.key.enrolment][row.key.person].append(row)
    said = await fact_times.latest(tx, [place for place, many in found.items() if any(map(_went_by, many))])
    sheet = _Sheet(now, last_pass, said)
    for number, (enrolment, many) in enumerate(found.items()):
        if number % BREATH == 0:
            await asyncio.sleep(0)
        heard, there = _heard(many, members.get(enrolment, ()), offices), held[enrolment]
        for person in {*heard, *there}:
            sheet.compare(enrolment, person, wishes.get(person, Wishes()), heard.get(person, ()), there[person])
    await reminders.add(tx, sorted(sheet.new, key=lambda each: each.key), sheet.at)
    await _end(tx, sheet)
    return {(each.place.id, each.subject, each.revision): each for many in found.values() for each in many}


async def _end(tx: AsyncConnection, sheet: _Sheet) -> None:
    for state in set(sheet.ended.values()):
        await reminders.end(tx, [row for row, why in sheet.ended.items() if why is state], state, sheet.at)
    if sheet.told:
        waiting = await reminders.unsent(tx, sheet.told)
        back = {row: why for row, why in sheet.told.items() if row in waiting}
        if back:
            await reminders.withdraw(tx, back, sheet.at)


Heard = tuple[Recipient, Matter]


def _heard(
    many: Iterable[Matter], members: Sequence[Recipient], offices: Mapping[str, Sequence[Recipient]]
) -> dict[str, list[Heard]]:
    """Who has to hear of what: coordinators of everything, where there is none the teachers; of something planned
    whoever planned it; the office of what stays undone."""
    heard: dict[str, list[Heard]] = defaultdict(list)
    for matter in many:
        for each in hearing(matter, members):
            heard[each.person].append((each, matter))
        if isinstance(matter.what, Due) or _is_missed(matter):
            for each in offices.get(matter.place.programme, ()):
                heard[each.person].append((each, matter))
    return heard


def hearing(matter: Matter, members: Sequence[Recipient]) -> list[Recipient]:
    """Who of a school has to hear of something: its coordinators, without any its teachers; see `_heard`."""
    whom = [each for each in members if each.role is Role.COORDINATOR]
    whom = whom or [each for each in members if each.role is Role.TEACHER]
    if isinstance(matter.what, StoredRecord):
        whom = [each for each in members if each.person == matter.what.created_by][:1] or whom
    return list({each.person: each for each in whom}.values())


def _is_missed(matter: Matter) -> bool:
    return isinstance(matter.what, Progress) and matter.what.state is Met.MISSED


def _went_by(matter: Matter) -> bool:
    """Whether it is a date that is over, and that rests on what a school said."""
    return isinstance(matter.what, Due) and matter.what.state is Standing.PASSED and bool(matter.what.facts)


def is_told_of_move(due: Due, *, before: bool) -> bool:
    """Whether a person has to hear that a date was moved: who was told of it `before`, or whom it concerns soon."""
    return due.moved is not None and (before or is_near(due))


@dataclass
class _Sheet:
    """What has to be written down at one moment."""

    now: datetime
    last_pass: int | None
    said: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """When facts were said, by enrolment, where that matters."""
    new: list[New] = field(default_factory=list)
    ended: dict[int, State] = field(default_factory=dict)
    told: dict[int, State] = field(default_factory=dict)
    """Already in a message, and not wanted any more."""

    @property
    def at(self) -> int:
        return epoch_ms(self.now)

    @property
    def today(self) -> date:
        return self.now.astimezone(TAIPEI).date()

    def compare(
        self, enrolment: str, person: str, wishes: Wishes, heard: Iterable[Heard], rows: Iterable[Stored]
    ) -> None:
        """Hold one person's reminders of one school against what the person has to hear."""
        there: dict[tuple[str, str], dict[str, Stored]] = defaultdict(dict)
        told: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            there[row.key.subject, row.key.revision][row.key.rule] = row
            if row.state is State.ENQUEUED:
                told[row.key.subject].add(row.key.revision)
        alive: dict[tuple[str, str], dict[str, State]] = defaultdict(dict)
        for recipient, matter in heard:
            same = there[matter.subject, matter.revision]
            verdicts = alive[matter.subject, matter.revision]
            if matter.status is Status.DONE:
                verdicts["*"] = State.DONE
            elif not wishes.is_muted(matter.place.programme, enrolment, matter.subject):
                before = bool(told[matter.subject] - {matter.revision})
                newest = self._plan(person, recipient, matter, wishes, same, before=before)
                verdicts |= {newest: State.PLANNED} if newest else {}
                verdicts["*"] = State.CANCELLED if matter.status is Status.CLOSED else State.SUPERSEDED
        for place, same in there.items():
            for rule, row in same.items():
                self._judge(rule, row, alive.get(place, {}))

    def _judge(self, rule: str, row: Stored, verdicts: Mapping[str, State]) -> None:
        """End a row that has nothing to say any more."""
        others = verdicts.get("*", State.CANCELLED)
        verdict = verdicts.get(rule, others)
        if verdict is State.SUPERSEDED and (rule.startswith(AGAIN) or row.state is State.ENQUEUED):
            verdict = State.PLANNED  # it lives on: put off by the person, or told already
        if verdict is State.PLANNED:
            return
        if row.state is State.PLANNED:
            self.ended[row.id] = State.EXPIRED if verdict is State.CANCELLED and row.expires_at <= self.at else verdict
        elif row.state is State.ENQUEUED and row.updated_at > self.at - RECENT_MS:
            self.told[row.id] = verdict

    def _plan(
        self,
        person: str,
        recipient: Recipient,
        matter: Matter,
        wishes: Wishes,
        there: Mapping[str, Stored],
        *,
        before: bool,
    ) -> str:
        """Plan what fell due and is not there; returns the rule that is to be told, empty for none.

        `before`: whether the person was told of another date of the same duty.
        """
        offsets, since = wishes.offsets(matter.place.programme, matter.place.id, matter.subject)
        since, found = max(recipient.joined_at, since), self._occasions(recipient, matter, offsets)
        minute = wishes.at_minute if found else 0
        due = [
            (each, fire_at)
            for each in found
            if (fire_at := moment(each.day, minute)) >= since or self._is_last_call(each)
        ]
        if isinstance(matter.what, Due) and recipient.role is not Role.OFFICE:
            due = self._with_move(due, matter.what, recipient, before=before)
        if due and due[-1][0].only_if_silent:
            silent = len(due) > 1 and not any(row.state is State.ENQUEUED for row in there.values())
            silent = silent and not self._said_too_late(matter)
            due = due if silent or due[-1][0].rule in there else due[:-1]
        for place, (each, fire_at) in enumerate(due):
            if each.rule not in there:
                key = Key(matter.place.id, person, matter.subject, matter.revision, each.rule)
                self._add(key, each, fire_at, newest=place == len(due) - 1)
        return due[-1][0].rule if due else ""

    def _is_last_call(self, occasion: Occasion) -> bool:
        """Whether today is the last chance: told even to who joined, or wished for it, since this morning."""
        return occasion.rule in ("T-1", "T-0") and occasion.day == self.today

    def _with_move(
        self, due: list[tuple[Occasion, int]], what: Due, recipient: Recipient, *, before: bool
    ) -> list[tuple[Occasion, int]]:
        """With the news that the date was moved, for whom it is news: the newest until the next day ahead comes."""
        told = move_occasion(what, self.today) if is_told_of_move(what, before=before) else None
        if told is None or what.moved is None or what.moved.at is None:
            return due
        published = epoch_ms(what.moved.at.replace(tzinfo=TAIPEI))
        if published < recipient.joined_at:
            return due
        return sorted([*due, (told, published)], key=lambda each: each[0].day)

    def _said_too_late(self, matter: Matter) -> bool:
        """Whether the school said only afterwards what the date depends on: it knows that it is over."""
        if not isinstance(matter.what, Due) or matter.what.due is None:
            return False
        over = epoch_ms(matter.what.due.replace(tzinfo=TAIPEI))
        return any(self.said.get(matter.place.id, {}).get(fact, 0) > over for fact in matter.what.facts)

    def _occasions(self, recipient: Recipient, matter: Matter, offsets: Collection[int]) -> Sequence[Occasion]:
        if recipient.role is not Role.OFFICE:
            return matter.occasions(offsets, self.today)
        told = None
        if isinstance(matter.what, Due):
            told = office_occasion(matter.what, self.today)
        elif isinstance(matter.what, Progress):
            told = office_after(matter.what.deadline, self.today)
        return (told,) if told else ()

    def _add(self, key: Key, occasion: Occasion, fire_at: int, *, newest: bool) -> None:
        expires_at = epoch_ms(occasion.expires.replace(second=59, tzinfo=TAIPEI))
        state = State.PLANNED if newest else State.SUPERSEDED
        if expires_at <= self.at:
            state = State.EXPIRED
        was_down = self.last_pass is not None and self.last_pass < fire_at
        late = was_down and self.at - fire_at > DAY_MS and key.rule != OFFICE
        self.new.append(New(key, occasion.day.isoformat(), fire_at, expires_at, state, late))
