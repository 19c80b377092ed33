"""Sheets of a workbook on which a person's words are words: never a formula, never a character that spoils the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.papers.sheet import printable

Value = str | int | float | date | time | None
LONGEST_NAME = 31
"""Characters of a sheet's name; Excel opens no file with a longer one."""
LONGEST_TEXT = 32_767
"""Characters of a cell; likewise."""
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""With which a spreadsheet may take text for a formula, as typed or after another program has passed it on."""
_DAY, _TIME = "yyyy/mm/dd", "hh:mm"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_FONT = "Microsoft JhengHei"
_LINE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="DDE8F0")
_TOP = Alignment(vertical="top", wrap_text=True)
_MIDDLE = Alignment(vertical="center", wrap_text=True)


class Book:
    """A workbook; its first sheet is the first that is added."""

    def __init__(self, title: str, now: datetime) -> None:
        self._book = Workbook()
        assert self._book.active is not None
        self._book.remove(self._book.active)
        properties = self._book.properties
        properties.title, properties.creator = printable(title)[:200], "學伴"
        properties.created = properties.modified = now
        self._names: set[str] = {"history"}  # Excel keeps this one to itself

    def sheet(self, name: str, widths: Sequence[float]) -> Page:
        """A new sheet of this name or one like it; `widths` of its columns in characters."""
        own = self._name(name)
        sheet = self._book.create_sheet(own)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        setup = sheet.page_setup
        setup.paperSize, setup.orientation = sheet.PAPERSIZE_A4, sheet.ORIENTATION_LANDSCAPE
        setup.fitToWidth, setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "第 &P 頁，共 &N 頁"
        return Page(sheet)

    def content(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _name(self, wanted: str) -> str:
        plain = _NOT_IN_NAMES.sub(" ", printable(wanted)).strip().strip("'").strip() or "工作表"
        for number in range(1, 10_000):
            ending = "" if number == 1 else f"（{number}）"
            name = f"{plain[: LONGEST_NAME - len(ending)]}{ending}"
            if name.casefold() not in self._names:
                break
        self._names.add(name.casefold())
        return name


class Page:
    """One sheet, written from top to bottom."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._row = 0

    def title(self, text: str) -> None:
        """A line of its own, in bold."""
        self._row += 1
        cell = self._put(1, text)
        cell.font, cell.alignment = Font(name=_FONT, size=13, bold=True), Alignment(wrap_text=False)

    def note(self, text: str) -> None:
        """A line of its own."""
        self._row += 1
        self._put(1, text).alignment = Alignment(wrap_text=False)

    def gap(self) -> None:
        """An empty line."""
        self._row += 1

    def header(self, names: Iterable[str], *, stays: bool = False) -> None:
        """The names of columns; one that `stays` is in sight always, on every printed page, and filters."""
        self._row += 1
        count = 0
        for count, name in enumerate(names, 1):
            cell = self._put(count, name)
            cell.font, cell.fill = Font(name=_FONT, size=10, bold=True), _HEAD
            cell.alignment, cell.border = _MIDDLE, _BORDER
        if stays:
            self._sheet.freeze_panes = f"A{self._row + 1}"
            self._sheet.print_title_rows = f"{self._row}:{self._row}"
            self._filtered = (self._row, count)

    def row(self, values: Iterable[Value], *, bold: bool = False) -> None:
        """A row of a table."""
        self._row += 1
        for column, value in enumerate(values, 1):
            cell = self._put(column, value)
            cell.border, cell.alignment = _BORDER, _TOP
            if bold:
                cell.font = Font(name=_FONT, size=10, bold=True)

    def filter(self) -> None:
        """Let the rows under the header that stays be filtered; to be called after the last of them."""
        first, count = self._filtered
        self._sheet.auto_filter.ref = f"A{first}:{get_column_letter(count)}{max(self._row, first)}"

    def _put(self, column: int, value: Value) -> Cell:
        cell: Cell = self._sheet.cell(self._row, column)
        cell.font = Font(name=_FONT, size=10)
        if isinstance(value, str):
            _put_text(cell, value)
        else:
            cell.value = value
            if isinstance(value, date):
                cell.number_format = _DAY
            elif isinstance(value, time):
                cell.number_format = _TIME
        return cell


def _put_text(cell: Cell, text: str) -> None:
    plain = printable(text).strip()[:LONGEST_TEXT]
    if not plain:
        return
    cell.value = plain
    # Whatever the library made of it: 「=1+1」 it takes for a formula, 「#N/A」 for an error.
    cell.data_type = "s"
    if plain.startswith(FORMULA_SIGNS) or text.startswith(FORMULA_SIGNS):
        # And so it stays when somebody edits the cell.
        cell.quotePrefix = True
