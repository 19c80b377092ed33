"""One line of chat to the draft of a record, and what must be asked back.

A wrong guess is worse than a question: what the text lacks, contradicts or leaves open is asked, with its reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from knowledge.spoken import (
    called_off,
    corrections,
    days,
    durations,
    intent,
    kinds,
    letters,
    people,
    sheets,
    slips,
    timing,
    topics,
)
from knowledge.spoken.model import DayReading, Draft, Reading, Reason

SLACK = timedelta(minutes=30)
"""A meeting logged this long before its end is no slip."""

_DASH = re.compile(
    r"(?<=[\u4e00-\u9fff)])(?<![點半分日號整刻])(?<![^小]時)-(?=[\u4e00-\u9fff\d(])|(?<=\d)-(?=[\u4e00-\u9fff])(?![一二兩三四五六七八九十上下早晚中])|(?<=:\d\d)-(?=\d{1,3}[人位名])"
)
_NOTHING = Reading(is_log=False)
_DAY_REASONS: dict[str, Reason] = {
    "none": "no_day",
    "vague": "vague_day",
    "impossible": "impossible",
    "weekday": "weekday_contradicts",
    "several": "several",
    "far": "far",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rooms have found in one line, before it is weighed."""

    text: str
    """Folded, with everything that belongs to a topic blanked out."""
    bare: str
    """The same without days and times."""
    day: DayReading
    days_named: int
    time: timing.Time
    kinds: list[kinds.KindMention]
    deliverable: str
    topic: tuple[int, int] | None
    planned: bool
    slip: int
    """Where the last correction begins; 0 for none."""


def parse_line(text: str, now: datetime) -> Reading:
    """Read one line; `now` is local wall time in Asia/Taipei.

    What holds nothing to log comes back with `is_log` False and an empty draft. Never raises.
    """
    text = letters.tidy(text)
    folded = slips.mend(_without_dashes(letters.fold(letters.parted(text))))
    found = _find(called_off.without(folded, now), now)
    if _is_no_log(folded, found, now):
        return _NOTHING
    kind, kind_reason = _kind(found)
    reasons: dict[str, Reason] = {}
    if kind_reason:
        reasons["kind"] = kind_reason
    starts_at, day_only, when_reason = _when(found, now)
    if when_reason:
        reasons["starts_at"] = when_reason
    of_two_days = found.time.reason == when_reason == "several"  # which day comes first
    if (
        found.time.reason
        and not of_two_days
        and (kind != "deliverable" or found.time.reason not in ("no_hours", "lesson", "vague_length"))
    ):
        reasons["hours"] = found.time.reason
    draft = Draft(
        kind=kind,
        starts_at=starts_at,
        day_only=day_only,
        minutes=found.time.minutes,
        **_words(text, folded, found, kind),
        headcount=people.headcount_of(found.bare[found.slip :]) or people.headcount_of(found.bare),
    )
    ask = tuple(field for field in ("kind", "starts_at", "hours") if field in reasons)
    return Reading(
        draft, ask, reasons, planned=found.planned and found.day.day is not None and found.day.day > now.date()
    )


def _without_dashes(folded: str) -> str:
    """「11/18-社群-2小時-8人」: dashes that only part the words, and make no number negative."""
    return _DASH.sub(",", folded) if len(_DASH.findall(folded)) > 1 else folded


