"""Records, runs and places that the tests of this room share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.store.runs import Run
from bot.store.stored_record import DONE, StoredRecord
from handlers.record.form import RecordForm
from handlers.record.needs import Needs, load_needs

TODAY = date(2025, 11, 20)
NOW = datetime(2025, 11, 20, 10)
PLACES = {
    "e1": {"label": "甲高中・跨校遠距教學", "programme": "distance-teaching", "edition": "114"},
    "e2": {"label": "乙高中・跨校遠距教學", "programme": "distance-teaching", "edition": "114"},
    "e3": {"label": "甲高中・入校陪伴", "programme": "onsite-mentoring", "edition": "114"},
}
STORED = StoredRecord(
    "r1", "e1", "community_meeting", datetime(2025, 11, 18, 14), False, 120, "online", "差異化教學", "", 6, "數學社群",
    "", "", "", "", DONE, 1, "wang", "王老師", 1, 1,
)  # fmt: skip


def stored(**changes: Any) -> StoredRecord:
    """A stored record like `STORED`."""
    return replace(STORED, **changes)


def run(**answers: Any) -> Run:
    """A run with these answers."""
    order = tuple(key for key in answers if not key.startswith("_"))
    return Run("run1", "wang", "record", "", "", "", "line:me", answers=answers, order=order)


def form(slug: str = "distance-teaching", **answers: Any) -> RecordForm:
    """The form of a run, for a programme."""
    return RecordForm(run(**answers), needs(slug), TODAY)


def needs(slug: str) -> Needs:
    """What the one edition of a programme needs."""
    return next(found for (programme, _), found in load_needs().items() if programme == slug)
