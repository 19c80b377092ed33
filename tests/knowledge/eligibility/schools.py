"""Schools for tests of several programmes: their answers, what is then true of them, and a small case of its own.

What is true is told here a second time, without school.yaml, so that a fault in one shows against the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.reading import read_checklist
from knowledge.eligibility.school import SchoolQuestions
from knowledge.eligibility.school_reading import load_school, read_school
from knowledge.eligibility.tree import Value
from tests.knowledge.eligibility.sheets import random_sheets
from tests.real import real_checklist
from tests.thorough import examples

SLUGS = tuple(dict.fromkeys(slug for slug, _ in available()))
Answers = dict[str, Value]

LEVELS = ("elementary", "junior_high", "nine_year", "senior_high", "complete", "special_education")
COMPULSORY = {"elementary", "junior_high"}
STAGES = {"elementary", "junior_high", "senior_high"}
BARRED = {
    "distance-teaching": {"elementary", "junior_high", "nine_year"},
    "equalization": {"nine_year"},
    "onsite-mentoring": {"nine_year"},
}
"""Levels that a programme is not for, and that its checklist does not ask about."""

ANSWERS: dict[str, st.SearchStrategy[Value]] = {
    "level": st.sampled_from(LEVELS),
    "authority": st.sampled_from(("moe", "local")),
    "public": st.booleans(),
    "remote": st.booleans(),
    "fiscal_tier": st.integers(1, 5),
}
WHOLE: st.SearchStrategy[Answers] = st.fixed_dictionaries(ANSWERS)
PART: st.SearchStrategy[Answers] = st.fixed_dictionaries({}, optional=ANSWERS)
SEEDS = st.integers(0, 10**6)
PROPERTY = settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])


@cache
def school() -> SchoolQuestions:
    """The packaged shared questions."""
    return load_school()


@cache
def loaded(slug: str) -> Checklist:
    """The newest checklist of a programme."""
    return real_checklist(slug)


def every() -> list[Checklist]:
    """All of them."""
    return [loaded(slug) for slug in SLUGS]


def true_facts(slug: str, answers: Mapping[str, Value]) -> dict[str, set[Value]]:
    """What may be true in a programme's words of a school that gave all these answers; told without the file."""
    level, authority, public = answers["level"], answers["authority"], answers["public"]
    stages: set[Value] = {level} if level in STAGES else set(STAGES)
    if level == "nine_year":
        stages = set(COMPULSORY)
    tier: set[Value] = {answers["fiscal_tier"]} if authority == "local" else {1, 2, 3, 4, 5}
    kinds: set[Value] = {"local"} if authority == "local" else {"national"} if public else {"national", "local"}
    own = level if level in {*STAGES, "special_education"} else None
    types: set[Value] = {own} if own else {"senior_high"} if level == "complete" else set(COMPULSORY)
    found: dict[str, dict[str, set[Value]]] = {
        "distance-teaching": {
            "authority": {authority},
            "fiscal_tier": tier,
            "special_guidance_school": {False} if public else {True, False},
        },
        "equalization": {"school_type": types, "public": {public}},
        "mobile-learning": {"level": stages, "school_kind": kinds, "remote": {answers["remote"]}},
        "onsite-mentoring": {
            "authority": {authority},
            "level": {"senior_high"} if level == "complete" else stages,
        },
        "urban-rural-partner": {"level": stages, "all_public": {True, False} if public else {False}},
    }
    return found.get(slug, {})


def true_sheet(slug: str, answers: Mapping[str, Value], seed: int) -> Answers:
    """Complete answers to a programme's checklist by a school that gave these shared answers."""
    random = Random(seed)
    sheet = next(iter(random_sheets(loaded(slug), seed, 1)))
    truths = true_facts(slug, answers)
    return {**sheet, **{key: random.choice(sorted(values, key=str)) for key, values in truths.items()}}


def every_school() -> Iterator[Answers]:
    """Every kind of school, of one tier."""
    for level, authority, public, remote in product(LEVELS, ("moe", "local"), (True, False), (True, False)):
        yield {"level": level, "authority": authority, "public": public, "remote": remote, "fiscal_tier": 3}


_CHECKLIST = """\
questions:
  - {key: authority, title: 主管, ask: 主管？, type: choice, options: {moe: 部, local: 縣}, why: 不同。, unsure: 查。}
  - {key: tier, title: 級次, ask: 第幾級？, type: number, min: 1, max: 5, unit: 級, why: 門檻。, unsure: 查。}
amounts:
  - {key: grant, title: 補助, unit: 元, is: 100, cite: [壹], explain: 定額。}
rules:
  - {key: third, title: 級次, needs: authority == 'moe' or tier >= 3, cite: [壹], fail: 不足。, pass: 好。}
examples:
  - {name: 好, facts: {authority: moe}, verdict: eligible}
"""
_SCHOOL = """\
questions:
  - {key: kind, title: 類別, ask: 哪類？, type: choice, options: {state: 國立, town: 縣立}, why: 不同。, unsure: 查。}
  - {key: tier, title: 級次, ask: 第幾級？, type: number, min: 1, max: 5, unit: 級, why: 門檻。, unsure: 查。}
  - {key: big, title: 規模, ask: 大校嗎？, type: yesno, why: 門檻。, unsure: 查。}
programmes:
  - programme: small
    facts:
      - {fact: authority, from: kind, values: {state: moe, town: local}}
      - {fact: tier, from: tier}
    rules:
      - {key: big_one, title: 規模, needs: big, cite: [壹], fail: 只收大校。, pass: 好。}
"""


def small_checklist() -> Checklist:
    """A programme whose checklist can be settled by the shared answers alone."""
    return read_checklist(_CHECKLIST.encode(), "small/1/checklist.yaml", "small", "1")


def small_school() -> SchoolQuestions:
    """The shared questions for it, with a rule of their own."""
    return read_school(_SCHOOL.encode(), "school.yaml", {"small": small_checklist()})
