"""The report at the end of a programme: its parts and tables as `forms.yaml` names them, filled from the records."""

from __future__ import annotations

from collections.abc import Mapping

from bot.papers.booklet import Booklet, FormTable
from bot.papers.dossier import Dossier, roc, roc_short, word
from bot.papers.record_log import FOOT, text_of
from bot.papers.requirement_sheets import STATES
from bot.store.stored_record import StoredRecord
from handlers.export_words import said_period
from knowledge.forms.model import Form, Is, Part, PartIs
from knowledge.requirements.engine import Progress

_NUMERALS = "一二三四五六七八九十"
_SHARES: Mapping[Is, float] = {Is.NUMBER: 6, Is.TOPIC: 34, Is.DAY: 16, Is.TIME: 16, Is.HOURS: 10, Is.HEADCOUNT: 9}
"""Of the width, by what stands in a column."""
_OTHER_SHARE = 16.0
_PROGRESS = (("工作項目", 30.0), ("期間", 24.0), ("應完成", 12.0), ("已完成", 12.0), ("情形", 12.0), ("依據", 24.0))
LONGEST_SECTION = 16
"""Characters; of a longer one the beginning and the end are told."""
NO_RECORDS, NO_PHOTOS = "沒有登錄這一項的紀錄。", "沒有照片。"


def report_paper(dossier: Dossier, form: Form) -> bytes:
    """A Word file with all parts of the report."""
    programme, own = dossier.programme, dossier.enrolment
    booklet = Booklet(f"{own.school}　{form.title}", dossier.now)
    booklet.title(form.title)
    booklet.centred(f"{programme.name}（{programme.year_label}）")
    table = FormTable()
    table.pair(("學校", own.school))
    table.pair(("計畫期程", f"{roc(own.starts_on)}至{roc(own.ends_on)}"))
    if not dossier.is_whole:
        table.pair(("紀錄期間", dossier.span))
    table.pair(("製表日期", roc(dossier.now.date())))
    booklet.form(table)
    for number, part in enumerate(form.parts):
        booklet.heading(f"{_NUMERALS[number] if number < len(_NUMERALS) else number + 1}、{part.title}")
        _part(booklet, dossier, part)
    booklet.signatures(form.signatures)
    note = f"{form.note}　" if form.note else ""
    booklet.small(f"{note}{FOOT}依據：{programme.source}　{'、'.join(form.cite)}。")
    return booklet.content()


def _part(booklet: Booklet, dossier: Dossier, part: Part) -> None:
    match part.what:
        case PartIs.WRITE:
            booklet.box(part.hint, part.lines)
        case PartIs.PROGRESS:
            _progress(booklet, dossier)
        case PartIs.PHOTOS:
            _photos(booklet, dossier, part)
        case PartIs.TABLE:
            _records(booklet, dossier, part)


def _records(booklet: Booklet, dossier: Dossier, part: Part) -> None:
    found = dossier.chosen(part.chosen)
    if not found:
        booklet.small(NO_RECORDS)
        return
    rows = [
        [text_of(dossier, column, number, record, in_table=True) for column in part.columns]
        for number, record in enumerate(found, 1)
    ]
    names = [column.label for column in part.columns]
    booklet.list(names, [_SHARES.get(column.what, _OTHER_SHARE) for column in part.columns], rows)


def _progress(booklet: Booklet, dossier: Dossier) -> None:
    rows = [_progress_row(row) for row in dossier.progress()]
    if not rows:
        booklet.small(NO_RECORDS)
        return
    booklet.list([name for name, _ in _PROGRESS], [share for _, share in _PROGRESS], rows)


def _progress_row(row: Progress) -> list[str]:
    title = f"{row.title}（{row.group}）" if row.group else row.title
    amounts = [f"{row.needed} {row.unit}", f"{row.done} {row.unit}"]
    return [title, said_period(row.period), *amounts, STATES[row.state], "、".join(map(_section, row.cite))]


def _section(path: str) -> str:
    """A section as a narrow column bears it."""
    labels = path.split("/")
    return path if len(path) <= LONGEST_SECTION or len(labels) == 1 else f"{labels[0]}/…/{labels[-1]}"


def _photos(booklet: Booklet, dossier: Dossier, part: Part) -> None:
    found = [record for record in dossier.chosen(part.chosen) if dossier.pictures_of(record).count]
    for record in found:
        booklet.photos(_caption(record), dossier.pictures_of(record))
    if not found:
        booklet.small(NO_PHOTOS)


def _caption(record: StoredRecord) -> str:
    return "　".join(part for part in (roc_short(record.day), word("kind", record.kind), record.topic[:60]) if part)
