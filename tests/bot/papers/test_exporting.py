"""From a link to a file: what is there when it is followed, for whom it is allowed at that moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from docx import Document
from openpyxl import load_workbook
from starlette.applications import Starlette

from bot.clock import ShiftedClock, from_epoch_ms
from bot.evidence.storage import Folder
from bot.papers.exporting import DOCX, XLSX, Order, export, file_name
from bot.papers.makers import ExportPapers
from bot.papers.records_xlsx import ALL
from bot.store import enrolments, evidence, file_links, records
from bot.store.access import Enrolment, Role, scope_of, unlimited
from bot.store.database import Database
from bot.store.evidence import NewEvidence
from bot.web.files import Files, Made
from handlers.export import NAME
from tests.bot.papers.dossiers import BASE, dossier, jpeg, record, words
from tests.bot.store.school_house import NOW, enter, logged, member, person, school


async def made(database: Database, folder: Path, place: str, what: str, **more: date) -> Made | None:
    async with database.read() as tx:
        order = Order(place, what, **more)
        return await export(tx, unlimited(), order, base=BASE, storage=Folder(folder), now=from_epoch_ms(NOW))


async def filled(database: Database, folder: Path) -> Enrolment:
    """A school with a held meeting with a photo, a planned one, a deleted one, and one long ago."""
    async with database.write() as tx:
        place = await school(tx, "國立/某某:高中")
        scope = await member(tx, "a", place)
        held = await logged(tx, scope, place, topic="辦過的")
        await logged(tx, scope, place, topic="預定的", starts_at=datetime(2025, 12, 2, 14), state="planned")
        gone = await logged(tx, scope, place, topic="刪掉的", starts_at=datetime(2025, 10, 2, 14))
        await records.delete(tx, scope, gone.id, 1, channel="web", now=NOW)
        await logged(tx, scope, place, topic="開學前的", starts_at=datetime(2025, 7, 2, 14))
        new = NewEvidence("web", "m", "s", "現場.jpg", "image/jpeg", 3, await Folder(folder).put(jpeg()))
        await evidence.add(tx, new, person="a", conversation_id="web:a", batch="b", now=NOW)
        (photo,) = await evidence.of_batch(tx, scope, "b")
        await evidence.attach(tx, scope, [photo.id], held.id)
    return place


async def test_the_workbook_holds_all_that_is_not_deleted(database: Database, tmp_path: Path) -> None:
    place = await filled(database, tmp_path)
    found = await made(database, tmp_path, place.id, "records")
    assert found is not None
    assert (found.name, found.media_type) == ("國立某某高中－紀錄總表.xlsx", XLSX)
    rows = list(load_workbook(BytesIO(found.content))[ALL].iter_rows(min_row=2, values_only=True))
    assert [(row[7], row[15], row[18]) for row in rows] == [
        ("開學前的", "已辦理", None),
        ("辦過的", "已辦理", 1),
        ("預定的", "預定", None),
    ]


@pytest.mark.parametrize("what", ["community", "report"])
async def test_papers_hold_the_photo_and_no_deleted_record(database: Database, tmp_path: Path, what: str) -> None:
    place = await filled(database, tmp_path)
    found = await made(database, tmp_path, place.id, what)
    assert found is not None
    assert found.media_type == DOCX
    text = words(found.content)
    assert "辦過的" in text
    assert "預定" in text
    assert "刪掉的" not in text
    assert len(Document(BytesIO(found.content)).element.body.xpath(".//wp:extent")) == 1


async def test_days_that_are_asked_for_are_in_the_name_and_nothing_else_is_inside(
    database: Database, tmp_path: Path
) -> None:
    place = await filled(database, tmp_path)
    found = await made(database, tmp_path, place.id, "community", first=date(2025, 12, 1), last=date(2025, 12, 31))
    assert found is not None
    assert found.name == "國立某某高中－跨校遠距教學教師社群運作紀錄－20251201至20251231.docx"
    assert "預定的" in words(found.content)
    assert "辦過的" not in words(found.content)


async def test_a_paper_that_the_programme_has_not_is_none(database: Database, tmp_path: Path) -> None:
    place = await filled(database, tmp_path)
    assert await made(database, tmp_path, place.id, "mentoring") is None
    assert await made(database, tmp_path, place.id, "nonsense") is None
    assert await made(database, tmp_path, "nowhere", "records") is None


def test_a_school_without_a_name_for_files_has_one_all_the_same() -> None:
    own = dossier(record(1))
    odd = Enrolment("e", "s", "../:?", "", own.enrolment.programme, "114", own.first, own.last, {})
    assert "/" not in file_name(dossier(enrolment=odd), "紀錄總表", "xlsx")


@pytest.fixture
async def browser(database: Database, clock: ShiftedClock, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    files = Files(database, clock, {NAME: ExportPapers(BASE, Folder(tmp_path))})
    app = Starlette(routes=files.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house") as client:
        yield client


async def linked(database: Database, who: str, place: Enrolment, what: str = "records") -> str:
    data = {"enrolment": place.id, "what": what, "first": "2025-11-01", "last": "2025-11-30", "whole": False}
    async with database.write() as tx:
        return f"/files/{await file_links.make(tx, who, NAME, data, NOW)}"


async def test_a_link_hands_the_file_out(database: Database, browser: httpx.AsyncClient, tmp_path: Path) -> None:
    place = await filled(database, tmp_path)
    answer = await browser.get(await linked(database, "a", place))
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert "no-store" in answer.headers["cache-control"]
    rows = list(load_workbook(BytesIO(answer.content))[ALL].iter_rows(min_row=2, values_only=True))
    assert [row[7] for row in rows] == ["辦過的"]


async def test_whoever_was_removed_meanwhile_gets_nothing(
    database: Database, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    place = await filled(database, tmp_path)
    async with database.write() as tx:
        await member(tx, "b", place, Role.TEACHER)
    link = await linked(database, "b", place)
    assert (await browser.get(link)).status_code == 200
    async with database.write() as tx:
        await enrolments.remove(tx, await scope_of(tx, "a"), place.id, "b", NOW)
    answer = await browser.get(link)
    assert answer.status_code == 404
    assert "辦過的" not in answer.text


async def test_somebody_elses_school_is_not_there(
    database: Database, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    place = await filled(database, tmp_path)
    async with database.write() as tx:
        await member(tx, "x", await school(tx, "別校"))
        await enter(tx, await person(tx, "office"), Role.OFFICE, programme=place.programme)
    assert (await browser.get(await linked(database, "x", place))).status_code == 404
    assert (await browser.get(await linked(database, "office", place))).status_code == 200


async def test_an_expired_link_is_gone(
    database: Database, browser: httpx.AsyncClient, clock: ShiftedClock, tmp_path: Path
) -> None:
    link = await linked(database, "a", await filled(database, tmp_path))
    clock.move_to(datetime(2025, 11, 27, 1, 59, tzinfo=UTC))
    assert (await browser.get(link)).status_code == 200
    clock.move_to(datetime(2025, 11, 27, 2, 1, tzinfo=UTC))
    assert (await browser.get(link)).status_code == 404
