"""What would mend a failing rule, and what another answer changes."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.eligibility.facts import read_facts
from knowledge.eligibility.whatif import difference, nearest
from tests.knowledge.eligibility.toy import GOOD, TOY, toy

LIST = toy()


def facts(**changes: Any) -> dict[str, Any]:
    return read_facts(LIST, {**GOOD, **changes})


@pytest.mark.parametrize(
    ("key", "changes", "text"),
    [
        ("enough", {"students": 11}, "學生人數再增加 1 人即可（12 人）。"),
        ("long", {"spent": 6}, "時數再增加 1.5 小時即可（7.5 小時）。"),
    ],
)
def test_one_number_that_mends_a_rule_is_named(key: str, changes: dict[str, Any], text: str) -> None:
    mend = nearest(LIST, facts(**changes), key)
    assert mend is not None
    assert mend.text == text


def test_no_mend_is_named_where_no_number_mends() -> None:
    assert nearest(LIST, facts(items=["b"]), "whole") is None
    assert nearest(LIST, facts(), "enough") is None


def test_a_mend_that_breaks_another_rule_is_not_named() -> None:
    few = "  - {key: few, title: 少, needs: students <= 11, cite: [壹], fail: 太多。, pass: 好。}\npriorities:"
    checklist = toy(TOY.replace("priorities:", few))
    assert nearest(checklist, read_facts(checklist, {**GOOD, "students": 11}), "enough") is None


def test_another_answer_tells_what_it_changes() -> None:
    found = difference(LIST, facts(), facts(students=11, authority="moe"))
    assert found.lines == (
        "結論：符合 → 不符合",
        "人數：符合 → 不符合：要 12 人，您填 11 人。",
        "時數：符合 → 不適用",
        "上限：700 元 → 1,001 元",
    )


def test_an_answer_that_changes_nothing_says_so() -> None:
    assert difference(LIST, facts(), facts(students=13)).nothing


def test_what_has_to_be_asked_after_a_change_is_told() -> None:
    before = {key: value for key, value in facts(authority="moe").items() if key != "tier"}
    assert difference(LIST, before, {**before, "authority": "local"}).lines == (
        "結論：符合 → 待確認",
        "時數：不適用 → 符合",
        "上限：1,001 元 → 待確認",
        "還要知道：財力級次",
    )
