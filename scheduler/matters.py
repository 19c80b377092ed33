"""What concerns a school at a moment: its deadlines, its unmet requirements, what was planned and is over.

Everything is read for many schools at once: a handful of statements, however many they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import orjson
import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI
from bot.store import deadline_marks, deadline_moves, facts, tallies
from bot.store.access import Enrolment, Scope
from bot.store.enrolments import visible
from bot.store.record_rows import select_records, stored
from bot.store.stored_record import PLANNED, StoredRecord
from bot.store.work_tables import enrolments, records
from knowledge.deadlines.engine import Due, EditionState, Moved, edition_state, resolve
from knowledge.deadlines.engine import State as DueState
from knowledge.deadlines.facts import FactsError, read_facts
from knowledge.deadlines.model import After, Deadlines
from knowledge.facts.loader import deadlines_of, requirements_of
from knowledge.requirements.engine import Progress
from knowledge.requirements.engine import State as Standing
from knowledge.requirements.model import Requirements
from scheduler import due as due_days
from scheduler import nudges
from scheduler.due import LAST, Occasion

log = structlog.get_logger(__name__)

DEADLINE, NUDGE, HELD = deadline_moves.DEADLINE, "nudge", "held"
ASK_DAYS = 14
"""So long it is asked whether something planned was held."""
BEFORE_EDITION = timedelta(days=400)
"""An application is due before its edition begins; earlier than this nothing is told of one."""

What = Due | Progress | StoredRecord
Moves = Mapping[tuple[str, str], Mapping[str, Moved]]
"""The last word on dates that the office moved, by programme and edition, then by key."""


class Status(Enum):
    """Where a matter stands."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    """Over, or not to be mended."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that somebody may have to be told of."""

    place: Enrolment
    subject: str
    revision: str
    status: Status
    what: What

    def occasions(self, offsets: Collection[int], today: date) -> tuple[Occasion, ...]:
        """Everything that should have been told up to and including today, the latest last."""
        if isinstance(self.what, Due):
            return due_days.occasions(self.what, offsets, today)
        if isinstance(self.what, Progress):
            return nudges.occasions(self.what, today)
        day = self.what.day + timedelta(days=1)
        told = Occasion("asked", day, datetime.combine(day + timedelta(days=ASK_DAYS), LAST))
        return (told,) if day <= today else ()


@dataclass(frozen=True, slots=True)
class OnlyThese(Scope):
    """The machine's own sight of some enrolments; never for a conversation."""

    ids: tuple[str, ...] = ()

    def reads(self, enrolment_id: ColumnElement[str]) -> ColumnElement[bool]:
        """True of these."""
        return enrolment_id.in_(self.ids)


def is_live(programme: str, edition: str, today: date) -> bool:
    """Whether anything of an edition may have to be told."""
    deadlines = deadlines_of(programme, edition)
    if deadlines is None:
        return True
    early = today < deadlines.valid_from - BEFORE_EDITION
    return not early and edition_state(deadlines, today) is not EditionState.PAST


async def is_visible(tx: AsyncConnection, scope: Scope, enrolment_id: str) -> bool:
    """Whether a person may see an enrolment."""
    ours = (enrolments.c.id == enrolment_id, scope.reads(enrolments.c.id))
    return (await tx.execute(select(enrolments.c.id).where(*ours))).first() is not None


def fact_titles(programme: str, edition: str, keys: Collection[str]) -> list[str]:
    """How facts that dates depend on are called, in asking order."""
    deadlines = deadlines_of(programme, edition)
    return [fact.title for fact in deadlines.facts if fact.key in keys] if deadlines else []


def deadline_titles(programme: str, edition: str) -> dict[str, str]:
    """How the deadlines of an edition are called, by key."""
    deadlines = deadlines_of(programme, edition)
    return {each.key: each.title for each in deadlines.deadlines} if deadlines else {}


