"""A record: something that a school did or handed in. Its vocabulary, and how one is read from JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, TypeVar

LONGEST_HOURS = 24
"""Nothing that is logged as one record takes longer than a day."""
MOST_PEOPLE = 100_000
FIRST_YEAR, LAST_YEAR = 1970, 2199
_MINUTES_AN_HOUR = 60
_TAIPEI = timezone(timedelta(hours=8))
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
_SHOWN = 40
"""Characters of a wrong value that are repeated to the person."""


class RecordError(ValueError):
    """What is given is no record; the message is one clear sentence."""


class Word(Enum):
    """A word of the vocabulary: its id as the value, and how people call it."""

    words: str

    def __new__(cls, value: str, words: str) -> Word:
        found = object.__new__(cls)
        found._value_ = value
        found.words = words
        return found


class Kind(Word):
    """What was done."""

    COMMUNITY_MEETING = "community_meeting", "社群活動"
    SCHOOL_MEETING = "school_meeting", "校內工作會議"
    MENTORING_VISIT = "mentoring_visit", "入校陪伴、輔導或諮詢"
    WORKSHOP = "workshop", "研習或工作坊"
    OPEN_CLASS = "open_class", "公開觀課或教學演示"
    SHARING_EVENT = "sharing_event", "分享活動"
    OFFICIAL_MEETING = "official_meeting", "主辦單位的會議"
    TEACHING_TEAM_ACTIVITY = "teaching_team_activity", "教學團隊活動"
    STUDENT_ACTIVITY = "student_activity", "學生共學活動"
    DELIVERABLE = "deliverable", "成果或表單"


class Mode(Word):
    """How people met."""

    ONSITE = "onsite", "實體"
    ONLINE = "online", "線上"
    WRITTEN = "written", "書面"


class MentorKind(Word):
    """Who mentored."""

    PROFESSOR = "professor", "大專校院教授"
    EXPERT = "expert", "專家"
    LEAD_TEACHER = "lead_teacher", "領航教師"
    OFFICIAL = "official", "主管機關人員"


class Meeting(Word):
    """Which of the meetings that a programme names."""

    KICKOFF = "kickoff", "啟動會議"
    MIDTERM = "midterm", "期中交流會"
    FINAL = "final", "期末成果發表會"
    REGIONAL = "regional", "分區交流會或教師專業發展工作坊"
    PRINCIPAL = "principal", "校長參加的場次"


class Deliverable(Word):
    """What was handed in."""

    MODULE = "module", "課程模組"
    MATERIAL = "material", "教材"
    FINAL_REPORT = "final_report", "成果報告"
    VISIT_FORM = "visit_form", "入校（輔導、諮詢）紀錄"
    CHECKLIST_FORM = "checklist_form", "推動情形檢核表"
    COURSE_CASE = "course_case", "課程案例"


class TopicKind(Word):
    """What a consultation was about, where a programme asks for it."""

    TRANSFER = "transfer", "適性轉學"
    CROSS_SCHOOL = "cross_school", "跨校開課"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing done. Text that is not stated is empty, a word that is not stated is None."""

    id: str
    kind: Kind
    starts_at: datetime
    """Wall time in Taipei, naive; midnight where only the day is known."""
    minutes: int = 0
    """0 only for a deliverable."""
    mode: Mode | None = None
    topic: str = ""
    host: str = ""
    headcount: int | None = None
    group: str = ""
    """Name of the community, as the school writes it."""
    mentor_kind: MentorKind | None = None
    meeting: Meeting | None = None
    deliverable: Deliverable | None = None
    topic_kind: TopicKind | None = None


_FIELDS = frozenset(Record.__dataclass_fields__) - {"minutes"} | {"hours"}
_W = TypeVar("_W", bound=Word)


def read_record(data: object) -> Record:
    """The record that a JSON object says; `null` is the same as not stated.

    Raises:
        RecordError: it can't be right.
    """
    if not isinstance(data, Mapping):
        raise RecordError("一筆紀錄要是 JSON 物件")
    unknown = [name for name in data if name not in _FIELDS]
    if unknown:
        raise RecordError(f"沒有「{str(unknown[0])[:_SHOWN]}」這個欄位；可用的是 {'、'.join(sorted(_FIELDS))}")
    given = {name: value for name, value in data.items() if value is not None}
    missing = next((name for name in ("id", "kind", "starts_at") if name not in given), None)
    if missing:
        raise RecordError(f"缺少 {missing}")
    kind = _word(Kind, "kind", given["kind"])
    deliverable = _maybe(Deliverable, "deliverable", given)
    if deliverable is not None and kind is not Kind.DELIVERABLE:
        raise RecordError("只有 kind 是 deliverable 的紀錄才有 deliverable")
    return Record(
        id=_id(given["id"]),
        kind=kind,
        starts_at=read_moment("starts_at", given["starts_at"]),
        minutes=_minutes(given.get("hours"), needed=kind is not Kind.DELIVERABLE),
        mode=_maybe(Mode, "mode", given),
        topic=_text("topic", given.get("topic", "")),
        host=_text("host", given.get("host", "")),
        headcount=_people(given.get("headcount")),
        group=_text("group", given.get("group", "")),
        mentor_kind=_maybe(MentorKind, "mentor_kind", given),
        meeting=_maybe(Meeting, "meeting", given),
        deliverable=deliverable,
        topic_kind=_maybe(TopicKind, "topic_kind", given),
    )


def read_moment(name: str, value: object) -> datetime:
    """A day or a moment as wall time in Taipei; `name` is the field that a refusal names.

    Raises:
        RecordError: no such day or moment, or one in a year in which nobody uses this.
    """
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError(value)
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(_TAIPEI).replace(tzinfo=None) if moment.tzinfo else moment
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(value)
    except (ValueError, OverflowError):
        shown = f"「{str(value)[:_SHOWN]}」"
        raise RecordError(f"{name}{shown}不是日期或時間，要像 2025-09-05T14:00") from None
    return moment


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise RecordError("id 要是文字")
    return value


def _word(of: type[_W], name: str, value: object) -> _W:
    found = next((word for word in of if word.value == value), None)
    if found is None:
        known = "、".join(word.value for word in of)
        raise RecordError(f"{name}「{str(value)[:_SHOWN]}」不認得；可用的是 {known}")
    return found


def _maybe(of: type[_W], name: str, given: Mapping[str, Any]) -> _W | None:
    return _word(of, name, given[name]) if name in given else None


def _minutes(hours: object, *, needed: bool) -> int:
    if not needed and hours in (None, 0):
        return 0
    if hours is None:
        raise RecordError("缺少 hours")
    if isinstance(hours, bool) or not isinstance(hours, (int, float)) or not 0 < hours <= LONGEST_HOURS:
        raise RecordError(f"hours「{str(hours)[:_SHOWN]}」不對，要大於 0、不超過 {LONGEST_HOURS}")
    return max(1, round(hours * _MINUTES_AN_HOUR))


def _people(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_PEOPLE:
        raise RecordError(f"headcount「{str(value)[:_SHOWN]}」不對，要是 0 以上的整數")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise RecordError(f"{name} 要是文字")
    return value.strip()
