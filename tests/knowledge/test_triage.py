"""knowledge.triage: from unanswered questions to proposals that a person can edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.nearest import Nearest
from knowledge.clusters import Wording
from knowledge.loader import load_base
from knowledge.schema import KnowledgeError
from knowledge.triage import propose
from tests.knowledge.small_base import write_base

MORNING = 1_755_000_000_000  # 2025-08-12 20:00 in Taipei


def row(text: str, askers: int = 1, **fields: Any) -> Wording:
    """A wording that several people asked in vain, each person another one than of any other wording."""
    people = frozenset(f"{text}-{number}" for number in range(askers))
    return Wording(text, text, **{"programme": "school-garden", "askers": people, "last_asked_at": MORNING, **fields})


def proposals(*rows: Wording, near: Nearest | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(propose(rows, lambda text, programme: near))["proposals"]
    return found


def test_wordings_of_one_question_are_one_proposal() -> None:
    [only] = proposals(row("菜園可以養雞鴨鵝嗎", 2), row("菜園可以養雞鴨鵝嘛", 3), near=None)
    assert only["askers"] == 5
    assert only["gaps"][0]["aliases"] == ["菜園可以養雞鴨鵝嘛", "菜園可以養雞鴨鵝嗎"]


@pytest.mark.parametrize(
    ("nearness", "do"), [(0.9, "alias"), (0.6, "alias"), (0.5, "entry"), (0.3, "entry"), (0.1, "gap")]
)
def test_the_nearer_an_entry_the_smaller_the_mend(nearness: float, do: str) -> None:
    near = Nearest("school-garden/114/ceiling", "最多補助多少？", nearness)
    [proposal] = proposals(row("錢最多多少"), near=near)
    assert proposal["do"] == do


def test_an_alias_names_the_entry_it_would_join() -> None:
    near = Nearest("school-garden/114/ceiling", "最多補助多少？", 0.8)
    assert proposals(row("錢最多多少"), near=near) == [
        {
            "askers": 1,
            "disliked": 0,
            "last_asked": "2025-08-12",
            "was": "refused",
            "do": "alias",
            "nearest": {"ref": "school-garden/114/ceiling", "title": "最多補助多少？", "nearness": 0.8},
            "add_aliases": ["錢最多多少"],
        }
    ]


def test_an_entry_whose_answer_was_disliked_is_not_given_the_wording() -> None:
    ref = "school-garden/114/ceiling"
    disliked = row("錢最多多少", status="answered", shown=frozenset({ref}), disliked=1)
    [proposal] = proposals(disliked, near=Nearest(ref, "最多補助多少？", 0.9))
    assert proposal["do"] == "entry"


def test_without_a_way_to_find_the_entry_that_was_suggested_is_taken() -> None:
    found = yaml.safe_load(propose([row("錢", 2, suggested=frozenset({"school-garden/114/ceiling"})), row("鋤頭")]))[
        "proposals"
    ]
    assert [proposal["do"] for proposal in found] == ["alias", "gap"]


def test_the_loader_refuses_a_skeleton_that_was_moved_unfilled(tmp_path: Path) -> None:
    near = Nearest("school-garden/114/ceiling", "最多補助多少？", 0.4)
    [proposal] = proposals(row("補助款何時撥"), near=near)
    rules = yaml.safe_dump({"entries": proposal["entries"]}, allow_unicode=True)
    with pytest.raises(KnowledgeError, match="empty"):
        load_base(write_base(tmp_path / "kb", rules=rules))


def test_the_programme_that_was_talked_about_is_looked_in() -> None:
    asked: list[tuple[str, str]] = []
    propose([row("錢"), row("鋤頭", programme="")], lambda text, programme: asked.append((text, programme)))
    assert sorted(asked) == [("鋤頭", ""), ("錢", "school-garden")]


def test_nothing_asked_is_nothing_proposed() -> None:
    assert yaml.safe_load(propose([])) == {"proposals": []}


@given(st.text(min_size=1, max_size=60))
def test_whatever_was_asked_comes_back_from_the_yaml(text: str) -> None:
    printable = "".join(character for character in text if character.isprintable()) or "x"
    [proposal] = proposals(row(printable))
    assert proposal["gaps"][0]["aliases"] == [printable]
