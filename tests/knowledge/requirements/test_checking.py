"""knowledge.requirements.checking: nothing impossible, and no example that is untrue."""

from __future__ import annotations

import pytest

from knowledge.requirements.checking import problems_of, untried
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.reading import read_requirements
from tests.knowledge.requirements.notes import item, toy, written

EACH = pytest.mark.parametrize("which", available(), ids="-".join)


@pytest.mark.parametrize(
    ("items", "because"),
    [
        ([item(needed=0)], "`needed` is 0"),
        ([item(each_of="later"), item("later")], "`each_of` names 'later'"),
        ([item("monthly", per="month"), item(each_of="monthly")], "`each_of` names 'monthly'"),
        ([item(within_months=3, per="month")], "expected `per: total`"),
        ([item(instead="[{kind: [workshop], least_hours: 1, adds: 1, needed: 1, count: days}]")], "without"),
        (
            [item(within_months=3, instead="[{kind: [workshop], least_hours: 1, adds: 1, needed: 1, count: hours}]")],
            "hours here and no hours",
        ),
        ([item(share_of="core", share=0)], "`share` is 0"),
    ],
)
def test_what_can_never_work_is_told(items: list[str], because: str) -> None:
    assert any(because in problem.message for problem in problems_of(toy(*items)))


@pytest.mark.parametrize(
    ("expect", "because"),
    [
        ("{key: meeting, period: total, state: met}", "meeting total: state is 'open', not 'met'"),
        ("{key: meeting, period: total, done: 1}", "done is 0, not 1"),
        ("{key: meeting, period: '2025-09'}", "0 rows of meeting 2025-09"),
        ("{key: meeting, period: total, deadline: '2026-07-30'}", "deadline is '2026-07-31'"),
        ("{key: meeting, period: total, stat: met}", "unknown field 'stat'"),
    ],
)
def test_an_untrue_example_is_told(expect: str, because: str) -> None:
    example = (
        "examples:\n  - {name: 例, from: 2025-08-01, to: 2026-07-31, now: 2025-09-01T09:00, records: [], "
        f"expect: [{expect}]}}\n"
    )
    [problem] = problems_of(read_requirements(written(item(), examples=example), "toy.yaml", "toy", "114"))
    assert because in problem.message
    assert problem.line == 11


def test_a_requirement_without_examples_is_told() -> None:
    assert len(untried(toy(item()), ())) == 2


@EACH
def test_every_requirement_has_an_example_met_and_one_not_met(which: tuple[str, str]) -> None:
    requirements = load_requirements(*which)
    assert untried(requirements, requirements.examples) == []
