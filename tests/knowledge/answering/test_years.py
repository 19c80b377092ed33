"""A year that the edition does not speak of is noticed; one that it speaks of is not."""

from __future__ import annotations

import pytest

from knowledge.answering.normalise import fold
from knowledge.answering.years import Years
from tests.knowledge.answering.two_gardens import GARDEN

YEARS = Years(GARDEN)


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("116學年度什麼時候截止", 116),
        ("113年度補助多少", 113),
        ("115學年度還有嗎", 115),
        ("2028年的補助", 117),
        ("一百一十三學年度補助多少", 113),
    ],
)
def test_a_year_that_is_not_held_is_noticed(question: str, year: int) -> None:
    assert YEARS.foreign(fold(question)) == year


@pytest.mark.parametrize(
    "question",
    ["114學年度什麼時候截止", "114年5月5日前要寄到嗎", "115年7月可以補交嗎", "2025年幾月截止", "國小3年級", "補助30萬"],
)
def test_a_year_that_the_edition_speaks_of_is_its_own(question: str) -> None:
    assert YEARS.foreign(fold(question)) is None


@pytest.mark.parametrize("question", ["是108學年度起辦的嗎", "是不是112年開始的", "從110年起就有嗎"])
def test_asking_whether_a_year_is_right_is_no_question_about_that_year(question: str) -> None:
    assert YEARS.foreign(fold(question)) is None
