"""What a school held in a year: as much of what its programme asks as its diligence lets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from bot.demo.schools import Diligence
from bot.demo.when import local_now, workday
from knowledge.requirements.engine import periods
from knowledge.requirements.model import Filter, Requirement, Requirements
from knowledge.requirements.periods import Period
from knowledge.requirements.records import Kind

AHEAD = timedelta(days=35)
"""So far ahead something is planned."""
JUST_NOW = timedelta(days=12)
UNCONFIRMED = 0.5
"""Of what was planned and is just over, nobody has said yet that it was held."""
WINDOW_DAYS = 80
"""What must lie within three months of the first."""
GROUPS = ("雲端共備社群", "素養命題社群")
TOPICS = {
    Kind.COMMUNITY_MEETING: ("共同備課", "課程執行狀況檢討", "線上評量設計", "學生學習歷程分享", "教材修訂"),
    Kind.SCHOOL_MEETING: ("推動小組會議", "設備盤點與排課"),
    Kind.MENTORING_VISIT: ("入班觀察與回饋", "課堂數據怎麼看", "數位工具融入教學", "課程規劃諮詢"),
    Kind.WORKSHOP: ("數位教學工具研習", "自主學習四學工作坊", "素養導向評量研習"),
    Kind.OPEN_CLASS: ("跨校公開觀課", "教學演示與議課"),
    Kind.SHARING_EVENT: ("期中成果分享", "教案分享會", "社區分享活動"),
    Kind.OFFICIAL_MEETING: ("分區交流會", "說明會"),
    Kind.TEACHING_TEAM_ACTIVITY: ("兩校教師共備", "課程交流"),
    Kind.STUDENT_ACTIVITY: ("學生線上共學", "實地走讀互訪"),
    Kind.DELIVERABLE: ("",),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that was held or handed in, or is planned."""

    fields: dict[str, Any]
    logged_at: datetime
    """Naive, Taipei."""
    planned: bool = False

    @property
    def starts_at(self) -> datetime:
        """When it began, naive."""
        moment: datetime = self.fields["starts_at"]
        return moment


def year_of(requirements: Requirements, span: tuple[date, date], diligence: Diligence, chance: Random) -> list[Held]:
    """Everything that the school logs, by the time of logging."""
    first = span[0] + timedelta(days=chance.choice((60, 100, 200, 235, 250, 262)))  # of what must lie close together
    found = [
        held
        for item, period in periods(requirements, *span)
        for fields in _wanted(requirements, item, period, first, chance)
        if chance.random() >= diligence.left_out and (held := _held(fields, diligence, chance)) is not None
    ]
    return sorted(found, key=lambda each: each.logged_at)


def _wanted(
    requirements: Requirements, item: Requirement, period: Period, first: date, chance: Random
) -> Iterator[dict[str, Any]]:
    if item.count.value == "groups" or (item.instead is not None and item.count.value != "hours"):
        return  # comes of what another requirement asks
    begin, last = period.first, period.last
    if item.within_months:
        begin, last = max(begin, first), min(last, first + timedelta(days=WINDOW_DAYS))
    for group in GROUPS if item.per_group else ("",):
        for number in range(_number(requirements, item)):
            day = _day(begin, last, number, _number(requirements, item), chance)
            yield {**_fields(item.where, chance), "group": group, "starts_at": _moment(day, begin, chance)}


def _number(requirements: Requirements, item: Requirement) -> int:
    if item.count.value == "hours":
        return 3
    return max(item.needed, requirements.requirement(item.each_of).needed if item.each_of else 0)


def _day(begin: date, last: date, number: int, count: int, chance: Random) -> date:
    """Spread over the period, the last of it left free."""
    length = max(1, (last - begin).days * 9 // 10)
    return begin + timedelta(days=(length * number + chance.randint(0, length)) // count)


def _moment(day: date, begin: date, chance: Random) -> datetime:
    hour = time(chance.choice((9, 10, 13, 14, 15)), chance.choice((0, 0, 30)))
    return workday(datetime.combine(day, hour), begin)


def _fields(where: Filter, chance: Random) -> dict[str, Any]:
    kind = sorted(where.kinds, key=lambda each: each.value)[0]
    words = {name: sorted(word.value for word in allowed if word) for name, allowed in where.words.items()}
    said: dict[str, Any] = {name: chance.choice(known) for name, known in words.items() if known}
    said |= {"kind": kind.value, "topic": chance.choice(TOPICS[kind])}
    if kind is Kind.DELIVERABLE:
        return {**said, "minutes": 0, "day_only": True}
    minutes = 300 if kind is Kind.MENTORING_VISIT else chance.choice((60, 90, 120, 120, 180))
    mode = said.get("mode") or chance.choice(("onsite", "onsite", "online"))
    return {**said, "mode": mode, "minutes": minutes, "headcount": chance.randint(4, 28), "host": "召集人"}


def _held(fields: dict[str, Any], diligence: Diligence, chance: Random) -> Held | None:
    """With when it was logged; None for what is too far ahead."""
    starts_at, now = fields["starts_at"], local_now()
    ends_at = starts_at + timedelta(minutes=fields["minutes"] or 60, hours=0 if fields["minutes"] else 17)
    if ends_at > now:
        if starts_at <= now or starts_at > now + AHEAD or fields["kind"] == Kind.DELIVERABLE.value:
            return None
        return Held(fields, now - timedelta(days=chance.randint(2, 12), minutes=chance.randint(0, 300)), planned=True)
    if now - ends_at < JUST_NOW and chance.random() < UNCONFIRMED:
        return Held(fields, starts_at - timedelta(days=3), planned=True)
    late = timedelta(days=chance.randint(*diligence.days_late), minutes=chance.randint(5, 200))
    return Held(fields, max(ends_at + timedelta(minutes=1), min(ends_at + late, now - timedelta(hours=1))))
