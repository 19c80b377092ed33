"""A school's records as a workbook: all of them, totals by person and by month, a sheet for each requirement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.papers import requirement_sheets
from bot.papers.dossier import Dossier, called, hours, roc, weekday, word
from bot.papers.workbook import Book, Page, Value
from bot.store.stored_record import StoredRecord
from knowledge.requirements.records import Kind

ALL, PEOPLE, MONTHS, ABOUT = "紀錄總表", "個人統計", "每月統計", "說明"
_COLUMNS = (
    ("日期", 12), ("星期", 6), ("開始", 8), ("結束", 8), ("時數", 7), ("事項", 20), ("社群", 14), ("主題", 36),
    ("方式", 8), ("主持人／講師", 14), ("人數", 7), ("輔導者身分", 14), ("會議", 18), ("成果", 18), ("諮詢主題", 10),
    ("狀態", 12), ("登錄者", 12), ("參加者", 20), ("附件數", 8),
)  # fmt: skip
_NONE = "（這段期間沒有紀錄）"


@dataclass(slots=True)
class _Sum:
    """What somebody did, or what was done in a month."""

    name: str = ""
    logged: int = 0
    joined: int = 0
    minutes: int = 0
    headcount: int = 0
    planned: int = 0
    by_month: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)


def records_workbook(dossier: Dossier) -> bytes:
    """The workbook. Pure: the dossier is all that it looks at."""
    book = Book(f"{dossier.enrolment.school} 紀錄總表", dossier.now)
    _list_all(book.sheet(ALL, [width for _, width in _COLUMNS]), dossier)
    _sum_people(book, dossier)
    _sum_months(book.sheet(MONTHS, (14, 8, 8, 10, *[14] * len(Kind))), dossier)
    requirement_sheets.add(book, dossier)
    _explain(book.sheet(ABOUT, (16, 90)), dossier)
    return book.content()


def _list_all(page: Page, dossier: Dossier) -> None:
    page.header((name for name, _ in _COLUMNS), stays=True)
    for record in dossier.records:
        page.row(_row(dossier, record))
    if not dossier.records:
        page.row((_NONE,))
    page.filter()


def _row(dossier: Dossier, record: StoredRecord) -> Iterator[Value]:
    begins, ends = times(record)
    yield from (record.day, weekday(record.day), begins, ends, hours(record.minutes) if record.minutes else None)
    yield from (word("kind", record.kind), record.group, record.topic, word("mode", record.mode), record.host)
    yield record.headcount
    yield from (word(name, getattr(record, name)) for name in ("mentor_kind", "meeting", "deliverable", "topic_kind"))
    creator, *others = dossier.people(record)
    yield from (dossier.state_of(record), called(creator.name), "、".join(called(each.name) for each in others))
    yield dossier.pictures_of(record).count or None


def times(record: StoredRecord) -> tuple[time | None, time | None]:
    """When it began and ended; None where that is not known."""
    if record.day_only:
        return None, None
    return record.starts_at.time(), record.ends_at.time() if record.minutes else None


def _sum_people(book: Book, dossier: Dossier) -> None:
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for record in _done(dossier):
        for number, person in enumerate(dossier.people(record)):
            own = sums[person.person]
            own.name = own.name or person.name
            own.logged += number == 0
            own.joined += number > 0
            own.minutes += record.minutes
            own.by_month[_month(record.day)] += record.minutes
    months = sorted({_month(record.day) for record in _done(dossier)})
    page = book.sheet(PEOPLE, (16, 10, 10, 10, *[14] * len(months)))
    page.header(("姓名", "登錄次數", "參加次數", "時數合計", *(f"{_said(month)}時數" for month in months)), stays=True)
    for own in sorted(sums.values(), key=lambda each: (-each.minutes, each.name)):
        by_month = [hours(own.by_month[month]) for month in months]
        page.row((called(own.name), own.logged, own.joined, hours(own.minutes), *by_month))
    if not sums:
        page.row((_NONE,))


def _sum_months(page: Page, dossier: Dossier) -> None:
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for record in dossier.records:
        own = sums[_month(record.day)]
        if not dossier.is_done(record):
            own.planned += 1
            continue
        own.logged += 1
        own.minutes += record.minutes
        own.headcount += record.headcount or 0
        own.by_kind[record.kind] += 1
    kinds = [kind for kind in Kind if any(own.by_kind[kind.value] for own in sums.values())]
    page.header(("月份", "次數", "時數", "人次", *(kind.words for kind in kinds), "預定"), stays=True)
    for month in sorted(sums):
        page.row((_said(month), *_month_row(sums[month], kinds)))
    if sums:
        whole = [_month_row(own, kinds) for own in sums.values()]
        page.row(("合計", *_added(whole)), bold=True)
    else:
        page.row((_NONE,))


def _month_row(own: _Sum, kinds: Iterable[Kind]) -> tuple[int | float, ...]:
    return own.logged, hours(own.minutes), own.headcount, *(own.by_kind[kind.value] for kind in kinds), own.planned


def _added(rows: Sequence[Sequence[int | float]]) -> list[int | float]:
    return [round(sum(column), 2) for column in zip(*rows, strict=True)]


def _explain(page: Page, dossier: Dossier) -> None:
    programme, planned = dossier.programme, sum(not dossier.is_done(record) for record in dossier.records)
    page.title(f"{dossier.enrolment.school}　{programme.name}（{programme.year_label}）")
    page.row(("紀錄期間", dossier.span))
    page.row(("計畫期程", f"{roc(dossier.enrolment.starts_on)}至{roc(dossier.enrolment.ends_on)}"))
    page.row(("製表時間", f"{roc(dossier.now.date())} {dossier.now:%H:%M}"))
    page.row(("紀錄筆數", f"{len(dossier.records)} 筆，其中預定 {planned} 筆；刪除的紀錄不列。"))
    page.row((PEOPLE, "登錄和參加都算一次；同一場有幾位參加，每位都計時數。只算已辦理的。"))
    page.row((MONTHS, "只算已辦理的，預定的另列。人次是有填人數的加總。"))
    page.row(
        ("各項要求", "一項一張工作表，進度以整個計畫期程計算。" + ("" if dossier.is_whole else "只列這段期間碰到的。"))
    )
    page.row(("依據文件", programme.source))
    page.row(("提醒", "本表由學伴依登錄的紀錄整理，正式規定以公文為準。"))


def _done(dossier: Dossier) -> list[StoredRecord]:
    return [record for record in dossier.records if dossier.is_done(record)]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _said(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{int(year) - 1911} 年 {int(number)} 月"
