"""knowledge.requirements.loader: which requirements there are, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.requirements.loader import UnknownProgrammeError, available, load_requirements
from knowledge.schema import KnowledgeError
from tests.knowledge.requirements.notes import item, written


def put(root: Path, edition: str, content: bytes) -> None:
    folder = root / "garden" / edition
    folder.mkdir(parents=True)
    (folder / "requirements.yaml").write_bytes(content)


def test_the_newest_edition_is_loaded_where_none_is_named(tmp_path: Path) -> None:
    for edition in ("99", "114", "113"):
        put(tmp_path, edition, written(item()))
    assert available(tmp_path) == (("garden", "113"), ("garden", "114"), ("garden", "99"))
    assert load_requirements("garden", root=tmp_path).edition == "114"
    assert load_requirements("garden", "99", tmp_path).edition == "99"


@pytest.mark.parametrize(("slug", "edition"), [("farm", None), ("garden", "98")])
def test_what_there_is_not_is_refused_with_what_there_is(tmp_path: Path, slug: str, edition: str | None) -> None:
    put(tmp_path, "114", written(item()))
    with pytest.raises(UnknownProgrammeError) as refused:
        load_requirements(slug, edition, tmp_path)
    assert refused.value.known == ("garden",)


def test_a_file_without_sense_is_refused_by_its_place(tmp_path: Path) -> None:
    put(tmp_path, "114", written(item(needed=0)))
    with pytest.raises(KnowledgeError, match=r"knowledge/programmes/garden/114/requirements\.yaml:2: `needed` is 0"):
        load_requirements("garden", root=tmp_path)
