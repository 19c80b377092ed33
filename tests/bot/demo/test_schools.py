"""Forty schools that don't exist."""

from __future__ import annotations

import pytest

from bot.demo.schools import COUNTIES, MOST, PROGRAMMES, Diligence, schools
from knowledge.loader import load_base


def test_there_are_forty_of_different_names_in_twelve_counties() -> None:
    found = schools()
    assert len({school.name for school in found}) == MOST == 40
    assert {school.county for school in found} == set(COUNTIES)
    assert len(COUNTIES) == 12


@pytest.mark.parametrize("count", [10, 40])
def test_every_programme_has_schools_and_there_is_no_other(count: int) -> None:
    taken = {slug for school in schools(count) for slug in school.programmes}
    assert taken == set(PROGRAMMES) == {programme.slug for programme in load_base().programmes}


@pytest.mark.parametrize("slug", PROGRAMMES)
def test_every_programme_has_diligent_and_idle_schools(slug: str) -> None:
    kinds = {school.diligence for school in schools() if slug in school.programmes}
    assert {Diligence.THOROUGH, Diligence.IDLE} & kinds
    assert len(kinds) >= 3


@pytest.mark.parametrize("count", [0, 41])
def test_there_are_no_more(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 40"):
        schools(count)