def _find(folded: str, now: datetime) -> _Found:
    how, stretches = topics.find_topic(folded)
    text = topics.blank(folded, stretches + corrections.denied(folded))
    slip = corrections.last_slip(text)
    planned = intent.is_planned(text)
    mentions = days.find_days(text, now, "future" if planned else "past")
    held = days.held_on(text, mentions)
    day = days.settle(text, corrections.last_word([m for m in held if m.form != "vague"] or held, slip), now)
    if planned and day.day and day.day - now.date() > timedelta(days=150):
        day = days.read_day(text, now, "nearest")  # 「預計11/18」 said in late November is a slip, not next year
    without_days = timing.blank(text, [mention.span for mention in mentions])
    time = timing.read_time(without_days, slip, day_known=bool(mentions))
    if time.minutes and len(mentions) == 1 and durations.are_several(text, ranges=time.ranges):
        time = replace(time, reason="several")
    bare = timing.blank(without_days, list(time.spans))
    named = kinds.find_kinds(topics.blank(text, sheets.asides(text))) or kinds.find_kinds(text)
    found = corrections.last_word(named, slip)
    if not found and how == "quoted":
        found = kinds.find_kinds(folded)
    return _Found(
        text,
        bare,
        day,
        len({mention.day for mention in mentions if mention.day}),
        time,
        found,
        kinds.handed_in(text, strongly=bool(found)),
        stretches[0] if how else None,
        planned,
        slip,
    )


def _is_no_log(folded: str, found: _Found, now: datetime) -> bool:
    text = found.text
    whole = bool(found.time.spans) and (bool(found.kinds) or found.day.problem != "none")
    if intent.is_question(text, whole=whole) or intent.is_edit(text) or _is_office_work(found, now):
        return True
    if not found.kinds and not found.deliverable and not _has_evidence(found) and not intent.asks_to_write(text):
        return True
    named = found.kinds or found.deliverable or found.time.spans or people.headcount_of(found.bare)
    if not named and not intent.asks_to_write(text) and not intent.names_a_meeting(text):
        return True
    if intent.is_cancelled(text) and not (intent.names_another_time(text) and found.time.minutes):
        return True
    if _is_announced(found, now) or (intent.is_soon(text) and found.time.minutes is None):
        return True
    if _is_change(text, now):
        return True
    how_long = found.time.minutes is not None or (whole and bool(found.kinds) and found.time.reason != "no_hours")
    strong = how_long or intent.asks_to_write(text)
    half = bool(found.kinds or found.deliverable or found.day.day)
    if not strong and (intent.is_talk(text, besides_greeting=half) or intent.is_absence(text)):
        return True
    if found.time.minutes is None and _is_beside_doing(found):
        return True
    ahead = found.day.day is not None and found.day.day > now.date()
    if ahead and not found.planned and (intent.is_wish(text) or not (strong or found.deliverable)):
        return True
    return not (
        strong
        or _has_evidence(found)
        or found.deliverable
        or intent.sounds_done(text)
        or people.headcount_of(found.bare)
    )


def _is_office_work(found: _Found, now: datetime) -> bool:
    """A leave note, an inquiry, a habit, or something ahead that is only being arranged."""
    if intent.is_of_the_office(found.text, found.kinds[0].span[0] if found.kinds else len(found.text)):
        return True
    dated = found.day.day is not None
    if (not dated or found.day.form == "weekday") and intent.is_summing_up(found.text, dated=dated):
        return True
    over = found.day.day is not None and found.day.day <= now.date()
    return not over and not found.planned and intent.is_arranged(found.text)


def _is_beside_doing(found: _Found) -> bool:
    """Words about records, papers or habits, or about what is still to be handed in."""
    text = found.text
    if not found.time.spans and not found.deliverable and intent.is_excused(text):
        return True
    return intent.is_still_to_do(text) if found.deliverable else intent.is_of_records(text)


def _is_announced(found: _Found, now: datetime) -> bool:
    """A call to take part; beside what is over it is a remark: 「昨天社群2小時，請大家補簽名」."""
    called_at = intent.announced_at(found.text)
    if called_at is None:
        return False
    over = found.day.day is not None and found.day.day < now.date() and not found.day.problem
    before = [mention.span[1] for mention in found.kinds] + [end for _, end in found.time.spans]
    return not (over and found.kinds and found.time.minutes and max(before) <= called_at)


def _has_evidence(found: _Found) -> bool:
    return found.day.problem != "none" or bool(found.time.spans)


