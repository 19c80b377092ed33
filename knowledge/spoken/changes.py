"""A phrase that changes one field of a draft: 「改成三點」, 「時間改 14:00-16:00」, 「人數改 8 人」, 「主題改成…」."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from knowledge.spoken import days, kinds, letters, people, timing, topics
from knowledge.spoken.model import DayReading, Draft
from knowledge.spoken.numbers import read_hours, read_number

_ASIDE = re.compile(
    r"\A[\s,。]*(?:不對|不是|等等|欸|啊|請|麻煩|幫我)*[\s,]*(?:把|將)?\s*(?:(?:上一?筆|前一?筆|那一?筆|這一?筆|剛才那筆|剛剛那筆)的?)?\s*"
)
_VERB = r"(?:\s*(?:應該|要|請)?(?:更改|修改|改|換|修正|更正|調整?|訂)?(?:成|為|到|至|在|是|用)?\s*[:=]?\s*)"
_LABELS = {
    "topic": r"(?:主題|議題|題目|內容)",
    "host": r"(?:主持人?|召集人|帶領人?|講師|主講人?)",
    "group": r"(?:群組|組別|社群名稱|哪一?個社群)",
    "headcount": r"(?:(?:出席|參加|參與|與會)?人數|出席|參加)",
    "minutes": r"(?:時數|長度|多久|時間長度)",
}
_FIELD = {name: re.compile(rf"{label}{_VERB}(.+)\Z", re.DOTALL) for name, label in _LABELS.items()}
_OTHER = re.compile(rf"(?:(?:時間|日期|開始時間|結束時間|類型|種類|方式|形式|活動|那天)\s*)?{_VERB}(.+)\Z", re.DOTALL)
_ENDING = re.compile(r"(?:結束時間|到幾點)|(?:結束|為止)\s*\Z")
_LONGEST = 24 * 60


def apply_change(record: Draft, text: str, now: datetime) -> Draft | None:
    """The draft with the change that a phrase asks for; None where it asks for none, or for one that can't be made.

    A new start keeps the length, a new day keeps the hour. A day ahead of now is refused for what lay behind it.
    """
    text = letters.tidy(text)
    folded = letters.fold(text).rstrip(" 。.!~")
    start = lead.end() if (lead := _ASIDE.match(folded)) else 0
    for name, pattern in _FIELD.items():
        match = pattern.match(folded, start)
        if match:
            return _labelled(record, name, text[match.start(1) : match.end(1)])
    match = _OTHER.match(folded, start)
    return _unlabelled(record, folded, match[1], now) if match else None


def _labelled(record: Draft, name: str, said: str) -> Draft | None:
    if name == "headcount":
        count = read_number(said)
        return replace(record, headcount=count) if count is not None and 1 <= count <= people.MOST_PEOPLE else None
    if name == "minutes":
        minutes = read_hours(said)
        return replace(record, minutes=minutes) if minutes and minutes <= _LONGEST else None
    value = topics.clean(said)
    return replace(record, **{name: value}) if value else None  # type: ignore[arg-type] # the three are texts


def _unlabelled(record: Draft, folded: str, said: str, now: datetime) -> Draft | None:
    mentions = days.find_days(said, now)
    without_days = timing.blank(said, [mention.span for mention in mentions])
    when = timing.read_time(without_days, 0, day_known=True)
    found = kinds.find_kinds(said)
    if found and mentions and when.spans:
        return None  # a whole line of its own
    if not (mentions or when.spans or found or people.headcount_of(said) or kinds.mode_of(said)):
        return None
    changed: Draft | None = record
    if mentions:
        changed = _moved(record, said, mentions, now)
    if changed and when.spans:
        changed = _retimed(changed, when, ending=bool(_ENDING.search(folded)))
    if changed and len({mention.kind for mention in found}) == 1:
        changed = replace(changed, kind=found[0].kind)
    return changed and _rest(changed, timing.blank(without_days, list(when.spans)))


def _rest(record: Draft, said: str) -> Draft:
    return replace(
        record,
        headcount=people.headcount_of(said) or record.headcount,
        mode=kinds.mode_of(said) or record.mode,
    )


def _moved(record: Draft, said: str, mentions: list[DayReading], now: datetime) -> Draft | None:
    found = days.settle(said, mentions, now)
    if found.problem or found.day is None:
        return None
    ahead = found.day > now.date() and (record.starts_at is None or record.starts_at <= now)
    if ahead:
        return None
    hour = record.starts_at.time() if record.starts_at else time()
    day_only = record.day_only or record.starts_at is None
    return replace(record, starts_at=datetime.combine(found.day, hour), day_only=day_only)


def _retimed(record: Draft, when: timing.Time, *, ending: bool) -> Draft | None:
    if when.start_reason or when.reason in (
        "end_before_start",
        "out_of_bounds",
        "disagree",
        "vague_length",
        "lesson",
        "impossible",
    ):
        return None
    end = when.end if when.start is None else when.start
    if end is not None and when.minutes is None and (ending or when.start is None):
        return _ended(record, end)
    if when.start is None:
        return replace(record, minutes=when.minutes) if when.minutes else None
    if record.starts_at is None or when.start >= _LONGEST:
        return None
    midnight = datetime.combine(record.starts_at.date(), time())
    starts_at = midnight + timedelta(minutes=when.start)
    return replace(record, starts_at=starts_at, day_only=False, minutes=when.minutes or record.minutes)


def _ended(record: Draft, end: int) -> Draft | None:
    if record.starts_at is None or record.day_only:
        return None
    minutes = end - (record.starts_at.hour * 60 + record.starts_at.minute)
    return replace(record, minutes=minutes) if minutes > 0 else None
