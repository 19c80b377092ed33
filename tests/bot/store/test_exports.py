"""Who was there and what is attached, of all records of a school at once and for nobody else."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import enrolments, evidence, exports, records
from bot.store.access import Role, Scope, scope_of, unlimited
from bot.store.database import Database
from bot.store.evidence import NewEvidence
from bot.store.work_tables import evidence as files
from tests.bot.store.school_house import NOW, logged, member, school


async def sent(tx: AsyncConnection, scope: Scope, number: int, *, record: str = "", **more: str) -> None:
    """A photo, attached where a record is given."""
    new = NewEvidence("web", f"m{number}", f"s{number}", f"{number}.jpg", "image/jpeg", 3, **more)
    conversation = f"web:{scope.person}"
    await evidence.add(tx, new, person=scope.person, conversation_id=conversation, batch=f"b{number}", now=NOW + number)
    if record:
        (own,) = await evidence.of_batch(tx, scope, f"b{number}")
        await evidence.attach(tx, scope, [own.id], record)


async def test_everybody_who_joined_is_told_by_record(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        first, second = await member(tx, "a", place), await member(tx, "b", place, Role.TEACHER)
        third = await member(tx, "c", place, Role.MENTOR)
        one, two = await logged(tx, first, place), await logged(tx, second, place, topic="另一場")
        for number, scope in enumerate((second, third)):
            await records.join(tx, scope, one.id, channel="web", now=NOW + number)
        found = await exports.attendees(tx, unlimited(), place.id)
    assert {record: [(each.person, each.name) for each in who] for record, who in found.items()} == {
        one.id: [("b", "老師b"), ("c", "老師c")]
    }
    assert two.id not in found


async def test_what_is_attached_is_told_by_record_the_oldest_first(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "a", place)
        one, two = await logged(tx, scope, place), await logged(tx, scope, place, topic="另一場")
        await sent(tx, scope, 2, record=one.id, sha256="a" * 64)
        await sent(tx, scope, 1, record=one.id)
        await sent(tx, scope, 3, record=two.id, sha256="b" * 64)
        await sent(tx, scope, 4, sha256="c" * 64)
        await sent(tx, scope, 5, record=two.id, sha256="d" * 64)
        await tx.execute(update(files).where(files.c.message_id == "m5").values(state=evidence.DELETED))
        found = await exports.attached(tx, unlimited(), place.id)
    assert {record: [each.name for each in own] for record, own in found.items()} == {
        one.id: ["1.jpg", "2.jpg"],
        two.id: ["3.jpg"],
    }


async def test_another_school_and_whoever_was_removed_see_nothing(database: Database) -> None:
    async with database.write() as tx:
        place, other = await school(tx, "甲校"), await school(tx, "乙校")
        scope, stranger = await member(tx, "a", place), await member(tx, "x", other)
        gone = await member(tx, "g", place, Role.TEACHER)
        record = await logged(tx, scope, place)
        await records.join(tx, gone, record.id, channel="web", now=NOW)
        await sent(tx, scope, 1, record=record.id, sha256="a" * 64)
        await enrolments.remove(tx, scope, place.id, "g", NOW)
        for nobody in (stranger, gone, await scope_of(tx, "g"), Scope("")):
            assert await exports.attendees(tx, nobody, place.id) == {}
            assert await exports.attached(tx, nobody, place.id) == {}
        assert await exports.attendees(tx, scope, place.id)
        assert await exports.attached(tx, scope, place.id)
