"""A record as the database holds it: its fields with their bounds, and the way to `knowledge.requirements`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Row

from bot.clock import TAIPEI, epoch_ms, from_epoch_ms
from knowledge.requirements.records import Deliverable, Kind, Meeting, MentorKind, Mode, Record, TopicKind, Word

DONE, PLANNED, DELETED = "done", "planned", "deleted"
FIRST_YEAR, LAST_YEAR = 1990, 2199
MOST_MINUTES = 24 * 60
MOST_PEOPLE = 100_000
WORDS: Mapping[str, type[Word]] = {
    "kind": Kind,
    "mode": Mode,
    "mentor_kind": MentorKind,
    "meeting": Meeting,
    "deliverable": Deliverable,
    "topic_kind": TopicKind,
}
WORD_OF: Mapping[str, Mapping[str, Any]] = {name: {word.value: word for word in words} for name, words in WORDS.items()}
TEXTS = {"topic": 2000, "host": 80, "group": 80}
"""Characters at most."""
FIELDS = frozenset({*WORDS, *TEXTS, "starts_at", "day_only", "minutes", "headcount"})
"""What a person can say of a record."""
COLUMNS = (
    "kind", "day", "starts_at", "has_hour", "minutes", "mode", "topic", "host", "headcount", "group_name",
    "mentor_kind", "meeting", "deliverable", "topic_kind", "state",
)  # fmt: skip
"""What a version keeps."""
COUNTED = ("id", "starts_at", "minutes", "headcount", "group_name", *WORDS)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record. Words and texts that are not stated are empty."""

    id: str
    enrolment_id: str
    kind: str
    starts_at: datetime
    """Wall time in Taipei, naive; midnight where only the day is known."""
    day_only: bool
    minutes: int
    mode: str
    topic: str
    host: str
    headcount: int | None
    group: str
    mentor_kind: str
    meeting: str
    deliverable: str
    topic_kind: str
    state: str
    version: int
    """From 1; a change must name the one that it is based on."""
    created_by: str
    creator: str
    """How whoever logged it is called in reports; may be empty."""
    created_at: int
    updated_at: int

    @property
    def day(self) -> date:
        """The local day on which it began."""
        return self.starts_at.date()

    @property
    def ends_at(self) -> datetime:
        """When it ended; the same as `starts_at` where it takes no time."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def as_record(self) -> Record:
        """The same for the requirements engine, which knows no states: leave out what does not count."""
        return Record(
            id=self.id,
            starts_at=self.starts_at,
            minutes=self.minutes,
            topic=self.topic,
            host=self.host,
            headcount=self.headcount,
            group=self.group,
            **_words(self),
        )


def counted_record(row: Row[Any]) -> Record:
    """A record with all that decides whether and how it counts, from the columns `COUNTED`; no topic, no host."""
    return Record(
        id=row.id,
        starts_at=local(row.starts_at),
        minutes=row.minutes,
        headcount=row.headcount,
        group=row.group_name,
        **_words(row),
    )


def _words(row: object) -> dict[str, Any]:
    """The words of a record or row; None for what is not stated."""
    return {name: words.get(getattr(row, name)) for name, words in WORD_OF.items()}


def read(row: Row[Any]) -> StoredRecord:
    """A record from its columns and `creator`."""
    return StoredRecord(
        id=row.id,
        enrolment_id=row.enrolment_id,
        kind=row.kind,
        starts_at=local(row.starts_at),
        day_only=not row.has_hour,
        minutes=row.minutes,
        mode=row.mode,
        topic=row.topic,
        host=row.host,
        headcount=row.headcount,
        group=row.group_name,
        mentor_kind=row.mentor_kind,
        meeting=row.meeting,
        deliverable=row.deliverable,
        topic_kind=row.topic_kind,
        state=row.state,
        version=row.version,
        created_by=row.created_by,
        creator=row.creator or "",
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def local(at: int) -> datetime:
    """Epoch milliseconds as wall time in Taipei, naive."""
    return from_epoch_ms(at).astimezone(TAIPEI).replace(tzinfo=None)


def fields_of(record: StoredRecord) -> dict[str, Any]:
    """What is stated of a record, as `columns_of` takes it."""
    return {name: getattr(record, name) for name in FIELDS}


def columns_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns from what is stated; of `FIELDS`, what is missing or None is not stated.

    `kind` and `starts_at` (naive, Taipei) are needed. A handler asks the person back about what can't be; what comes
    through nevertheless is refused here.

    Raises:
        ValueError: a field is unknown, missing, or out of bounds.
    """
    unknown = set(fields) - FIELDS
    if unknown:
        raise ValueError(f"a record has no {', '.join(sorted(unknown))}")
    given = {name: value for name, value in fields.items() if value is not None}
    starts_at, day_only = _moment(given.get("starts_at")), bool(given.get("day_only"))
    if day_only:
        starts_at = starts_at.replace(hour=0, minute=0)
    found = {
        "day": starts_at.date().isoformat(),
        "starts_at": epoch_ms(starts_at.replace(tzinfo=TAIPEI)),
        "has_hour": int(not day_only),
        "minutes": _number("minutes", given.get("minutes", 0), MOST_MINUTES),
        "headcount": _number("headcount", given["headcount"], MOST_PEOPLE) if "headcount" in given else None,
        **{name: _word(name, given.get(name, "")) for name in WORDS},
        **{name: _text(name, given.get(name, "")) for name in TEXTS},
    }
    if not found["kind"] or (found["deliverable"] and found["kind"] != Kind.DELIVERABLE.value):
        raise ValueError("a record has a kind, and only one of kind deliverable has a deliverable")
    found["group_name"] = found.pop("group")
    return found


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"starts_at is a naive moment from {FIRST_YEAR} to {LAST_YEAR}")
    return value.replace(second=0, microsecond=0)


def _number(name: str, value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{name} is a whole number from 0 to {most}")
    return value


def _word(name: str, value: Any) -> str:
    plain = value.value if isinstance(value, Enum) else value
    if not isinstance(plain, str) or (plain and plain not in WORD_OF[name]):
        raise ValueError(f"{name} is none of its words")
    return plain


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value.strip()) > TEXTS[name] or not _storable(value):
        raise ValueError(f"{name} is text of at most {TEXTS[name]} characters that a database can hold")
    return value.strip()


def _storable(text: str) -> bool:
    """PostgreSQL holds neither NUL nor half a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
