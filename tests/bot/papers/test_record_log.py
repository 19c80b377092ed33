"""Record forms: a sheet a record, the programme's own labels, dates of the Republic, photos set in."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from bot.papers.photos import Pictures
from bot.papers.record_log import FOOT, log_paper
from bot.store.history import Attendee
from knowledge.forms.loader import available, load_forms
from tests.bot.papers.dossiers import SCHOOL, SOFFICE, converted, dossier, form, photo, record, words

LOGS = [(each, log.what.value) for each in available() for log in load_forms(*each).forms if not log.parts]
EACH = pytest.mark.parametrize(("edition", "what"), LOGS, ids=lambda each: str(each))


def drawn(*records: object, what: str = "community", **more: object) -> str:
    found = dossier(*records, **more)  # type: ignore[arg-type]
    return words(log_paper(found, form(found, what)))


@EACH
def test_every_label_of_the_form_is_on_the_sheet(edition: tuple[str, str], what: str) -> None:
    found = dossier(slug=edition[0])
    own = form(found, what)
    (kind, *_) = sorted(own.chosen.kinds, key=lambda each: each.value)
    day = datetime(found.first.year, found.first.month, 20, 14)
    found = dossier(record(1, kind=kind.value, starts_at=day), slug=edition[0])
    text = words(log_paper(found, own))
    for row in own.rows:
        assert row.label in text
        assert row.hint in text
        assert all(f"□{option}" in text for option in row.options)
    for said in (own.title, SCHOOL, own.note, FOOT, *own.cite, *own.signatures, "共備", "14:00－16:00"):
        assert said in text
    assert f"{day.year - 1911} 年 {day.month} 月 20 日（星期" in text


def test_a_sheet_says_what_the_record_says() -> None:
    joined = {"r1": (Attendee("p2", "乙老師"), Attendee("p3", ""))}
    text = drawn(record(1), attendees=joined)
    for said in ("第 1 次", "實體", "114 年 11 月 18 日（星期二）", "陳老師", "2 小時", "8 人"):
        assert said in text
    assert "甲老師、乙老師、（未留姓名）" in text


def test_each_record_begins_a_page_and_other_records_have_none() -> None:
    found = dossier(record(1), record(2, starts_at=datetime(2025, 10, 7, 9)), record(3, kind="workshop"))
    content = log_paper(found, form(found, "community"))
    drawing = Document(BytesIO(content))
    titles = [each for each in drawing.paragraphs if each.text == form(found, "community").title]
    assert [bool(each.paragraph_format.page_break_before) for each in titles] == [False, True]


def test_a_meeting_keeps_its_number_when_only_its_month_is_asked_for() -> None:
    earlier = record(2, starts_at=datetime(2025, 10, 7, 9))
    text = drawn(record(1), earlier, first=date(2025, 11, 1), last=date(2025, 11, 30))
    assert "第 2 次" in text
    assert "第 1 次" not in text


def test_each_community_counts_its_own_meetings() -> None:
    of = [record(n, starts_at=datetime(2022, 9, n, 9), group=name) for n, name in enumerate("甲乙甲", 1)]
    assert re.findall(r"第 \d 次", drawn(*of, slug="equalization")) == ["第 1 次", "第 1 次", "第 2 次"]


def test_what_is_planned_is_marked() -> None:
    assert "【預定】" in drawn(record(1, state="planned", starts_at=datetime(2025, 12, 1, 9)))
    assert "【預定，尚未確認辦理】" in drawn(record(1, state="planned"))
    assert "預定" not in drawn(record(1))


def test_what_is_typed_is_only_text() -> None:
    typed = "<b>粗</b>&amp; {{ x }} =1+1 \x00\x0b\u202e\ufffe\n第二行"
    text = drawn(record(1, topic=typed, host="</w:t>"))
    assert "<b>粗</b>&amp; {{ x }} =1+1" in text
    assert "</w:t>" in text


def test_without_records_there_is_an_empty_sheet() -> None:
    text = drawn()
    assert "社群活動主題" in text
    assert "第 1 次" not in text


def test_photos_are_set_in_and_fit_the_page() -> None:
    pictures = Pictures(tuple(photo(f"{n}.jpg", 300 * n, 400) for n in range(1, 6)), count=5)
    found = dossier(record(1), pictures={"r1": pictures})
    drawing = Document(BytesIO(log_paper(found, form(found, "community"))))
    shapes = drawing.element.body.xpath(".//wp:extent")
    assert len(shapes) == 5
    for shape, each in zip(shapes, pictures.photos, strict=True):
        width, height = int(shape.get("cx")), int(shape.get("cy"))
        assert width <= 230 * 12700
        assert height <= 160 * 12700
        assert abs(width / height - each.width / each.height) < 0.02


def test_photos_that_cannot_be_had_are_said() -> None:
    pictures = Pictures((photo(),), missing=("黑板.jpg",), left_out=4, files=("講義.pdf",), count=7)
    text = drawn(record(1), pictures={"r1": pictures})
    assert "照片讀不到：黑板.jpg；另有 4 張照片未置入；附件：講義.pdf" in text


@SOFFICE
@EACH
def test_libreoffice_finds_one_page_a_record(edition: tuple[str, str], what: str, tmp_path: Path) -> None:
    found = dossier(slug=edition[0])
    own = form(found, what)
    kind = min(each.value for each in own.chosen.kinds)
    held = [record(n, kind=kind, starts_at=datetime(found.first.year, found.first.month, 20 + n, 14)) for n in (1, 2)]
    pictures = {"r1": Pictures((photo(), photo(width=300, height=400)), count=2)}
    found = dossier(*held, slug=edition[0], pictures=pictures)
    (pdf,) = converted(log_paper(found, own), "docx", "pdf", tmp_path)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 2