def subject_title(programme: str, edition: str, subject: str) -> str:
    """How a matter is called of which `subject` is kept; empty where the edition knows no such thing."""
    kind, _, key = subject.partition(":")
    requirements = requirements_of(programme, edition) if kind == NUDGE else None
    if requirements is not None:
        return next((item.title for item in requirements.items if item.key == key), "")
    return deadline_titles(programme, edition).get(key, "") if kind == DEADLINE else ""


async def editions(tx: AsyncConnection) -> list[tuple[str, str]]:
    """Programme and edition of everything that some school takes part in."""
    rows = await tx.execute(
        select(enrolments.c.programme, enrolments.c.edition)
        .distinct()
        .order_by(enrolments.c.programme, enrolments.c.edition)
    )
    return [(row.programme, row.edition) for row in rows]


async def page(tx: AsyncConnection, programme: str, edition: str, *, after: str, limit: int) -> list[str]:
    """Enrolments of an edition by id, from `after` on."""
    ours = (enrolments.c.programme == programme, enrolments.c.edition == edition, enrolments.c.id > after)
    rows = await tx.execute(select(enrolments.c.id).where(*ours).order_by(enrolments.c.id).limit(limit))
    return list(rows.scalars())


async def of(
    tx: AsyncConnection, ids: Collection[str], now: datetime, moved: Moves | None = None
) -> dict[str, list[Matter]]:
    """All matters of these enrolments at `now` (aware), by enrolment. Enrolments of a past edition have none.

    `moved`: dates to take for moved instead of those that are, to see what would be.
    """
    scope = OnlyThese("", whole=True, ids=tuple(ids))
    places = await visible(tx, scope)
    of_edition: dict[tuple[str, str], list[Enrolment]] = defaultdict(list)
    for place in places:
        of_edition[place.programme, place.edition].append(place)
    moved = await deadline_moves.moved(tx) if moved is None else moved
    marks = await deadline_marks.marked(tx, [place.id for place in places])
    today = now.astimezone(TAIPEI).date()
    live = {edition: members for edition, members in of_edition.items() if is_live(*edition, today)}
    found: dict[str, list[Matter]] = {place.id: [] for place in places}
    for edition, members in live.items():
        standing = await _standings(tx, scope, edition, members, now)
        told = await facts.derived_facts(tx, scope, members, now)
        look = _Look(edition, now.astimezone(TAIPEI).replace(tzinfo=None), moved.get(edition, {}))
        for place in members:
            known = {**told.get(place.id, {}), **place.facts}  # what somebody stated wins
            rows = standing.get(place.id, ())
            found[place.id] += look.matters(place, known, marks.get(place.id, frozenset()), rows)
    by_id = {place.id: place for members in live.values() for place in members}
    for record in await _planned(tx, tuple(by_id), today):
        place = by_id[record.enrolment_id]
        found[place.id].append(Matter(place, f"{HELD}:{record.id}", record.day.isoformat(), Status.OPEN, record))
    return found


async def _standings(
    tx: AsyncConnection, scope: OnlyThese, edition: tuple[str, str], members: Collection[Enrolment], now: datetime
) -> dict[str, tuple[Progress, ...]]:
    requirements = requirements_of(*edition)
    if requirements is None:
        return {}
    ours = replace(scope, ids=tuple(place.id for place in members))
    return {each.enrolment.id: each.progress for each in await tallies.standings(tx, ours, requirements, now)}


async def _planned(tx: AsyncConnection, ids: Collection[str], today: date) -> list[StoredRecord]:
    """What was planned for a day that is over, and is neither confirmed nor deleted."""
    oldest = (today - timedelta(days=ASK_DAYS + 2)).isoformat()
    ours = (
        records.c.enrolment_id.in_(ids),
        records.c.state == PLANNED,
        records.c.day < today.isoformat(),
        records.c.day >= oldest,
    )
    return await stored(tx, select_records().where(*ours).order_by(records.c.day, records.c.id))


