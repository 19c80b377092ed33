"""Two people who turn out to be one are reminded once, as one wanted it."""

from __future__ import annotations

from sqlalchemy import select

from bot.store import people, preferences, reminders
from bot.store.database import Database
from bot.store.reminder_tables import reminders as table
from bot.store.reminders import Key, New
from tests.bot.store.school_house import member, person, school


async def test_what_both_were_told_stays_once_and_the_rest_is_joined(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await member(tx, "ann", place)
        await person(tx, "bob")
        for who, rules in (("ann", ("T-7",)), ("bob", ("T-7", "T-3"))):
            rows = [New(Key(place.id, who, "deadline:x", "r", rule), "2026-07-24", 1, 2) for rule in rules]
            await reminders.add(tx, rows, 1)
        await preferences.set_wish(tx, "ann", 1, offsets=(1,))
        await preferences.set_wish(tx, "bob", 1, offsets=(9,))
        await preferences.set_wish(tx, "bob", 1, place="x", muted=True)
        await people.merge(tx, "ann", "bob")
        kept = (await tx.execute(select(table.c.person_id, table.c.rule).order_by(table.c.rule))).all()
        wishes = await preferences.of_person(tx, "ann")
    assert [tuple(row) for row in kept] == [("ann", "T-3"), ("ann", "T-7")]
    assert wishes.offsets("", "", "")[0] == (1,)
    assert wishes.is_muted("x", "", "")


async def test_a_reminder_is_stored_once_whatever_its_state(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        row = New(Key(place.id, "ann", "deadline:x", "r", "T-7"), "2026-07-24", 1, 2)
        await reminders.add(tx, [row, row], 1)
        stored = await reminders.of_enrolments(tx, [place.id])
        await reminders.end(tx, [stored[0].id], reminders.State.CANCELLED, 2)
        await reminders.add(tx, [row], 3)
        again = await reminders.of_enrolments(tx, [place.id])
    assert len(stored) == 1
    assert [each.state for each in again] == ["cancelled"]
