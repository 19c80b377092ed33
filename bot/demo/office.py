"""What the office did: moved a date, invited people, let somebody go, looked in; each with its line in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms
from bot.demo.people import Person, Team
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
    await console_log.note(
        tx, office.scope.person, "deadline_move", now, programme=DISTANCE, subject=f"deadline:{MOVED}",
        data={"edition": edition, "revision": revision, "due": NEW_DATE.isoformat(timespec="minutes")},
    )  # fmt: skip


async def keep_house(tx: AsyncConnection, admin: Person, offices: Sequence[Person], teams: Sequence[Team]) -> None:
    """The days before today."""
    for index, person in enumerate((admin, *offices)):
        then = epoch_ms(NOW - timedelta(days=index + 1, hours=1))
        await console_log.note(tx, person.scope.person, console_log.SIGN_IN, then)
        await console_log.note(tx, person.scope.person, console_log.SIGN_OUT, then + 40 * 60_000)
    for index, team in enumerate(teams[:3]):
        then = epoch_ms(NOW - timedelta(days=index, hours=2))
        await enrolments.invite(tx, admin.scope, Role.TEACHER, then, enrolment_id=team.place.id)
        await console_log.note(
            tx, admin.scope.person, "invite", then, programme=team.programme.slug, subject=f"enrolment:{team.place.id}",
            data={"role": Role.TEACHER.value},
        )  # fmt: skip
    leaver = teams[0].others[-1]
    then = epoch_ms(NOW - timedelta(days=4))
    await enrolments.remove(tx, admin.scope, teams[0].place.id, leaver.scope.person, then)
    await console_log.note(
        tx,
        admin.scope.person,
        "remove",
        then,
        programme=teams[0].programme.slug,
        subject=f"enrolment:{teams[0].place.id}",
    )
