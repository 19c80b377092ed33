"""When an unmet requirement is told, and when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.store.reminder_tables import REVISION_WIDTH
from knowledge.requirements.engine import Progress, State
from scheduler.nudges import is_open, occasions, revision

MONTH = Progress(
    "meeting", "社群會議", "2025-11", "", 1, 0, 0, "次", State.OPEN, date(2025, 11, 30), "補辦", ("陸/一",), False
)
HOURS = replace(MONTH, key="hours", period="total", needed=15, done=9, unit="小時", deadline=date(2025, 10, 31))
SEMESTER = replace(MONTH, key="professor", period="114-1", deadline=date(2026, 1, 31))


def days(row: Progress, today: str) -> dict[str, str]:
    return {each.rule: each.day.isoformat() for each in occasions(row, date.fromisoformat(today))}


def test_a_month_is_told_with_five_and_with_one_working_day_left() -> None:
    assert days(MONTH, "2025-11-30") == {"W-5": "2025-11-24", "W-1": "2025-11-28"}
    assert days(MONTH, "2025-11-23") == {}


def test_hours_are_told_with_three_weeks_to_go() -> None:
    assert days(HOURS, "2025-10-10")["D-21"] == "2025-10-09", "the tenth of October is a holiday"


def test_a_semester_is_told_six_weeks_ahead() -> None:
    assert days(SEMESTER, "2025-12-31") == {"D-42": "2025-12-19"}


@pytest.mark.parametrize(
    "row",
    [
        replace(MONTH, state=State.MET, done=1),
        replace(MONTH, planned=1),
        replace(HOURS, planned=6),
        replace(MONTH, state=State.MISSED),
        replace(MONTH, state=State.UPCOMING),
    ],
)
def test_what_is_met_planned_or_beyond_mending_is_not_told(row: Progress) -> None:
    assert not is_open(row)
    assert occasions(row, date(2026, 7, 1)) == ()


def test_each_group_is_a_duty_of_its_own_however_long_its_name() -> None:
    one, other = (replace(SEMESTER, group=letter * 80) for letter in "甲乙")
    assert revision(one) != revision(other)
    assert len(revision(one)) <= REVISION_WIDTH
    assert revision(SEMESTER) == "114-1"