class _Look:
    """One edition at one moment; schools of the same facts and marks share what was worked out."""

    def __init__(self, edition: tuple[str, str], now: datetime, moved: Mapping[str, Moved]) -> None:
        self._deadlines = deadlines_of(*edition)
        self._now = now
        self._moved = moved
        self._same = _same_duties(self._deadlines, requirements_of(*edition))
        self._known: dict[tuple[bytes, frozenset[str]], tuple[Due, ...]] = {}

    def matters(
        self, place: Enrolment, known: Mapping[str, Any], marks: frozenset[str], rows: Collection[Progress]
    ) -> list[Matter]:
        """Deadlines in the order of the file, then requirements. `known`: facts of the school."""
        unmet = {row.key for row in rows if row.state is not Standing.MET}
        met = frozenset(self._same[row.key] for row in rows if row.key in self._same and row.key not in unmet)
        ends = {self._same[row.key]: row.deadline for row in rows if row.key in self._same}
        dues = (_within(each, ends.get(each.key), self._now) for each in self._dues(known, marks | met))
        found = [_of_due(place, each) for each in dues]
        keys = frozenset(self._deadlines.keys) if self._deadlines else frozenset()
        return found + [_of_row(place, row) for row in rows if row.key not in keys]

    def _dues(self, known: Mapping[str, Any], done: frozenset[str]) -> tuple[Due, ...]:
        if self._deadlines is None:
            return ()
        done &= frozenset(self._deadlines.keys)
        key = (orjson.dumps(known, option=orjson.OPT_SORT_KEYS), done)
        if key not in self._known:
            sound = _sound(self._deadlines, known)
            self._known[key] = resolve(self._deadlines, sound, self._now, done, strict=False, moved=self._moved)
        return self._known[key]


def _within(due: Due, last: date | None, now: datetime) -> Due:
    """The deadline no later than the last day of the duty that it stands for: work ends with its programme."""
    if last is None or due.due is None or due.moved is not None or due.due.date() <= last:
        return due
    end, state = datetime.combine(last, LAST), due.state
    if state in (DueState.UPCOMING, DueState.DUE_TODAY):
        today = DueState.DUE_TODAY if last == now.date() else DueState.UPCOMING
        state = DueState.OVERDUE if now > end.replace(second=59) else today
    return replace(due, due=end, state=state)


def _same_duties(deadlines: Deadlines | None, requirements: Requirements | None) -> dict[str, str]:
    """Requirements that, once met, are a deadline's work done: of the same key, or what the same section asks for."""
    if deadlines is None or requirements is None:
        return {}
    cited = {each.cite[0]: each.key for each in deadlines.deadlines if each.after is After.OWED and each.cite}
    found = {item.key: cited[item.cite[0]] for item in requirements.items if not item.extra and item.cite[0] in cited}
    return found | {item.key: item.key for item in requirements.items if item.key in deadlines.keys}


def _sound(deadlines: Deadlines, known: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can be read: a wrong one must not silence the others."""
    found = {}
    for name, value in known.items():
        try:
            read_facts(deadlines, {name: value}, strict=False)
            found[name] = value
        except FactsError:
            log.warning("reminders.fact_unreadable", programme=deadlines.programme, fact=name)
    return found


def _of_due(place: Enrolment, due: Due) -> Matter:
    status = {DueState.DONE: Status.DONE, DueState.PASSED: Status.CLOSED}.get(due.state, Status.OPEN)
    revision = due.end.isoformat(timespec="minutes") if due.end else ""
    if due.revision:  # a date that stands again after it was moved is told anew, too
        revision += f"~{due.revision}"
    return Matter(place, f"{DEADLINE}:{due.key}", revision, status, due)


def _of_row(place: Enrolment, row: Progress) -> Matter:
    covered = row.state is Standing.MET or row.done + row.planned >= row.needed
    status = Status.OPEN if nudges.is_open(row) else Status.DONE if covered else Status.CLOSED
    return Matter(place, f"{NUDGE}:{row.key}", nudges.revision(row), status, row)
