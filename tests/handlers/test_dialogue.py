"""The state between two messages."""

from __future__ import annotations

import json

from bot.messages import Choice
from handlers.dialogue import VERSION, State
from knowledge.answering.model import Focus


def test_a_state_survives_the_database() -> None:
    state = State(
        offered=(Choice("一", "e:a"), Choice("選單", "m:menu", aside=True)),
        focus=Focus("night-school", "night-school/114/money", "补助", 1_756_688_400_000),
        question_id="q1",
        noted=("q1:helpful",),
        welcomed=True,
    )
    assert State.load(json.loads(json.dumps(state.dump()))) == state


def test_a_new_conversation_has_an_empty_state() -> None:
    assert State.load({}) == State()


def test_a_state_of_another_version_is_forgotten() -> None:
    assert State.load({**State(question_id="q1").dump(), "version": VERSION + 1}) == State()


def test_a_state_from_before_a_field_was_added_is_read() -> None:
    old = State(question_id="q1").dump()
    del old["noted"]
    assert State.load(old) == State(question_id="q1")
