"""knowledge.answering.nearest: which entries a curator is offered first."""

from __future__ import annotations

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Status
from knowledge.answering.nearest import Nearby, answer_in
from knowledge.schema import Base
from tests.knowledge.answering.test_engine import ANSWERER, NOW

NEARBY = Nearby(ANSWERER)


def test_what_the_engine_thinks_of_comes_first() -> None:
    found = NEARBY.find("校園果園補助上限是多少")
    assert found is not None
    assert found.ref.startswith("school-orchard/114/")


def test_several_are_each_once_and_the_most_likely_first() -> None:
    found = NEARBY.several("校園菜園補助上限", 4)
    assert len({each.ref for each in found}) == 4
    assert found[0].ref == ANSWERER.answer("校園菜園補助上限", now=NOW).ref


def test_only_the_given_programme_is_looked_in() -> None:
    assert {each.ref.split("/")[0] for each in NEARBY.several("補助上限", 9, "school-orchard")} == {"school-orchard"}


def test_an_empty_base_has_nothing_near() -> None:
    assert Nearby(Answerer(Base((), ()))).find("補助上限") is None


def test_a_question_without_a_programme_is_answered_for_the_one_that_was_talked_about() -> None:
    assert answer_in(ANSWERER, "補助上限", "", NOW).status is Status.UNSURE
    assert answer_in(ANSWERER, "補助上限", "school-orchard", NOW).programme == "school-orchard"
