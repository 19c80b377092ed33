"""Dates that the office published instead of the document's, and everything that was ever said about one.

A change is a new revision, never an edit; one without a date says that the document's own stands again. In the same
transaction what was planned for the date before, and what waits unsent in the outbox, is taken back: whoever plans
for a school holds the same lock, so that no message with the old date can be made beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, from_epoch_ms
from bot.store import reminders
from bot.store.access import Scope
from bot.store.reminder_tables import moved_deadlines as table
from bot.store.reminder_tables import reminders as reminder_table
from bot.store.reminders import State
from bot.store.tables import outbox
from bot.store.work_tables import enrolments, memberships
from knowledge.deadlines.engine import WIND_UP, Moved
from knowledge.deadlines.loader import UnknownProgrammeError, load_deadlines
from knowledge.deadlines.model import Deadlines

DEADLINE = "deadline"
"""What a reminder of a deadline is about: `deadline:<key>`."""
LONGEST_REASON = 200
EARLIEST = timedelta(days=400)
"""So long before its edition a date may lie: applications are due before."""
AT_ONCE = 500


class MoveError(ValueError):
    """A date that can't be meant; the message says why, to whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One revision of a date."""

    key: str
    revision: int
    due: datetime | None
    """Naive local wall time; None: the document's own date stands again."""
    reason: str
    person: str
    """Who said so; empty for the command line, and for who is forgotten."""
    name: str
    """How that person is called; may be empty."""
    at: int
    """Epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reminder that can still be taken back."""

    id: int
    outbox_id: str
    """The unsent message that it is in; empty for what is only planned."""


async def move(
    tx: AsyncConnection,
    scope: Scope,
    programme: str,
    edition: str,
    key: str,
    due: datetime,
    reason: str,
    now: int,
) -> int:
    """Note that the office moved a date of an edition; returns the revision, 0 for who may not.

    Args:
        due: naive local wall time; 23:59 for a whole day.
        reason: why, for people; cut at `LONGEST_REASON` characters.
        now: epoch milliseconds.

    Raises:
        MoveError: there is no such deadline, no reason, or the date can't be meant.
    """
    if not scope.may_oversee(programme):
        return 0
    due = due.replace(second=0, microsecond=0)
    check(programme, edition, key, due, reason)
    return await _publish(tx, scope, (programme, edition, key), due, reason, now)


async def take_back(
    tx: AsyncConnection, scope: Scope, programme: str, edition: str, key: str, reason: str, now: int
) -> int:
    """Say that the document's date stands again; returns the revision, 0 for who may not.

    Raises:
        MoveError: there is no such deadline, no reason, or no other date than the document's stands.
    """
    if not scope.may_oversee(programme):
        return 0
    check(programme, edition, key, None, reason)
    return await _publish(tx, scope, (programme, edition, key), None, reason, now)


