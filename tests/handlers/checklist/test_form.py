"""Questions as fields: what is shown of them, and what counts as an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.runs import Run
from handlers.checklist.checklists import ChecklistForm
from handlers.forms.form import Reply
from knowledge.eligibility.tree import Kind
from tests.handlers.stage import real_checklists

NOW = datetime(2025, 9, 1, 9, 0)
KNOWN = real_checklists()
FORMS = list(KNOWN._forms.values())
REMOTE: ChecklistForm = KNOWN._forms["distance-teaching", "114"]
EVERY = [(form, question) for form in FORMS for question in form.checklist.questions]


def run_of(form: ChecklistForm, **answers: Any) -> Run:
    each = form.checklist
    return Run("r", "p", "checklist", each.programme, each.edition, each.fingerprint, "c", answers)


@pytest.mark.parametrize(("form", "question"), EVERY, ids=lambda each: getattr(each, "key", ""))
def test_each_question_says_how_to_answer_why_and_how_to_find_out(form: ChecklistForm, question: Any) -> None:
    field = form.field(question.key)
    assert field is not None
    assert field.how or field.several
    assert "依據：" in field.why
    assert field.unsure
    assert bool(field.options) is (question.kind in (Kind.YESNO, Kind.CHOICE, Kind.SEVERAL))


@pytest.mark.parametrize(("form", "question"), EVERY, ids=lambda each: getattr(each, "key", ""))
def test_each_option_is_an_answer_as_a_button_and_as_its_label(form: ChecklistForm, question: Any) -> None:
    field = form.field(question.key)
    assert field is not None
    for key, label in field.options.items():
        tapped = form.accept(question.key, [key] if field.several else key)
        assert tapped.answered
        assert form.read(question.key, label, NOW) == tapped
        assert label in form.say(question.key, tapped.value)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("３", 3), ("三", 3), ("三門", 3), ("3 門", 3), ("共三門", 3), ("零", 0), ("0", 0)],
)
def test_a_number_may_be_typed_in_any_form(text: str, answer: int) -> None:
    assert REMOTE.read("host_course_count", text, NOW) == Reply(True, answer)


@pytest.mark.parametrize("text", ["-3", "10^30", "9" * 40, "三或四", "101"])
def test_an_impossible_number_is_explained(text: str) -> None:
    assert REMOTE.read("host_course_count", text, NOW).problem


@pytest.mark.parametrize("text", ["補助多少錢", "三門可以嗎", "12人，混合遠距", "", "貓"])
def test_words_about_something_else_are_neither(text: str) -> None:
    assert REMOTE.read("host_course_count", text, NOW) == Reply()


@pytest.mark.parametrize(
    ("text", "answer"), [("1", True), ("２", False), ("第一個", True), ("是", True), ("不是", False)]
)
def test_yes_and_no_may_be_said_by_their_numbers(text: str, answer: bool) -> None:
    assert REMOTE.read("partner_course_elective", text, NOW) == Reply(True, answer)


@pytest.mark.parametrize("value", [None, 5, [], "pizza", {"a": 1}, True, ["moe"]])
def test_a_made_up_button_is_no_answer(value: Any) -> None:
    assert not REMOTE.accept("authority", value).answered


def test_a_kept_answer_that_can_not_be_read_is_not_there() -> None:
    assert REMOTE.facts(run_of(REMOTE, authority="gone", host_course_count=3, nothing=1)) == {"host_course_count": 3}


@given(st.sampled_from(EVERY), st.text(max_size=30))
def test_whatever_is_typed_is_read_and_what_is_answered_can_be_said(pair: tuple[ChecklistForm, Any], text: str) -> None:
    form, question = pair
    reply = form.read(question.key, text, NOW)
    assert not (reply.answered and reply.problem)
    if reply.answered:
        assert form.say(question.key, reply.value)
        assert form.facts(run_of(form, **{question.key: reply.value}))
