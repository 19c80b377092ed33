"""From answers to a verdict: what is missing, what is asked next, what is granted."""

from __future__ import annotations

from typing import Any

from knowledge.eligibility.engine import State, Verdict, check, next_question, questions_ahead
from knowledge.eligibility.facts import read_facts
from tests.knowledge.eligibility.toy import GOOD, TOY, toy

LIST = toy()


def result(**changes: Any):  # type: ignore[no-untyped-def]
    return check(LIST, read_facts(LIST, {**GOOD, **changes}))


def without(*keys: str):  # type: ignore[no-untyped-def]
    return check(LIST, read_facts(LIST, {key: value for key, value in GOOD.items() if key not in keys}))


def asked(facts: dict[str, Any], unsure: frozenset[str] = frozenset()) -> str | None:
    question = next_question(LIST, read_facts(LIST, facts), unsure)
    return question.key if question else None


def test_a_sheet_that_meets_every_rule_is_eligible_with_its_amount() -> None:
    found = result()
    assert found.verdict is Verdict.ELIGIBLE
    assert found.amounts == {"ceiling": 700}  # 1,001 × 70 ÷ 100, rounded down
    assert found.missing == ()
    assert [told.key for told in found.priorities] == ["newcomer"]


def test_one_failing_rule_makes_it_ineligible_whatever_is_unknown() -> None:
    found = check(LIST, read_facts(LIST, {"students": 11}))
    assert found.verdict is Verdict.INELIGIBLE
    assert found.failing == ("enough",)
    assert found.missing == ()
    assert {f.state for f in found.findings} == {State.FAIL, State.UNKNOWN}


def test_an_unknown_answer_is_not_a_no() -> None:
    found = without("items")
    assert found.verdict is Verdict.INCOMPLETE
    assert found.missing == ("items",)
    assert found.findings[2].state is State.UNKNOWN
    assert found.findings[2].text == "項目：待確認（項目）。"


def test_an_answer_that_only_the_amount_needs_leaves_it_incomplete() -> None:
    found = without("tier")
    assert found.verdict is Verdict.INCOMPLETE
    assert found.missing == ("tier",)
    assert found.amounts == {}
    assert (found.sums[0].low, found.sums[0].high) == (500, 900)


def test_a_priority_never_leaves_it_incomplete() -> None:
    found = without("first_time")
    assert found.verdict is Verdict.ELIGIBLE
    assert found.priorities == ()


def test_a_guarded_question_and_rule_do_not_count_where_the_guard_is_false() -> None:
    found = check(LIST, read_facts(LIST, {**GOOD, "authority": "moe", "spent": 0}))
    assert found.verdict is Verdict.ELIGIBLE
    assert found.findings[1].state is State.NOT_APPLICABLE
    assert found.amounts == {"ceiling": 1001}


def test_missing_is_in_asking_order_and_holds_what_can_still_matter() -> None:
    assert check(LIST, {}).missing == ("authority", "tier", "students", "spent", "items", "sent_at")
    assert check(LIST, {"authority": "moe"}).missing == ("students", "items", "sent_at")


def test_texts_hold_the_answers_and_the_caution() -> None:
    found = result(items=["b"], sent_at="2016-10-28T17:00:01", spent=7)
    texts = {finding.key: finding.text for finding in found.findings}
    assert texts["whole"] == "沒辦 甲、丙。"
    assert texts["timely"] == "2016年10月28日（五）17:00:01 太晚。收件以系統時間為準。"
    assert texts["long"] == "要 7.5 小時，您填 7 小時。"
    assert found.sums[0].text == "1,001 元 × 70％。"


def test_the_next_question_is_the_first_that_can_still_matter() -> None:
    assert asked({}) == "authority"
    assert asked({"authority": "moe"}) == "students"
    assert asked({"authority": "local"}) == "tier"
    assert asked({key: value for key, value in GOOD.items() if key != "first_time"}) == "first_time"
    assert asked(GOOD) is None


def test_after_a_fail_nothing_is_asked_unless_one_wants_to_go_on() -> None:
    facts = read_facts(LIST, {"authority": "moe", "students": 3})
    assert next_question(LIST, facts) is None
    assert [question.key for question in questions_ahead(LIST, facts, go_on=True)] == ["items", "sent_at"]


def test_what_a_person_can_not_answer_is_not_asked_again() -> None:
    assert asked({}, frozenset({"authority"})) == "students"
    rest = {key: value for key, value in GOOD.items() if key not in ("students", "first_time")}
    assert asked(rest, frozenset({"students", "first_time"})) is None


def test_a_later_answer_takes_the_place_of_not_being_sure() -> None:
    assert asked({"authority": "local"}, frozenset({"authority"})) == "tier"


def test_a_question_whose_guard_does_not_hold_is_not_asked_even_by_a_rule_that_forgot_the_guard() -> None:
    checklist = toy(TOY.replace("needs: students >= 12", "needs: students >= 12 or tier >= 2"))
    assert "tier" not in check(checklist, {"authority": "moe", "students": 3}).missing
    assert questions_ahead(checklist, {"students": 3}, frozenset({"authority"}))[0].key == "spent"
