"""「我的資料」: everything of one person, and nothing of anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import evidence, history, questions, records, runs
from bot.store.access import Enrolment, Scope
from bot.store.database import Database
from bot.store.evidence import NewEvidence
from bot.store.my_data import collect, words_of
from bot.store.runs import Run
from bot.store.stored_record import StoredRecord
from bot.store.tables import inbox
from tests.bot.store.everybody import belongs, person_columns
from tests.bot.store.school_house import NOW, logged, member, person, school
from tests.bot.store.test_linked import talk
from tests.thorough import examples

TOLD_BY_VERSIONS = "records.created_by"
"""A record never is without its first version, which tells who made it."""
COLUMNS = [name for column in person_columns() if (name := f"{column.table.name}.{column.name}") != TOLD_BY_VERSIONS]


@pytest.mark.parametrize("name", COLUMNS)
async def test_no_table_is_left_out(database: Database, name: str) -> None:
    column = next(each for each in person_columns() if f"{each.table.name}.{each.name}" == name)
    async with database.write() as tx:
        await person(tx, "somebody")
        before = await collect(tx, "somebody")
        await belongs(tx, column.table, **{column.name: "somebody"})
        assert await collect(tx, "somebody") != before


async def test_a_person_that_is_not_there_has_nothing(database: Database) -> None:
    async with database.write() as tx:
        assert await collect(tx, "nobody") is None


async def test_of_a_record_only_ones_own_words_are_told(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        one, other = await member(tx, "one", place), await member(tx, "other", place)
        record = await logged(tx, one, place, topic="一號寫的題目", host="一號寫的主持")
        changed = await records.change(tx, other, record.id, 1, {"host": "二號改的主持"}, channel="web", now=NOW)
        assert isinstance(changed, StoredRecord)
        assert len(await history.versions(tx, one, record.id)) == 2
        first, second = await collect(tx, "one"), await collect(tx, "other")
        assert first is not None
        assert second is not None
        assert first.deeds[0].words["topic"] == "一號寫的題目"
        assert "二號" not in repr(first)
        assert second.deeds[0].words == {"host": "二號改的主持"}
        assert "一號" not in repr(second)


async def test_a_form_that_corrects_a_record_does_not_tell_what_its_author_wrote(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        answers = {"_record": "r1", "topic": "別人寫的題目"}
        await runs.save(tx, Run("run1", "somebody", "record", "", "", "", "web:somebody", answers=answers), NOW)
        found = await collect(tx, "somebody")
        assert found is not None
        assert len(found.runs) == 1
        assert "別人" not in repr(found)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"text": "網頁打的"}, "網頁打的"),
        ({"text": "", "action": "m:menu"}, "〔按鈕〕m:menu"),
        ({"type": "message", "message": {"type": "text", "text": "LINE 打的"}}, "LINE 打的"),
        ({"type": "postback", "postback": {"data": "m:menu"}}, "〔按鈕〕m:menu"),
        ({"update_id": 1, "message": {"text": "Telegram 打的"}}, "Telegram 打的"),
        ({"update_id": 1, "message": {"caption": "照片的說明", "photo": []}}, "照片的說明"),
        ({"update_id": 1, "edited_message": {"text": "改過的"}}, "改過的"),
        ({"update_id": 1, "callback_query": {"data": "m:menu"}}, "〔按鈕〕m:menu"),
        ({}, ""),
        ({"type": "follow"}, ""),
    ],
)
def test_the_words_of_every_channel_are_found(payload: dict[str, Any], words: str) -> None:
    assert words_of(payload) == words


async def test_what_was_said_in_every_channel_and_group_is_told(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "somebody")
        await talk(tx, "line:U1", person_id="somebody")
        await talk(tx, "line:C9:U1", group="C9")
        await talk(tx, "line:C9:U2", group="C9")
        for identity in ("web:somebody", "line:U1", "line:C9:U1", "line:C9:U2"):
            await _said(tx, identity, f"在{identity}說的")
        found = await collect(tx, "somebody")
        assert found is not None
        assert sorted(each.text for each in found.said) == [
            "在line:C9:U1說的",
            "在line:U1說的",
            "在web:somebody說的",
        ]


DEEDS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(range(8))), max_size=14)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
async def test_two_peoples_data_never_mix(database: Database, deeds: list[tuple[str, int]]) -> None:
    async with database.engine.connect() as connection:
        tx = await connection.execution_options(xueban_write=True)
        async with tx.begin() as whole:
            place = await school(tx, "同一所學校")
            scopes = {name: await member(tx, f"p{name}", place) for name in "ab"}
            written: dict[str, list[str]] = {"a": [], "b": []}
            last: list[StoredRecord] = []
            for number, (who, deed) in enumerate(deeds):
                mark = f"<{who}{number}>"
                if await _do(tx, scopes[who], place, deed, mark, last):
                    written[who].append(mark)
            for who, other in ("ab", "ba"):
                told = repr(await collect(tx, f"p{who}"))
                assert [mark for mark in written[who] if mark not in told] == []
                assert f"<{other}" not in told
                assert f"老師p{other}" not in told
            await whole.rollback()


async def _do(
    tx: AsyncConnection, scope: Scope, place: Enrolment, deed: int, mark: str, last: list[StoredRecord]
) -> bool:
    """One thing that people do; whether it stores the mark as their own words."""
    conversation = f"web:{scope.person}"
    match deed:
        case 0:
            last.append(await logged(tx, scope, place, topic=mark))
        case 1 | 2 if last:
            change = {"topic": mark} if deed == 1 else {"host": mark}
            changed = await records.change(tx, scope, last[-1].id, last[-1].version, change, channel="web", now=NOW)
            assert isinstance(changed, StoredRecord)
            last[-1] = changed
        case 3 if last:
            joined = await records.join(tx, scope, last[-1].id, channel="web", now=NOW)
            assert isinstance(joined, StoredRecord)
            last[-1] = joined
            return False
        case 4:
            new = NewEvidence("web", mark, mark, f"{mark}.jpg", sha256="0" * 64)
            await evidence.add(tx, new, person=scope.person, conversation_id=conversation, batch="", now=NOW)
        case 5:
            await _said(tx, conversation, mark)
        case 6:
            run = Run(runs.new_id(), scope.person, "checklist", "", "", "", conversation, answers={"x": mark})
            await runs.save(tx, run, NOW)
        case 7:
            key = await questions.make_pepper(tx)
            who = questions.person_hash(key, conversation)
            fields: dict[str, Any] = {"channel": "web", "text": mark, "folded": mark, "status": "answered"}
            await questions.keep(tx, question_id=mark, person=who, asked_at=NOW, **fields)
        case _:
            return False
    return True


async def _said(tx: AsyncConnection, conversation: str, text: str) -> None:
    row = {"channel": conversation.partition(":")[0], "event_id": f"{conversation}{text}", "payload": {"text": text}}
    await tx.execute(
        insert(inbox).values(**row, conversation_id=conversation, occurred_at=NOW, received_at=NOW, state="done")
    )
