"""Deadlines against the rest of the base and the sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.deadlines.linting import lint_deadlines
from knowledge.loader import load_base
from tests.knowledge.small_base import EDITION, write_base, write_source

SOURCES = Path(os.environ.get("XUEBAN_SHARED", "")) / "sources"
GARDEN = """\
from: 2025-08-01
until: 2026-07-31
deadlines:
  - key: apply
    title: 送件
    kind: hard
    after: closed
    due: 2025-05-05
    cite: [貳/二]
    note: 5月5日（星期一）前送出。
examples:
  - name: 還早
    facts: {}
    now: 2025-04-01
    due: {apply: 2025-05-05}
"""


PLACE = f"knowledge/{EDITION}/deadlines.yaml"


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    write_source(tmp_path / "sources")
    return write_base(tmp_path / "kb")


def found(garden: Path, old: str = "", new: str = "", *, sources: bool = True) -> list[str]:
    assert old in GARDEN
    (garden / EDITION / "deadlines.yaml").write_text(GARDEN.replace(old, new, 1), encoding="utf-8")
    texts = garden.parent / "sources" if sources else None
    return [str(problem) for problem in lint_deadlines(load_base(garden), texts, garden)]


def test_the_garden_is_in_order(garden: Path) -> None:
    assert found(garden) == []


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("cite: [貳/二]", "cite: [貳/三]", ":4: apply: the source has no section '貳/三'"),
        ("cite: [貳/二]", "cite: [貳/一]", ":4: apply: '114年5月5日' stands nowhere in 貳/一"),
        ("前送出。", "前送出 3 份。", ":4: apply: '3' stands nowhere in 貳/二"),
    ],
)
def test_a_citation_must_exist_and_hold_the_date(garden: Path, old: str, new: str, because: str) -> None:
    assert found(garden, old, new)[0].startswith(f"{PLACE}{because}; expected ")
    assert found(garden, old, new, sources=False) == []


def test_a_weekday_that_is_another_is_told(garden: Path) -> None:
    assert found(garden, "5月5日（星期一）", "114年5月5日（星期二）", sources=False) == [
        f"{PLACE}:4: apply: 114年5月5日 is not 星期二; expected 星期一"
    ]


def test_the_days_of_the_edition_are_those_of_the_programme(garden: Path) -> None:
    told = found(garden, "until: 2026-07-31", "until: 2026-08-31")
    assert told == [f"{PLACE}:1: `until` is 2026-08-31, but programme.yaml has 2026-07-31; expected the same day"]


def test_the_end_of_a_month_may_be_told_as_the_source_does(garden: Path) -> None:
    write_source(
        garden.parent / "sources", "114學年度校園菜園計畫\n壹、目的\n種菜。\n貳、補助\n一、略。\n二、115年2月底前。\n"
    )
    by_month = GARDEN.replace("2025-05-05", "2026-02-28").replace("5月5日（星期一）前", "115年2月底前")
    (garden / EDITION / "deadlines.yaml").write_text(by_month, encoding="utf-8")
    base, sources = load_base(garden), garden.parent / "sources"
    assert lint_deadlines(base, sources, garden) == []
    (garden / EDITION / "deadlines.yaml").write_text(by_month.replace("2026-02-28", "2026-02-27"), encoding="utf-8")
    assert "115年2月27日" in str(lint_deadlines(base, sources, garden)[0])


def test_every_packaged_deadline_is_in_order() -> None:
    assert lint_deadlines(load_base()) == []


@pytest.mark.skipif(
    "XUEBAN_SHARED" not in os.environ or not SOURCES.is_dir(),
    reason="XUEBAN_SHARED names no folder with the source texts",
)
def test_every_packaged_date_stands_in_the_sections_it_cites() -> None:
    assert lint_deadlines(load_base(), SOURCES) == []
