"""The record forms of an edition: what stands in them, and in which order. Frozen; read from `forms.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.requirements.records import Deliverable, Kind, Record


class What(StrEnum):
    """Which of the papers a form is."""

    COMMUNITY = "community"
    """A sheet a meeting: of a teachers' community, or of whatever a programme has in its place."""
    MENTORING = "mentoring"
    """A sheet a visit, whatever a programme calls it: mentoring, guidance, consultation."""
    REPORT = "report"
    """The report at the end, with its tables."""


class Is(StrEnum):
    """What stands beside a label."""

    NUMBER = "number"
    """How manieth of the form's records it is."""
    SCHOOL = "school"
    KIND = "kind"
    DAY = "day"
    TIME = "time"
    HOURS = "hours"
    MODE = "mode"
    TOPIC = "topic"
    HOST = "host"
    HEADCOUNT = "headcount"
    PEOPLE = "people"
    """Who logged it, and who said to have been there."""
    GROUP = "group"
    MENTOR = "mentor"
    TOPIC_KIND = "topic_kind"
    DELIVERABLE = "deliverable"
    STATE = "state"
    """Held, or planned."""
    TICKS = "ticks"
    """Options to tick by hand."""
    WRITE = "write"
    """Left for a person to write."""
    PHOTOS = "photos"


class PartIs(StrEnum):
    """What a part of a report is."""

    TABLE = "table"
    """Its records, a row each."""
    WRITE = "write"
    """Left for a person to write."""
    PROGRESS = "progress"
    """What had to be done, and how far it is."""
    PHOTOS = "photos"
    """The photos of its records."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label, and what stands beside it or under it."""

    label: str
    what: Is
    hint: str
    """What to write, in small letters; empty for none."""
    lines: int
    """Room to write, in lines."""
    options: tuple[str, ...]
    """To be ticked."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records a form or a part takes."""

    kinds: frozenset[Kind]
    deliverables: frozenset[Deliverable]
    """Of records of kind deliverable; empty for all."""

    def fits(self, record: Record) -> bool:
        """Whether it takes this one."""
        if record.kind not in self.kinds:
            return False
        return record.kind is not Kind.DELIVERABLE or not self.deliverables or record.deliverable in self.deliverables


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report."""

    title: str
    what: PartIs
    cite: tuple[str, ...]
    chosen: Chosen
    columns: tuple[Row, ...]
    """Of a table."""
    hint: str
    lines: int
    line: int


@dataclass(frozen=True, slots=True)
class Form:
    """One paper of a programme."""

    what: What
    title: str
    short: str
    """For a button."""
    cite: tuple[str, ...]
    """The sections that name it."""
    chosen: Chosen
    """Whose records have a sheet each; of a report, none."""
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    """Of a report."""
    signatures: tuple[str, ...]
    note: str
    """What the source leaves open about the form; at the foot."""
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of one edition of one programme."""

    programme: str
    edition: str
    forms: tuple[Form, ...]
    file: str

    def form(self, what: What | str) -> Form | None:
        """The form of this kind; None where the programme has none."""
        return next((form for form in self.forms if form.what == what), None)
