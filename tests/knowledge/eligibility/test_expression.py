"""The language of conditions: what is read, what is refused, and that it means what Python means."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.expression import LONGEST, ExpressionError, Scope, parse, parse_condition, parse_number
from knowledge.eligibility.possible import OneOfThese, Picks, Possible, Span, Truth, evaluate, live, only
from knowledge.eligibility.tree import Const, Kind, Value, names

KINDS = {
    "remote": Kind.YESNO,
    "public": Kind.YESNO,
    "mode": Kind.CHOICE,
    "students": Kind.NUMBER,
    "schools": Kind.NUMBER,
    "hours_spent": Kind.HOURS,
    "sent_on": Kind.DATE,
    "sent_at": Kind.DATETIME,
    "items": Kind.SEVERAL,
}
OPTIONS = {"mode": frozenset({"hybrid", "remote", "both"}), "items": frozenset({"a", "b", "c"})}
SCOPE = Scope(KINDS, OPTIONS, {"grant": parse_number("3 * students", Scope(KINDS, OPTIONS, {}))})
DOMAIN: dict[str, Possible] = {
    "remote": Truth(True, True),
    "public": Truth(True, True),
    "mode": OneOfThese(OPTIONS["mode"]),
    "students": Span(0, 9),
    "schools": Span(1, 6),
    "hours_spent": Span(0, 8),
    "sent_on": Span(730_000, 740_000),
    "sent_at": Span(0, 10**11),
    "items": Picks(frozenset(), OPTIONS["items"]),
}


@pytest.mark.parametrize(
    "text",
    [
        "students >= 12 or remote and students >= 8",
        "not remote",
        "1 <= schools <= 6",
        "mode == 'hybrid'",
        "'hybrid' == mode",
        "mode != 'hybrid' and mode not in ('remote', 'both')",
        "students in (1, 2, 3)",
        "'a' in items and 'b' not in items",
        "count(items) >= 2",
        "hours_spent >= hours('7.5')",
        "min(hours_spent, hours(6)) + hours(9) > hours(15)",
        "sent_on <= date('2025-06-30')",
        "sent_at <= date('2016-10-28T17:00')",
        "grant <= 300000",
        "(remote if public else not remote)",
        "students - -1 == schools",
        "True",
    ],
)
def test_a_condition_is_read(text: str) -> None:
    assert parse_condition(text, SCOPE) is not None


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("studnets >= 12", "unknown name 'studnets'"),
        ("students >= 'a'", "compares a number with a choice"),
        ("students == True", "compares a number with a yesno"),
        ("remote == True", "use a yes/no bare"),
        ("students", "expected a yesno"),
        ("mode == 'hybird'", "no option of mode"),
        ("mode", "expected a yesno"),
        ("mode < 'hybrid'", "can't be compared"),
        ("'z' in items", "no option of items"),
        ("items", "expected a yesno"),
        ("students and remote", "expected a yesno"),
        ("students >= 1.5", "expected a whole number"),
        ("students / 2 >= 1", "expected + - * //"),
        ("students // schools >= 1", "written number above 0"),
        ("students // 0 >= 1", "written number above 0"),
        ("students ** 2 >= 1", "expected + - * //"),
        ("hours_spent >= 15", "compares a hours with a number"),
        ("hours_spent >= hours('7.3')", "expected hours(15)"),
        ("hours_spent >= hours(True)", "expected hours(15)"),
        ("sent_on <= date('2025-02-30')", "expected date("),
        ("sent_at <= date('2016-10-28')", "compares a datetime with a date"),
        ("open('x')", "the only functions are"),
        ("students.real >= 1", "not in the language"),
        ("items[0] == 'a'", "not in the language"),
        ("[x for x in items]", "not in the language"),
        ("(lambda: True)()", "the only functions are"),
        ("min(students) > 1", "two or more"),
        ("min(students, hours_spent) > 1", "one kind"),
        ("1 if remote else 'a'", "one way is a number"),
        ("students >=", "no expression"),
        ("", "no expression"),
        ("students in ()", "one option or more"),
        ("students >= 1\x00", "no expression"),
        (f"students >= {10**13}", "whole number up to"),
        ("remote is True", "can't be compared"),
        ("count(students) > 1", "expected one list question"),
    ],
)
def test_what_can_not_be_right_is_refused_with_the_reason(text: str, because: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(because)):
        parse_condition(text, SCOPE)


@pytest.mark.parametrize("text", ["not " * 90 + "remote", "(" * 150 + "1" + ")" * 150, "1+" * 199 + "1"])
def test_deep_nesting_is_read_or_refused_but_never_crashes(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        parse(text, SCOPE)


def test_a_long_expression_is_refused() -> None:
    with pytest.raises(ExpressionError, match="at most"):
        parse("1 + " * LONGEST + "1", SCOPE)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        parse(text, SCOPE)


numbers = st.recursive(
    st.sampled_from(["students", "schools", "count(items)", "0", "1", "2", "5", "12"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({} // {})".format, inner, st.integers(1, 4)),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("({} if remote else {})".format, inner, inner),
    ),
    max_leaves=5,
)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(["remote", "public", "mode == 'hybrid'", "mode in ('remote', 'both')", "'a' in items"]),
        st.builds("({} {} {})".format, numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers),
        st.builds("({} in (1, 2, 6))".format, numbers),
    ),
    lambda inner: st.one_of(
        st.builds("(not {})".format, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=5,
).filter(lambda text: len(text) <= LONGEST)
answers = st.fixed_dictionaries(
    {
        "remote": st.booleans(),
        "public": st.booleans(),
        "mode": st.sampled_from(sorted(OPTIONS["mode"])),
        "students": st.integers(0, 9),
        "schools": st.integers(1, 6),
        "items": st.frozensets(st.sampled_from("abc")),
    }
)


def plain(text: str, facts: dict[str, Value]) -> object:
    return eval(text, {"__builtins__": {}, "min": min, "max": max, "count": len}, dict(facts))


def world(facts: dict[str, Value], known: set[str]) -> dict[str, Possible]:
    return {**DOMAIN, **{key: only(facts[key]) for key in known & facts.keys()}}


@given(conditions, answers)
def test_a_condition_means_what_python_means_by_it(text: str, facts: dict[str, Value]) -> None:
    found = evaluate(parse_condition(text, SCOPE), world(facts, set(facts)))
    assert found == only(bool(plain(text, facts)))


@given(numbers, answers)
def test_a_sum_means_what_python_means_by_it(text: str, facts: dict[str, Value]) -> None:
    value = plain(text, facts)
    assert isinstance(value, int)
    assert evaluate(parse_number(text, SCOPE), world(facts, set(facts))) == Span(value, value)


@given(conditions, answers, st.sets(st.sampled_from(sorted(DOMAIN))))
def test_what_is_unknown_never_excludes_what_can_come(text: str, facts: dict[str, Value], known: set[str]) -> None:
    found = evaluate(parse_condition(text, SCOPE), world(facts, known))
    assert isinstance(found, Truth)
    assert found.yes if plain(text, facts) else found.no


@given(conditions, answers, answers, st.sets(st.sampled_from(sorted(DOMAIN))))
def test_what_can_no_longer_matter_changes_nothing(
    text: str, facts: dict[str, Value], other: dict[str, Value], known: set[str]
) -> None:
    node = parse_condition(text, SCOPE)
    matters = live(node, world(facts, known))
    assert matters <= names(node) - known
    changed = {key: other[key] if key not in known | matters else value for key, value in facts.items()}
    assert plain(text, facts) == plain(text, changed)


@given(conditions, answers, st.sets(st.sampled_from(sorted(DOMAIN))))
def test_a_decided_condition_waits_for_nothing(text: str, facts: dict[str, Value], known: set[str]) -> None:
    node = parse_condition(text, SCOPE)
    found = evaluate(node, world(facts, known))
    assert isinstance(found, Truth)
    assert (found.yes != found.no) == (not live(node, world(facts, known)))


def test_a_number_that_no_answer_can_change_needs_no_asking() -> None:
    assert live(parse_condition("students * 0 == 0 or remote", SCOPE), DOMAIN) == frozenset()
    assert live(parse_number("min(students, 0)", SCOPE), DOMAIN) == frozenset()
    assert live(parse_condition("schools <= 6", SCOPE), DOMAIN) == frozenset()


def test_an_amount_stands_for_what_it_is() -> None:
    assert names(parse("grant", SCOPE)) == {"students"}


def test_a_condition_with_a_part_that_nobody_can_answer_waits_only_for_what_helps() -> None:
    unsure = frozenset({"students"})
    assert live(parse_condition("students > schools", SCOPE), DOMAIN, unsure) == frozenset()
    assert live(parse_condition("students > 3 and schools > 3", SCOPE), DOMAIN, unsure) == {"schools"}
    assert live(parse_number("2 if students > 3 else schools", SCOPE), DOMAIN, unsure) == frozenset()


def test_a_moment_is_exact_to_the_second() -> None:
    node = parse("date('2016-10-28T17:00')", SCOPE)
    later = parse("date('2016-10-28T17:00:01')", SCOPE)
    assert isinstance(node, Const)
    assert isinstance(later, Const)
    assert isinstance(node.value, int)
    assert later.value == node.value + 1
