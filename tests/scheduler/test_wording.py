"""What is said stays true however late it is read: the date always stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from knowledge.deadlines.engine import Due, Moved, State
from knowledge.requirements.engine import State as Standing
from scheduler.wording import of_due, of_move, of_row, say_moment, say_period
from tests.scheduler.test_due import due
from tests.scheduler.test_nudges import HOURS, MONTH

NOON = datetime(2026, 7, 29, 12, 0)


@pytest.mark.parametrize(
    ("now", "state", "said"),
    [
        (datetime(2026, 7, 1, 9), State.UPCOMING, "成果報告：115/7/31（五）到期，還有 30 天"),
        (datetime(2026, 7, 30, 9), State.UPCOMING, "成果報告：115/7/31（五）到期，就是明天"),
        (datetime(2026, 7, 31, 9), State.DUE_TODAY, "成果報告：115/7/31（五）到期，就是今天"),
        (datetime(2026, 8, 3, 9), State.OVERDUE, "成果報告：115/7/31（五）到期，已經過了 3 天，還沒有標示完成"),
        (datetime(2026, 8, 3, 9), State.PASSED, "成果報告：115/7/31（五）已截止"),
        (datetime(2026, 7, 1, 9), State.DONE, "成果報告：已完成（期限 115/7/31（五））"),
    ],
)
def test_a_deadline_in_one_line(now: datetime, state: State, said: str) -> None:
    assert of_due(due(state=state), now) == said


def test_an_hour_is_said_where_the_document_gives_one() -> None:
    assert say_moment(datetime(2016, 10, 28, 17, 0)) == "105/10/28（五）17:00"


def test_a_moved_date_says_what_it_was() -> None:
    moved = replace(due(), moved_from=datetime(2026, 6, 30, 23, 59))
    assert "（原訂 115/6/30（二），已改期）" in of_due(moved, NOON)


MOVED = replace(
    due(), moved_from=datetime(2026, 6, 30, 23, 59), revision=1, moved=Moved(datetime(2026, 7, 31, 23, 59), 1, "颱風")
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (MOVED, "期限改了：成果報告 原 115/6/30（二） → 115/7/31（五），原因：颱風"),
        (
            replace(due(), revision=2, moved=Moved(None, 2, "沒來", before=datetime(2026, 8, 3, 17))),
            "期限改了：成果報告 原 115/8/3（一）17:00 → 115/7/31（五），照文件的日期，原因：沒來",
        ),
        (
            replace(due(), due=None, revision=2, moved=Moved(None, 2, "沒來", before=datetime(2026, 8, 3))),
            "期限改了：成果報告改回照文件計算，日期還不知道，要先填相關的日期，原因：沒來",
        ),
        (replace(MOVED, moved_from=None), "期限改了：成果報告 115/7/31（五），原因：颱風"),
    ],
)
def test_a_move_says_from_which_day_to_which_and_why(found: Due, said: str) -> None:
    assert of_move(found) == said


def test_a_moved_date_says_why_wherever_it_stands() -> None:
    assert "（原訂 115/6/30（二），已改期：颱風）" in of_due(MOVED, NOON)


def test_a_requirement_whose_time_is_over_says_so() -> None:
    missed = replace(MONTH, state=Standing.MISSED)
    assert of_row(missed, datetime(2025, 12, 1, 9)) == (
        "社群會議（11 月）：0／1 次；114/11/30（日）已截止，沒有達到，差 1 次"
    )


def test_a_requirement_says_what_is_missing_and_how_long_there_is() -> None:
    assert of_row(MONTH, datetime(2025, 11, 24, 9)) == (
        "社群會議（11 月）：0／1 次，還差 1 次；114/11/30（日）截止，還有 5 個上班日"
    )
    assert of_row(HOURS, datetime(2025, 10, 9, 9)).startswith("社群會議：9／15 小時，還差 6 小時；114/10/31（五）")
    assert "還有 22 天" in of_row(HOURS, datetime(2025, 10, 9, 9))


def test_periods_are_called_as_people_call_them() -> None:
    said = [say_period(label) for label in ("2025-09", "114-1", "114-2", "114", "total")]
    assert said == ["（9 月）", "（114 學年度上學期）", "（114 學年度下學期）", "（114 學年度）", ""]


@pytest.mark.parametrize(
    ("last", "now", "left"),
    [
        (date(2025, 11, 28), datetime(2025, 11, 28, 9), "就是今天"),
        (date(2025, 11, 28), datetime(2025, 11, 27, 9), "就是明天"),
        (date(2025, 11, 30), datetime(2025, 11, 28, 9), "今天是最後一個上班日"),
        (date(2025, 11, 30), datetime(2025, 11, 29, 9), "就是明天"),
        (date(2025, 11, 30), datetime(2025, 11, 27, 9), "還有 2 個上班日"),
        (date(2025, 10, 12), datetime(2025, 10, 10, 9), "還有 2 天"),
    ],
)
def test_the_last_days_of_a_requirement_are_called_what_they_are(last: date, now: datetime, left: str) -> None:
    assert of_row(replace(MONTH, deadline=last), now).endswith(f"截止，{left}")


WAITING = replace(due(None), latest=datetime(2026, 7, 31, 23, 59))


def test_a_date_that_waits_for_a_fact_is_said_by_its_last_day_and_what_it_waits_for() -> None:
    told = "成果報告：最晚 115/7/31（五）到期，還有 2 天；填「最後入校日」就知道確切的日期"
    assert of_due(WAITING, NOON, ["最後入校日"]) == told


def test_once_that_day_is_over_nobody_is_asked_for_the_fact() -> None:
    late = replace(WAITING, state=State.OVERDUE)
    told = "成果報告：最晚 115/7/31（五）到期，已經過了 3 天，還沒有標示完成"
    assert of_due(late, datetime(2026, 8, 3, 9), ["最後入校日"]) == told
