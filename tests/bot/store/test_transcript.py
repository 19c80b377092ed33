"""The transcript: inbox and outbox of one conversation, merged by time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.channels.web import WebChannel
from bot.inbox.ingest import new_events
from bot.messages import Choice, Message, Text
from bot.store import inbox, migrate, outbox, tables, transcript
from bot.store.database import Database

MINE = "web:me"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'xueban.db'}")
    await migrate.to_head(opened)
    yield opened
    await opened.close()


async def write(database: Database, text: str, at: int, *, session: str = "me", **more: str) -> None:
    event = {"id": f"{session}{text}{at}", "session": session, "text": text, "at": at, **more}
    async with database.write() as tx:
        await inbox.store(tx, new_events(WebChannel(), [event]), at)


async def show(database: Database, *messages: Message, at: int, conversation: str = MINE) -> None:
    incoming = WebChannel().parse({"id": "", "session": "", "at": 0})
    assert incoming is not None
    body = WebChannel().render(incoming, messages)
    async with database.write() as tx:
        await outbox.add(tx, body, conversation_id=conversation, dedupe_key=f"{conversation}{at}", event_id="", now=at)


async def latest(database: Database, *, now: int = 1_000, limit: int = 100) -> list[str]:
    async with database.read() as connection:
        lines = await transcript.latest(connection, MINE, now=now, limit=limit)
    return [line.text if line.own else "".join(message.text for message in line.messages) for line in lines]


async def test_lines_come_in_the_order_in_which_they_were_seen(database: Database) -> None:
    await write(database, "問一", 10)
    await write(database, "問二", 20)
    await show(database, Text("答一"), at=15)
    await show(database, Text("答二"), at=25)
    assert await latest(database) == ["問一", "答一", "問二", "答二"]


async def test_a_question_comes_before_an_answer_of_the_same_millisecond(database: Database) -> None:
    await write(database, "問", 10)
    await show(database, Text("答"), at=10)
    assert await latest(database) == ["問", "答"]


async def test_only_the_last_lines_are_kept_when_there_are_many(database: Database) -> None:
    for number in range(6):
        await write(database, f"問{number}", number * 10)
        await show(database, Text(f"答{number}"), at=number * 10 + 5)
    assert await latest(database, limit=3) == ["答4", "問5", "答5"]


async def test_another_conversation_is_not_in_it(database: Database) -> None:
    await write(database, "我的", 10)
    await write(database, "別人的", 11, session="you")
    await show(database, Text("給別人"), at=12, conversation="web:you")
    assert await latest(database) == ["我的"]


async def test_a_greeting_and_what_was_emptied_have_no_line(database: Database) -> None:
    await write(database, "", 5, kind="follow")
    await write(database, "舊的", 10)
    async with database.write() as tx:
        await tx.execute(update(tables.inbox).values(state="done"))
        await inbox.forget(tx, 1_000_000_000_000_000)
    assert await latest(database) == []


async def test_since_gives_what_is_later(database: Database) -> None:
    await write(database, "問一", 10)
    await show(database, Text("答一"), at=15)
    await write(database, "問二", 20)
    async with database.read() as connection:
        lines = await transcript.since(connection, MINE, 10, now=1_000)
    assert [line.at for line in lines] == [15, 20]


async def test_a_button_is_known_by_the_words_last_shown_on_it(database: Database) -> None:
    await write(database, "問", 1)
    await show(database, Text("一", (Choice("舊字", "go"),)), at=10)
    await show(database, Text("二", (Choice("新字", "go"),)), at=20)
    async with database.read() as connection:
        assert await transcript.label_of(connection, MINE, "go", now=1_000) == "新字"
        assert await transcript.label_of(connection, MINE, "gone", now=1_000) == ""


async def test_a_conversation_waits_until_its_last_event_is_worked_off(database: Database) -> None:
    await write(database, "問", 10)
    async with database.write() as tx:
        assert await transcript.is_waiting(tx, MINE)
        event = await inbox.claim(tx, 20)
        assert event is not None
        await inbox.finish(tx, event, 20)
        assert not await transcript.is_waiting(tx, MINE)
