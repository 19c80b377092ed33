"""A Word document of as many pages as it takes: headings, tables, room to write, photos. For papers that one page
(`bot.papers.sheet`) can't hold.

Tables are written as XML at one go: python-docx, cell by cell, takes half a minute for the sheets of a thousand
records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape  # nosec B406 # it writes; nothing is parsed

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from bot.papers.photos import Photo, Pictures
from bot.papers.sheet import WIDTH, printable, set_up

SIZE, SMALL, TITLE, HEADING = 11.0, 9.0, 16.0, 13.0
"""Points."""
LABEL = 92.0
"""Points of a column of labels."""
LINE = 18.0
"""Points of a line to write on by hand."""
PHOTO = (230.0, 160.0)
"""Points that a photo takes at most: two stand side by side, and four with a form on one page."""
SIGNED = 62.0
"""Points of whose signature it is."""
_NAMES = nsdecls("w")
_PAGES = (("第 ", "PAGE"), (" 頁，共 ", "NUMPAGES"), (" 頁", ""))
_FRAME = (
    '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)
_SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/><w:vAlign w:val="center"/>'

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Box:
    """A place in a table; `span` columns wide."""

    text: str = ""
    span: int = 1
    is_label: bool = False
    is_hint: bool = False
    size: float = SIZE
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    boxes: tuple[Box, ...]
    tall: float = 0.0
    is_header: bool = False


class Booklet:
    """A document that grows downwards."""

    def __init__(self, title: str, now: datetime) -> None:
        self._document = Document()
        set_up(self._document, SIZE)
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = printable(title)[:200], "學伴", "zh-TW"
        properties.comments = ""
        properties.created = properties.modified = now
        self._end = self._document.element.body[-1]
        footer = self._document.sections[0].footer.paragraphs[0]._p
        footer.getparent().replace(footer, parse_xml(_footer()))

    def content(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def title(self, text: str, *, new_page: bool = False) -> None:
        """The name of the paper; of a further sheet, on a page of its own."""
        self._add(_paragraph(text, TITLE, bold=True, centred=True, below=4, new_page=new_page))

    def centred(self, text: str) -> None:
        """A line under the title."""
        self._add(_paragraph(text, SIZE, centred=True, below=6))

    def heading(self, text: str) -> None:
        """The beginning of a part; never alone at the foot of a page."""
        self._add(_paragraph(text, HEADING, bold=True, above=12, below=4, with_next=True))

    def small(self, text: str) -> None:
        """A remark."""
        self._add(_paragraph(text, SMALL, above=4))

    def form(self, form: FormTable) -> None:
        """A table of labels with what stands beside them."""
        self._table((LABEL, WIDTH / 2 - LABEL) * 2, form.rows)

    def list(self, names: Sequence[str], shares: Sequence[float], rows: Iterable[Sequence[str]]) -> None:
        """A table with a header, a row each."""
        head = _Row(tuple(Box(name, is_label=True) for name in names), is_header=True)
        told = [_Row(tuple(Box(text, size=SIZE - 1) for text in texts)) for texts in rows]
        self._table([WIDTH * share / sum(shares) for share in shares], [head, *told])

    def box(self, hint: str, lines: int) -> None:
        """An empty frame to write in."""
        self._table((WIDTH,), [_Row((_hint(hint),), tall=lines * LINE)])

    def photos(self, caption: str, pictures: Pictures) -> None:
        """Photos two by two under what they are of."""
        self._add(_paragraph(caption, SIZE - 1, bold=True, above=6, below=2, with_next=True))
        if pictures.photos:
            self._table((WIDTH / 2, WIDTH / 2), _photo_rows(pictures.photos, 1))
        for note in pictures.notes:
            self.small(note)

    def signatures(self, names: Sequence[str]) -> None:
        """Room to sign."""
        self._add(_paragraph("", SMALL / 2))
        boxes = [box for name in names for box in (Box(name, is_label=True), Box())]
        self._table((SIGNED, WIDTH / len(names) - SIGNED) * len(names), [_Row(tuple(boxes), tall=36)])

    def _table(self, widths: Sequence[float], rows: Sequence[_Row]) -> None:
        columns = "".join(f'<w:gridCol w:w="{_twentieths(width)}"/>' for width in widths)
        drawn = "".join(_row(row, widths) for row in rows)
        table = self._add(f"<w:tbl {_NAMES}><w:tblPr>{_FRAME}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{drawn}</w:tbl>")
        boxes = (box for row in rows for box in row.boxes)
        for box, cell in zip(boxes, table.iter(qn("w:tc")), strict=True):
            if box.photo is not None:
                self._set_in(box.photo, cell.find(qn("w:p")))

    def _set_in(self, photo: Photo, place: Any) -> None:
        scale = min(PHOTO[0] / photo.width, PHOTO[1] / photo.height)
        run = Paragraph(place, self._document).add_run()
        run.add_picture(BytesIO(photo.content), width=Pt(photo.width * scale), height=Pt(photo.height * scale))

    def _add(self, xml: str) -> Any:
        element = parse_xml(xml)
        self._end.addprevious(element)
        return element


class FormTable:
    """Labels with what stands beside them: two in a row, or one alone."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []

    def pair(self, left: Pair, right: Pair | None = None) -> None:
        """Two labels in one row, or one that has it to itself."""
        if right is None:
            self.rows.append(_Row((Box(left[0], is_label=True), Box(left[1], span=3))))
            return
        boxes = [box for label, text in (left, right) for box in (Box(label, is_label=True), Box(text))]
        self.rows.append(_Row(tuple(boxes)))

    def write(self, label: str, hint: str, lines: int) -> None:
        """A label with room beside it to write by hand."""
        self.rows.append(_Row((Box(label, is_label=True), _hint(hint, span=3)), tall=lines * LINE))

    def photos(self, label: str, pictures: Pictures) -> None:
        """A label, and photos under it."""
        notes = pictures.notes or (() if pictures.count else ("（沒有照片，可以貼在這裡）",))
        self.rows.append(_Row((Box("　".join((label, "；".join(notes))).strip(), span=4, is_label=True),)))
        if pictures.photos:
            self.rows += _photo_rows(pictures.photos, 2)
        else:
            self.rows.append(_Row((Box(span=4),), tall=4 * LINE))


