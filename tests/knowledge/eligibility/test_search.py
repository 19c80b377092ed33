"""Finding answers that make a condition true."""

from __future__ import annotations

from hypothesis import given

from knowledge.eligibility.expression import parse_condition
from knowledge.eligibility.possible import YES, Span, Truth, evaluate, truth
from knowledge.eligibility.search import can_be_true, nearest_true, witness
from tests.knowledge.eligibility.test_expression import DOMAIN, SCOPE, answers, conditions, plain


@given(conditions, answers)
def test_what_is_true_for_some_answers_is_found(text: str, facts: dict[str, int]) -> None:
    node = parse_condition(text, SCOPE)
    found = witness(node, DOMAIN)
    if plain(text, dict(facts)):
        assert found is not None
    if found is not None:
        assert truth(node, found) == YES


def test_a_relation_between_numbers_is_searched_to_its_edge() -> None:
    assert can_be_true(parse_condition("students * 5 == schools * 6 + 15", SCOPE), DOMAIN)  # 9 and 5
    assert not can_be_true(parse_condition("students * 2 == schools * 2 + 1", SCOPE), DOMAIN)


def test_the_nearest_number_is_found_from_either_end() -> None:
    node = parse_condition("students in (3, 7)", SCOPE)
    assert nearest_true(node, DOMAIN, "students", Span(4, 9), upward=True) == 7
    assert nearest_true(node, DOMAIN, "students", Span(0, 6), upward=False) == 3
    assert nearest_true(node, DOMAIN, "students", Span(4, 6), upward=True) is None
    assert evaluate(node, DOMAIN) == Truth(True, True)
