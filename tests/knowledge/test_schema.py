"""knowledge.schema: finding things in a base, and how problems are told."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.loader import load_base
from knowledge.schema import Base, KnowledgeError, Problem
from tests.knowledge.small_base import write_base


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return load_base(write_base(tmp_path / "kb"))


def test_a_ref_leads_back_to_its_entry(base: Base) -> None:
    programme = base.programmes[0]
    for item in programme.items:
        assert base.find(programme.ref(item)) == (programme, item)


@pytest.mark.parametrize("ref", ["school-garden/114/gone", "school-garden/113/ceiling", "ceiling", "", "//"])
def test_a_ref_of_an_old_button_leads_nowhere(base: Base, ref: str) -> None:
    assert base.find(ref) is None


def test_without_an_edition_the_one_valid_longest_is_meant(base: Base) -> None:
    old = base.programmes[0]
    new = replace(old, edition="115", valid_until=date(2027, 7, 31))
    both = replace(base, programmes=(new, old))
    assert both.programme("school-garden") is new
    assert both.programme("school-garden", "114") is old


def test_a_programme_that_is_not_held_is_a_key_error(base: Base) -> None:
    with pytest.raises(KeyError, match="school-garden/99"):
        base.programme("school-garden", "99")


def test_nothing_in_the_base_can_be_changed(base: Base) -> None:
    with pytest.raises(FrozenInstanceError):
        base.programmes[0].entries[0].answer = "另一個答案"  # type: ignore[misc]


def test_an_error_lists_its_problems_by_file_and_line() -> None:
    error = KnowledgeError([Problem("b.yaml", 1, "x"), Problem("a.yaml", 10, "y"), Problem("a.yaml", 9, "z")])
    assert str(error) == "a.yaml:9: z\na.yaml:10: y\nb.yaml:1: x"