def _photo_rows(photos: Sequence[Photo], span: int) -> list[_Row]:
    two = [photos[first : first + 2] for first in range(0, len(photos), 2)]
    rows = [tuple(Box(span=span, photo=photo) for photo in each) for each in two]
    return [_Row(row if len(row) == 2 else (*row, Box(span=span))) for row in rows]


def _hint(text: str, *, span: int = 1) -> Box:
    return Box(f"（{text}）" if text else "", span=span, is_hint=True, size=SMALL)


def _row(row: _Row, widths: Sequence[float]) -> str:
    tall = f'<w:trHeight w:val="{_twentieths(row.tall)}" w:hRule="atLeast"/>' if row.tall else ""
    header = "<w:tblHeader/>" if row.is_header else ""
    cells, column = [], 0
    for box in row.boxes:
        cells.append(_cell(box, sum(widths[column : column + box.span])))
        column += box.span
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{header}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(box: Box, width: float) -> str:
    span = f'<w:gridSpan w:val="{box.span}"/>' if box.span > 1 else ""
    shaded = _SHADED if box.is_label else ""
    size = min(box.size, SIZE - 1) if box.is_label else box.size
    words = _paragraph(
        box.text,
        size,
        bold=box.is_label,
        centred=box.photo is not None,
        colour="707070" if box.is_hint else "",
        names="",
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{_twentieths(width)}" w:type="dxa"/>{span}{shaded}</w:tcPr>{words}</w:tc>'


def _paragraph(
    text: str, size: float, *, bold: bool = False, centred: bool = False, above: float = 0, below: float = 0,
    with_next: bool = False, new_page: bool = False, colour: str = "", names: str = f" {_NAMES}",
) -> str:  # fmt: skip
    """`names`: the declaration of names; empty within an element that has it."""
    how = ("<w:keepNext/>" if with_next else "") + ("<w:pageBreakBefore/>" if new_page else "")
    if above or below:
        how += f'<w:spacing w:before="{_twentieths(above)}" w:after="{_twentieths(below)}"/>'
    how += '<w:jc w:val="center"/>' if centred else ""
    letters = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    letters += f'<w:sz w:val="{round(size * 2)}"/>'
    said = escape(printable(text).strip())
    run = f'<w:r><w:rPr>{letters}</w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>' if said else ""
    return f"<w:p{names}><w:pPr>{how}<w:rPr>{letters}</w:rPr></w:pPr>{run}</w:p>"


def _footer() -> str:
    letters = f'<w:rPr><w:sz w:val="{round(SMALL * 2)}"/></w:rPr>'
    parts = []
    for text, field in _PAGES:
        parts.append(f'<w:r>{letters}<w:t xml:space="preserve">{text}</w:t></w:r>')
        if field:
            parts.append(f'<w:fldSimple w:instr="{field}"><w:r>{letters}<w:t>1</w:t></w:r></w:fldSimple>')
    return f'<w:p {_NAMES}><w:pPr><w:jc w:val="center"/></w:pPr>{"".join(parts)}</w:p>'


def _twentieths(points: float) -> int:
    return round(points * 20)
