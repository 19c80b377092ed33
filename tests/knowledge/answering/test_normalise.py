"""Wordings that mean the same fold to the same; anything folds without failing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.normalise import LONGEST, fold, squash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("補助３０％", "補助30%"),
        ("補助三十趴", "補助30%"),
        ("計劃書", "計畫書"),
        ("计划书", "計畫書"),
        ("台北", "臺北"),
        ("會議紀錄", "會議記錄"),
        ("DeadLine", "deadline"),
        ("15 小時", "十五小時"),
        ("（一）", "(一)"),
    ],
)
def test_two_ways_of_writing_the_same_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("15小時", "150小時"), ("1.5小時", "15小時"), ("開課學校", "合作學校")])
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_punctuation_and_emoji_break_the_text_and_go() -> None:
    assert fold("城鄉共學，幾校😀一組？") == "城乡共学 几校 1组"


def test_squash_ignores_where_people_put_spaces() -> None:
    assert squash("菜園 什麼時候澆水") == squash("菜園什麼時候 澆水")


def test_control_characters_and_direction_marks_leave_nothing() -> None:
    assert fold("\u202e\x00\u200b\ufeff") == ""


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert len(fold("啊" * 100_000)) <= LONGEST


@given(st.text() | st.text(alphabet="0１一元%:/. 啊"))
def test_folding_never_fails_and_leaves_words_between_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(char.isalnum() or char in " %/.+" for char in folded)
