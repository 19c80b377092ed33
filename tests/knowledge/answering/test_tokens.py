"""Texts are cut into characters, neighbours, whole numbers and notions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.normalise import fold
from knowledge.answering.tokens import Phrases, Vocabulary, cut_out
from knowledge.answering.words import load_vocabulary

WORDS = Vocabulary({"money": ["經費", "錢"], "copyright": ["cc"]}, ["請問", "嗎", "是不是"])


def test_a_number_is_one_token_so_that_15_is_not_150() -> None:
    assert "15" in WORDS.tokens(fold("15小時"))
    assert not WORDS.tokens(fold("150")) & WORDS.tokens(fold("15"))


def test_neighbours_do_not_reach_across_punctuation() -> None:
    assert "校几" not in WORDS.tokens(fold("學校，幾所"))
    assert "学校" in WORDS.tokens(fold("學校，幾所"))


def test_two_words_for_one_notion_share_its_token() -> None:
    assert "#money" in WORDS.tokens(fold("補助經費")) & WORDS.tokens(fold("給多少錢"))


def test_a_latin_word_is_not_found_inside_another() -> None:
    assert WORDS.notions(fold("account")) == set()
    assert WORDS.notions(fold("用CC授權")) == {"#copyright"}


def test_fillers_go_and_the_topic_stays() -> None:
    assert WORDS.strip_fillers(fold("請問經費是不是30萬嗎")) == "经费 30万"


def test_the_longest_phrase_wins_and_none_overlaps() -> None:
    assert list(Phrases(["远距", "跨校远距"]).spans("跨校远距")) == [(0, 4)]


def test_cutting_out_leaves_a_break() -> None:
    assert cut_out("跨校远距补助", [(0, 4)]) == "补助"
    assert cut_out("请跨校远距补助", [(1, 5)]) == "请 补助"


@given(st.text())
def test_the_curated_vocabulary_reads_any_text(text: str) -> None:
    words = load_vocabulary()
    assert all(words.tokens(words.strip_fillers(fold(text))))
