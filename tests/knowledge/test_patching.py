"""knowledge.patching: decisions as YAML that says which file to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lint import lint
from knowledge.loader import load_base
from knowledge.patching import Change, Kind, Verdict, patch, problems
from knowledge.schema import Base, KnowledgeError
from tests.knowledge.small_base import EDITION, RULES, write_base

CEILING = "school-garden/114/ceiling"
MONEY = f"kb/{EDITION}/rules/money.yaml"
TO_CEILING = Verdict(Kind.ALIAS, "school-garden", CEILING)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return load_base(write_base(tmp_path_factory.mktemp("x") / "kb"))


def new(kind: Kind, **fields: str) -> Verdict:
    return Verdict(kind, "school-garden", "school-garden/114", **fields).named("0123456789abcdef")


def parts(base: Base, *changes: Change) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(patch(changes, base))
    return found


def test_an_alias_is_said_with_its_file_and_its_entry(base: Base) -> None:
    said = patch([Change(TO_CEILING, ("錢最多多少", "上限幾萬"))], base)
    assert yaml.safe_load(said)["add_aliases"] == {MONEY: {"ceiling": ["錢最多多少", "上限幾萬"]}}
    assert "# 第 2 行：最多補助多少？" in said


def test_what_the_base_holds_already_is_left_out(base: Base) -> None:
    assert parts(base, Change(TO_CEILING, ("補助上限？", "最多補助多少")))["add_aliases"] == {}


def test_a_wording_is_added_once_however_it_is_marked(base: Base) -> None:
    found = parts(base, Change(TO_CEILING, ("錢最多多少", "錢最多多少？")), Change(TO_CEILING, ("錢 最多多少",)))
    assert found["add_aliases"][MONEY]["ceiling"] == ["錢最多多少"]


def test_a_wording_that_belongs_to_another_entry_is_told(base: Base) -> None:
    assert "「deadline」已經是 apply-by 的問法" in patch([Change(TO_CEILING, ("deadline",))], base)


def test_a_new_entry_is_a_skeleton_that_loads_once_it_is_completed(base: Base, tmp_path: Path) -> None:
    verdict = new(Kind.ENTRY, title="可以養雞嗎？", text="可以，最多 3 隻。", section="參/一、參/二")
    found = parts(base, Change(verdict, ("菜園能不能養雞",)))["new"]
    file, content = found.popitem()
    assert file == f"kb/{EDITION}/rules/asked.yaml"
    [entry] = content["entries"]
    assert (entry["key"], entry["cite"], entry["aliases"]) == ("asked-01234567", ["參/一", "參/二"], ["菜園能不能養雞"])
    root = write_base(tmp_path / "kb")
    (tmp_path / file).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(KnowledgeError, match="`topic` is an empty list"):
        load_base(root)
    entry["topic"] = ["養雞"]
    (tmp_path / file).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    assert lint(load_base(root), root=root) == []


def test_a_new_gap_needs_no_section(base: Base) -> None:
    [(file, content)] = parts(base, Change(new(Kind.GAP), ("菜園可以養雞嗎",)))["new"].items()
    assert file == f"kb/{EDITION}/gaps/asked.yaml"
    [gap] = content["gaps"]
    assert gap == {
        "key": "gap-asked-01234567",
        "title": "菜園可以養雞嗎",
        "answer": "",
        "topic": [],
        "aliases": ["菜園可以養雞嗎"],
    }


def test_what_was_written_down_under_another_key_is_left_out(base: Base) -> None:
    assert parts(base, Change(new(Kind.ENTRY), ("補助上限", "可以拿多少錢？")))["new"] == {}


def test_a_new_entry_that_is_there_takes_the_wordings_that_it_lacks(tmp_path: Path) -> None:
    rules = RULES.replace("key: ceiling", "key: asked-01234567")
    held = load_base(write_base(tmp_path / "kb", rules=rules))
    found = parts(held, Change(new(Kind.ENTRY), ("補助上限", "錢最多多少")))
    assert found["add_aliases"] == {MONEY: {"asked-01234567": ["錢最多多少"]}}


def test_an_entry_that_is_gone_is_unresolved(base: Base) -> None:
    gone = Verdict(Kind.ALIAS, "school-garden", "school-garden/113/ceiling")
    assert parts(base, Change(gone, ("錢",)))["unresolved"] == [{"ref": gone.ref, "wordings": ["錢"]}]


def test_what_was_rejected_is_nowhere(base: Base) -> None:
    assert parts(base, Change(Verdict(Kind.REJECT), ("天氣如何",))) == {"add_aliases": {}, "new": {}}


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=4), st.text(max_size=40))
def test_whatever_was_asked_and_written_the_patch_is_yaml(base: Base, texts: list[str], title: str) -> None:
    changes = [Change(TO_CEILING, tuple(texts)), Change(new(Kind.ENTRY, title=title, text=title), tuple(texts))]
    assert set(yaml.safe_load(patch(changes, base))) == {"add_aliases", "new"}


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Kind.ALIAS, "school-garden", "school-garden/114/nothing"), "現有的條目"),
        (Verdict(Kind.ALIAS, "rooftop", CEILING), "現有的條目"),
        (Verdict(Kind.ENTRY, "school-garden", "school-garden/113"), "計畫與年度"),
        (Verdict(Kind.ENTRY, "rooftop", "school-garden/114"), "計畫與年度"),
        (Verdict(Kind.GAP, "school-garden", "school-garden/114", "多" * 41), "標題有 41 個字"),
        (Verdict(Kind.GAP, "school-garden", "school-garden/114", "", "多" * 401), "答案有 401 個字"),
    ],
)
def test_a_verdict_that_cant_be_written_down_is_told_why(base: Base, verdict: Verdict, words: str) -> None:
    [said] = problems(verdict, base)
    assert words in said


def test_a_verdict_that_can_has_no_problem(base: Base) -> None:
    for verdict in (TO_CEILING, Verdict(Kind.REJECT), Verdict(Kind.GAP, "school-garden", "school-garden/114")):
        assert problems(verdict, base) == []
