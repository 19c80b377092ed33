"""Forms cite what names them, and state no figure that is not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import knowledge
from knowledge.forms.linting import lint_forms
from knowledge.loader import load_base

SLUG, EDITION = "distance-teaching", "114"


def copied(folder: Path, old: str, new: str) -> Path:
    """The programme in a base of its own, with one change in its forms."""
    theirs = Path(knowledge.__file__).parent / "programmes" / SLUG / EDITION
    ours = folder / "programmes" / SLUG / EDITION
    shutil.copytree(theirs, ours)
    text = (ours / "forms.yaml").read_text(encoding="utf-8")
    assert old in text
    (ours / "forms.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_packaged_forms_are_in_order() -> None:
    assert lint_forms(load_base()) == []


def test_a_section_that_no_rule_knows_is_named(tmp_path: Path) -> None:
    root = copied(tmp_path, "cite: [陸/二/(四)]", "cite: [陸/九]")
    problems = lint_forms(load_base(), root=root)
    assert [problem.message.split(";")[0] for problem in problems] == [
        "公開觀議課紀錄: no rule of the edition cites '陸/九'"
    ]


@pytest.mark.skipif("XUEBAN_SHARED" not in os.environ, reason="XUEBAN_SHARED, the folder of the sources, is not set")
def test_the_sources_hold_every_section_and_figure(tmp_path: Path) -> None:
    sources = Path(os.environ["XUEBAN_SHARED"]) / "sources"
    assert lint_forms(load_base(), sources) == []
    root = copied(tmp_path, "hint: 選修的多元", "hint: 至少 77 場")
    assert any("77" in problem.message for problem in lint_forms(load_base(), sources, root))
