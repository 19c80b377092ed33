"""What a run holds of a record: its answers as the form asks for them, and as the store takes them.

Answers: `school` (enrolment id), `kind`, `day` (`2025-11-18`), `time` (`{"start": "14:00" or "", "minutes": 120}`), and
the other fields of a record by their names. Keys that begin with `_` are no answers: `_schools` (enrolments to choose
from), `_record` and `_version` (of a record that is changed), `_planned`, `_queue` (drafts that follow this one).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from bot.store.stored_record import PLANNED, StoredRecord
from knowledge.requirements.records import Kind
from knowledge.spoken import letters, timing
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Draft, Reading

Answers = Mapping[str, Any]
PLAIN = ("kind", "mode", "topic", "host", "headcount", "group", "mentor_kind", "meeting", "deliverable", "topic_kind")
"""Fields that are the same in a record, a draft of the grammar and a run."""
LONGEST = {"topic": 500, "host": 40, "group": 40}
"""Characters that are taken of a text."""
LAST_MINUTE = 24 * 60


def of_reading(reading: Reading, text: str = "") -> dict[str, Any]:
    """What a line said for sure; what must be asked back is not there. `text`: the line, where one is read alone."""
    answers = of_draft(reading.draft)
    if reading.draft.starts_at is None and reading.draft.minutes:  # an hour without a day has no place in a draft
        start = timing.read_time(letters.fold(reading.said or text), 0, day_known=False).start
        if start is not None and start < LAST_MINUTE:
            answers["time"] = {"start": f"{start // 60:02}:{start % 60:02}", "minutes": reading.draft.minutes}
    for field, keys in (("kind", ("kind",)), ("starts_at", ("day",)), ("hours", ("time",))):
        if field in reading.ask:
            for key in keys:
                answers.pop(key, None)
    if reading.planned:
        answers["_planned"] = True
    return answers


def names_another(text: str, now: datetime) -> bool:
    """Whether the words name an activity and its day: a record of its own rather than a change of the one in hand."""
    found = parse_line(text, now)
    return found.is_log and bool(found.draft.kind) and found.draft.starts_at is not None


def of_draft(draft: Draft) -> dict[str, Any]:
    """A draft of the grammar as answers."""
    answers: dict[str, Any] = {name: value for name in PLAIN if (value := getattr(draft, name))}
    if "topic" in answers:
        answers["topic"] = answers["topic"].removeprefix("主題").lstrip("：: ") or answers["topic"]
    for name, longest in LONGEST.items():
        if name in answers:
            answers[name] = answers[name][:longest]
    if draft.starts_at is not None:
        answers["day"] = draft.starts_at.date().isoformat()
    start = "" if draft.starts_at is None or draft.day_only else f"{draft.starts_at:%H:%M}"
    if draft.minutes or start:
        answers["time"] = {"start": start, "minutes": draft.minutes or 0}
    return answers


def to_draft(answers: Answers) -> Draft:
    """The answers as a draft that `apply_change` can change."""
    start, minutes = clock_of(answers)
    day = date.fromisoformat(answers["day"]) if "day" in answers else None
    moment = datetime.combine(day, start or time()) if day else None
    plain = {name: answers[name] for name in PLAIN if name in answers}
    return Draft(starts_at=moment, day_only=start is None, minutes=minutes or None, **plain)


def of_record(record: StoredRecord) -> dict[str, Any]:
    """A stored record as answers, to be changed or copied."""
    answers: dict[str, Any] = {name: value for name in PLAIN if (value := getattr(record, name))}
    answers["school"] = record.enrolment_id
    answers["day"] = record.day.isoformat()
    if record.kind != Kind.DELIVERABLE.value:
        start = "" if record.day_only else f"{record.starts_at:%H:%M}"
        answers["time"] = {"start": start, "minutes": record.minutes}
    if record.state == PLANNED:
        answers["_planned"] = True
    return answers


def fields_of(answers: Answers) -> dict[str, Any]:
    """The answers as `bot.store.records` takes them: every field, so that a change can also take one back."""
    start, minutes = clock_of(answers)
    texts = {name: answers.get(name, "") for name in PLAIN if name != "headcount"}
    return {
        **texts,
        "headcount": answers.get("headcount"),
        "starts_at": datetime.combine(date.fromisoformat(answers["day"]), start or time()),
        "day_only": start is None,
        "minutes": minutes,
    }


def clock_of(answers: Answers) -> tuple[time | None, int]:
    """When it began (None where only the day is known) and how many minutes it took."""
    said = answers.get("time") or {"start": "", "minutes": 0}
    return (time.fromisoformat(said["start"]) if said["start"] else None), int(said["minutes"])


def is_planned(answers: Answers, now: datetime) -> bool:
    """Whether it is still to be held: on a day to come, or today and said so, or today at a later hour."""
    day, (start, _) = date.fromisoformat(answers["day"]), clock_of(answers)
    if day != now.date():
        return day > now.date()
    return bool(answers.get("_planned")) or (start is not None and start > now.time())
