"""The report: every part that the programme names, its tables filled, its progress told, its photos set in."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from bot.papers.final_report import NO_PHOTOS, NO_RECORDS, report_paper
from bot.papers.photos import Pictures
from knowledge.forms.loader import available
from tests.bot.papers.dossiers import SCHOOL, SOFFICE, converted, dossier, form, photo, record, words

EACH = pytest.mark.parametrize("slug", [slug for slug, _ in available()])
HELD = (
    record(1),
    record(2, kind="open_class", topic="遠距觀課", starts_at=datetime(2025, 10, 7, 9), host="李老師"),
    record(3, kind="deliverable", topic="發展史模組", minutes=0, deliverable="module"),
    record(4, kind="deliverable", topic="報告本身", minutes=0, deliverable="final_report"),
    record(5, topic="下次共備", starts_at=datetime(2025, 12, 2, 14), state="planned"),
)


@EACH
def test_every_part_and_column_is_there(slug: str) -> None:
    found = dossier(slug=slug)
    own = form(found, "report")
    text = words(report_paper(found, own))
    for said in (own.title, SCHOOL, found.programme.name, own.note, *own.signatures):
        assert said in text
    for number, part in zip("一二三四五六七八九十", own.parts, strict=False):
        assert f"{number}、{part.title}" in text
        assert part.hint in text
    assert found.requirements is not None
    for item in found.requirements.items:
        if not item.share_of:
            assert item.title in text
    assert NO_RECORDS in text
    assert NO_PHOTOS in text


def test_tables_hold_their_records_and_no_others() -> None:
    found = dossier(*HELD)
    drawing = Document(BytesIO(report_paper(found, form(found, "report"))))
    tables = {}
    for table in drawing.tables:
        head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        tables["".join(head[1:2])] = rows
    assert tables["社群活動主題"] == [
        ["1", "共備", "114/11/18", "14:00－16:00", "陳老師", "8 人"],
        ["2", "下次共備", "114/12/2（預定）", "14:00－16:00", "陳老師", "8 人"],
    ]
    assert tables["主題"] == [["1", "遠距觀課", "114/10/7", "09:00－11:00", "李老師", "8 人"]]
    assert tables["類別"] == [["1", "課程模組", "發展史模組", "114/11/18"]]
    progress = {(row[0], row[1]): row[2:5] for row in tables["期間"]}
    assert progress["教師社群活動", "114 年 11 月"] == ["1 次", "1 次", "完成"]
    assert progress["教師社群活動", "114 年 10 月"] == ["1 次", "0 次", "逾期"]
    assert progress["教師社群活動", "114 年 12 月"] == ["1 次", "0 次", "未到期"]
    assert progress["公開觀課", "整個計畫"] == ["1 次", "1 次", "完成"]


def test_headers_are_repeated_and_rows_are_not_torn() -> None:
    found = dossier(*HELD)
    body = Document(BytesIO(report_paper(found, form(found, "report")))).element.body
    rows = list(body.iter(qn("w:tr")))
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    assert sum(1 for _ in body.iter(qn("w:tblHeader"))) == 4


def test_pages_are_numbered() -> None:
    found = dossier()
    drawing = Document(BytesIO(report_paper(found, form(found, "report"))))
    fields = [each.get(qn("w:instr")) for each in drawing.sections[0].footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_photos_stand_under_what_they_are_of() -> None:
    found = dossier(*HELD, pictures={"r2": Pictures((photo(), photo(), photo()), missing=("黑板.jpg",), count=4)})
    content = report_paper(found, form(found, "report"))
    text = words(content)
    assert "114/10/7　公開觀課或教學演示　遠距觀課" in text
    assert "照片讀不到：黑板.jpg" in text
    assert NO_PHOTOS not in text
    assert len(Document(BytesIO(content)).element.body.xpath(".//wp:extent")) == 3


def test_days_that_are_asked_for_are_said() -> None:
    found = dossier(*HELD, first=date(2025, 10, 1), last=date(2025, 10, 31))
    text = words(report_paper(found, form(found, "report")))
    assert "114 年 10 月 1 日至114 年 10 月 31 日" in text
    assert "共備" not in text


@SOFFICE
@EACH
def test_libreoffice_opens_it(slug: str, tmp_path: Path) -> None:
    found = dossier(slug=slug)
    (pdf,) = converted(report_paper(found, form(found, "report")), "docx", "pdf", tmp_path)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) <= 8