def _is_change(text: str, now: datetime) -> bool:
    """「人數改成8人」: something new without anything old that it corrects belongs to an earlier record."""
    place = intent.change_at(text)
    if place is None:
        return False
    old, new = text[: place[0]], text[place[1] :]
    if intent.asks_to_write(old):
        return False
    whole = (
        bool(days.find_days(old, now))
        and bool(kinds.find_kinds(old))
        and bool(timing.read_time(old, 0, day_known=True).spans)
    )
    if whole:
        return False
    same_kind_of_thing = (
        (days.find_days(old, now) and days.find_days(new, now))
        or (timing.read_time(old, 0, day_known=True).spans and timing.read_time(new, 0, day_known=True).spans)
        or (kinds.find_kinds(old) and kinds.find_kinds(new) and timing.read_time(old, 0, day_known=True).spans)
        or (kinds.mode_of(old) and kinds.mode_of(new))
        or (kinds.mode_of(new) and _has_time(text, now))
    )
    return not same_kind_of_thing


def _has_time(text: str, now: datetime) -> bool:
    return bool(days.find_days(text, now)) or bool(timing.read_time(text, 0, day_known=True).spans)


def _kind(found: _Found) -> tuple[str, Reason | None]:
    named = {mention.kind for mention in found.kinds}
    if found.deliverable:
        named.add("deliverable")
    if named == {"open_class"} and kinds.is_visit_to_class(found.text):
        return "open_class", "several_kinds"
    if len(named) == 1:
        return named.pop(), None
    if named:
        return found.kinds[0].kind, "several_kinds"
    implied = kinds.implied(found.text)
    return implied, None if implied else "no_kind"


def _when(found: _Found, now: datetime) -> tuple[datetime | None, bool, Reason | None]:
    day, time = found.day, found.time
    reason: Reason | None = _DAY_REASONS.get(day.problem) or time.start_reason or None
    if day.day is None:
        return None, False, reason
    midnight = datetime(day.day.year, day.day.month, day.day.day)
    known = time.start is not None and time.start < 24 * 60 and not time.start_reason
    starts_at = midnight + timedelta(minutes=time.start) if known and time.start is not None else midnight
    if reason is None and not found.planned:
        over_at = starts_at + timedelta(minutes=time.minutes or 0) if known else midnight
        if day.day > now.date() or over_at > now + SLACK:
            reason = "future"
    return starts_at, not known, reason


def _words(text: str, folded: str, found: _Found, kind: str) -> dict[str, str]:
    group = people.group_span(found.bare, found.slip) if kind == "community_meeting" else None
    host = people.host_span(found.bare, found.slip)
    if host is None and kind in ("mentoring_visit", "open_class", "workshop"):
        host = people.alone_span(found.bare)
    return {
        "mode": kinds.mode_of(found.text[found.slip :]) or kinds.mode_of(found.text),
        "topic": _said(text, found.topic or _title(found, kind)),
        "host": _said(text, host),
        "group": _said(text, group),
        "mentor_kind": kinds.mentor_of(found.text[found.slip :]) or kinds.mentor_of(found.text),
        "meeting": kinds.meeting_of(kind, folded),
        "deliverable": found.deliverable if kind == "deliverable" else "",
        "topic_kind": kinds.topic_kind_of(kind, folded),
    }


def _said(text: str, span: tuple[int, int] | None) -> str:
    return topics.clean(text[span[0] : span[1]]) if span else ""


_BEFORE_KIND = re.compile(r"([\u4e00-\u9fffa-z0-9+]{2,20})\s*\Z")


def _title(found: _Found, kind: str) -> tuple[int, int] | None:
    """What stands right before 工作坊, 研習, 分享會 is what it was about."""
    if kind not in ("workshop", "sharing_event") or not found.kinds:
        return None
    match = _BEFORE_KIND.search(found.bare, 0, found.kinds[0].span[0])
    if not match:
        return None
    start, end = match.span(1)
    while (lead := people.LEAD.match(found.bare, start, end)) and lead.end() > start:
        start = lead.end()
    return (start, end) if end - start >= 2 else None
