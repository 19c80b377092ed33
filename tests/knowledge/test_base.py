"""The knowledge base itself: it loads, is right as far as that can be checked, and leaves no section out."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from knowledge.coverage import coverage
from knowledge.lint import lint
from knowledge.loader import load_base
from knowledge.outline import load_outline
from knowledge.schema import Base, Entry

SHARED = Path(os.environ.get("XUEBAN_SHARED", ""))
SOURCES = SHARED / "sources"
needs_sources = pytest.mark.skipif(
    "XUEBAN_SHARED" not in os.environ or not SOURCES.is_dir(),
    reason="XUEBAN_SHARED names no folder with the source texts",
)
PROGRAMMES = {
    "distance-teaching/114",
    "equalization/111",
    "mobile-learning/106",
    "onsite-mentoring/114",
    "urban-rural-partner/105",
}


@cache
def base() -> Base:
    return load_base()


def fact_sections(slug: str) -> set[str]:
    lines = (SHARED / "facts" / f"{slug}.jsonl").read_text("utf-8").splitlines()
    return {json.loads(line)["section"] for line in lines}


def test_all_programmes_are_there() -> None:
    assert {programme.id for programme in base().programmes} >= PROGRAMMES
    assert len(base().others) >= 40


def test_what_is_kept_between_runs_is_what_the_files_say(tmp_path: Path) -> None:
    assert load_base(cache_folders=[tmp_path]) == load_base(cache_folders=[tmp_path]) == base()


def test_every_programme_is_called_by_several_names() -> None:
    for programme in base().programmes:
        assert 8 <= len(programme.names) <= 15, programme.id


def test_no_name_of_a_programme_that_is_not_held_is_part_of_one_that_is_or_the_reverse() -> None:
    ours = [name for programme in base().programmes for name in programme.names]
    theirs = [name for other in base().others for name in other.names]
    assert [(a, b) for a in ours for b in theirs if a in b or b in a] == []


def test_the_base_is_clean() -> None:
    assert list(map(str, lint(base()))) == []


def test_no_answer_tells_a_telephone_number_or_a_mail_address() -> None:
    for programme in base().programmes:
        for item in programme.items:
            assert not re.search(r"@|0\d{1,2}-?\d{3,4}-?\d{3,4}", item.answer), item.key


@needs_sources
def test_every_figure_stands_in_a_cited_section() -> None:
    assert list(map(str, lint(base(), SOURCES))) == []


@needs_sources
def test_a_figure_that_is_made_up_is_found_wherever_it_is_put() -> None:
    def spoilt(entry: Entry) -> Entry:
        return replace(entry, answer=f"{entry.answer}最多 77 次。")

    for programme in base().programmes:
        bad = replace(programme, entries=tuple(map(spoilt, programme.entries)), gaps=())
        found = lint(replace(base(), programmes=(bad,)), SOURCES)
        assert len(found) == len(programme.entries)


@needs_sources
@pytest.mark.parametrize("slug", sorted(name.partition("/")[0] for name in PROGRAMMES))
def test_every_section_that_facts_come_from_is_in_the_outline_and_cited(slug: str) -> None:
    programme = base().programme(slug)
    outline = load_outline(programme, SOURCES)
    sections = fact_sections(slug)
    assert [path for path in sections if outline.find(path) is None] == []
    assert sections - {path for entry in programme.entries for path in entry.cite} == set()


@needs_sources
def test_hardly_a_section_is_left_out() -> None:
    left_out = {(uncited.programme, uncited.section) for uncited in coverage(base(), SOURCES)}
    assert left_out <= {
        ("distance-teaching/114", "申請書/目錄"),  # a table of contents
        ("distance-teaching/114", "申請書/壹/一/(一)"),  # blanks to fill in
        ("distance-teaching/114", "申請書/貳/四/(二)"),
        ("mobile-learning/106", "標題"),
    }
