"""What counts as choosing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice, Text
from handlers.choices import LAST, LONGEST_LABEL, label, remember, resolve, typed_number
from handlers.dialogue import State

FIRST, SECOND, THIRD = (Choice(text, text) for text in ("補助多少錢？", "什麼時候截止", "誰可以申請"))
ASIDE = Choice("有幫助", "fb:q1:helpful", aside=True)
OFFERED = (FIRST, ASIDE, SECOND, THIRD)


@pytest.mark.parametrize(
    "text",
    [
        *("3", "３", "三", "3.", "3、", "(3)", "（三）", "３．", "③", "⑶", "3️⃣", "第三個", "第3題", "第三", "3號"),
        *("選3", "我選 3", "我要第三個", "選項三", "第三個呢", "第三個，謝謝", " 3 ", "No.3", "#3", "「3」"),
    ],
)
def test_a_number_in_any_writing_is_a_number(text: str) -> None:
    assert typed_number(text) == 3


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("12", 12)])
def test_numerals_count_beyond_ten(text: str, number: int) -> None:
    assert typed_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "114", "3萬", "三個月", "3小時", "一二三", "三所學校", "第三條規定", "1和2", "-1"]
)
def test_other_texts_with_numbers_are_no_number(text: str) -> None:
    assert typed_number(text) is None


def test_the_last_one_is_the_last_main_choice() -> None:
    assert typed_number("最後一個") == LAST
    assert resolve("最後一個", OFFERED) == THIRD


def test_asides_are_not_numbered() -> None:
    assert [resolve(str(number), OFFERED) for number in (0, 1, 2, 3, 4)] == [None, FIRST, SECOND, THIRD, None]


def test_without_choices_no_number_chooses() -> None:
    assert resolve("1", (ASIDE,)) is None
    assert resolve("最後一個", (ASIDE,)) is None


@pytest.mark.parametrize("text", ["補助多少錢", "补助多少钱？", "「補助多少錢？」", "1. 補助多少錢？", "1 補助多少錢"])
def test_a_label_counts_however_it_is_written(text: str) -> None:
    assert resolve(text, OFFERED) == FIRST


def test_the_label_of_an_aside_counts() -> None:
    assert resolve("有幫助！", OFFERED) == ASIDE


@pytest.mark.parametrize("text", ["補助", "2. 補助多少錢？", "補助多少錢和什麼時候截止", "？", ""])
def test_what_is_no_label_chooses_nothing(text: str) -> None:
    assert resolve(text, OFFERED) is None


def test_the_name_of_a_programme_chooses_where_it_has_one_choice() -> None:
    one, other, another = (Choice(str(n), f"e:{ref}") for n, ref in enumerate(("a/1/x", "b/1/y", "b/1/z")))
    names = {"甲": "a", "乙": "b"}
    assert resolve("甲", (one, other, another), names) == one
    assert resolve("甲的", (one, other, another), names) == one
    assert resolve("乙", (one, other, another), names) is None


def test_a_long_label_is_cut_between_letters() -> None:
    family = "👨‍👩‍👧"
    assert label("補" * 20) == "補" * 20
    assert label("補" * 21) == "補" * 19 + "…"
    assert label(family * 21) == family * 19 + "…"


def test_a_reply_without_choices_leaves_the_old_ones_on_offer() -> None:
    state = State(offered=OFFERED)
    assert set(remember(state, [Text("好的")]).offered) == set(OFFERED)


def test_new_choices_replace_old_ones_of_their_kind() -> None:
    menu = Choice("選單", "m:menu", aside=True)
    assert remember(State(offered=OFFERED), [Text("…", (menu,))]).offered == (FIRST, SECOND, THIRD, menu)
    assert remember(State(offered=OFFERED), [Text("…", (THIRD,))]).offered == (THIRD, ASIDE)


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    resolve(text, OFFERED)
    assert len(label(text)) <= max(len(text), LONGEST_LABEL)
