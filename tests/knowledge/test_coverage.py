"""knowledge.coverage: which sections no entry cites."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.coverage import Uncited, coverage
from knowledge.loader import load_base
from tests.knowledge.small_base import GAPS, RULES, write_base, write_source


def uncited(tmp_path: Path, rules: str = RULES, gaps: str = GAPS) -> list[Uncited]:
    root = write_base(tmp_path / "kb", rules=rules, gaps=gaps)
    return coverage(load_base(root), write_source(tmp_path / "sources"), root)


def test_sections_that_no_entry_cites_are_told_with_their_line(tmp_path: Path) -> None:
    assert uncited(tmp_path) == [
        Uncited("school-garden/114", "標題", 1, "114學年度校園菜園計畫"),
        Uncited("school-garden/114", "壹", 2, "目的 種菜。"),
    ]


@pytest.mark.parametrize(("cite", "missing"), [("貳", []), ("貳/一", ["貳/二"])])
def test_a_citation_covers_what_lies_within_and_not_what_lies_beside(
    tmp_path: Path, cite: str, missing: list[str]
) -> None:
    rules = RULES.replace("貳/一", cite).replace("貳/二", cite)
    assert [u.section for u in uncited(tmp_path, rules)][2:] == missing


def test_a_known_gap_covers_nothing(tmp_path: Path) -> None:
    gaps = GAPS.replace("    topic", "    cite: [壹]\n    topic")
    assert "壹" in [u.section for u in uncited(tmp_path, gaps=gaps)]
