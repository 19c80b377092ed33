"""Reminders as rows: planned once, then told, or ended for a reason. No row is ever deleted while its duty lives.

Planned = enqueued + cancelled + superseded + expired + done, at any moment, besides what is still planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from bot.store.outbox import PENDING
from bot.store.reminder_tables import planning_passes, reminders
from bot.store.tables import conversations, outbox, people
from bot.store.work_tables import enrolments

LOOKED = "plan"
IS_PLANNED: ColumnElement[bool] = reminders.c.state == literal_column("'planned'")
"""A literal, not a parameter: only then do both engines use the index over what is planned."""


class State(StrEnum):
    """What became of a reminder."""

    PLANNED = "planned"
    ENQUEUED = "enqueued"
    """It is in a message; what became of that stands in the outbox."""
    CANCELLED = "cancelled"
    """Its date moved, it was muted, or the person is no longer who should hear it."""
    SUPERSEDED = "superseded"
    """A nearer one is told instead."""
    EXPIRED = "expired"
    """Its date went by before it could be told."""
    DONE = "done"
    """The work was done first."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes a reminder one that is told once."""

    enrolment: str
    person: str
    subject: str
    revision: str
    rule: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One reminder as it stands."""

    id: int
    key: Key
    day: str
    fire_at: int
    expires_at: int
    late: bool
    state: State
    outbox_id: str
    updated_at: int


@dataclass(frozen=True, slots=True)
class New:
    """A reminder to be stored."""

    key: Key
    day: str
    fire_at: int
    expires_at: int
    state: State = State.PLANNED
    late: bool = False


async def add(tx: AsyncConnection, rows: Sequence[New], now: int) -> None:
    """Store them; one that is there already stays as it is, whatever its state."""
    if not rows:
        return
    await tx.execute(
        insert_or_ignore(reminders, tx.dialect),
        [
            {
                "enrolment_id": row.key.enrolment,
                "person_id": row.key.person,
                "subject": row.key.subject,
                "revision": row.key.revision,
                "rule": row.key.rule,
                "day": row.day,
                "fire_at": row.fire_at,
                "expires_at": row.expires_at,
                "late": int(row.late),
                "state": row.state.value,
                "created_at": now,
                "updated_at": now,
            }
            for row in rows
        ],
    )


async def of_enrolments(tx: AsyncConnection, enrolment_ids: Collection[str]) -> list[Stored]:
    """All reminders of these enrolments, ended ones too."""
    rows = await tx.execute(select(reminders).where(reminders.c.enrolment_id.in_(enrolment_ids)))
    return [_read(row) for row in rows]


async def end(tx: AsyncConnection, ids: Collection[int], state: State, now: int) -> None:
    """End what is still planned of these."""
    if ids:
        mine = (reminders.c.id.in_(ids), reminders.c.state == State.PLANNED)
        await tx.execute(update(reminders).where(*mine).values(state=state.value, updated_at=now))


async def expire(tx: AsyncConnection, now: int) -> int:
    """End what can't be told in time any more, and plan again what lay in messages that could not be sent in time.

    Returns how many reminders ended untold.
    """
    stale = (PENDING, outbox.c.state == "queued", outbox.c.expires_at > 0, outbox.c.expires_at <= now)
    gone = await tx.execute(update(outbox).where(*stale).values(state="expired").returning(outbox.c.id))
    back = (reminders.c.outbox_id.in_(list(gone.scalars())), reminders.c.state == State.ENQUEUED)
    again = {"state": State.PLANNED.value, "outbox_id": None, "updated_at": now}
    await tx.execute(update(reminders).where(*back).values(again))
    over = {"state": State.EXPIRED.value, "updated_at": now}
    missed = await tx.execute(update(reminders).where(IS_PLANNED, reminders.c.expires_at <= now).values(over))
    return int(missed.rowcount)


async def oldest_due(tx: AsyncConnection, now: int) -> int | None:
    """When the reminder fell due that waits longest to be told; None where none does."""
    waiting = select(func.min(reminders.c.fire_at)).where(IS_PLANNED, reminders.c.fire_at <= now)
    found: int | None = (await tx.execute(waiting)).scalar()
    return found


async def people_due(tx: AsyncConnection, now: int, *, channels: Collection[str], after: str, limit: int) -> list[str]:
    """People who talk to us in one of these channels and have reminders to be told by now, by id, from `after` on."""
    reached = exists().where(
        conversations.c.person_id == reminders.c.person_id,
        conversations.c.in_group == 0,
        conversations.c.channel.in_(channels),
    )
    due = (IS_PLANNED, reminders.c.fire_at <= now, reminders.c.person_id > after, reached)
    person = reminders.c.person_id
    return list((await tx.execute(select(person).where(*due).distinct().order_by(person).limit(limit))).scalars())


async def hold(tx: AsyncConnection, persons: Collection[str]) -> list[str]:
    """Those of these people whom no other planner has in hand; ours until the end of the transaction.

    `key_share`: whoever only refers to a person, as a new form does, need not wait.
    """
    rows = await tx.execute(
        select(people.c.id)
        .where(people.c.id.in_(persons))
        .order_by(people.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(rows.scalars())


async def hold_places(tx: AsyncConnection, enrolment_ids: Collection[str]) -> None:
    """Wait until nobody else plans for these enrolments; nobody does until the transaction ends."""
    wanted = select(enrolments.c.id).where(enrolments.c.id.in_(enrolment_ids)).order_by(enrolments.c.id)
    await tx.execute(wanted.with_for_update(key_share=True))


async def due_of(tx: AsyncConnection, persons: Collection[str], now: int) -> list[Stored]:
    """What is to be told to these people by now, the earliest first."""
    due = (IS_PLANNED, reminders.c.fire_at <= now, reminders.c.person_id.in_(persons))
    rows = await tx.execute(select(reminders).where(*due).order_by(reminders.c.fire_at, reminders.c.id))
    return [_read(row) for row in rows]


async def waiting(tx: AsyncConnection, person: str, today: str) -> list[Stored]:
    """What should be told to one person on this local day or before, put off or not; the earliest first."""
    due = (reminders.c.person_id == person, reminders.c.state == State.PLANNED, reminders.c.day <= today)
    found = select(reminders).where(*due).order_by(reminders.c.day, reminders.c.fire_at, reminders.c.id)
    rows = await tx.execute(found)
    return [_read(row) for row in rows]


async def enqueue(tx: AsyncConnection, told: Mapping[int, str], now: int) -> None:
    """These are told by messages, whose ids are given."""
    if told:
        mine = (reminders.c.id == bindparam("of"), reminders.c.state == State.PLANNED)
        values = {"state": State.ENQUEUED.value, "outbox_id": bindparam("message"), "updated_at": now}
        await tx.execute(
            update(reminders).where(*mine).values(values), [{"of": of, "message": it} for of, it in told.items()]
        )


async def postpone(tx: AsyncConnection, ids: Collection[int], fire_at: int, now: int) -> None:
    """Tell these not before that moment: there is no way to the person just now, or today's message is out."""
    mine = (reminders.c.id.in_(ids), reminders.c.state == State.PLANNED)
    await tx.execute(update(reminders).where(*mine).values(fire_at=fire_at, updated_at=now))


