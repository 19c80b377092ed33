"""Dates that the office moved: by whom, why, taken back, and what can't be meant."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.store import deadline_moves, reminder_people
from bot.store.access import Role, unlimited
from bot.store.database import Database
from bot.store.deadline_moves import MoveError
from tests.bot.store.school_house import enter, member, person, school

WHAT = ("distance-teaching", "114", "final_report")
DUE = datetime(2026, 8, 14, 17, 0)


async def test_the_office_moves_a_date_of_its_programme_only(database: Database) -> None:
    async with database.write() as tx:
        office = await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
        ann = await member(tx, "ann", await school(tx, "甲校"))
        assert await deadline_moves.move(tx, ann, *WHAT, DUE, "颱風", 1) == 0
        assert await deadline_moves.take_back(tx, ann, *WHAT, "颱風", 1) == 0
        assert await deadline_moves.move(tx, office, "equalization", "111", "self_review", DUE, "颱風", 1) == 0
        assert await deadline_moves.move(tx, office, *WHAT, DUE, "颱風", 1) == 1
        assert await deadline_moves.move(tx, office, *WHAT, datetime(2026, 8, 17), "再延", 2) == 2
        found = (await deadline_moves.moved(tx))["distance-teaching", "114"]["final_report"]
    assert (found.due, found.revision, found.reason, found.before) == (datetime(2026, 8, 17), 2, "再延", DUE)


async def test_taking_back_is_a_revision_of_its_own(database: Database) -> None:
    async with database.write() as tx:
        await deadline_moves.move(tx, unlimited(), *WHAT, DUE, "颱風", 1)
        assert await deadline_moves.take_back(tx, unlimited(), *WHAT, "沒來", 2) == 2
        found = (await deadline_moves.moved(tx))["distance-teaching", "114"]["final_report"]
        assert (found.due, found.revision, found.before) == (None, 2, DUE)
        assert await deadline_moves.move(tx, unlimited(), *WHAT, DUE, "又來了", 3) == 3


async def test_the_history_says_who_and_why_the_newest_first(database: Database) -> None:
    async with database.write() as tx:
        office = await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
        ann = await member(tx, "ann", await school(tx, "甲校"))
        await deadline_moves.move(tx, office, *WHAT, DUE, "颱風", 5)
        await deadline_moves.take_back(tx, unlimited(), *WHAT, "沒來", 6)
        await deadline_moves.move(tx, office, *WHAT[:2], "settlement", datetime(2026, 10, 5), "補件", 4)
        told = await deadline_moves.history(tx, office, *WHAT)
        assert [(each.revision, each.due, each.reason, each.person, each.at) for each in told] == [
            (2, None, "沒來", "", 6),
            (1, DUE, "颱風", "office", 5),
        ]
        assert len(await deadline_moves.history(tx, office, *WHAT[:2])) == 3
        assert await deadline_moves.history(tx, ann, *WHAT) == []


async def test_who_is_forgotten_leaves_the_move_and_no_number(database: Database) -> None:
    async with database.write() as tx:
        office = await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
        await deadline_moves.move(tx, office, *WHAT, DUE, "颱風", 5)
        await reminder_people.forget(tx, "office")
        told = await deadline_moves.history(tx, unlimited(), *WHAT)
    assert [(each.revision, each.person) for each in told] == [(1, "")]


@pytest.mark.parametrize(
    ("what", "due", "reason", "said"),
    [
        (("distance-teaching", "114", "no_such"), DUE, "颱風", "沒有「no_such」這個期限"),
        (("no-such", "114", "final_report"), DUE, "颱風", "沒有「no-such 114」的期限"),
        (WHAT, DUE, "  ", "請寫改期的原因"),
        (WHAT, datetime(2062, 8, 14), "颱風", "不像是這一期的日期"),
        (WHAT, datetime(1926, 8, 14), "颱風", "不像是這一期的日期"),
        (WHAT, None, "颱風", "這個期限沒有改過"),
    ],
)
async def test_what_can_not_be_meant_is_said_and_changes_nothing(
    database: Database, what: tuple[str, str, str], due: datetime | None, reason: str, said: str
) -> None:
    async with database.write() as tx:
        call = (
            deadline_moves.move(tx, unlimited(), *what, due, reason, 1)
            if due
            else deadline_moves.take_back(tx, unlimited(), *what, reason, 1)
        )
        with pytest.raises(MoveError, match=said):
            await call
        assert await deadline_moves.moved(tx) == {}


async def test_the_date_that_stands_is_no_move(database: Database) -> None:
    async with database.write() as tx:
        await deadline_moves.move(tx, unlimited(), *WHAT, DUE, "颱風", 1)
        with pytest.raises(MoveError, match="這就是現在的日期"):
            await deadline_moves.move(tx, unlimited(), *WHAT, DUE, "颱風", 2)


async def test_two_who_move_at_the_same_time_make_two_revisions(database: Database) -> None:
    async with database.write() as tx:
        await school(tx, "甲校")
    other = Database(database.url)

    async def move(own: Database, day: int) -> int:
        async with own.write() as tx:
            return await deadline_moves.move(tx, unlimited(), *WHAT, datetime(2026, 8, day), "颱風", day)

    assert sorted(await asyncio.gather(move(database, 10), move(other, 11))) == [1, 2]
    await other.close()
