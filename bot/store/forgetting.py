"""Deleting what is stored of one person: 「刪除我的資料」.

What the school must be able to show (its records, their history, the files attached to them, deadlines that were seen
to or moved) stays with the school; whoever did it is called 「已刪除的成員」 from then on,
under a random number that leads to nobody. All else goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import calendars, console_people, linked, my_data, people, reminder_people, runs
from bot.store.evidence import DELETED
from bot.store.tables import conversations, file_links, inbox, one_time_codes, outbox, outbox_attempts, questions
from bot.store.tables import people as people_table
from bot.store.tables import runs as runs_table
from bot.store.work_tables import attendances, evidence, memberships, record_versions, records

NAMELESS = "已刪除的成員"
"""How whoever had their data deleted is called in reports."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted, and what stays with the schools."""

    messages: int
    questions: int
    runs: int
    files: int
    kept_records: int


async def forget(tx: AsyncConnection, conversation_id: str, now: int) -> Forgotten:
    """Delete all that is stored of whoever talks in a conversation, whatever channels they use; a second time does no
    harm.

    The conversation's own row stays, because the answer is sent to it, and events that are still to be worked off
    stay until they are. Wrong codes stay until they no longer count, or deleting would allow guessing anew.
    """
    person = await people.find(tx, conversation_id)
    ids = [each.id for each in await linked.all_of(tx, person, conversation_id, hold=True)]
    asked = await tx.execute(delete(questions).where(questions.c.person.in_(await my_data.pseudonyms(tx, ids))))
    messages = await _forget_messages(tx, ids)
    done = Forgotten(messages, int(asked.rowcount), 0, 0, 0)
    if person is not None:
        filled = await runs.forget_of(tx, person)
        await tx.execute(delete(file_links).where(file_links.c.person_id == person))
        await calendars.revoke(tx, person)
        await tx.execute(delete(one_time_codes).where(one_time_codes.c.person_id == person))
        files = await _forget_files(tx, person)
        kept = await _leave_records(tx, person, now)
        await reminder_people.forget(tx, person)
        await console_people.forget(tx, person)
        done = Forgotten(messages, done.questions, filled, files, kept)
    await _let_go(tx, ids, conversation_id)
    if person is not None:
        await _forget_person(tx, person)
    return done


async def _forget_messages(tx: AsyncConnection, ids: Sequence[str]) -> int:
    """What was written and what was replied. What is on its way just now can't be held up any more."""
    ours = (outbox.c.conversation_id.in_(ids), outbox.c.state != "sending")
    await tx.execute(delete(outbox_attempts).where(outbox_attempts.c.outbox_id.in_(select(outbox.c.id).where(*ours))))
    await tx.execute(delete(outbox).where(*ours))
    read = await tx.execute(delete(inbox).where(inbox.c.conversation_id.in_(ids), inbox.c.state != "new"))
    return int(read.rowcount)


async def _forget_files(tx: AsyncConnection, person: str) -> int:
    """Files that are attached to nothing; their bytes go a little later, see `evidence_queue.condemned`."""
    own = evidence.c.person_id == person
    loose = (own, evidence.c.record_id.is_(None), evidence.c.state != DELETED)
    gone = await tx.execute(update(evidence).where(*loose).values(state=DELETED, name="", problem=""))
    return int(gone.rowcount)


async def _leave_records(tx: AsyncConnection, person: str, now: int) -> int:
    """End all roles; those that records of the school refer to lose their name, the others go. Returns how many
    records stay."""
    own = memberships.c.person_id == person
    needed = exists().where(_touched(person), records.c.enrolment_id == memberships.c.enrolment_id)
    await tx.execute(delete(memberships).where(own, ~needed))
    ended = func.coalesce(memberships.c.ended_at, now)
    await tx.execute(update(memberships).where(own).values(name=NAMELESS, ended_at=ended))
    kept = await tx.execute(select(func.count()).select_from(records).where(_touched(person)))
    return int(kept.scalar_one())


def _touched(person: str) -> Any:
    """True of the records that the person logged, changed or joined."""
    versions = select(record_versions.c.record_id).where(record_versions.c.person_id == person)
    joined = select(attendances.c.record_id).where(attendances.c.person_id == person)
    return or_(records.c.created_by == person, records.c.id.in_(versions), records.c.id.in_(joined))


async def _let_go(tx: AsyncConnection, ids: Sequence[str], current: str) -> None:
    """Nothing leads from a conversation to the person; those that nothing refers to go altogether."""
    await tx.execute(update(conversations).where(conversations.c.id.in_(ids)).values(person_id=None, state={}))
    # A conversation that was taken off somebody else may still be named beside what it did for them.
    await tx.execute(update(evidence).where(evidence.c.conversation_id.in_(ids)).values(conversation_id=""))
    await tx.execute(update(runs_table).where(runs_table.c.touched_by.in_(ids)).values(touched_by=""))
    waiting = exists().where(inbox.c.conversation_id == conversations.c.id)
    sending = exists().where(outbox.c.conversation_id == conversations.c.id)
    others = (conversations.c.id.in_(ids), conversations.c.id != current)
    await tx.execute(delete(conversations).where(*others, ~waiting, ~sending))


async def _forget_person(tx: AsyncConnection, person: str) -> None:
    """The random number itself, where nothing that stays carries it."""
    references: tuple[tuple[Table, str], ...] = (
        (memberships, "person_id"),
        (evidence, "person_id"),
        (attendances, "person_id"),
        (record_versions, "person_id"),
        (records, "created_by"),
    )
    kept = or_(*(exists().where(table.c[column] == person) for table, column in references))
    await tx.execute(delete(people_table).where(people_table.c.id == person, ~kept))
