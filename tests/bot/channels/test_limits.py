"""Counting and cutting text in the units of providers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import limits

FAMILY = "👨‍👩‍👧‍👦"
ODD_LETTERS = (FAMILY, "👩🏽", "e\u0301", "\r\n", "\u202e", "\x00", "字", "。", " ")
any_text = st.lists(st.characters() | st.sampled_from(ODD_LETTERS), max_size=60).map("".join)
SIZES = (limits.utf16_units, limits.utf8_bytes, limits.grapheme_count, len)


def test_an_emoji_counts_two_utf16_units_and_four_bytes() -> None:
    assert (limits.utf16_units("字😀"), limits.utf8_bytes("字😀")) == (3, 7)


def test_a_family_is_one_character_to_a_reader() -> None:
    assert limits.graphemes(f"a{FAMILY}字") == ["a", FAMILY, "字"]


def test_2501_emoji_are_too_long_for_a_text_of_5000_units() -> None:
    assert limits.utf16_units("😀" * 2501) == 5002


@pytest.mark.parametrize(("unit", "index"), [(0, 0), (1, 0), (2, 1), (3, 2), (99, 3)])
def test_a_position_in_utf16_units_becomes_an_index_of_code_points(unit: int, index: int) -> None:
    assert limits.code_point_index("😀@學", unit) == index


def test_clipping_leaves_a_short_text_alone() -> None:
    assert limits.clip("剛好", 2) == "剛好"


def test_clipping_marks_what_is_missing() -> None:
    assert limits.clip("一二三四五", 3) == "一二…"


def test_clipping_never_cuts_a_family_apart() -> None:
    assert limits.clip(f"{FAMILY}{FAMILY}", 13) == f"{FAMILY}…"
    assert limits.clip(f"{FAMILY}{FAMILY}", 11) == "…"


def test_clipping_counts_in_bytes_where_asked() -> None:
    assert limits.clip("一二三", 8, limits.utf8_bytes) == "一…"


def test_clipping_to_nothing_gives_nothing() -> None:
    assert limits.clip("一二", 0) == ""


@given(any_text, st.integers(0, 40), st.sampled_from(SIZES))
def test_a_clipped_text_keeps_its_limit_and_its_beginning(text: str, limit: int, size: limits.Size) -> None:
    clipped = limits.clip(text, limit, size)
    assert size(clipped) <= limit
    assert clipped == text or text.startswith(clipped.removesuffix("…"))


def test_a_long_text_is_parted_after_a_sentence() -> None:
    assert limits.split("第一句話很長。第二句話也是。", 10) == ["第一句話很長。", "第二句話也是。"]


def test_a_line_break_is_a_better_seam_than_a_sentence() -> None:
    assert limits.split("甲乙丙丁戊己\n庚。辛壬癸", 9) == ["甲乙丙丁戊己", "庚。辛壬癸"]


def test_a_blank_text_has_no_parts() -> None:
    assert limits.split(" \n\t", 10) == []


def test_a_limit_below_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        limits.split("字", 3)


@given(any_text, st.integers(4, 40), st.sampled_from(SIZES))
def test_parting_keeps_the_limit_and_loses_only_blanks(text: str, limit: int, size: limits.Size) -> None:
    parts = limits.split(text, limit, size)
    assert all(0 < size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(any_text)
def test_parts_begin_and_end_between_letters(text: str) -> None:
    parts = limits.split(limits.clean(text), 60)
    whole = [letter for letter in limits.graphemes(limits.clean(text)) if not letter.isspace()]
    again = [letter for part in parts for letter in limits.graphemes(part) if not letter.isspace()]
    assert "".join(again) == "".join(whole)
    assert len(again) >= len(whole) - len(parts)


def test_cleaning_drops_controls_and_keeps_lines_and_direction_marks() -> None:
    assert limits.clean("a\x00\x07b\r\nc\td\u202ee\x85\ud83d") == "ab\nc\td\u202ee\ufffd"


@given(st.text(st.characters(categories=["Cc", "Cs", "Lo", "So"])))
def test_what_is_clean_can_be_stored_and_sent(text: str) -> None:
    cleaned = limits.clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert limits.clean(cleaned) == cleaned


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200f", "\ufeff"])
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert limits.is_blank(text)


def test_one_visible_letter_is_not_blank() -> None:
    assert not limits.is_blank("\u200f字")
