"""The section tree of a source document, so that a citation can be looked up in its text.

Labels nest by their kind, whatever the layout: 壹 > 一 > (一) > 1 > (1) > 甲. A label that comes again in
the same place goes on with its section, as slides do. What a layout hides (attachments, tables, covers) is
opened by anchors, lines named in `programmes/<slug>/<edition>/outline.yaml`:

    opening: 封面                # what stands before the first label; default 標題
    anchors:
      - line: 教育百科           # this whole line (spaces, marks and a trailing (續) aside) …
        within: 附件             # … where the section before it lies in here (optional) …
        at: 附件/教育百科         # … opens this section; `/` closes all
      - begins: 陸、重點工作/三   # or: a line that begins so …
        at: .                   # … is no heading but goes on with its section
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.reading import Field, Reader
from knowledge.schema import KnowledgeError, Problem, Programme

_HERE = Path(__file__).parent
_FORMAL = "[壹貳參肆伍陸柒捌玖拾]+"
_PLAIN = "[一二三四五六七八九十]+"
_KINDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"({_FORMAL})、",
        rf"({_PLAIN})、",
        rf"(\({_PLAIN}\))",
        r"(\d{1,2})[.、](?!\d)",
        r"(\(\d{1,2}\))",
        "([甲乙丙丁戊己庚辛壬癸])、",
    )
)
"""The kinds of labels, outermost first; the place in this list is the rank."""
_ATTACHMENT = -1
"""Rank of what an anchor opens at the top: everything else lies within it."""
_DOT_LEADER = re.compile(r"\.{4,}\s*\d*\|?$")
_ITEM_IN_CELL = re.compile(r"(?<=[。;:>])(?=\d{1,2}\.(?!\d))")
_OPENING = "標題"


@dataclass
class Section:
    """A section and what lies in it."""

    label: str
    """Its own label only, as `(一)`."""
    path: str
    """Labels from the top, joined by `/`, as citations write it."""
    line: int
    """Line of the source where it begins; the first is 1."""
    rank: int
    own: list[str] = field(default_factory=list)
    """Its heading and text, less what stands in sub-sections. A table's cell ends with `|`: lines may be
    joined, cells may not."""
    children: dict[str, Section] = field(default_factory=dict)

    def walk(self) -> Iterator[Section]:
        """This section and all in it, in the order of the document."""
        yield self
        for child in self.children.values():
            yield from child.walk()

    def full_text(self) -> str:
        """Its text with all sub-sections."""
        return "\n".join(line for section in self.walk() for line in section.own)


@dataclass(frozen=True)
class Anchor:
    """A line that opens a section; see the module."""

    at: str
    line: str = ""
    begins: str = ""
    within: str = ""

    def fits(self, squeezed: str, path: str) -> bool:
        """Whether a line, where the section before it is `path`, is the one meant."""
        if self.within and not f"{path}/".startswith(f"{self.within}/"):
            return False
        return squeezed == self.line if self.line else squeezed.startswith(self.begins)


@dataclass(frozen=True)
class Layout:
    """What `outline.yaml` says of a source."""

    opening: str = _OPENING
    anchors: tuple[Anchor, ...] = ()


class Outline:
    """The section tree of one source."""

    def __init__(self, text: str, layout: Layout) -> None:
        self._layout = layout
        self.root = Section("", "", 1, _ATTACHMENT - 1)
        self._open = [self.root]
        self._enter(layout.opening, 1, len(_KINDS))  # any label ends it
        for number, raw in enumerate(text.splitlines(), 1):
            for piece in _pieces(raw):
                self._read(piece, number)

    def sections(self) -> Iterator[Section]:
        """All sections, in the order of the document."""
        for top in self.root.children.values():
            yield from top.walk()

    def find(self, path: str) -> Section | None:
        """The section that a citation names."""
        section: Section | None = self.root
        for label in path.split("/"):
            section = section.children.get(label) if section else None
        return section

    def context(self, path: str) -> str | None:
        """What a citation vouches for: the section, all in it, and the introductions of those around it."""
        section = self.find(path)
        if section is None:
            return None
        labels = path.split("/")
        around = [self.find("/".join(labels[:depth])) for depth in range(1, len(labels))]
        return "\n".join([*(line for outer in around if outer for line in outer.own), section.full_text()])

    @property
    def opening(self) -> str:
        """The title page."""
        return self.root.children[self._layout.opening].full_text()

    def _read(self, piece: str, number: int) -> None:
        squeezed = _squeeze(piece.removesuffix("|"))
        path = self._open[-1].path
        anchor = next((a for a in self._layout.anchors if a.fits(squeezed, path)), None)
        if anchor is not None and anchor.at != ".":
            self._jump(anchor.at, number)
        label = None if anchor or _DOT_LEADER.search(piece) else _label(piece)
        if label is None:
            self._open[-1].own.append(piece)
            return
        name, rank, rest = label
        self._enter(name, number, rank)
        if rest:
            self._open[-1].own.append(rest)

    def _jump(self, at: str, number: int) -> None:
        del self._open[1:]
        for depth, name in enumerate(at.strip("/").split("/") if at != "/" else ()):
            plain = _ATTACHMENT if depth == 0 else 0
            self._enter(name, number, _rank(name, plain))

    def _enter(self, name: str, number: int, rank: int) -> None:
        while self._open[-1].rank >= rank:
            self._open.pop()
        around = self._open[-1]
        path = f"{around.path}/{name}" if around.path else name
        self._open.append(around.children.setdefault(name, Section(name, path, number, rank)))


def load_outline(programme: Programme, sources: Path, root: Path | None = None) -> Outline:
    """The outline of a programme's source text, `<sources>/<slug>.txt`.

    Args:
        programme: whose source.
        sources: folder of the source texts.
        root: folder of the knowledge base, for its `outline.yaml`; default the packaged one.

    Raises:
        FileNotFoundError: there is no text of this source.
        KnowledgeError: its outline.yaml is wrong.
    """
    folder = (root or _HERE) / "programmes" / programme.slug / programme.edition
    text = (sources / f"{programme.slug}.txt").read_text("utf-8")
    return Outline(text, load_layout(folder / "outline.yaml"))


def load_layout(path: Path) -> Layout:
    """What an `outline.yaml` says; nothing where there is none.

    Raises:
        KnowledgeError: it is wrong, with file and line.
    """
    if not path.is_file():
        return Layout()
    problems: list[Problem] = []
    reader = Reader(path.as_posix(), problems)
    optional = Field("text", required=False)
    head = reader.document(path.read_bytes(), {"opening": optional, "anchors": Field("records", required=False)})
    fields = {"at": Field("text"), "line": optional, "begins": optional, "within": optional}
    records = list(reader.records(head.values.get("anchors", []), fields)) if head else []
    for record in records:
        if ("line" in record.values) == ("begins" in record.values):
            reader.report(record.line, "an anchor has either `line` or `begins`; expected one of the two")
    if problems or head is None:
        raise KnowledgeError(problems)
    anchors = tuple(Anchor(**{name: _wanted(name, value) for name, value in r.values.items()}) for r in records)
    return Layout(head.values.get("opening", _OPENING), anchors)


def _wanted(name: str, value: str) -> str:
    return _squeeze(_plain(value)) if name in ("line", "begins") else value


def _pieces(raw: str) -> Iterator[str]:
    """The lines that a line of the text stands for: its table cells and the paragraphs in them."""
    text = _plain(raw)
    if "<" in text:
        text = re.sub(r"<[^<>]*>", "\n", text)
        text = _ITEM_IN_CELL.sub("\n", text)
    pieces = re.split(r"[\t\n]", text)
    for piece in pieces:
        piece = re.sub(r"^\s*(?:[-#•\uf0b7]+\s+|•)+", "", piece).strip()
        if piece:
            yield piece if len(pieces) == 1 else f"{piece}|"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("**", "")


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).removesuffix("(續)")


def _label(piece: str) -> tuple[str, int, str] | None:
    for rank, kind in enumerate(_KINDS):
        found = kind.match(piece)
        if found:
            return found[1], rank, piece[found.end() :].strip()
    return None


def _rank(name: str, plain: int) -> int:
    """Rank of a label that an anchor writes without its punctuation; words have the rank `plain`."""
    for rank, kind in enumerate(_KINDS):
        if kind.fullmatch(name) or kind.fullmatch(f"{name}、") or kind.fullmatch(f"{name}."):
            return rank
    return plain
