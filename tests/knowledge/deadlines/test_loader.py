"""Finding the file of an edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.deadlines.loader import UnknownProgrammeError, available, load_deadlines
from knowledge.schema import KnowledgeError
from tests.knowledge.deadlines.toy import TOY


def write(root: Path, edition: str, text: str = TOY) -> Path:
    path = root / "school-garden" / edition / "deadlines.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_newest_edition_is_loaded_unless_one_is_named(tmp_path: Path) -> None:
    for edition in ("99", "113", "114"):
        write(tmp_path, edition)
    assert load_deadlines("school-garden", root=tmp_path).edition == "114"
    assert load_deadlines("school-garden", "99", tmp_path).edition == "99"
    assert [edition for _, edition in available(tmp_path)] == ["113", "114", "99"]


def test_an_unknown_programme_or_edition_names_those_that_there_are(tmp_path: Path) -> None:
    write(tmp_path, "114")
    for slug, edition in (("no-such", None), ("school-garden", "115")):
        with pytest.raises(UnknownProgrammeError) as refused:
            load_deadlines(slug, edition, tmp_path)
        assert refused.value.known == ("school-garden",)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, "114")
    first = load_deadlines("school-garden", root=tmp_path)
    assert load_deadlines("school-garden", root=tmp_path) is first
    write(tmp_path, "114", TOY.replace("title: 報告", "title: 期末報告"))
    assert load_deadlines("school-garden", root=tmp_path).deadlines[-1].title == "期末報告"


def test_a_broken_example_refuses_the_whole_file(tmp_path: Path) -> None:
    write(tmp_path, "114", TOY.replace("absent: [forward]", "absent: [report]"))
    with pytest.raises(KnowledgeError, match=r"school-garden/114/deadlines\.yaml:[0-9]+: example"):
        load_deadlines("school-garden", root=tmp_path)
