"""What the office did: moved a date, invited people, let somebody go, looked in; each with its line in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms
from bot.demo.people import Person, Team
from bot.demo.records import Act
from bot.demo.schools import DISTANCE
from bot.demo.when import NOW
from bot.store import console_log, deadline_moves, enrolments
from bot.store.access import Role

MOVED, NEW_DATE = "final_report", datetime(2026, 8, 14, 23, 59)
WHY = "示範資料：假設的改期，不是真的公告。"


async def move_a_date(tx: AsyncConnection, office: Person, edition: str, now: int) -> None:
    """The report of an edition that is under way is due later; `now` in epoch milliseconds."""
    revision = await deadline_moves.move(tx, office.scope, DISTANCE, edition, MOVED, NEW_DATE, WHY, now)
    assert revision
    subject = f"deadline:{DISTANCE}/{edition}/{MOVED}"
    data = {"revision": str(revision), "due": NEW_DATE.isoformat(timespec="minutes")}
    who = office.scope.person
    await console_log.note(tx, who, "deadline_move", now, programme=DISTANCE, subject=subject, data=data)


async def keep_house(tx: AsyncConnection, admin: Person, offices: Sequence[Person], teams: Sequence[Team]) -> None:
    """The days before today, in the order of time: so the log is read."""
    acts = [*_visits((admin, *offices)), *_invitations(admin, teams[:3]), _farewell(admin, teams[0])]
    for _, act in sorted(acts, key=lambda each: each[0]):
        await act(tx)


def _visits(people: Sequence[Person]) -> Iterator[Act]:
    for index, person in enumerate(people):
        for action, minutes in ((console_log.SIGN_IN, 0), (console_log.SIGN_OUT, 40)):
            then = epoch_ms(NOW - timedelta(days=index + 1, hours=1) + timedelta(minutes=minutes))
            yield then, partial(console_log.note, person=person.scope.person, action=action, now=then)


def _invitations(admin: Person, teams: Sequence[Team]) -> Iterator[Act]:
    """Some that nobody has used yet."""

    async def invite(tx: AsyncConnection, team: Team, then: int) -> None:
        await enrolments.invite(tx, admin.scope, Role.TEACHER, then, enrolment_id=team.place.id)
        await _note(tx, admin, "invite", team, then, role=Role.TEACHER.value)

    for index, team in enumerate(teams):
        then = epoch_ms(NOW - timedelta(days=index, hours=2))
        yield then, partial(invite, team=team, then=then)


def _farewell(admin: Person, team: Team) -> Act:
    then = epoch_ms(NOW - timedelta(days=4))

    async def remove(tx: AsyncConnection) -> None:
        await enrolments.remove(tx, admin.scope, team.place.id, team.others[-1].scope.person, then)
        await _note(tx, admin, "remove", team, then)

    return then, remove


async def _note(tx: AsyncConnection, by: Person, action: str, team: Team, now: int, **data: str) -> None:
    subject = f"enrolment:{team.place.id}"
    await console_log.note(tx, by.scope.person, action, now, programme=team.programme.slug, subject=subject, data=data)