async def withdraw(tx: AsyncConnection, ended: Mapping[int, State], now: int) -> int:
    """Take back messages that tell something of this and were never tried; returns how many.

    What else they tell is planned again. One that was tried, or is under way, may have arrived and stays.
    """
    told = select(reminders.c.outbox_id).where(reminders.c.id.in_(ended), reminders.c.state == State.ENQUEUED)
    mine = (outbox.c.id.in_(told), outbox.c.state == "queued", outbox.c.attempts == 0)
    taken = await tx.execute(update(outbox).where(*mine).values(state="cancelled").returning(outbox.c.id))
    gone = list(taken.scalars())
    if gone:
        inside = (reminders.c.outbox_id.in_(gone), reminders.c.state == State.ENQUEUED)
        again = {"state": State.PLANNED.value, "outbox_id": None, "updated_at": now}
        await tx.execute(update(reminders).where(*inside).values(again))
    for state in set(ended.values()):
        await end(tx, [each for each, wanted in ended.items() if wanted is state], state, now)
    return len(gone)


async def settled(tx: AsyncConnection, enrolment_id: str, subject: str, now: int) -> None:
    """The work is done: nothing more of it is told to anybody, and what waits in the outbox is taken back."""
    ours = and_(reminders.c.enrolment_id == enrolment_id, reminders.c.subject == subject)
    rows = await tx.execute(select(reminders.c.id).where(ours, reminders.c.state.in_((State.PLANNED, State.ENQUEUED))))
    await withdraw(tx, dict.fromkeys(rows.scalars(), State.DONE), now)


