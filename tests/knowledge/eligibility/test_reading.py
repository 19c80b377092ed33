"""A checklist file: what is read, and each refusal with its file and line."""

from __future__ import annotations

import pytest

from knowledge.eligibility.checking import problems_of, uncovered
from knowledge.schema import KnowledgeError
from tests.knowledge.eligibility.toy import TOY, toy


def problems(text: str) -> list[str]:
    try:
        return [str(problem) for problem in problems_of(toy(text))]
    except KnowledgeError as error:
        return [str(problem) for problem in error.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_toy_is_in_order() -> None:
    assert problems(TOY) == []
    assert toy().question("spent").high == 200  # halves


def test_rules_without_an_example_on_either_side_are_told() -> None:
    told = [problem.message for problem in uncovered(toy())]
    assert "rule `timely` has no example in which it is a fail" in told
    assert not any("`enough`" in message for message in told)


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("needs: students >= 12", "needs: studnets >= 12", "unknown name 'studnets'"),
        ("needs: students >= 12", "needs: students + 12", "expected a yesno"),
        ("needs: students >= 12", "needs: students >= 0", "rule `enough` can never fail"),
        ("needs: students >= 12", "needs: students > 2000", "rule `enough` can never pass"),
        ("needs: students >= 12", "needs: students * 3 == 5", "rule `enough` can never pass"),
        ("cite: [壹/一]", "cite: []", "empty list"),
        ("    cite: [壹/一]\n", "", "no `cite`"),
        ("您填 {students}", "您填 {studnets}", "placeholder {studnets}"),
        ("您填 {students}", "您填 {students", "placeholder {{}"),
        ("{items:absent}", "{students:absent}", "placeholder {students:absent}"),
        ("key: enough", "key: long", "stands in line"),
        ("key: students", "key: min", "expected a-z"),
        ("title: 人數", "titel: 人數", "unknown field `titel`"),
        ("    type: yesno", "    type: bool", "expected one of yesno"),
        ("    max: 2000\n", "", "a number needs `max`"),
        ("    type: yesno", "    type: yesno\n    unit: 人", "a yesno has no `unit`"),
        ("options: {moe: 教育部, local: 縣市政府}", "options: {yes: 是, no: 否}", "expected text"),
        ("options: {moe: 教育部, local: 縣市政府}", "options: {moe: 教育部, moe: 縣市}", "stands twice"),
        ("only_if: authority == 'local'", "only_if: students > 3", "unknown name 'students'"),
        ("when: first_time", "when: not (first_time or not first_time)", "never be told"),
        ("needs: sent_at <= date('2016-10-28T17:00')", "needs: sent_at <= date('2016-10-28')", "compares"),
        ("verdict: ineligible, fails: [enough]", "verdict: eligible", "verdict is ineligible"),
        ("amounts: {ceiling: 700}", "amounts: {ceiling: 701}", "ceiling is 700"),
        ("amounts: {ceiling: 700}", "amounts: {celing: 700}", "unknown 'celing'"),
        ("students: 12, spent", "students: -12, spent", "要在"),
        ("fails: [enough]", "fails: [enogh]", "unknown 'enogh'"),
        ("min: 0\n    max: 2000", "min: x\n    max: 2000", "no whole number"),
        ("    unsure: 看學校全銜。", "    unsure: 看。\n    words: {moe: [部], state: [州]}", "`words` of 'state'"),
        ("    unsure: 看學校全銜。", "    unsure: 看。\n    words: {moe: [公立], local: [公立]}", "both called '公立'"),
        ("    unsure: 看學校全銜。", "    unsure: 看。\n    words: {moe: [縣市政府]}", "is the label of `local`"),
        ("    unsure: 看學校全銜。", "    unsure: 看。\n    words: [部]", "expected moe, local"),
        ("    unsure: 問註冊組。", "    unsure: 問。\n    words: {a: [部]}", "expected a list"),
        ("    unsure: 問前任。", "    unsure: 問。\n    words: {yes: [有]}", "expected text"),
        ("    unsure: 問前任。", "    unsure: 問。\n    words: {是: [有], 對: [好]}", "expected 是, 否"),
    ],
)
def test_what_can_not_be_right_is_refused_with_file_and_line(old: str, new: str, because: str) -> None:
    assert old in TOY
    found = problems(TOY.replace(old, new, 1))
    assert any(because in problem for problem in found), found
    assert all(problem.startswith("toy/1/checklist.yaml:") for problem in found)


def test_a_wrong_expression_is_told_with_its_own_line() -> None:
    text = TOY.replace("needs: students >= 12", "needs: students >= 'x'")
    assert f"toy/1/checklist.yaml:{line_of(text, 'needs: students')}: " in problems(text)[0]


def test_a_question_that_nothing_reads_is_refused() -> None:
    text = TOY.replace("  - {key: newcomer, title: 優先, when: first_time, cite: [參], text: 首次申請優先。}\n", "")
    text = text.replace("priorities:\n", "")
    assert any("no rule, amount or priority reads `first_time`" in problem for problem in problems(text))


@pytest.mark.parametrize("content", ["", "questions: [", "- 1", "questions: 3", "\t"])
def test_what_is_no_checklist_is_refused(content: str) -> None:
    with pytest.raises(KnowledgeError):
        toy(content)
