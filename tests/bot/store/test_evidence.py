"""Whose file it is, and who may attach, see and delete it: asked of the database itself, not of a menu."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from bot.store import evidence, evidence_queue
from bot.store.access import Role, Scope
from bot.store.database import Database
from bot.store.evidence import GONE, STORED, WAITING, Evidence, NewEvidence
from bot.store.evidence_queue import Errand
from bot.store.stored_record import StoredRecord
from bot.store.tables import conversations
from tests.bot.store.school_house import NOW, logged, member, school

CHANNELS = ("line",)


class Hall:
    """A teacher at one school, a coordinator at another, a record at each, and one file of the teacher's."""

    teacher: Scope
    stranger: Scope
    own: StoredRecord
    theirs: StoredRecord

    def __init__(self, database: Database) -> None:
        self.database = database

    async def open(self) -> None:
        async with self.database.write() as tx:
            first, second = await school(tx, "甲校"), await school(tx, "乙校")
            self.teacher = await member(tx, "teacher", first, Role.TEACHER)
            self.stranger = await member(tx, "stranger", second, Role.COORDINATOR)
            self.own = await logged(tx, self.teacher, first)
            self.theirs = await logged(tx, self.stranger, second)
            row = {"id": "line:U1", "channel": "line", "address": "U1", "person_id": "teacher"}
            await tx.execute(insert(conversations).values(**row, created_at=1, updated_at=1))
            await self.send(tx)

    async def send(self, tx: object) -> None:
        new = NewEvidence("line", "501", "501", "a.jpg")
        await evidence.add(tx, new, person="teacher", conversation_id="line:U1", batch="b", now=NOW)  # type: ignore[arg-type]

    async def file(self) -> Evidence:
        async with self.database.read() as connection:
            (found,) = await evidence.of_batch(connection, self.teacher, "b")
            return found

    async def attach(self, scope: Scope, record: StoredRecord) -> int | None:
        identity = (await self.file()).id
        async with self.database.write() as tx:
            return await evidence.attach(tx, scope, [identity], record.id)

    async def claim(self, now: int) -> Errand:
        async with self.database.write() as tx:
            errand = await evidence_queue.claim(tx, CHANNELS, now=now, lease_ms=1000)
        assert errand is not None
        return errand


@pytest.fixture
async def hall(database: Database) -> Hall:
    made = Hall(database)
    await made.open()
    return made


async def test_a_file_goes_to_a_record_that_its_sender_may_write(hall: Hall) -> None:
    assert await hall.attach(hall.teacher, hall.own) == 1
    assert (await hall.file()).enrolment_id == hall.own.enrolment_id


async def test_another_schools_record_takes_none(hall: Hall) -> None:
    assert await hall.attach(hall.teacher, hall.theirs) is None
    assert (await hall.file()).record_id is None


async def test_somebody_elses_file_is_not_attached(hall: Hall) -> None:
    assert await hall.attach(hall.stranger, hall.theirs) == 0
    assert (await hall.file()).record_id is None


async def test_an_attached_file_stays_where_it_is(hall: Hall) -> None:
    await hall.attach(hall.teacher, hall.own)
    assert await hall.attach(hall.teacher, hall.own) == 0


async def test_a_stranger_neither_sees_nor_deletes(hall: Hall) -> None:
    await hall.attach(hall.teacher, hall.own)
    identity = (await hall.file()).id
    async with hall.database.write() as tx:
        assert await evidence.find(tx, hall.stranger, identity) is None
        assert await evidence.of_record(tx, hall.stranger, hall.own.id) == []
        assert await evidence.targets(tx, hall.stranger, limit=9) == [hall.theirs]
        assert not await evidence.remove(tx, hall.stranger, identity)
        assert await evidence.find(tx, hall.teacher, identity) is not None


async def test_the_same_message_enters_its_file_once(hall: Hall) -> None:
    async with hall.database.write() as tx:
        await hall.send(tx)
    assert (await hall.file()).state == WAITING


async def test_a_claimed_file_is_claimed_again_only_after_the_lease(hall: Hall) -> None:
    await hall.claim(NOW)
    async with hall.database.write() as tx:
        assert await evidence_queue.claim(tx, CHANNELS, now=NOW + 999, lease_ms=1000) is None
    assert (await hall.claim(NOW + 1000)).attempts == 2


async def test_who_comes_back_after_the_lease_changes_nothing_any_more(hall: Hall) -> None:
    late = await hall.claim(NOW)
    current = await hall.claim(NOW + 1000)
    async with hall.database.write() as tx:
        assert not await evidence_queue.lose(tx, late, GONE)
        await evidence_queue.postpone(tx, late, NOW + 10**9)
        assert await evidence_queue.stored(tx, current, name="a.jpg", media_type="image/jpeg", size=5, sha256="a" * 64)
    assert (await hall.file()).state == STORED


async def test_only_the_channels_that_can_be_asked_are_claimed(hall: Hall) -> None:
    async with hall.database.write() as tx:
        assert not await evidence_queue.is_due(tx, ("telegram",), NOW)
        assert await evidence_queue.claim(tx, ("telegram",), now=NOW, lease_ms=1000) is None
        assert await evidence_queue.is_due(tx, CHANNELS, NOW)