async def history(tx: AsyncConnection, scope: Scope, programme: str, edition: str, key: str = "") -> list[Move]:
    """Every revision of the edition's dates, or of one of them, the newest first; none for who may not see them."""
    if not scope.may_oversee(programme):
        return []
    ours = [table.c.programme == programme, table.c.edition == edition, *([table.c.key == key] if key else [])]
    newest = (
        select(memberships.c.name)
        .where(memberships.c.person_id == table.c.person_id, memberships.c.name != "")
        .order_by(memberships.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(table, newest.label("called")).where(*ours).order_by(table.c.at.desc(), table.c.revision.desc())
    )
    return [_read(row) for row in rows]


async def moved(tx: AsyncConnection) -> Mapping[tuple[str, str], Mapping[str, Moved]]:
    """The last word on every date that was ever moved, by programme and edition."""
    found: dict[tuple[str, str], dict[str, Moved]] = defaultdict(dict)
    for row in await tx.execute(select(table).order_by(table.c.revision)):
        known = found[row.programme, row.edition]
        before = known[row.key].due if row.key in known else None
        known[row.key] = Moved(_moment(row.due), row.revision, row.reason, _local(row.at), before)
    return found


def check(programme: str, edition: str, key: str, due: datetime | None, reason: str) -> None:
    """Whether a date can be meant.

    Raises:
        MoveError: it can't, with the reason for people.
    """
    deadlines = _of_edition(programme, edition)
    if key not in deadlines.keys:
        raise MoveError(f"沒有「{key}」這個期限；有的是：{'、'.join(deadlines.keys)}。")
    if not reason.strip():
        raise MoveError("請寫改期的原因，收到通知的人要知道為什麼。")
    first, last = deadlines.valid_from - EARLIEST, deadlines.last_day + WIND_UP
    if due is not None and not first <= due.date() <= last:
        raise MoveError(f"新日期要在 {first} 到 {last} 之間，{due.date()} 不像是這一期的日期。")


def _of_edition(programme: str, edition: str) -> Deadlines:
    try:
        return load_deadlines(programme, edition)
    except UnknownProgrammeError as error:
        raise MoveError(f"沒有「{programme} {edition}」的期限；有的是：{'、'.join(error.known)}。") from None


async def _publish(
    tx: AsyncConnection, scope: Scope, what: tuple[str, str, str], due: datetime | None, reason: str, now: int
) -> int:
    programme, edition, key = what
    await _hold(tx, programme, edition)
    same = {"programme": programme, "edition": edition, "key": key}
    stands, last = await _standing(tx, same)
    if due == stands:
        raise MoveError("這就是現在的日期，沒有要改的。" if due else "這個期限沒有改過，照文件的日期。")
    said = {"due": _minute(due), "reason": reason.strip()[:LONGEST_REASON], "person_id": scope.person, "at": now}
    await tx.execute(insert(table).values(**same, **said, revision=last + 1))
    await _take_back_told(tx, programme, edition, key, now)
    return last + 1


async def _standing(tx: AsyncConnection, same: Mapping[str, str]) -> tuple[datetime | None, int]:
    """The date that stands instead of the document's, None for none, and its revision."""
    ours = [table.c[name] == value for name, value in same.items()]
    row = (await tx.execute(select(table).where(*ours).order_by(table.c.revision.desc()).limit(1))).first()
    return (_moment(row.due), row.revision) if row else (None, 0)


async def _hold(tx: AsyncConnection, programme: str, edition: str) -> None:
    """Wait until nobody plans for these schools; nobody does until the transaction ends."""
    ours = (enrolments.c.programme == programme, enrolments.c.edition == edition)
    wanted = select(enrolments.c.id).where(*ours).order_by(enrolments.c.id)
    await tx.execute(wanted.with_for_update(key_share=True))


async def _take_back_told(tx: AsyncConnection, programme: str, edition: str, key: str, now: int) -> None:
    ids = [each.id for each in await waiting(tx, programme, edition, key)]
    for start in range(0, len(ids), AT_ONCE):
        await reminders.withdraw(tx, dict.fromkeys(ids[start : start + AT_ONCE], State.CANCELLED), now)


async def waiting(tx: AsyncConnection, programme: str, edition: str, key: str) -> list[Waiting]:
    """Reminders of a date that are planned, or lie in a message that nobody has tried to send yet."""
    unsent = and_(reminder_table.c.state == State.ENQUEUED, outbox.c.state == "queued", outbox.c.attempts == 0)
    rows = await tx.execute(
        select(reminder_table.c.id, reminder_table.c.state, reminder_table.c.outbox_id)
        .join(enrolments, enrolments.c.id == reminder_table.c.enrolment_id)
        .outerjoin(outbox, outbox.c.id == reminder_table.c.outbox_id)
        .where(
            enrolments.c.programme == programme,
            enrolments.c.edition == edition,
            reminder_table.c.subject == f"{DEADLINE}:{key}",
            or_(reminder_table.c.state == State.PLANNED, unsent),
        )
        .order_by(reminder_table.c.id)
    )
    return [Waiting(row.id, row.outbox_id or "" if row.state == State.ENQUEUED else "") for row in rows]


def _read(row: Row[Any]) -> Move:
    return Move(row.key, row.revision, _moment(row.due), row.reason, row.person_id, row.called or "", row.at)


def _moment(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _minute(due: datetime | None) -> str:
    return due.isoformat(timespec="minutes") if due else ""


def _local(at: int) -> datetime:
    return from_epoch_ms(at).astimezone(TAIPEI).replace(tzinfo=None)
