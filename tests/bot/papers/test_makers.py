"""The paper behind a checklist's link, from what is kept when it is followed; on both engines."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from docx import Document

from bot.clock import ShiftedClock, epoch_ms
from bot.papers.makers import ChecklistPapers
from bot.store import people, runs
from bot.store.database import Database, insert_or_ignore
from bot.store.file_links import FileLink
from bot.store.runs import FINISHED, Run
from bot.store.tables import conversations
from bot.web.files import Made
from handlers.checklist import checklists
from tests.handlers.stage import real_checklists, row_of

KNOWN = real_checklists()
ANSWERS = {"authority": "local"}


async def kept(database: Database, programme: str = "onsite-mentoring", edition: str = "114") -> Run:
    """A finished run of someone."""
    async with database.write() as tx:
        await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of("line:a"))
        person = await people.of_conversation(tx, "line:a", 1)
        run = Run(
            "r1",
            person,
            checklists.NAME,
            programme,
            edition,
            "f",
            "line:a",
            ANSWERS,
            order=("authority",),
            state=FINISHED,
        )
        await runs.save(tx, run, 1)
        return run


async def made(database: Database, person: str, clock: ShiftedClock, run: str = "r1") -> Made | None:
    async with database.read() as connection:
        return await ChecklistPapers(KNOWN)(connection, FileLink(person, checklists.NAME, {"run": run}), clock)


async def test_the_paper_says_the_verdict_of_the_run(database: Database, clock: ShiftedClock) -> None:
    run = await kept(database)
    paper = await made(database, run.person, clock)
    assert paper is not None
    assert paper.name == "資格檢核－入校陪伴（114 年度第 2 次徵件）.docx"
    drawing = Document(BytesIO(paper.content))
    words = "\n".join(cell.text for table in drawing.tables for row in table.rows for cell in row.cells)
    words += "\n".join(paragraph.text for paragraph in drawing.paragraphs)
    assert "不符合" in words
    assert "教育部主管" in words


async def test_what_was_answered_since_is_on_it(database: Database, clock: ShiftedClock) -> None:
    run = await kept(database)
    before = await made(database, run.person, clock)
    async with database.write() as tx:
        held = await runs.get(tx, run.id, run.person)
        assert held is not None
        await runs.save(tx, replace(held, answers={"authority": "moe"}), epoch_ms(clock.now()))
    after = await made(database, run.person, clock)
    assert before is not None
    assert after is not None
    assert before.content != after.content


async def test_anothers_run_and_one_that_is_gone_make_nothing(database: Database, clock: ShiftedClock) -> None:
    run = await kept(database)
    assert await made(database, "somebody else", clock) is None
    assert await made(database, run.person, clock, "r2") is None
    async with database.write() as tx:
        await runs.forget_of(tx, run.person)
    assert await made(database, run.person, clock) is None


async def test_a_run_of_an_edition_that_is_gone_makes_nothing(database: Database, clock: ShiftedClock) -> None:
    run = await kept(database, edition="99")
    assert await made(database, run.person, clock) is None
