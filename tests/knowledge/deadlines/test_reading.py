"""A deadlines file: what is read, and each refusal with its file and line."""

from __future__ import annotations

import pytest

from knowledge.deadlines.checking import problems_of
from knowledge.deadlines.model import After, Asks, Kind
from knowledge.schema import KnowledgeError
from tests.knowledge.deadlines.toy import FILE, TOY, toy


def problems(text: str) -> list[str]:
    try:
        return [str(problem) for problem in problems_of(toy(text))]
    except KnowledgeError as error:
        return [str(problem) for problem in error.problems]


def test_the_toy_is_in_order() -> None:
    assert problems(TOY) == []
    found = toy()
    assert found.keys == ("apply", "forward", "harvest", "tasting", "report")
    assert (found.deadlines[0].kind, found.deadlines[0].after) == (Kind.HARD, After.CLOSED)
    assert found.by_fact["owner"].options == {"state": "中央", "county": "縣市"}
    assert found.last_day.isoformat() == "2026-09-30"


@pytest.mark.parametrize(
    ("old", "new", "at", "because"),
    [
        ("due: 2026-09-30", "due: 2026-09-31", "due: 2026-09-31", "expected a day that exists"),
        ("due: 2026-09-30", "due: [1]", "due: [1]", "`due` is ''"),
        ("not after 2026-06-30", "not after 2026-06-31", "due: sown_on + 100", "expected a day that exists"),
        ("due: sown_on + 3", "due: reaped_on + 3", "due: reaped_on", "no date among the facts"),
        ("due: sown_on + 3", "due: owner + 3", "due: owner", "no date among the facts"),
        ("from: 2025-08-01", "from: 2025-08-32", "from:", "a day that exists"),
        ("until: 2026-07-31", "until: 2025-07-31", "until:", "`until` lies before `from`"),
        ("    cite: [肆]\n", "", "  - key: report", "no `cite`"),
        ("cite: [肆]", "cite: []", "cite: []", "an empty list"),
        ("key: report", "key: Report", "key: Report", "expected a-z"),
        ("title: 報告", f"title: {'報' * 21}", "title: 報報", "at most 20"),
        ("note: 三個月內。", f"note: {'久' * 121}", "note: 久", "at most 120"),
        ("title: 播種日", f"title: {'播' * 13}", "title: 播播", "at most 12"),
        ("after: owed\n    due: 2026", "after: never\n    due: 2026", "after: never", "expected one of owed, closed"),
        ("after: closed", "after: closed\n    asks: much", "asks: much", "expected one of work, nothing, perhaps"),
        ("after: owed", "after: owed\n    asks: nothing", "asks: nothing", "what is owed asks for work"),
        ("kind: soft", "kind: firm", "kind: firm", "expected one of hard, soft, internal"),
        ("when: {owner: state}", "when: {owner: nobody}", "when: {owner: nobody}", "expected an option of a choice"),
        ("when: {owner: state}", "when: {owner: [state]}", "when: {owner: [", "expected an option of a choice"),
        ("when: {owner: state}", "when: {boss: state}", "when: {boss", "owner: state|county"),
        ("when: {owner: state}", "when: {sown_on: x}", "when: {sown_on", "expected an option of a choice"),
        ("type: choice", "type: number", "type: number", "expected date or choice"),
        ("    options: {state: 中央, county: 縣市}\n", "", "  - key: owner", "a choice needs `options`"),
        ("key: county_day", "key: owner", "key: owner\n    title: 縣市", "stands twice"),
        ("now: 2025-05-05T09:00", "now: soon", "now: soon", "expected a day that exists"),
        ("note: 三個月內。", "note: 三個月內。\n    hint: x", "hint: x", "unknown field `hint`"),
        ("kind: hard\n", "kind: hard\n    kind: soft\n", "kind: soft\n    after: closed", "`kind` stands twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_line(old: str, new: str, at: str, because: str) -> None:
    assert old in TOY
    text = TOY.replace(old, new, 1)
    line = text[: text.index(at)].count("\n") + 1
    found = problems(text)
    assert any(problem.startswith(f"{FILE}:{line}:") and because in problem for problem in found), found


@pytest.mark.parametrize("asks", list(Asks))
def test_a_date_may_say_what_it_asks_of_the_school(asks: Asks) -> None:
    text = TOY.replace("after: closed\n", f"after: closed\n    asks: {asks}\n", 1)
    assert [each.asks for each in toy(text).deadlines][:2] == [asks, Asks.WORK]


def test_every_problem_is_told_at_once() -> None:
    text = TOY.replace("due: 2026-09-30", "due: 2026-09-31").replace("key: harvest", "key: Harvest")
    assert len(problems(text)) == 2


@pytest.mark.parametrize("content", [b"", b"- 1", b"from: [", b"\xff"])
def test_a_file_that_is_no_such_yaml_is_refused(content: bytes) -> None:
    from knowledge.deadlines.reading import read_deadlines

    with pytest.raises(KnowledgeError, match=FILE):
        read_deadlines(content, FILE, "school-garden", "114")
