"""knowledge.eligibility.possible: what is known is kept, and truths that look like numbers stay truths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.possible import EITHER, NO, YES, Span, Truth, only, truth
from knowledge.eligibility.tree import All, Any, Kind, Name, Not

TRUTHS = st.sampled_from([YES, NO, EITHER])


@pytest.mark.parametrize("yes_first", [True, False])
def test_true_is_no_one_whichever_was_asked_first(yes_first: bool) -> None:
    only.cache_clear()
    for value in (True, 1) if yes_first else (1, True):
        only(value)
    assert only(True) == YES
    assert only(1) == Span(1, 1)
    assert only(False) == NO
    assert only(0) == Span(0, 0)


@given(st.lists(TRUTHS, min_size=1, max_size=4))
def test_all_any_and_not_are_kleenes(found: list[Truth]) -> None:
    world = {f"q{number}": each for number, each in enumerate(found)}
    items = tuple(Name(name, Kind.YESNO) for name in world)
    every = Truth(all(t.yes for t in found), any(t.no for t in found))
    some = Truth(any(t.yes for t in found), all(t.no for t in found))
    assert truth(All(items), world) == every
    assert truth(Any(items), world) == some
    assert truth(Not(Any(items)), world) == Truth(some.no, some.yes)
