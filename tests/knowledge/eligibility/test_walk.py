"""The walk over all states, and what is drawn from it."""

from __future__ import annotations

from knowledge.eligibility.drawing import golden, mermaid
from knowledge.eligibility.walk import states
from tests.knowledge.eligibility.toy import TOY, toy


def test_the_walk_finds_the_edges_of_every_number() -> None:
    text = golden(toy(), states(toy()))
    assert "students: 0–11 → ✗ ✗enough" in text
    assert "spent: 0–7 → ✗ ✗long" in text
    assert "sent_at: 1990-01-01T00:00–2016-10-28T17:00 → " in text
    assert "ceiling authority=local tier=3: 700" in text


def test_an_edge_that_moves_shows_in_the_text() -> None:
    moved = toy(TOY.replace("students >= 12", "students > 12"))
    assert golden(moved, states(moved)) != golden(toy(), states(toy()))


def test_a_relation_between_two_numbers_is_walked_for_each_of_them() -> None:
    text = TOY.replace("needs: students >= 12", "needs: students >= 4 * tier or authority == 'moe'")
    checklist = toy(text)
    assert "students: 0–19 → ✗ ✗enough" in golden(checklist, states(checklist))
    assert "students: 0–3 → ✗ ✗enough" in golden(checklist, states(checklist))


def test_not_being_sure_is_walked_too() -> None:
    spots = states(toy(), with_unsure=True)
    assert len(spots) > len(states(toy()))
    assert any(spot.unsure and spot.asked is None for spot in spots)


def test_the_diagram_has_every_question_and_both_ends() -> None:
    text = mermaid(toy(), states(toy()))
    assert text.startswith("flowchart TD")
    assert all(question.key in text for question in toy().questions)
    assert '-->|"0 人～11 人"| ineligible' in text


def test_every_flip_between_two_written_numbers_is_found() -> None:
    many = "  - {key: many, title: 多, needs: students * 3 >= 2000, cite: [壹], fail: 少。, pass: 好。}\npriorities:"
    text = TOY.replace("needs: students >= 12", "needs: students * 3 >= 1000").replace("priorities:", many)
    found = golden(toy(text), states(toy(text)))
    assert "students: 0–333 → ✗ ✗enough ✗many" in found
    assert "students: 334–666 → ✗ +enough ✗many" in found
    assert "students: 667–2000 → S" in found
