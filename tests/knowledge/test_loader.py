"""knowledge.loader: what is read from disk; what is kept between runs never speaks for edited files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from knowledge import cache
from knowledge.loader import load_base
from knowledge.schema import KnowledgeError
from tests.knowledge.small_base import EDITION, PROGRAMME, RULES, write_base


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_base(tmp_path / "kb")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_a_base_is_read_as_it_is_written(root: Path) -> None:
    base = load_base(root)
    programme = base.programmes[0]
    assert (programme.slug, programme.edition, programme.year_label) == ("school-garden", "114", "114 學年度")
    assert programme.names == ("校園菜園計畫", "菜園")
    assert (programme.valid_from, programme.valid_until) == (date(2025, 8, 1), date(2026, 7, 31))
    ceiling = programme.entries[0]
    assert ceiling.aliases == ("補助上限", "可以拿多少錢")
    assert (ceiling.cite, ceiling.topic) == (("貳/一",), ("補助",))
    assert (ceiling.file, ceiling.line) == (f"kb/{EDITION}/rules/money.yaml", 2)
    assert programme.gaps[0].cite == ()
    assert base.others[0].names == ("食農教育", "食農計畫")


def test_editions_of_a_programme_stand_side_by_side(root: Path) -> None:
    folder = root / "programmes/school-garden/115"
    folder.mkdir()
    (folder / "programme.yaml").write_text(PROGRAMME.replace('"114"', '"115"'), "utf-8")
    assert [p.id for p in load_base(root).programmes] == ["school-garden/114", "school-garden/115"]


def test_a_root_without_programmes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"programmes:1: no programme"):
        load_base(tmp_path)


def test_what_was_kept_is_the_same_as_what_was_parsed(root: Path, kept: Path) -> None:
    parsed = load_base(root, [kept])
    assert load_base(root, [kept]) == parsed == load_base(root)


def test_the_second_run_reads_what_the_first_kept(root: Path, kept: Path) -> None:
    first = load_base(root, [kept])
    content = cache.read(kept, "knowledge-base", first.fingerprint)
    assert content is not None
    content["programmes"][0]["entries"][0][2] = "從快取來的"
    cache.write(kept, "knowledge-base", first.fingerprint, content)
    assert load_base(root, [kept]).programmes[0].entries[0].answer == "從快取來的"


def test_an_edit_shows_even_where_size_and_time_stay_the_same(root: Path, kept: Path) -> None:
    load_base(root, [kept])
    rules = root / EDITION / "rules/money.yaml"
    before = rules.stat()
    rules.write_text(RULES.replace("30 萬元", "40 萬元"), "utf-8")
    os.utime(rules, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert rules.stat().st_size == before.st_size
    assert load_base(root, [kept]).programmes[0].entries[0].answer == "每校最多 40 萬元。"


def test_a_removed_file_is_gone_at_once(root: Path, kept: Path) -> None:
    load_base(root, [kept])
    (root / EDITION / "gaps/tools.yaml").unlink()
    assert load_base(root, [kept]).programmes[0].gaps == ()


def test_an_edit_that_breaks_the_base_is_refused_in_spite_of_what_was_kept(root: Path, kept: Path) -> None:
    load_base(root, [kept])
    (root / EDITION / "rules/money.yaml").write_text("entries: []\n", "utf-8")
    with pytest.raises(KnowledgeError, match="empty list"):
        load_base(root, [kept])


@pytest.mark.parametrize("content", [{}, {"programmes": 3}, {"programmes": [{}], "others": []}, [], "x"])
def test_what_another_release_kept_is_ignored(root: Path, kept: Path, content: object) -> None:
    base = load_base(root, [kept])
    cache.write(kept, "knowledge-base", base.fingerprint, content)
    assert load_base(root, [kept]) == base


def test_a_damaged_file_is_ignored_and_written_anew(root: Path, kept: Path) -> None:
    base = load_base(root, [kept])
    (kept / "knowledge-base.json").write_bytes(b"\x00half a file")
    assert load_base(root, [kept]) == base
    assert cache.read(kept, "knowledge-base", base.fingerprint) is not None


def test_folders_that_cannot_be_written_cost_nothing_but_time(root: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder", "utf-8")
    second = tmp_path / "second"
    base = load_base(root, [blocked / "cache", second])
    assert base.programmes
    assert cache.read(second, "knowledge-base", base.fingerprint) is not None


def test_another_root_keeps_nothing_unless_told_to(root: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    load_base(root)
    assert sorted(tmp_path.rglob("*")) == before


def test_owners_and_days_are_kept_between_runs(tmp_path: Path, kept: Path) -> None:
    own = "    owner: 會計\n    verified_on: 2025-08-31\n    valid_until: 2026-01-31\n    aliases:"
    root = write_base(
        tmp_path / "own", programme=f"{PROGRAMME}verify_every: 90\n", rules=RULES.replace("    aliases:", own, 1)
    )
    read, again = load_base(root, [kept]), load_base(root, [kept])
    assert again == read
    assert read.programmes[0].entries[0].valid_until == date(2026, 1, 31)
    assert (again.programmes[0].owner, again.programmes[0].verify_every) == ("知識維護", 90)
