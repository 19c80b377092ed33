"""What every programme's checklist promises. A new file is held to all of it without a new line here.

`XUEBAN_UPDATE_GOLDEN=1` writes the golden files and the pages of the docs anew; read the difference before you keep it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import pytest

from knowledge.eligibility.checking import uncovered
from knowledge.eligibility.drawing import golden, page
from knowledge.eligibility.engine import State, Verdict, check, next_question, verdict_of, world_of
from knowledge.eligibility.facts import read_facts
from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.possible import NO, truth
from knowledge.eligibility.tree import Value
from knowledge.eligibility.walk import Spot, states
from tests.knowledge.eligibility.sheets import PROGRAMMES, Plain, as_json, random_sheets
from tests.real import real_checklist

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[3] / "docs" / "checklists"
EACH = pytest.mark.parametrize("which", available(), ids="-".join)
Which = tuple[str, str]


@cache
def loaded(which: Which) -> Checklist:
    return real_checklist(*which)


@cache
def walked(which: Which) -> list[Spot]:
    return states(loaded(which))


def kept(path: Path, text: str) -> str:
    """What the file holds; the text is written first where the golden files are being renewed."""
    if os.environ.get("XUEBAN_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@EACH
def test_interview_ends_from_every_state_within_the_number_of_questions(which: Which) -> None:
    spots = walked(which)
    longest: dict[int, int] = {}

    def length(number: int, above: frozenset[int]) -> int:
        assert number not in above, "a state comes back to itself"
        if number not in longest:
            below = [length(edge.target, above | {number}) + 1 for edge in spots[number].edges]
            longest[number] = max(below, default=0)
        return longest[number]

    assert length(0, frozenset()) <= len(loaded(which).questions)


@EACH
def test_interview_ends_with_a_verdict(which: Which) -> None:
    ends = [spot for spot in walked(which) if spot.asked is None]
    verdicts = {verdict_of(loaded(which), spot.facts) for spot in ends}
    assert verdicts == {Verdict.ELIGIBLE, Verdict.INELIGIBLE}


@EACH
def test_every_question_is_asked_somewhere(which: Which) -> None:
    asked = {spot.asked.key for spot in walked(which) if spot.asked}
    assert asked == {question.key for question in loaded(which).questions}


@EACH
def test_no_question_is_asked_where_its_guard_does_not_hold(which: Which) -> None:
    checklist = loaded(which)
    for spot in walked(which):
        if spot.asked and spot.asked.only_if is not None:
            assert truth(spot.asked.only_if, world_of(checklist, spot.facts)) != NO


@EACH
def test_every_rule_passes_fails_and_where_guarded_does_not_apply_somewhere(which: Which) -> None:
    checklist = loaded(which)
    for number, rule in enumerate(checklist.rules):
        seen = {spot.rules[number] for spot in walked(which)}
        wanted = {State.PASS, State.FAIL} | ({State.NOT_APPLICABLE} if rule.when is not None else set())
        assert wanted <= seen, rule.key


@EACH
def test_every_example_holds_and_every_rule_has_one_on_either_side(which: Which) -> None:
    assert uncovered(loaded(which)) == []  # that they hold is checked when the file is loaded


@EACH
def test_every_text_can_be_filled(which: Which) -> None:
    checklist = loaded(which)
    for sheet in random_sheets(checklist, seed=5, count=100):
        result = check(checklist, sheet)
        for finding in result.findings:
            assert finding.text.strip()
            assert "{" not in finding.text
        assert all(each.text and "{" not in each.text for each in result.sums if each.known)


@EACH
def test_a_no_names_a_rule_with_its_source_and_an_open_case_names_what_to_find_out(which: Which) -> None:
    checklist = loaded(which)
    for spot in walked(which):
        result = check(checklist, spot.facts)
        if result.verdict is Verdict.INELIGIBLE:
            assert all(f.cite for f in result.findings if f.state is State.FAIL)
            assert result.failing
            assert result.missing == ()
        elif result.verdict is Verdict.INCOMPLETE:
            assert result.missing


@EACH
def test_engine_agrees_with_plain_evaluation_on_random_sheets(which: Which) -> None:
    agree(which, seed=1, count=800)


@pytest.mark.torture
@EACH
def test_engine_agrees_with_plain_evaluation_on_20000_random_sheets(which: Which) -> None:
    agree(which, seed=2, count=20_000)


def agree(which: Which, seed: int, count: int) -> None:
    checklist = loaded(which)
    plain = Plain(PROGRAMMES.joinpath(*which, "checklist.yaml"))
    for sheet in random_sheets(checklist, seed, count):
        result = check(checklist, sheet)
        fails, amounts = plain.judge(as_json(checklist, sheet))
        assert set(result.failing) == fails, as_json(checklist, sheet)
        assert result.amounts == amounts, as_json(checklist, sheet)
        assert result.verdict is (Verdict.INELIGIBLE if fails else Verdict.ELIGIBLE)


@EACH
def test_once_given_a_verdict_stands_whatever_else_is_answered(which: Which) -> None:
    checklist, random = loaded(which), Random(3)
    for sheet in random_sheets(checklist, seed=3, count=60):
        keys = [question.key for question in checklist.questions]
        random.shuffle(keys)
        facts: dict[str, Value] = {}
        before = Verdict.INCOMPLETE
        for key in keys:
            facts[key] = sheet[key]
            now = verdict_of(checklist, facts)
            assert before in (Verdict.INCOMPLETE, now), as_json(checklist, facts)
            before = now


@EACH
def test_the_order_of_answers_does_not_matter(which: Which) -> None:
    checklist, random = loaded(which), Random(4)
    for sheet in random_sheets(checklist, seed=4, count=60):
        some = random.sample(sorted(sheet.items(), key=lambda item: item[0]), random.randint(0, len(sheet)))
        assert check(checklist, dict(some)) == check(checklist, dict(reversed(some)))


@EACH
def test_an_interview_leads_to_the_verdict_of_the_whole_sheet(which: Which) -> None:
    checklist = loaded(which)
    for sheet in random_sheets(checklist, seed=6, count=60):
        facts: dict[str, Value] = {}
        while (question := next_question(checklist, facts)) is not None:
            facts[question.key] = sheet[question.key]
        asked, whole = check(checklist, facts), check(checklist, sheet)
        assert asked.verdict is whole.verdict
        if asked.verdict is Verdict.ELIGIBLE:
            assert asked.amounts == whole.amounts


@EACH
def test_interview_goes_on_at_every_state_after_a_restart(which: Which) -> None:
    checklist = loaded(which)
    for spot in walked(which):
        again = next_question(checklist, read_facts(checklist, as_json(checklist, spot.facts)))
        assert again is spot.asked


@EACH
def test_not_being_sure_ends_too_and_asks_nothing_twice(which: Which) -> None:
    checklist, random = loaded(which), Random(7)
    for sheet in random_sheets(checklist, seed=7, count=60):
        facts: dict[str, Value] = {}
        unsure: set[str] = set()
        while (question := next_question(checklist, facts, frozenset(unsure))) is not None:
            assert question.key not in facts.keys() | unsure
            if random.random() < 0.3:
                unsure.add(question.key)
            else:
                facts[question.key] = sheet[question.key]
        result = check(checklist, facts)
        assert result.verdict is not Verdict.INCOMPLETE or unsure & set(result.missing)


@EACH
def test_interview_is_the_one_in_the_golden_file(which: Which) -> None:
    text = golden(loaded(which), walked(which))
    assert kept(GOLDEN / f"{which[0]}-{which[1]}.txt", text) == text


@EACH
def test_diagram_in_the_docs_is_the_interview(which: Which) -> None:
    text = page(loaded(which), walked(which))
    assert kept(DOCS / f"{which[0]}.md", text) == text
