"""Record forms of a programme, a sheet a record: 社群運作紀錄, 輔導紀錄, 諮詢報告, whatever `forms.yaml` says."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from bot.papers.booklet import Booklet, FormTable, Pair
from bot.papers.dossier import (
    HELD,
    Dossier,
    called,
    clock_times,
    hours,
    roc,
    roc_short,
    roc_with_weekday,
    word,
)
from bot.papers.photos import NONE
from bot.store.stored_record import StoredRecord
from knowledge.forms.model import Form, Is, Row

FOOT = "本表由學伴依登錄的紀錄整理，空白處請自行填寫；正式規定以公文為準。"
SHORT = 14.7
"""Width of what fits beside a label in half a row, in Chinese characters."""
_OWN_ROW = frozenset({Is.TOPIC, Is.PEOPLE, Is.TICKS})
_TEXT: Mapping[Is, Callable[[Dossier, StoredRecord], str]] = {
    Is.SCHOOL: lambda dossier, _: dossier.enrolment.school,
    Is.KIND: lambda _, record: word("kind", record.kind),
    Is.DAY: lambda _, record: roc_with_weekday(record.day),
    Is.TIME: lambda _, record: clock_times(record),
    Is.HOURS: lambda _, record: f"{hours(record.minutes)} 小時" if record.minutes else "",
    Is.MODE: lambda _, record: word("mode", record.mode),
    Is.TOPIC: lambda _, record: record.topic,
    Is.HOST: lambda _, record: record.host,
    Is.HEADCOUNT: lambda _, record: "" if record.headcount is None else f"{record.headcount} 人",
    Is.PEOPLE: lambda dossier, record: "、".join(called(each.name) for each in dossier.people(record)),
    Is.GROUP: lambda _, record: record.group,
    Is.MENTOR: lambda _, record: word("mentor_kind", record.mentor_kind),
    Is.TOPIC_KIND: lambda _, record: word("topic_kind", record.topic_kind),
    Is.DELIVERABLE: lambda _, record: word("deliverable", record.deliverable),
    Is.STATE: lambda dossier, record: dossier.state_of(record),
}


def log_paper(dossier: Dossier, form: Form) -> bytes:
    """A Word file with a sheet for each of the form's records; an empty sheet where there is none."""
    heading = f"{dossier.enrolment.school}　{form.title}"
    booklet = Booklet(heading, dossier.now)
    found, numbers = dossier.chosen(form.chosen), dossier.numbers(form.chosen)
    for place, record in enumerate(found):
        _sheet(booklet, dossier, form, numbers[record.id], record, new_page=place > 0)
    if not found:
        _sheet(booklet, dossier, form, 0, None)
    return booklet.content()


def _sheet(
    booklet: Booklet, dossier: Dossier, form: Form, number: int, record: StoredRecord | None, *, new_page: bool = False
) -> None:
    booklet.title(form.title, new_page=new_page)
    programme, school = dossier.programme, dossier.enrolment.school
    booklet.centred(f"{school}　{programme.short_name}（{programme.year_label}）")
    if record is not None and dossier.state_of(record) != HELD:
        booklet.centred(f"【{dossier.state_of(record)}】")
    table = FormTable()
    _fill(table, dossier, form.rows, number, record)
    booklet.form(table)
    booklet.signatures(form.signatures)
    note = f"{form.note}　" if form.note else ""
    made = f"製表日期：{roc(dossier.now.date())}。"
    booklet.small(f"{note}{FOOT}依據：{programme.source}　{'、'.join(form.cite)}。{made}")


def _fill(table: FormTable, dossier: Dossier, rows: Sequence[Row], number: int, record: StoredRecord | None) -> None:
    waiting: Pair | None = None
    for row in rows:
        said = _said(dossier, row, number, record)
        is_short = said is not None and row.what not in _OWN_ROW and _width(said) <= SHORT
        if is_short and waiting is not None:
            table.pair(waiting, (row.label, said or ""))
            waiting = None
            continue
        if waiting is not None:
            table.pair(waiting)
            waiting = None
        if is_short:
            waiting = (row.label, said or "")
        elif said is not None:
            table.pair((row.label, said))
        elif row.what is Is.PHOTOS:
            table.photos(row.label, dossier.pictures_of(record) if record else NONE)
        else:
            table.write(row.label, row.hint, row.lines)
    if waiting is not None:
        table.pair(waiting)


def _said(dossier: Dossier, row: Row, number: int, record: StoredRecord | None) -> str | None:
    """What stands beside a label; None where that is no text."""
    if row.what in (Is.WRITE, Is.PHOTOS):
        return None
    if row.what is Is.TICKS:
        return "　".join(f"□{option}" for option in row.options)
    if row.what is Is.SCHOOL:
        return dossier.enrolment.school
    if record is None:
        return ""
    return text_of(dossier, row, number, record)


def text_of(dossier: Dossier, row: Row, number: int, record: StoredRecord, *, in_table: bool = False) -> str:
    """What a record says under a label; empty for what it does not state."""
    if row.what is Is.NUMBER:
        return str(number) if in_table else f"第 {number} 次"
    if row.what is Is.DAY and in_table:
        mark = "" if dossier.state_of(record) == HELD else f"（{dossier.state_of(record)}）"
        return f"{roc_short(record.day)}{mark}"
    said = _TEXT.get(row.what)
    return said(dossier, record) if said else ""


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.55 for letter in text)
