"""knowledge.requirements.linting: citations and figures are held against the rules and the sources."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.loader import load_base
from knowledge.requirements.linting import lint_requirements, uncited
from knowledge.requirements.loader import available, load_requirements
from knowledge.schema import Base


def test_the_packaged_requirements_have_no_problems() -> None:
    shared = os.environ.get("XUEBAN_SHARED")
    assert lint_requirements(load_base(), Path(shared, "sources") if shared else None) == []


def test_a_section_that_no_rule_cites_is_told() -> None:
    requirements = load_requirements("distance-teaching")
    wrong = replace(requirements, items=(replace(requirements.items[0], cite=("陸/九",)),))
    [problem] = uncited(wrong, load_base().programme("distance-teaching", "114"))
    assert problem.line == requirements.items[0].line
    assert "no rule of the edition cites '陸/九'" in problem.message


def test_requirements_of_no_programme_are_told() -> None:
    slug, edition = available()[0]
    base = load_base()
    others = tuple(each for each in base.programmes if each.id != f"{slug}/{edition}")
    [problem] = lint_requirements(Base(others, base.others))
    assert f"there is no programme {slug}/{edition}" in problem.message


def test_a_figure_that_the_source_does_not_hold_is_told(tmp_path: Path) -> None:
    shared = os.environ.get("XUEBAN_SHARED")
    if not shared:
        pytest.skip("XUEBAN_SHARED names no folder with sources")
    for source in Path(shared, "sources").glob("*.txt"):
        text = source.read_text("utf-8")
        (tmp_path / source.name).write_text(text.replace("每個月至少辦理1次", "每個月至少辦理3次"), "utf-8")
    [problem] = lint_requirements(load_base(), tmp_path)
    assert "community_meeting: '1次' stands nowhere" in problem.message
