"""What is read out of a text: a day, and a whole line of a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Lean = Literal["past", "future", "nearest"]

Problem = Literal["", "none", "impossible", "weekday", "vague", "several", "far"]
"""Why a day is not sure: none named, no such day, contradicted by a weekday or 昨天, vague (上週, 或), several days,
or too far from now."""

Reason = Literal[
    "no_kind",
    "several_kinds",
    "no_day",
    "vague_day",
    "impossible",
    "weekday_contradicts",
    "future",
    "far",
    "several",
    "ambiguous",
    "no_hours",
    "lesson",
    "vague_length",
    "disagree",
    "end_before_start",
    "out_of_bounds",
]
"""Why a field must be asked back; a handler has one clear sentence for each."""


@dataclass(frozen=True, slots=True)
class DayReading:
    """One day as a text names it."""

    day: date | None
    """The day, or where there is a problem the best guess, if any."""
    problem: Problem
    span: tuple[int, int]
    """Where it stands in the text: start and end."""
    form: str = "date"
    """How it is said: date, month_day, day, compact, relative, week, weekday, now (剛剛), vague, either."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as far as a line states it; None and "" are unsaid."""

    kind: str = ""
    starts_at: datetime | None = None
    """Local wall time in Asia/Taipei; midnight of the day where `day_only`."""
    day_only: bool = False
    minutes: int | None = None
    mode: str = ""
    topic: str = ""
    host: str = ""
    headcount: int | None = None
    group: str = ""
    mentor_kind: str = ""
    meeting: str = ""
    deliverable: str = ""
    topic_kind: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says, and what a person must be asked for."""

    draft: Draft = Draft()
    ask: tuple[str, ...] = ()
    """Of kind, starts_at, hours, in this order. A field in it may have a best guess in the draft."""
    reasons: dict[str, Reason] = field(default_factory=dict)
    """A reason for each field in `ask`."""
    planned: bool = False
    """It is said to be held later (預計, 將於), so a day ahead of now is no slip."""
    said: str = ""
    """The words that it was read from, where they are a part of a longer message."""
    is_log: bool = True
    """False for what holds nothing to log: a question, a cancelled meeting, an announcement, a change of a record."""
