"""What people say about deadlines: only for their own school."""

from __future__ import annotations

from datetime import datetime

from bot.store import deadline_marks, people, reminder_people
from bot.store.database import Database
from tests.bot.store.school_house import member, school

DUE = datetime(2026, 7, 31, 23, 59)


async def test_a_member_marks_and_takes_it_back(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        assert await deadline_marks.mark(tx, ann, place.id, "final_report", DUE, 1)
        assert await deadline_marks.mark(tx, ann, place.id, "final_report", DUE, 2)
        assert await deadline_marks.marked(tx, [place.id]) == {place.id: frozenset({"final_report"})}
        assert await deadline_marks.unmark(tx, ann, place.id, "final_report")
        assert await deadline_marks.marked(tx, [place.id]) == {}


async def test_nobody_marks_for_another_school(database: Database) -> None:
    async with database.write() as tx:
        place, other = await school(tx, "甲校"), await school(tx, "乙校")
        ann = await member(tx, "ann", place)
        assert not await deadline_marks.mark(tx, ann, other.id, "final_report", DUE, 1)
        assert not await deadline_marks.unmark(tx, ann, other.id, "final_report")


async def test_who_is_forgotten_leaves_the_mark_and_no_number(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        await deadline_marks.mark(tx, ann, place.id, "final_report", DUE, 1)
        await reminder_people.forget(tx, "ann")
        assert await deadline_marks.marked(tx, [place.id]) == {place.id: frozenset({"final_report"})}
        assert await people.find(tx, "web:ann") == "ann"
