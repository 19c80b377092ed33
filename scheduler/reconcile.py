"""Brings the reminders of some schools into agreement with what concerns them now.

Idempotent: run again, or by several processes at once, it adds nothing. What fell due and is not there is planned;
of several that fell due unseen only the newest is, the others are noted as superseded; what needs no telling any more
is ended, with the reason, and taken back from the outbox while nobody has tried to send it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store import preferences, recipients, reminders
from bot.store.access import Role
from bot.store.preferences import Wishes
from bot.store.recipients import Recipient
from bot.store.reminders import Key, New, State, Stored
from bot.store.stored_record import StoredRecord
from knowledge.deadlines.engine import Due
from scheduler import matters
from scheduler.due import OFFICE, Occasion, office_occasion
from scheduler.matters import Matter, Status

DAY_MS = 24 * 3600 * 1000
RECENT_MS = 3 * DAY_MS
"""Messages older than this are sent, or given up."""
AGAIN = "again-"
Place = tuple[str, str, str]
"""Enrolment, subject, revision."""


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
    held: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for row in await reminders.of_enrolments(tx, tuple(found)):
        held[row.key.enrolment, row.key.person].append(row)
    sheet = _Sheet(now, last_pass)
    for enrolment, many in found.items():
        heard = _heard(many, members.get(enrolment, ()), offices)
        for person in {*heard, *(who for place, who in held if place == enrolment)}:
            own = wishes.get(person, Wishes())
            sheet.compare(enrolment, person, own, heard.get(person, ()), held[enrolment, person])
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
    leading = [each for each in members if each.role is Role.COORDINATOR]
    leading = leading or [each for each in members if each.role is Role.TEACHER]
    for matter in many:
        whom: Sequence[Recipient] = leading
        if isinstance(matter.what, StoredRecord):
            whom = [each for each in members if each.person == matter.what.created_by][:1] or leading
        for each in {each.person: each for each in whom}.values():
            heard[each.person].append((each, matter))
        if isinstance(matter.what, Due):
            for each in offices.get(matter.place.programme, ()):
                heard[each.person].append((each, matter))
    return heard


@dataclass
class _Sheet:
    """What has to be written down at one moment."""

    now: datetime
    last_pass: int | None
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
        for row in rows:
            there[row.key.subject, row.key.revision][row.key.rule] = row
        alive: dict[tuple[str, str], dict[str, State]] = defaultdict(dict)
        for recipient, matter in heard:
            same = there[matter.subject, matter.revision]
            verdicts = alive[matter.subject, matter.revision]
            if matter.status is Status.DONE:
                verdicts["*"] = State.DONE
            elif not wishes.is_muted(matter.place.programme, enrolment, matter.subject):
                newest = self._plan(person, recipient, matter, wishes, same)
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
        self, person: str, recipient: Recipient, matter: Matter, wishes: Wishes, there: Mapping[str, Stored]
    ) -> str:
        """Plan what fell due and is not there; returns the rule that is to be told, empty for none."""
        offsets, since = wishes.offsets(matter.place.programme, matter.place.id, matter.subject)
        since = max(recipient.joined_at, since)
        due = [
            (each, fire_at)
            for each in self._occasions(recipient, matter, offsets)
            if (fire_at := moment(each.day, wishes.at_minute)) >= since
        ]
        if due and due[-1][0].only_if_silent:
            silent = len(due) > 1 and not any(row.state is State.ENQUEUED for row in there.values())
            due = due if silent or due[-1][0].rule in there else due[:-1]
        for place, (each, fire_at) in enumerate(due):
            if each.rule not in there:
                key = Key(matter.place.id, person, matter.subject, matter.revision, each.rule)
                self._add(key, each, fire_at, newest=place == len(due) - 1)
        return due[-1][0].rule if due else ""

    def _occasions(self, recipient: Recipient, matter: Matter, offsets: Collection[int]) -> Sequence[Occasion]:
        if recipient.role is not Role.OFFICE:
            return matter.occasions(offsets, self.today)
        told = office_occasion(matter.what, self.today) if isinstance(matter.what, Due) else None
        return (told,) if told else ()

    def _add(self, key: Key, occasion: Occasion, fire_at: int, *, newest: bool) -> None:
        expires_at = epoch_ms(occasion.expires.replace(second=59, tzinfo=TAIPEI))
        state = State.PLANNED if newest else State.SUPERSEDED
        if expires_at <= self.at:
            state = State.EXPIRED
        was_down = self.last_pass is not None and self.last_pass < fire_at
        late = was_down and self.at - fire_at > DAY_MS and key.rule != OFFICE
        self.new.append(New(key, occasion.day.isoformat(), fire_at, expires_at, state, late))
