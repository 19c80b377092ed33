"""A whole school year of every programme, day by day: far fewer pushes than naive counting, and fewer still for who
does what is told."""

from __future__ import annotations

import pytest

from tests.bench import reminders


@pytest.mark.torture
def test_a_digest_and_a_look_at_what_is_done_save_pushes() -> None:
    for year in reminders.years():
        assert 0 < year.busy.total() < year.idle.total() < year.naive, year.programme