async def unsent(tx: AsyncConnection, ids: Iterable[int]) -> set[int]:
    """Those of these told reminders whose message nobody has tried to send yet."""
    rows = await tx.execute(
        select(reminders.c.id)
        .select_from(reminders.join(outbox, reminders.c.outbox_id == outbox.c.id))
        .where(reminders.c.id.in_(list(ids)), outbox.c.state == "queued", outbox.c.attempts == 0)
    )
    return set(rows.scalars())


async def digests(tx: AsyncConnection, keys: Collection[str]) -> dict[str, str]:
    """The state of the messages with these dedupe keys; those that are not there are left out."""
    rows = await tx.execute(select(outbox.c.dedupe_key, outbox.c.state).where(outbox.c.dedupe_key.in_(keys)))
    return {row.dedupe_key: row.state for row in rows}


async def told_last(tx: AsyncConnection, person: str) -> list[Stored]:
    """What the last message told this person, in the order of telling; what is done since is left out."""
    latest = (
        select(reminders.c.outbox_id)
        .where(reminders.c.person_id == person, reminders.c.state == State.ENQUEUED)
        .order_by(reminders.c.updated_at.desc(), reminders.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(reminders)
        .where(reminders.c.person_id == person, reminders.c.state == State.ENQUEUED, reminders.c.outbox_id == latest)
        .order_by(reminders.c.fire_at, reminders.c.id)
    )
    return [_read(row) for row in rows]


async def of_message(tx: AsyncConnection, person: str, outbox_id: str) -> list[Stored]:
    """What one message told this person, in the order of telling."""
    told = (reminders.c.person_id == person, reminders.c.outbox_id == outbox_id)
    rows = await tx.execute(select(reminders).where(*told).order_by(reminders.c.fire_at, reminders.c.id))
    return [_read(row) for row in rows]


async def own(tx: AsyncConnection, person: str, reminder_id: int) -> Stored | None:
    """One reminder of this person; None for anybody else's."""
    mine = (reminders.c.id == reminder_id, reminders.c.person_id == person)
    row = (await tx.execute(select(reminders).where(*mine))).first()
    return None if row is None else _read(row)


async def last_pass(tx: AsyncConnection) -> int | None:
    """When everything was last looked through, in epoch milliseconds; None: never."""
    return (await tx.execute(select(planning_passes.c.at).where(planning_passes.c.name == LOOKED))).scalar()


async def note_pass(tx: AsyncConnection, now: int) -> None:
    """Everything has been looked through at `now`; a clock that went back does not turn this one back."""
    await tx.execute(insert_or_ignore(planning_passes, tx.dialect), {"name": LOOKED, "at": now})
    older = (planning_passes.c.name == LOOKED, planning_passes.c.at < now)
    await tx.execute(update(planning_passes).where(*older).values(at=now))


async def again(tx: AsyncConnection, row: Stored, day: str, fire_at: int, now: int) -> None:
    """Tell it once more on a later day; its date stays what it is."""
    key = Key(row.key.enrolment, row.key.person, row.key.subject, row.key.revision, f"again-{day}")
    await add(tx, [New(key, day, fire_at, max(row.expires_at, fire_at + 24 * 3600 * 1000))], now)


def _read(row: Row[Any]) -> Stored:
    key = Key(row.enrolment_id, row.person_id, row.subject, row.revision, row.rule)
    return Stored(
        row.id, key, row.day, row.fire_at, row.expires_at, bool(row.late), State(row.state), row.outbox_id or "",
        row.updated_at,
    )  # fmt: skip
