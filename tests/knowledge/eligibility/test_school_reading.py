"""school.yaml: what is read, and each refusal with its file and line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from knowledge.eligibility.loader import available
from knowledge.eligibility.school_reading import load_school, read_school
from knowledge.loader import load_base
from knowledge.outline import load_outline
from knowledge.schema import KnowledgeError
from tests.knowledge.eligibility.toy import toy

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
SMALL = """\
questions:
  - key: kind
    title: 類別
    ask: 哪一類學校？
    type: choice
    options: {state: 國立, town: 縣市立, other: 其他}
    why: 主管機關不同。
    unsure: 看學校全銜。
  - key: tier
    title: 財力級次
    ask: 第幾級？
    type: number
    min: 1
    max: 5
    unit: 級
    only_if: kind == 'town'
    why: 補助比率不同。
    unsure: 問主計。
programmes:
  - programme: toy
    facts:
      - fact: authority
        from: kind
        values: {state: moe, town: local, other: null}
      - {fact: tier, from: tier}
    rules:
      - key: known_kind
        title: 類別
        needs: kind != 'other'
        cite: [壹]
        fail: 不收{kind}。
        pass: 收{kind}。
    notes:
      - {key: state_first, title: 國立, when: kind == 'state', cite: [貳], text: "{kind}優先。"}
"""


def problems(text: str) -> list[str]:
    try:
        read_school(text.encode(), "school.yaml", {"toy": toy()})
    except KnowledgeError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_the_small_one_is_in_order() -> None:
    school = read_school(SMALL.encode(), "school.yaml", {"toy": toy()}, "abc")
    assert [question.key for question in school.questions] == ["kind", "tier"]
    assert school.question("tier").high == 5
    assert school.fingerprint == "abc"
    assert school.shares["toy"].own.edition == "1"


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("programme: toy", "programme: tyo", "no checklist of 'tyo'; expected one of toy"),
        ("fact: authority", "fact: athority", "no question 'athority'"),
        ("from: kind", "from: knid", "no question 'knid'"),
        ("{fact: tier, from: tier}", "{fact: authority, from: kind, values: {}}", "stands in line"),
        ("{fact: tier, from: tier}", "{fact: students, from: kind}", "expected `values`"),
        ("{fact: tier, from: tier}", "{fact: tier, from: kind}", "expected `values`"),
        ("{fact: tier, from: tier}", "{fact: tier, from: tier, values: {1: 1}}", "`values` of a number"),
        ("max: 5", "max: 6", "`tier` is no answer to `tier`"),
        (", other: null", "", "answer `other` is not mapped"),
        ("other: null", "othr: null", "has no answer 'othr'"),
        ("town: local", "town: lokal", "'lokal' is no answer to `authority`"),
        ("town: local", "town: 3", "3 is no answer to `authority`"),
        ("{state: moe, town: local, other: null}", "{state: null, town: null, other: null}", "is never given"),
        ("from: kind\n", "from: kind\n        when: knid == 'state'\n", "unknown name 'knid'"),
        ("from: kind\n", "from: kind\n        when: tier + 1\n", "expected a yesno"),
        ("needs: kind != 'other'", "needs: kind != 'othr'", "othr"),
        ("needs: kind != 'other'", "needs: tier >= 1", "can never fail"),
        ("needs: kind != 'other'", "needs: tier > 5", "can never pass"),
        ("when: kind == 'state', cite", "when: tier > 5, cite", "can never be told"),
        ("不收{kind}", "不收{knid}", "placeholder {knid}"),
        ('"{kind}優先。"', '"{knid}優先。"', "placeholder {knid}"),
        ("      - {fact: tier, from: tier}\n", "", "no programme is given or ruled out by `tier`"),
        ("    facts:", "    gives:", "unknown field `gives`"),
        ("title: 類別\n    ask", "titel: 類別\n    ask", "unknown field `titel`"),
    ],
)
def test_what_can_not_be_right_is_refused_with_file_and_line(old: str, new: str, because: str) -> None:
    assert old in SMALL
    found = problems(SMALL.replace(old, new, 1))
    assert any(because in problem for problem in found), found
    assert all(problem.startswith("school.yaml:") for problem in found)


def test_a_wrong_answer_is_told_with_its_own_line() -> None:
    text = SMALL.replace("town: local", "town: lokal")
    line = text[: text.index("town: lokal")].count("\n") + 1
    assert problems(text)[0].startswith(f"school.yaml:{line}: ")


def test_a_programme_that_is_left_out_or_stands_twice_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="nothing of `other`"):
        read_school(SMALL.encode(), "school.yaml", {"toy": toy(), "other": toy()})
    assert any("'toy' stands in line" in problem for problem in problems(f"{SMALL}  - programme: toy\n"))


@pytest.mark.parametrize("content", ["", "questions: [", "- 1", "questions: 3"])
def test_what_is_no_such_file_is_refused(content: str) -> None:
    assert problems(content)


def test_the_packaged_file_fits_every_programme() -> None:
    school = load_school()
    assert set(school.shares) == {slug for slug, _ in available()}
    assert school.fingerprint


def test_a_folder_without_the_file_is_refused(tmp_path: Path) -> None:
    shutil.copytree(KNOWLEDGE / "programmes", tmp_path / "programmes")
    with pytest.raises(KnowledgeError, match="no such file"):
        load_school(tmp_path)
    shutil.copy(KNOWLEDGE / "school.yaml", tmp_path)
    assert load_school(tmp_path) == load_school()


@pytest.mark.parametrize("slug", list(load_school().shares))
def test_what_is_cited_stands_in_the_source(slug: str) -> None:
    sources = Path(os.environ.get("XUEBAN_SHARED", "")) / "sources"
    if "XUEBAN_SHARED" not in os.environ or not sources.is_dir():
        pytest.skip("XUEBAN_SHARED names no folder with the source texts")
    own = load_school().shares[slug].own
    outline = load_outline(load_base().programme(slug, own.edition), sources)
    cited = [rule.cite for rule in own.rules] + [note.cite for note in own.priorities]
    for section in (section for cite in cited for section in cite):
        assert outline.find(section) is not None, section
