"""Several programmes at once: what the shared answers give, what they rule out, and in which order it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.engine import Verdict, check
from knowledge.eligibility.facts import read_facts, write_answer
from knowledge.eligibility.loader import available
from knowledge.eligibility.together import (
    Standing,
    carry_over,
    facts_for,
    ranked,
    shared_ahead,
    standings,
)
from knowledge.eligibility.tree import Value
from tests.knowledge.eligibility.schools import (
    ANSWERS,
    BARRED,
    PART,
    PROPERTY,
    SEEDS,
    SLUGS,
    WHOLE,
    Answers,
    every,
    every_school,
    loaded,
    school,
    small_checklist,
    small_school,
    true_sheet,
)

EACH = pytest.mark.parametrize("slug", SLUGS)


def by_programme(answers: Mapping[str, Value]) -> dict[str, Standing]:
    return {standing.programme: standing for standing in standings(school(), every(), answers)}


def asked(answers: Mapping[str, Value], unsure: frozenset[str] = frozenset()) -> tuple[Answers, list[str]]:
    """What is asked of this school, one by one; some of it is answered with 「不確定」."""
    told: Answers = {}
    order: list[str] = []
    while ahead := shared_ahead(school(), every(), told, unsure & set(order)):
        question = ahead[0]
        assert question.key not in order, "asked twice"
        order.append(question.key)
        if question.key not in unsure:
            told[question.key] = answers[question.key]
    return told, order


@EACH
@PROPERTY
@given(whole=WHOLE, seed=SEEDS, known=st.sets(st.sampled_from(sorted(ANSWERS))))
def test_what_is_given_is_true_of_every_such_school(slug: str, whole: Answers, seed: int, known: set[str]) -> None:
    sheet = true_sheet(slug, whole, seed)
    found = facts_for(school(), slug, {key: whole[key] for key in known})
    assert found.items() <= sheet.items()
    assert read_facts(loaded(slug), {k: write_answer(loaded(slug).question(k), v) for k, v in found.items()}) == found


@EACH
@PROPERTY
@given(whole=WHOLE, seed=SEEDS, known=st.sets(st.sampled_from(sorted(ANSWERS))))
def test_a_programme_is_never_ruled_out_wrongly(slug: str, whole: Answers, seed: int, known: set[str]) -> None:
    standing = by_programme({key: whole[key] for key in known})[slug]
    if standing.outside:
        assert whole["level"] in BARRED[slug]
    elif standing.verdict is Verdict.INELIGIBLE:
        assert check(loaded(slug), true_sheet(slug, whole, seed)).verdict is Verdict.INELIGIBLE


@PROPERTY
@given(part=PART, rest=WHOLE)
def test_a_further_answer_takes_nothing_back(part: Answers, rest: Answers) -> None:
    for slug in SLUGS:
        before, after = facts_for(school(), slug, part), facts_for(school(), slug, {**rest, **part})
        assert before.items() <= after.items()
        if by_programme(part)[slug].verdict is Verdict.INELIGIBLE:
            assert by_programme({**rest, **part})[slug].verdict is Verdict.INELIGIBLE


@PROPERTY
@given(part=PART)
def test_neither_the_order_of_answers_nor_of_programmes_matters(part: Answers) -> None:
    turned = dict(reversed(part.items()))
    assert standings(school(), every(), part) == standings(school(), every()[::-1], turned)
    assert shared_ahead(school(), every(), part) == shared_ahead(school(), every()[::-1], turned)


@PROPERTY
@given(whole=WHOLE)
def test_what_is_not_asked_would_have_changed_nothing(whole: Answers) -> None:
    told, _ = asked(whole)
    short, long = by_programme(told), by_programme(whole)
    for slug in SLUGS:
        assert short[slug].verdict is long[slug].verdict
        if short[slug].verdict is not Verdict.INELIGIBLE:
            assert short[slug].result == long[slug].result
            assert short[slug].questions_left == long[slug].questions_left


@PROPERTY
@given(whole=WHOLE, unsure=st.frozensets(st.sampled_from(sorted(ANSWERS))))
def test_asking_ends_and_asks_nothing_twice_whatever_is_not_known(whole: Answers, unsure: frozenset[str]) -> None:
    told, order = asked(whole, unsure)
    assert len(order) <= len(school().questions)
    assert set(told) == set(order) - unsure


@PROPERTY
@given(part=PART)
def test_what_may_still_be_asked_is_open_and_in_order(part: Answers) -> None:
    ahead = [question.key for question in shared_ahead(school(), every(), part)]
    assert not set(ahead) & set(part)
    assert ahead == [question.key for question in school().questions if question.key in ahead]
    assert shared_ahead(school(), [], part) == ()


def test_every_shared_question_is_asked_of_some_school() -> None:
    orders = [asked(answers)[1] for answers in every_school()]
    assert {key for order in orders for key in order} == {question.key for question in school().questions}
    assert all(order[0] == "level" for order in orders)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("level", ("elementary", "senior_high")),
        ("authority", ("moe", "local")),
        ("public", (True, False)),
        ("remote", (True, False)),
        ("fiscal_tier", (1, 5)),
    ],
)
def test_every_shared_question_can_change_a_verdict_or_an_amount(key: str, values: tuple[Value, Value]) -> None:
    assert any(
        len({_told(slug, example, {**answers, key: value}) for value in values}) == 2
        for slug in SLUGS
        for example in range(len(loaded(slug).examples))
        for answers in every_school()
    )


def _told(slug: str, example: int, answers: Answers) -> tuple[Verdict, tuple[tuple[str, int], ...]]:
    """Verdict and amounts of an example, as a school of these answers would have them."""
    facts = read_facts(loaded(slug), loaded(slug).examples[example].facts)
    result = check(loaded(slug), {**facts, **facts_for(school(), slug, answers)})
    return result.verdict, tuple(result.amounts.items())


def test_only_what_can_matter_to_the_programmes_that_are_left_is_asked() -> None:
    assert asked({"level": "senior_high", "authority": "moe", "public": True})[1] == ["level", "authority", "public"]
    told: Answers = {"level": "elementary", "authority": "local", "public": True, "remote": True}
    assert asked(told)[1] == ["level", "authority", "public", "remote"]  # the tier only serves senior high schools
    told = {"level": "senior_high", "public": True}
    assert asked(told, frozenset({"authority"}))[1] == ["level", "authority", "public"]  # of which county is not known


@pytest.mark.parametrize(
    ("slug", "answers", "keys"),
    [
        ("mobile-learning", {"level": "elementary", "authority": "moe"}, ["public", "remote"]),
        ("mobile-learning", {"level": "elementary", "authority": "local"}, ["remote"]),
        ("mobile-learning", {"level": "senior_high"}, []),
        ("onsite-mentoring", {"authority": "moe"}, ["level"]),
        ("onsite-mentoring", {"authority": "local"}, []),
        ("urban-rural-partner", {"level": "nine_year"}, ["public"]),
        ("distance-teaching", {"level": "nine_year"}, []),
        ("distance-teaching", {"authority": "moe"}, ["level", "public"]),
    ],
)
def test_what_one_programme_still_waits_for(slug: str, answers: Answers, keys: list[str]) -> None:
    assert [question.key for question in shared_ahead(school(), [loaded(slug)], answers)] == keys


@pytest.mark.parametrize(
    ("answers", "verdict", "asked_next", "left"),
    [
        ({}, Verdict.INCOMPLETE, "kind", 3),
        ({"kind": "state"}, Verdict.INCOMPLETE, "big", 1),  # fits the checklist, not yet the school's own rule
        ({"kind": "state", "big": True}, Verdict.ELIGIBLE, None, 0),
        ({"kind": "state", "big": False}, Verdict.INELIGIBLE, None, 0),
        ({"kind": "town"}, Verdict.INCOMPLETE, "tier", 2),
        ({"kind": "town", "tier": 2}, Verdict.INELIGIBLE, None, 0),
        ({"kind": "town", "tier": 3, "big": True}, Verdict.ELIGIBLE, None, 0),
    ],
)
def test_checklist_and_school_must_both_agree(
    answers: Answers, verdict: Verdict, asked_next: str | None, left: int
) -> None:
    small, one = small_school(), [small_checklist()]
    assert next((question.key for question in shared_ahead(small, one, answers)), None) == asked_next
    (standing,) = standings(small, one, answers)
    assert (standing.verdict, standing.questions_left) == (verdict, left)


@pytest.mark.parametrize(
    ("answers", "open_"),
    [
        ({"level": "senior_high", "authority": "moe"}, {"distance-teaching", "equalization", "onsite-mentoring"}),
        ({"level": "senior_high", "authority": "local"}, {"distance-teaching", "equalization"}),
        ({"level": "elementary", "public": True}, {"mobile-learning", "urban-rural-partner"}),
        ({"level": "nine_year", "public": False}, {"mobile-learning"}),
        ({"level": "complete", "authority": "moe"}, set(SLUGS)),
        ({"level": "special_education"}, set(SLUGS)),
        ({}, set(SLUGS)),
    ],
)
def test_typical_schools(answers: Answers, open_: set[str]) -> None:
    found = by_programme(answers)
    assert {slug for slug, each in found.items() if each.verdict is not Verdict.INELIGIBLE} == open_
    for slug in set(SLUGS) - open_:
        assert found[slug].failing
        assert all(each.cite and each.text and "{" not in each.text for each in found[slug].failing)
        assert (found[slug].questions_left, found[slug].sums) == (0, ())


@PROPERTY
@given(part=PART, past=st.frozensets(st.sampled_from([f"{slug}/{edition}" for slug, edition in available()])))
def test_the_most_promising_comes_first_and_past_editions_last(part: Answers, past: frozenset[str]) -> None:
    found = ranked(standings(school(), every(), part), past)
    assert {each.id for each in found if each.past} == past
    order = (Verdict.ELIGIBLE, Verdict.INCOMPLETE, Verdict.INELIGIBLE)
    places = [(each.past, order.index(each.verdict), each.questions_left) for each in found]
    assert places == sorted(places)


def test_an_eligible_programme_comes_before_an_open_one_unless_it_is_past() -> None:
    others = standings(school(), every(), {"level": "elementary"})
    fitting = replace(
        standings(small_school(), [small_checklist()], {"kind": "state", "big": True})[0],
        questions_left=others[0].questions_left,  # so that the verdict alone decides
    )
    assert ranked([*others, fitting])[0].programme == "small"
    assert ranked([fitting, *others], frozenset({"small/1"}))[-1].programme == "small"


@EACH
@PROPERTY
@given(whole=WHOLE, seed=SEEDS)
def test_what_a_finished_run_carries_over_is_what_the_school_would_say(slug: str, whole: Answers, seed: int) -> None:
    carried = carry_over(school(), slug, true_sheet(slug, whole, seed))
    assert carried.items() <= whole.items()
    for other in SLUGS:
        assert facts_for(school(), other, carried).items() <= facts_for(school(), other, whole).items()


@pytest.mark.parametrize(
    ("slug", "facts", "carried"),
    [
        ("onsite-mentoring", {"authority": "moe", "level": "senior_high"}, {"authority": "moe"}),
        ("equalization", {"public": False}, {"public": False}),
        ("distance-teaching", {"authority": "local", "fiscal_tier": 2}, {"authority": "local", "fiscal_tier": 2}),
        ("distance-teaching", {"authority": "moe", "fiscal_tier": 2}, {"authority": "moe"}),
        ("distance-teaching", {"authority": "local", "fiscal_tier": 9}, {"authority": "local"}),
        ("distance-teaching", {"special_guidance_school": True}, {"public": False}),
        ("distance-teaching", {"special_guidance_school": False}, {}),
        ("mobile-learning", {"school_kind": "national", "remote": True}, {"authority": "moe", "remote": True}),
        ("urban-rural-partner", {"all_public": True}, {"public": True}),
        ("urban-rural-partner", {"all_public": False}, {}),
        ("no-such-programme", {"public": True}, {}),
    ],
)
def test_only_what_follows_is_carried_over(slug: str, facts: Answers, carried: Answers) -> None:
    assert carry_over(school(), slug, facts) == carried
