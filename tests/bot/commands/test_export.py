"""`xueban export` from outside: a file that opens, one sentence where there can be none."""

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from icalendar import Calendar
from openpyxl import load_workbook

from bot.papers.records_xlsx import ALL
from bot.store.database import Database
from bot.store.runs import FINISHED, Run, save
from knowledge.eligibility.engine import check
from knowledge.eligibility.facts import read_facts, write_answer
from tests.bot.papers.dossiers import words
from tests.bot.shell import Run as Shell
from tests.bot.shell import refused
from tests.bot.store.school_house import NOW, SLUG, logged, member, school
from tests.real import real_checklist

SCHOOL = ("--school", "國立臺中高工", "--programme", SLUG)


@pytest.fixture
def place(xueban: Shell, environment: Path) -> Path:
    """The database of a school with two records."""
    assert xueban("migrate")[0] == 0

    async def fill() -> None:
        database = Database(f"sqlite:///{environment}")
        async with database.write() as tx:
            own = await school(tx, "國立臺中高工")
            scope = await member(tx, "a", own)
            await logged(tx, scope, own, topic="=1+1")
            await logged(tx, scope, own, topic="別的月", starts_at=datetime(2025, 10, 7, 9))
        await database.close()

    asyncio.run(fill())
    return environment


def finish_checklist(path: Path) -> None:
    async def fill() -> None:
        checklist = real_checklist(SLUG)
        example = checklist.examples[0]
        facts = read_facts(checklist, example.facts)
        answers = {key: write_answer(checklist.question(key), value) for key, value in facts.items()}
        run = Run(
            "run", "a", "checklist", SLUG, checklist.edition, checklist.fingerprint, "web:a",
            answers=answers, state=FINISHED, outcome=check(checklist, facts).verdict.value,
        )  # fmt: skip
        database = Database(f"sqlite:///{path}")
        async with database.write() as tx:
            await save(tx, run, NOW)
        await database.close()

    asyncio.run(fill())


def test_records_are_written_and_said_to_be(xueban: Shell, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.xlsx"
    code, said, err = xueban("export", *SCHOOL, "--what", "records", "--out", str(out))
    assert (code, err) == (0, "")
    assert said.startswith(f"已寫入 {out}（")
    rows = list(load_workbook(BytesIO(out.read_bytes()))[ALL].iter_rows(min_row=2, values_only=True))
    assert [row[7] for row in rows] == ["別的月", "=1+1"]


def test_a_calendar_is_written(xueban: Shell, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "school.ics"
    assert xueban("export", *SCHOOL, "--what", "ics", "--out", str(out))[0] == 0
    titles = [str(event["summary"]) for event in Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    assert "期限：成果報告｜國立臺中高工・跨校遠距教學" in titles
    assert "社群活動：別的月｜國立臺中高工・跨校遠距教學" in titles


@pytest.mark.parametrize(("what", "word"), [("community", "社群活動主題"), ("report", "課程模組與教材")])
def test_papers_are_written(xueban: Shell, place: Path, tmp_path: Path, what: str, word: str) -> None:
    out = tmp_path / "paper.docx"
    written = xueban("export", "--school", "國立台中高工", "--programme", SLUG, "--what", what, "--out", str(out))
    assert written[0] == 0
    assert word in words(out.read_bytes())


def test_a_period_is_kept_to(xueban: Shell, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.xlsx"
    assert xueban("export", *SCHOOL, "--what", "records", "--period", "2025-10", "--out", str(out))[0] == 0
    rows = list(load_workbook(BytesIO(out.read_bytes()))[ALL].iter_rows(min_row=2, values_only=True))
    assert [row[7] for row in rows] == ["別的月"]


def test_the_checklist_that_a_member_finished_is_written(xueban: Shell, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "checklist.docx"
    command = ("export", *SCHOOL, "--what", "checklist", "--out", str(out))
    assert "還沒有人做完" in refused(xueban(*command))
    finish_checklist(place)
    assert xueban(*command)[0] == 0
    assert Document(BytesIO(out.read_bytes())).tables
    assert "學校：國立臺中高工" in words(out.read_bytes())


def test_a_file_that_is_there_stays_unless_forced(xueban: Shell, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.xlsx"
    out.write_text("mine")
    command = ("export", *SCHOOL, "--what", "records", "--out", str(out))
    assert "已經有了；要蓋過去請加 --force" in refused(xueban(*command))
    assert out.read_text() == "mine"
    assert xueban(*command, "--force")[0] == 0
    assert load_workbook(BytesIO(out.read_bytes()))


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ((*SCHOOL, "--what", "cake"), "沒有「cake」；有的是：records、community、mentoring、report、checklist"),
        ((*SCHOOL, "--what", "mentoring"), "沒有 mentoring 這種紀錄表；可以匯出的是：records、community、report"),
        (("--school", "不在高中", "--programme", SLUG, "--what", "records"), "「不在高中」沒有參加跨校遠距教學"),
        (("--school", "國立臺中高工", "--programme", "none", "--what", "records"), "沒有「none」這個計畫；有的是："),
        ((*SCHOOL, "--edition", "99", "--what", "records"), "沒有「99」這一年；有的是：114"),
        ((*SCHOOL, "--what", "records", "--period", "soon"), "「soon」看不懂"),
        ((*SCHOOL, "--what", "records", "--period", "2020-01"), "裡沒有 2020-01"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    xueban: Shell, place: Path, tmp_path: Path, words: tuple[str, ...], because: str
) -> None:
    out = tmp_path / "x"
    said = refused(xueban("export", *words, "--out", str(out)))
    assert because in said
    assert "\n" not in said
    assert not out.exists()


def test_a_folder_that_is_not_there_is_one_sentence(xueban: Shell, place: Path, tmp_path: Path) -> None:
    said = refused(xueban("export", *SCHOOL, "--what", "records", "--out", str(tmp_path / "no" / "x.xlsx")))
    assert "沒有這個檔案" in said
