"""Programmes are recognised by any of their names, misspelt ones included, and others are told from ours."""

from __future__ import annotations

from knowledge.answering.naming import Names
from knowledge.answering.normalise import fold
from tests.knowledge.answering.two_gardens import OTHER, TWO_GARDENS

NAMES = Names(TWO_GARDENS)


def test_a_name_is_found_and_taken_out() -> None:
    found = NAMES.find(fold("校園菜園補助多少"))
    assert found.slugs == ("school-garden",)
    assert found.rest == fold("補助多少")
    assert not found.misspelt


def test_two_programmes_may_be_named_at_once() -> None:
    assert NAMES.find(fold("校園菜園和校園果園差在哪")).slugs == ("school-garden", "school-orchard")


def test_one_wrong_character_is_forgiven_in_a_long_name() -> None:
    found = NAMES.find(fold("校圓菜園補助多少"))
    assert found.slugs == ("school-garden",)
    assert found.misspelt


def test_a_right_name_leaves_no_room_for_a_misspelt_one() -> None:
    assert NAMES.find(fold("校園果園")).slugs == ("school-orchard",)


def test_a_programme_that_is_not_held_is_known_by_name() -> None:
    found = NAMES.find(fold("食農計畫補助多少"))
    assert found.others == (OTHER,)
    assert found.slugs == ()


def test_a_question_without_a_name_names_nothing() -> None:
    found = NAMES.find(fold("補助多少"))
    assert (found.slugs, found.others, found.rest) == ((), (), fold("補助多少"))


def test_an_alias_that_is_nothing_but_the_name_is_kept() -> None:
    assert NAMES.without(fold("校園菜園"), "school-garden") == fold("校園菜園")
    assert NAMES.without(fold("校園菜園補助"), "school-garden") == fold("補助")
    assert NAMES.without(fold("校園菜園補助"), "school-orchard") == fold("校園菜園補助")
