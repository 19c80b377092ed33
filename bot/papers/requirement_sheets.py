"""A sheet for each requirement: how far it is in every period, and the records that count."""

from __future__ import annotations

from collections.abc import Iterator

from bot.papers.counted import counted
from bot.papers.dossier import Dossier, clock_times, hours, weekday, word
from bot.papers.workbook import Book, Page, Value
from bot.store.stored_record import StoredRecord
from handlers.export_words import said_period
from knowledge.requirements.engine import Progress, State, periods
from knowledge.requirements.model import Requirement, Requirements

STATES = {State.MET: "完成", State.OPEN: "未完成", State.MISSED: "逾期", State.UPCOMING: "未到期"}
_WIDTHS = (16, 14, 10, 16, 10, 22, 16, 36, 16, 12)
_PROGRESS = ("期間", "社群", "應完成", "已完成", "已排定", "單位", "狀態", "依據", "最後一天")
_RECORDS = ("計入期間", "日期", "星期", "時間", "時數", "事項", "社群", "主題", "主持人／講師", "狀態")


def add(book: Book, dossier: Dossier) -> None:
    """A sheet for each requirement that is due in the days that are asked for."""
    if dossier.requirements is None:
        return
    rows = dossier.progress()
    for item in dossier.requirements.items:
        shown = _shown(dossier, dossier.requirements, item)
        own = [row for row in rows if row.key == item.key and row.period in shown]
        if own:
            _fill(book.sheet(item.title, _WIDTHS), dossier, dossier.requirements, item, own)


def _shown(dossier: Dossier, requirements: Requirements, item: Requirement) -> set[str]:
    """The periods that touch the days that are asked for."""
    own = dossier.enrolment
    return {
        period.label
        for each, period in periods(requirements, own.starts_on, own.ends_on)
        if each.key == item.key and period.first <= dossier.last and dossier.first <= period.last
    }


def _fill(page: Page, dossier: Dossier, requirements: Requirements, item: Requirement, own: list[Progress]) -> None:
    page.title(item.title)
    if item.note:
        page.note(f"算法：{item.note}")
    page.header(_PROGRESS)
    for row in own:
        amounts = (row.needed, row.done, row.planned, row.unit, STATES[row.state])
        page.row((said_period(row.period), row.group, *amounts, "、".join(row.cite), row.deadline))
    page.gap()
    page.header(_RECORDS)
    listed = list(_counting(dossier, requirements, item, {row.period for row in own}))
    for values in listed:
        page.row(values)
    if not listed:
        page.row(("（還沒有計入的紀錄）",))


def _counting(
    dossier: Dossier, requirements: Requirements, item: Requirement, shown: set[str]
) -> Iterator[tuple[Value, ...]]:
    by_id = {record.id: record for record in dossier.everything}
    own = dossier.enrolment
    counting = [record.as_record() for record in dossier.everything if dossier.counts(record)]
    span = (own.starts_on, own.ends_on)
    for period, found in counted(requirements, item, counting, span, dossier.now, own.facts):
        if period.label in shown:
            for record in found:
                yield _row(dossier, said_period(period.label), by_id[record.id])


def _row(dossier: Dossier, period: str, record: StoredRecord) -> tuple[Value, ...]:
    return (
        period, record.day, weekday(record.day), clock_times(record), hours(record.minutes) if record.minutes else None,
        word("kind", record.kind), record.group, record.topic, record.host, dossier.state_of(record),
    )  # fmt: skip
