"""Checklists as a kind of form: what is asked, what is renewed, what is supposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.store.runs import FINISHED, Run
from handlers.checklist.checklists import ALL_KEPT, ChecklistForm
from knowledge.eligibility.engine import check
from knowledge.eligibility.facts import read_facts, write_answer
from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Example
from tests.handlers.stage import real_checklists

KNOWN = real_checklists()
FORMS = list(KNOWN._forms.values())
MENTOR: ChecklistForm = KNOWN._forms["onsite-mentoring", "114"]
EXAMPLES = [(form, example) for form in FORMS for example in form.checklist.examples]


def run_of(form: ChecklistForm, **answers: Any) -> Run:
    each = form.checklist
    return Run(
        "r", "p", "checklist", each.programme, each.edition, each.fingerprint, "c", answers, order=tuple(answers)
    )


def test_every_programme_with_a_checklist_is_known_by_its_newest_edition() -> None:
    assert set(KNOWN.newest) == {slug for slug, _ in available()}


def test_the_form_is_that_of_the_runs_own_edition() -> None:
    assert KNOWN.form_of(run_of(MENTOR)) is MENTOR
    assert KNOWN.form_of(replace(run_of(MENTOR), edition="1")) is None


def test_a_run_of_the_same_file_is_not_renewed() -> None:
    run = run_of(MENTOR, authority="moe")
    assert KNOWN.renewed(run, MENTOR) == (run, "")


def test_a_run_of_another_file_keeps_what_fits() -> None:
    old = replace(run_of(MENTOR, authority="moe", level="gone"), fingerprint="old")
    run, note = KNOWN.renewed(old, MENTOR)
    assert (run.answers, run.order) == ({"authority": "moe"}, ("authority",))
    assert run.fingerprint == MENTOR.checklist.fingerprint
    assert "1 題" in note
    assert ALL_KEPT in KNOWN.renewed(replace(run_of(MENTOR, authority="moe"), fingerprint="old"), MENTOR)[1]


def test_a_finished_run_of_another_file_is_judged_anew() -> None:
    old = replace(run_of(MENTOR, authority="local"), fingerprint="old", state=FINISHED, outcome="eligible")
    assert KNOWN.renewed(old, MENTOR)[0].outcome == "ineligible"


def test_what_a_clear_verdict_makes_needless_is_not_asked() -> None:
    assert MENTOR.ahead(run_of(MENTOR, authority="local")) == ()
    assert len(MENTOR.ahead(replace(run_of(MENTOR, authority="local"), go_on=True))) > 3


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=lambda each: getattr(each, "name", ""))
def test_whoever_answers_what_is_asked_gets_to_the_examples_verdict(form: ChecklistForm, example: Example) -> None:
    facts = read_facts(form.checklist, example.facts)
    run = run_of(form)
    for _ in range(len(form.checklist.questions) + 1):
        ahead = form.ahead(run)
        if not ahead:
            break
        key = ahead[0].key
        if key in facts:
            question = form.checklist.by_key[key]
            run = replace(run, answers={**run.answers, key: write_answer(question, facts[key])})
        else:
            run = replace(run, unsure=(*run.unsure, key))
    assert form.ahead(run) == ()
    assert verdict_of(form, run) == str(example.verdict)


def verdict_of(form: ChecklistForm, run: Run) -> str:
    return check(form.checklist, form.facts(run)).verdict.value
