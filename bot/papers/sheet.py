"""One A4 sheet: lines and tables, measured before they are drawn.

A word processor alone knows how many pages a file has, and there is none on a server. So every line has an exact
height and every column an exact width; what is left to guess is where text wraps, and that is guessed on the safe
side: a Chinese character is as wide as it is high in every font, anything else is taken for wider than it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import regex
from docx import Document
from docx.document import Document as Drawing
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

PAGE = (595.3, 841.9)
MARGIN = (42.5, 34.0)
"""Points at the sides, and above and below."""
WIDTH = PAGE[0] - 2 * MARGIN[0]
HEIGHT = 0.97 * (PAGE[1] - 2 * MARGIN[1])
"""Points of text that a sheet may hold; the rest is for what is measured too small."""
LINE = 1.28
"""Height of a line, in font sizes."""
LATIN, EAST_ASIAN = "Times New Roman", "標楷體"
_PAD, _GAP, _BORDER = 3.0, 1.5, 0.75
_OTHER = 0.55
"""Width of what is not East Asian, in font sizes: more than digits and signs take, which is what we write."""

_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""What XML forbids, and what would turn the direction of the text around it."""
_WORD = regex.compile(r"[\p{Latin}\p{Nd}.,/()%:\-]+|\X", regex.VERSION1)


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    text: str
    bold: bool = False
    centred: bool = False
    scale: float = 1.0
    """Font size, as a multiple of the sheet's."""
    above: float = 0.0
    """Points of space before it."""


@dataclass(frozen=True)
class Cell:
    """A place in a table; `span` columns wide."""

    text: str
    bold: bool = False
    shaded: bool = False
    span: int = 1


@dataclass(frozen=True)
class Grid:
    """A table with a border around every cell."""

    shares: tuple[float, ...]
    """How the width is shared out among the columns; the sum may be anything."""
    rows: tuple[tuple[Cell, ...], ...]
    header: bool = False
    """Whether the first row is repeated on another page, should there ever be one."""
    tall: float = 0.0
    """Points that a row is high at least."""

    @property
    def widths(self) -> tuple[float, ...]:
        """Points of each column."""
        return tuple(WIDTH * share / sum(self.shares) for share in self.shares)


Block = Line | Grid


def printable(text: str) -> str:
    """The text with a blank for whatever can't be printed, line ends among it."""
    return str(_UNPRINTABLE.sub(" ", text))


def height(blocks: Iterable[Block], size: float) -> float:
    """Points that the blocks take at this font size, rather too many than too few."""
    return sum(_line_height(block, size) if isinstance(block, Line) else _grid_height(block, size) for block in blocks)


def _line_height(line: Line, size: float) -> float:
    own = size * line.scale
    return line.above + _lines(line.text, WIDTH, own) * own * LINE


def _grid_height(grid: Grid, size: float) -> float:
    return sum(max(grid.tall, _row_height(grid, row, size)) + _BORDER for row in grid.rows) + _BORDER


def _row_height(grid: Grid, row: Sequence[Cell], size: float) -> float:
    lines = [_lines(cell.text, width - 2 * _PAD, size) for cell, width in _placed(grid, row)]
    return max(lines) * size * LINE + 2 * _GAP


def _placed(grid: Grid, row: Sequence[Cell]) -> Iterator[tuple[Cell, float]]:
    column = 0
    for cell in row:
        yield cell, sum(grid.widths[column : column + cell.span])
        column += cell.span


def _lines(text: str, width: float, size: float) -> int:
    """How many lines a text wraps into; a sign that may not begin a line takes its neighbour along."""
    room = width / size - 0.5
    count, used = 1, 0.0
    for word in _WORD.findall(printable(text)):
        wide = sum(_ems(character) for character in word)
        if used + wide > room and used:
            count, used = count + 1, 1.0 if unicodedata.category(word[0])[0] == "P" else 0.0
        while wide > room:
            count, wide = count + 1, wide - room
        used += wide
    return count


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else _OTHER


def draw(blocks: Iterable[Block], size: float, title: str, now: datetime) -> bytes:
    """The blocks as a Word file.

    Args:
        size: font size in points.
        title: of the file's properties.
        now: when the file says that it was made; naive.
    """
    document = Document()
    set_up(document, size)
    properties = document.core_properties
    properties.title, properties.author, properties.language = printable(title)[:200], "學伴", "zh-TW"
    properties.comments = ""
    properties.created = properties.modified = now
    for block in blocks:
        if isinstance(block, Line):
            _draw_line(document.add_paragraph(), block, size)
        else:
            _draw_grid(document, block, size)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def set_up(document: Drawing, size: float) -> None:
    """A4 with our margins and fonts. `size` in points."""
    section = document.sections[0]
    section.page_width, section.page_height = Pt(PAGE[0]), Pt(PAGE[1])
    section.left_margin = section.right_margin = Pt(MARGIN[0])
    section.top_margin = section.bottom_margin = Pt(MARGIN[1])
    section.header_distance = section.footer_distance = Pt(MARGIN[1] / 2)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # python-docx has no word for it; it would move lines
        section._sectPr.remove(grid)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(size)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-TW")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)


def _draw_line(paragraph: Paragraph, line: Line, size: float) -> None:
    own = size * line.scale
    _write(paragraph, line.text, own, bold=line.bold)
    paragraph.paragraph_format.space_before = Pt(line.above)
    if line.centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write(paragraph: Paragraph, text: str, size: float, *, bold: bool) -> None:
    run = paragraph.add_run(printable(text))
    run.bold, run.font.size = bold or None, Pt(size)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(size * LINE)


def _draw_grid(document: Drawing, grid: Grid, size: float) -> None:
    table = document.add_table(rows=len(grid.rows), cols=len(grid.shares), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    _pad(table)
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Pt(width)
    for index, (drawn, row) in enumerate(zip(table.rows, grid.rows, strict=True)):
        _mark_row(drawn, header=grid.header and index == 0)
        if grid.tall:
            drawn.height, drawn.height_rule = Pt(grid.tall), WD_ROW_HEIGHT_RULE.AT_LEAST
        places = drawn.cells
        column_index = 0
        for cell, width in _placed(grid, row):
            place = places[column_index]
            if cell.span > 1:
                place = place.merge(places[column_index + cell.span - 1])
            place.width = Pt(width)
            _fill(place, cell, size)
            column_index += cell.span


def _fill(place: _Cell, cell: Cell, size: float) -> None:
    _write(place.paragraphs[0], cell.text, size, bold=cell.bold)
    if cell.shaded:
        shade = OxmlElement("w:shd")
        for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "EDEDED")):
            shade.set(qn(name), value)
        place._tc.get_or_add_tcPr().append(shade)


def _pad(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side, points in (("top", _GAP), ("left", _PAD), ("bottom", _GAP), ("right", _PAD)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(points * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        table._tbl.tblPr.append(margins)
    else:
        look.addprevious(margins)


def _mark_row(row: _Row, *, header: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
