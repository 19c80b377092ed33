"""Words of people are words in every cell, whatever they begin with."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.papers.workbook import LONGEST_NAME, Book, Value
from tests.bot.papers.dossiers import NOW, SOFFICE, converted
from tests.thorough import examples

DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","按我")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\x00=1+1",
    "＝1+1",
    "#N/A",
    "#REF!",
    "1/2",
]


def written(*values: Value) -> bytes:
    book = Book("試", NOW)
    page = book.sheet("試", (20,))
    for value in values:
        page.row((value,))
    return book.content()


def read_back(content: bytes) -> list[object]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [cell for (cell,) in sheet.iter_rows()]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_written_as_text(text: str) -> None:
    content = written(text)
    (cell,) = read_back(content)
    assert cell.data_type == "s"  # type: ignore[attr-defined]
    assert cell.value.strip() == text.replace("\x00", "").strip()  # type: ignore[attr-defined]
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b't="e"' not in sheet


@pytest.mark.parametrize("text", [each for each in DANGEROUS if each.strip("\x00 \t\r\n")[0] in "=+-@＝"])
def test_what_may_be_a_formula_stays_text_when_somebody_edits_it(text: str) -> None:
    (cell,) = read_back(written(text))
    assert cell.quotePrefix  # type: ignore[attr-defined]


def test_plain_words_have_no_mark() -> None:
    (cell,) = read_back(written("共備"))
    assert not cell.quotePrefix  # type: ignore[attr-defined]


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.text(alphabet=st.characters(codec=None)), min_size=1, max_size=6))
def test_any_text_makes_a_file_that_opens_and_holds_no_formula(texts: list[str]) -> None:
    assert all(cell.data_type in ("s", "n") for cell in read_back(written("首行", *texts)))  # type: ignore[attr-defined]


def test_days_times_and_numbers_are_what_they_are() -> None:
    day, clock, number, nothing = read_back(written(date(2025, 11, 18), time(14, 0), 1.5, None))
    assert (day.value, day.is_date) == (datetime(2025, 11, 18), True)  # type: ignore[attr-defined]
    assert clock.value == time(14, 0)  # type: ignore[attr-defined]
    assert (number.value, number.data_type) == (1.5, "n")  # type: ignore[attr-defined]
    assert nothing.value is None  # type: ignore[attr-defined]


@given(st.lists(st.text(), max_size=8))
def test_names_of_sheets_are_short_plain_and_never_the_same(names: list[str]) -> None:
    book = Book("試", NOW)
    for name in [*names, "很長" * 40, "很長" * 40, "a/b:c*d?[e]", "A b c d  e ", "history", "'"]:
        book.sheet(name, ()).row(("x",))
    found = load_workbook(BytesIO(book.content())).sheetnames
    assert len({name.casefold() for name in found}) == len(names) + 6
    for name in found:
        assert 0 < len(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert name.casefold() != "history"
        assert name.strip("'") == name


@SOFFICE
def test_libreoffice_evaluates_nothing(tmp_path: Path) -> None:
    book = Book("試", NOW)
    page = book.sheet("試", (20,))
    for text in DANGEROUS:
        page.row((text, "尾"))
    (csv,) = converted(
        book.content(), "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false", tmp_path
    )
    lines = csv.read_text(encoding="utf-8")
    for text in DANGEROUS:
        assert text.replace("\x00", "").strip().replace('"', '""') in lines
