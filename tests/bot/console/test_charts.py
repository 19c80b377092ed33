"""Charts: whole numbers on the axis, words in our own fonts, no script inside."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console import charts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_any_counts_can_be_drawn(figures: list[int]) -> None:
    labels = [f"11/{at}" for at in range(len(figures))]
    drawn = charts.stacked_bars(labels, {"送到": figures, "沒送到": figures[::-1]}, every=5).decode()
    assert "<script" not in drawn
    assert "沒送到" in drawn
    assert charts.bars(labels, "次數", figures).startswith(b"<?xml")


def test_the_axis_has_whole_numbers_and_few() -> None:
    assert charts.steps(0) == [0]
    assert charts.steps(3) == [0, 1, 2, 3]
    assert charts.steps(47) == [0, 10, 20, 30, 40, 50]


def test_words_of_people_are_escaped() -> None:
    assert b"<img" not in charts.bars(["<img src=x>"], "<b>", [1])


def test_nothing_at_all_says_so() -> None:
    assert "沒有資料" in charts.stacked_bars([], {"送到": []}).decode()


def test_an_image_may_have_styles_and_nothing_else() -> None:
    policy = charts.image(b"<svg/>").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
