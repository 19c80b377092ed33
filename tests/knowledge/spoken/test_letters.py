"""Letters in one form, and long texts made short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken import letters


def test_letters_come_in_one_form() -> None:
    assert letters.fold("１１／１８　ＰＬＣ～兩点") == "11/18 plc~兩點"


def test_blanks_and_repeated_letters_are_not_kept() -> None:
    assert letters.tidy("  昨天   社群\n\n \n2小時\t8人 ") == "昨天 社群\n2小時 8人"
    assert len(letters.tidy("哈" * 5_000)) < 50


def test_a_long_number_stays_too_long_for_a_number() -> None:
    assert len(letters.tidy("1" * 5_000)) > 20


def test_what_is_cut_can_be_had_whole() -> None:
    text = "社群研習" * 500
    assert letters.tidy(text) == text[: letters.LONGEST_LINE]
    assert letters.tidy_whole(text) == text


def test_thin_text_has_one_blank_for_many() -> None:
    assert letters.thin("昨天" + " " * 3_000 + "社群")[0] == "昨天 社群"


@given(st.text(max_size=300) | st.text(" 一1\n", max_size=2_000))
def test_what_is_thinned_is_found_again(text: str) -> None:
    short, places = letters.thin(text)
    assert len(short) <= letters.LONGEST_LINE
    assert len(places) == len(short) + 1
    assert [text[place] for place in places[:-1]] == list(short)
    assert places == sorted(set(places))
    assert places[-1] <= len(text)


def test_a_slash_that_only_parts_words_is_a_comma() -> None:
    assert letters.parted("社群／8人") == "社群,8人"
    assert letters.parted("11/18／14:00") == "11/18，14:00"
    assert letters.parted("１１／１８") == "１１/１８"
    assert letters.parted("社群 / 11/18 / 2hr") == "社群 , 11/18 , 2hr"


@given(st.text(max_size=200) | st.text("1 /／:，社", max_size=200))
def test_a_parted_text_is_as_long_as_before(text: str) -> None:
    assert len(letters.parted(text)) == len(text)
