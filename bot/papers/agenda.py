"""What stands in a calendar: the deadlines of some schools, and what they held or plan.

Nothing in it depends on the day on which it is read, so that an unchanged calendar stays the same to the byte; and
it names no people, because whoever has its address can read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import regex
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.papers.calendar import Entry
from bot.store import calendars
from bot.store.access import Enrolment, Scope
from bot.store.calendars import Revision, Subject
from bot.store.database import Database
from bot.store.stored_record import DONE, WORD_OF, StoredRecord
from knowledge.deadlines.engine import Due, State
from knowledge.schema import Base
from scheduler import matters, wording
from scheduler.due import LAST

BACK = timedelta(days=400)
"""What is longer ago has left the calendar: a school year and a bit."""
MOST_ACTIVITIES = 3000
LONGEST_TOPIC = 40
DEADLINE, ACTIVITY = "期限", "活動"
DUE = "期限：{title}{hour}｜{place}"
LATEST = "最晚：{title}{hour}｜{place}"
"""The title where the date waits for a fact, on the day that it can't be later than."""
UNTIL = "確切的日期要先填「{facts}」。"
SEEN_TO = "已完成：{title}｜{place}"
HOUR = "（{hour:%H:%M} 前）"
MOVED = "原訂 {day}，已改期{why}。"
ASK = "改期、完成都以學伴的對話為準：打「我的期限」看最新的。"
HELD = "{kind}{topic}｜{place}"
PLANNED = "預定：{kind}{topic}｜{place}"
NOT_YET = "還是預定。辦完之後，請在學伴的對話裡確認，才會計入。"


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything at one moment. Deadlines that changed since they were last told still have their old revision."""

    entries: tuple[Entry, ...]
    changed: Mapping[Subject, tuple[str, int]]
    """New digests of those, with the least revision each must have; see `calendars.note`."""


async def whole(database: Database, agenda: Agenda, ids: Sequence[str], now: datetime) -> tuple[Entry, ...]:
    """The entries with the revisions that they have once what changed is noted."""
    if not agenda.changed:
        return agenda.entries
    async with database.write(patient=True) as tx:
        await calendars.note(tx, agenda.changed, epoch_ms(now))
        noted = await calendars.revisions(tx, ids)
    by_uid = {_uid(subject): revision for subject, revision in noted.items()}
    return tuple(_at(entry, by_uid.get(entry.uid)) for entry in agenda.entries)


async def look(tx: AsyncConnection, scope: Scope, places: Sequence[Enrolment], *, base: Base, now: datetime) -> Agenda:
    """What stands in the calendar of these schools.

    Args:
        scope: of whoever reads it, as it is at this moment; every school of `places` is in it.
        now: aware.
    """
    ids = [place.id for place in places]
    noted = await calendars.revisions(tx, ids)
    found = await matters.of(tx, ids, now)
    told = [
        _deadline(base, place, matter.what)
        for place in places
        for matter in found.get(place.id, ())
        if isinstance(matter.what, Due) and matter.what.end is not None
    ]
    since = (now.astimezone(TAIPEI).date() - BACK).isoformat()
    held = await calendars.activities(tx, scope, ids, since, MOST_ACTIVITIES)
    by_id = {place.id: place for place in places}
    changed = {
        subject: (digest, entry.sequence)
        for subject, digest, entry in told
        if subject not in noted or noted[subject].digest != digest
    }
    dues = (_at(entry, noted.get(subject)) for subject, _, entry in told)
    return Agenda((*dues, *(_activity(base, by_id[each.enrolment_id], each) for each in held)), changed)


def _at(entry: Entry, revision: Revision | None) -> Entry:
    if revision is None:
        return entry
    return replace(entry, sequence=revision.sequence, changed_at=revision.changed_at)


def _uid(subject: Subject) -> str:
    enrolment, about = subject
    return f"{about.replace(':', '-')}-{enrolment}@xueban"


def _deadline(base: Base, place: Enrolment, due: Due) -> tuple[Subject, str, Entry]:
    """The deadline as an entry of its own first revision, and the hash of all that is told of it."""
    end = due.end
    assert end is not None
    subject = (place.id, f"{matters.DEADLINE}:{due.key}")
    whole_day, done = end.time() == LAST, due.state is State.DONE
    said = SEEN_TO if done else DUE if due.due else LATEST
    hour = "" if whole_day else HOUR.format(hour=end)
    entry = Entry(
        uid=_uid(subject),
        title=said.format(title=due.title, hour=hour, place=wording.place_name(base, place)),
        details="\n".join(_about(base, place, due)),
        starts=end.date() if whole_day else end,
        minutes=0,
        sequence=due.revision,
        changed_at=0,
        category=DEADLINE,
        alarms=not done,
    )
    told = "\0".join((entry.title, entry.details, entry.starts.isoformat()))
    return subject, hashlib.sha256(told.encode()).hexdigest(), entry


def _about(base: Base, place: Enrolment, due: Due) -> Iterator[str]:
    yield from (part for part in (due.note, wording.source(base, place, due.cite)) if part)
    if due.moved_from:
        why = f"：{due.moved.reason}" if due.moved and due.moved.reason else ""
        yield MOVED.format(day=wording.say_moment(due.moved_from), why=why)
    if due.due is None and due.state is not State.DONE:
        facts = matters.fact_titles(place.programme, place.edition, due.needs)
        yield UNTIL.format(facts="、".join(facts))
    yield ASK


def _activity(base: Base, place: Enrolment, record: StoredRecord) -> Entry:
    said = HELD if record.state == DONE else PLANNED
    kind = WORD_OF["kind"][record.kind].words
    return Entry(
        uid=f"record-{record.id}@xueban",
        title=said.format(kind=kind, topic=_short(record.topic), place=wording.place_name(base, place)),
        details="\n".join(_said(record)),
        starts=record.day if record.day_only else record.starts_at,
        minutes=record.minutes,
        sequence=record.version - 1,
        changed_at=record.updated_at,
        firm=record.state == DONE,
        category=ACTIVITY,
    )


def _said(record: StoredRecord) -> Iterator[str]:
    if record.state != DONE:
        yield NOT_YET
    if record.topic:
        yield f"主題：{record.topic}"
    if record.mode:
        yield f"方式：{WORD_OF['mode'][record.mode].words}"
    if record.group:
        yield f"社群：{record.group}"


def _short(topic: str) -> str:
    if not topic:
        return ""
    letters: list[str] = regex.findall(r"\X", " ".join(topic.split()))
    return "：" + "".join(letters if len(letters) <= LONGEST_TOPIC else [*letters[: LONGEST_TOPIC - 1], "…"])
