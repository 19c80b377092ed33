"""The records of a month, and the question what became of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.messages import Choice, Message, Text
from bot.store import records
from bot.store.access import Scope
from bot.store.stored_record import DONE, PLANNED, StoredRecord
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.record import card, sayings
from handlers.record.form import say_day, say_minutes

MOST_LISTED = 30
MOST_ASKED = 3
"""Plans of the past that are asked about at once."""


async def month(
    scope: Scope, places: Mapping[str, Mapping[str, str]], year: int, month: int, desk: Desk
) -> tuple[Message, ...]:
    """Every record of a month, a school after the other. `places`: by enrolment, with their `label`."""
    messages: list[Message] = [*await _unasked(scope, desk)]
    for place in scope.writable:
        found = await records.list_month(desk.tx, scope, place.id, year, month)
        name = place.school if len(places) == 1 else places[place.id]["label"]
        messages.append(_listed(name, year, month, found))
    last = messages[-1] if messages else Text(sayings.NOT_MEMBER)
    before, next_ = _beside(year, month)
    asides = (
        Choice("上個月", f"r:month:{before}", aside=True),
        Choice("下個月", f"r:month:{next_}", aside=True),
        Choice("記錄", "r:new", aside=True),
        Choice("匯出", "x:choose", aside=True),
        MENU,
    )
    return (*messages[:-1], replace(last, choices=(*last.choices, *asides)))


async def _unasked(scope: Scope, desk: Desk) -> list[Text]:
    """「昨天的社群活動有開成嗎？」 for what was planned and is over."""
    found = await records.planned_due(desk.tx, scope, desk.local.date(), limit=MOST_ASKED)
    return [held_question(record) for record in found if scope.may_write(record.enrolment_id)]


def held_question(record: StoredRecord) -> Text:
    """Ask whether what was planned was held."""
    assert record.state == PLANNED
    question = sayings.HELD.format(day=say_day(record.day), kind=card.kind_words(record.kind))
    choices = (
        Choice("有，照計畫辦了", f"r:held:{record.id}:{record.version}"),
        Choice("有，但內容要改", f"r:edit:{record.id}"),
        Choice("沒有辦", f"r:unheld:{record.id}:{record.version}"),
    )
    return Text(question, choices)


def _listed(school: str, year: int, month: int, found: Sequence[StoredRecord]) -> Text:
    words = {"school": school, "month": f"{year - 1911} 年 {month} 月"}
    if not found:
        return Text(sayings.LIST_EMPTY.format(**words))
    total = say_minutes(sum(record.minutes for record in found if record.state == DONE)) or "0 小時"
    picks = tuple(Choice(card.line(record), f"r:show:{record.id}") for record in found[:MOST_LISTED])
    said = sayings.LIST_HEAD.format(count=len(found), hours=total, **words)
    more = sayings.LIST_MORE.format(count=MOST_LISTED) if len(found) > MOST_LISTED else ""
    return Text(said + more, picks)


def _beside(year: int, month: int) -> tuple[str, str]:
    places = (year * 12 + month - 2, year * 12 + month)
    before, next_ = (f"{place // 12}-{place % 12 + 1}" for place in places)
    return before, next_
