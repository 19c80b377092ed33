"""What the parts of a file owe to each other."""

from __future__ import annotations

import pytest

from knowledge.deadlines.checking import problems_of
from tests.knowledge.deadlines.toy import TOY, toy


def messages(old: str, new: str) -> list[str]:
    assert old in TOY
    return [problem.message for problem in problems_of(toy(TOY.replace(old, new, 1)))]


def test_a_fact_that_no_deadline_reads_is_told() -> None:
    assert messages("due: county_day, not after 2025-05-12", "due: 2025-04-30") == ["no deadline reads `county_day`"]


def test_two_deadlines_of_one_key_must_exclude_each_other() -> None:
    assert "both may apply" in messages("    when: {owner: state}\n", "")[0]
    assert "both may apply" in messages("key: tasting", "key: harvest")[0]


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("harvest: 2026-02-28", "harvest: 2026-03-01", "`harvest` is due 2026-02-28"),
        ("harvest: 2026-02-28", "harvest: null", "`harvest` is due 2026-02-28"),
        ("harvest: 2026-02-28", "harvest: soon", "expected a day that exists"),
        ("harvest: 2026-02-28", "forward: null", "`forward` is not listed"),
        ("apply: due_today", "apply: upcoming", "`apply` is due_today"),
        ("apply: due_today", "forward: upcoming", "`forward` is not listed"),
        ("absent: [forward]", "absent: [report]", "`report` is listed"),
        ("sown_on: 2025-11-30", "sown_on: 2025-11-31", "要是存在的日期"),
        ("sown_on: 2025-11-30", "reaped_on: 2025-11-30", "沒有「reaped_on」這個欄位"),
    ],
)
def test_an_example_that_the_dates_contradict_is_told(old: str, new: str, because: str) -> None:
    found = messages(old, new)
    assert len(found) >= 1
    assert found[0].startswith("example '中央管的學校'")
    assert because in found[0]
