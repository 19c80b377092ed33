"""A whole school year of every programme, day by day: everything is announced, with a fraction of the naive pushes."""

from __future__ import annotations

import pytest

from tests.bench import year

FEW = 20
"""Coordinators of each programme; `make bench` takes five times as many."""


@pytest.mark.torture
def test_everything_is_announced_with_a_quarter_of_the_naive_pushes(capsys: pytest.CaptureFixture[str]) -> None:
    found = year.run(FEW)
    with capsys.disabled():
        print()
        year.show(found)
    assert {each.programme: each.unannounced for each in found} == {each.programme: () for each in found}
    assert year.ratio(found) <= year.ALLOWED
    for each in found:
        assert each.announced > 0
        means = [each.pushes[habit] / each.people[habit] for habit in (year.PROMPT, year.LATE, year.IDLE)]
        assert means == sorted(means), f"{each.programme}: who does more is told more"
        assert means[-1] < each.naive
