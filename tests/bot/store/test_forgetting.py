"""「刪除我的資料」: what goes, what stays with the school, and that nobody else loses anything."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.store import enrolments, evidence, forgetting, my_data, people, questions, records
from bot.store.access import Role, scope_of
from bot.store.database import Database
from bot.store.evidence import NewEvidence
from bot.store.forgetting import NAMELESS, forget
from bot.store.tables import (
    CONVERSATION_WIDTH,
    code_attempts,
    conversations,
    inbox,
    metadata,
    one_time_codes,
    outbox,
    outbox_attempts,
)
from bot.store.work_tables import evidence as evidence_table
from bot.store.work_tables import memberships
from tests.bot.store.everybody import belongs, person_columns, where_is
from tests.bot.store.school_house import NOW, logged, member, person, school
from tests.bot.store.test_linked import talk

STAYS = {
    "memberships.person_id",
    "records.created_by",
    "record_versions.person_id",
    "attendances.person_id",
    "evidence.person_id",
}
"""Where the random number may stay, with no name beside it and no conversation that leads to it."""
GUESSES = "code_attempts.conversation_id"
COLUMNS = [f"{column.table.name}.{column.name}" for column in person_columns()]
TALKS = [
    f"{column.table.name}.{column.name}"
    for table in metadata.sorted_tables
    for column in table.columns
    if getattr(column.type, "length", None) == CONVERSATION_WIDTH and table is not conversations
    if column.name != "dedupe_key"
]


@pytest.mark.parametrize("name", COLUMNS)
async def test_nothing_is_left_but_what_the_school_keeps(database: Database, name: str) -> None:
    column = next(each for each in person_columns() if f"{each.table.name}.{each.name}" == name)
    async with database.write() as tx:
        await person(tx, "somebody")
        await belongs(tx, column.table, **{column.name: "somebody"})
        await forget(tx, "web:somebody", NOW)
        assert await where_is(tx, "somebody") <= STAYS
        assert await people.find(tx, "web:somebody") is None


def test_the_columns_that_name_a_conversation_are_found() -> None:
    assert {"inbox.conversation_id", "outbox.conversation_id", "runs.touched_by", GUESSES} <= set(TALKS)


@pytest.mark.parametrize("name", TALKS)
async def test_no_conversation_is_named_any_more(database: Database, name: str) -> None:
    table, _, column = name.partition(".")
    async with database.write() as tx:
        await person(tx, "somebody")
        await talk(tx, "line:U1", person_id="somebody")
        given: dict[str, Any] = {column: "line:U1"}
        given |= {"state": "done"} if table in ("inbox", "outbox") else {}
        await belongs(tx, metadata.tables[table], **given)
        await forget(tx, "web:somebody", NOW)
        found = metadata.tables[table].c[column] == "line:U1"
        left = await tx.execute(select(func.count()).select_from(metadata.tables[table]).where(found))
        assert left.scalar_one() == (1 if name == GUESSES else 0)
        rows = await tx.execute(select(conversations.c.id))
        assert [row.id for row in rows] == ["web:somebody"]


async def test_deleting_does_not_allow_more_guesses(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        for _ in range(people.WRONG_CODES):
            await people.try_code(tx, "web:somebody", people.INVITE, "WRONG", NOW)
        await forget(tx, "web:somebody", NOW)
        again = await people.try_code(tx, "web:somebody", people.INVITE, "WRONG", NOW)
        assert again.state is people.CodeState.TOO_MANY
        assert (await tx.execute(select(func.count()).select_from(code_attempts))).scalar_one() == people.WRONG_CODES


async def test_records_stay_and_their_author_has_no_name(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        colleague = await member(tx, "colleague", place)
        theirs = await logged(tx, await member(tx, "somebody", place), place, topic="共備三角函數")
        done = await forget(tx, "web:somebody", NOW)
        assert done.kept_records == 1
        kept = await records.get(tx, colleague, theirs.id)
        assert kept is not None
        assert (kept.topic, kept.creator) == ("共備三角函數", NAMELESS)
        assert [each.name for each in await enrolments.members(tx, colleague, place.id)] == ["老師colleague"]
        assert (await scope_of(tx, "somebody")).memberships == ()
        assert "老師somebody" not in str([tuple(row) for row in await tx.execute(select(memberships))])


async def test_a_role_without_any_record_goes_altogether(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "somebody", await school(tx, "甲校"))
        await forget(tx, "web:somebody", NOW)
        assert await where_is(tx, "somebody") == set()
        assert (await tx.execute(select(func.count()).select_from(memberships))).scalar_one() == 0
        assert await my_data.collect(tx, "somebody") is None


async def test_a_file_that_is_attached_stays_and_a_loose_one_goes(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "somebody", place)
        colleague = await member(tx, "colleague", place)
        record = await logged(tx, scope, place)
        for message in ("m1", "m2"):
            new = NewEvidence("web", message, message, f"{message}.jpg", sha256=message * 32)
            await evidence.add(tx, new, person="somebody", conversation_id="web:somebody", batch="b", now=NOW)
        first, _ = await evidence.of_batch(tx, scope, "b")
        await evidence.attach(tx, scope, [first.id], record.id)
        done = await forget(tx, "web:somebody", NOW)
        assert done.files == 1
        assert [each.name for each in await evidence.of_record(tx, colleague, record.id)] == [first.name]
        rows = (await tx.execute(select(evidence_table).order_by(evidence_table.c.state))).all()
        assert [(row.state, bool(row.name)) for row in rows] == [("deleted", False), ("stored", True)]


async def test_a_second_time_does_no_harm(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await logged(tx, await member(tx, "somebody", place), place)
        await forget(tx, "web:somebody", NOW)
        again = await forget(tx, "web:somebody", NOW)
        assert again == forgetting.Forgotten(0, 0, 0, 0, 0)


async def test_somebody_of_whom_there_is_no_person_is_forgotten_too(database: Database) -> None:
    async with database.write() as tx:
        await talk(tx, "line:U1")
        await belongs(tx, inbox, conversation_id="line:U1", state="done")
        assert (await forget(tx, "line:U1", NOW)).messages == 1


async def test_what_is_said_just_now_and_what_is_on_its_way_are_left_to_end(database: Database) -> None:
    async with database.write() as tx:
        await talk(tx, "line:U1")
        await belongs(tx, inbox, conversation_id="line:U1", state="new")
        for state in ("sending", "queued", "sent"):
            row = await belongs(tx, outbox, conversation_id="line:U1", state=state)
            await tx.execute(insert(outbox_attempts).values(outbox_id=row["id"], at=1, outcome="sent"))
        await forget(tx, "line:U1", NOW)
        assert [row.state for row in await tx.execute(select(inbox.c.state))] == ["new"]
        assert [row.state for row in await tx.execute(select(outbox.c.state))] == ["sending"]


async def test_another_person_keeps_everything(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        other = await member(tx, "other", place)
        await member(tx, "somebody", place)
        await logged(tx, other, place)
        for name in COLUMNS:
            column = next(each for each in person_columns() if f"{each.table.name}.{each.name}" == name)
            await belongs(tx, column.table, **{column.name: "other"})
        key = await questions.make_pepper(tx)
        await _ask(tx, "q1", questions.person_hash(key, "web:other"))
        before = await my_data.collect(tx, "other")
        await forget(tx, "web:somebody", NOW)
        assert await my_data.collect(tx, "other") == before
        assert before is not None
        assert before.asked


async def test_questions_go_from_every_channel_and_group(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await talk(tx, "line:U1", person_id="somebody")
        await talk(tx, "line:C9:U1", group="C9")
        key = await questions.make_pepper(tx)
        for number, identity in enumerate(("web:somebody", "line:U1", "line:C9:U1", "line:U2")):
            await _ask(tx, f"q{number}", questions.person_hash(key, identity))
        assert (await forget(tx, "line:U1", NOW)).questions == 3


async def test_codes_that_were_given_open_nothing_any_more(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "somebody", place)
        code = await enrolments.invite(tx, scope, Role.TEACHER, NOW, enrolment_id=place.id)
        assert code
        await forget(tx, "web:somebody", NOW)
        assert await people.use_code(tx, people.INVITE, code, NOW) is None
        assert (await tx.execute(select(func.count()).select_from(one_time_codes))).scalar_one() == 0


async def test_the_dialogue_is_forgotten(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await tx.execute(update(conversations).values(state={"version": 1, "run": "r"}))
        await forget(tx, "web:somebody", NOW)
        assert (await tx.execute(select(conversations.c.state))).scalar_one() == {}


async def _ask(tx: Any, identity: str, who: str) -> None:
    fields = {"channel": "web", "text": "問", "folded": "問", "status": "answered", "asked_at": NOW}
    await questions.keep(tx, question_id=identity, person=who, **fields)
