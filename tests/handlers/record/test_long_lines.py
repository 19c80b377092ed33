"""Messages with more in them than is read."""

from __future__ import annotations

from tests.handlers.stage import Talk


def test_what_is_too_long_to_read_is_said_and_to_be_sent_in_parts(talk: Talk) -> None:
    talk.say("昨天社群2小時，" + "大家分頭試教再一起改教案，" * 100 + "明天還有一場輔導")
    assert "請分成幾則再打" in talk.text
    assert "1,000 個字" in talk.text


def test_a_line_of_common_length_is_read_without_a_word_about_it(talk: Talk) -> None:
    talk.say("昨天社群2小時，" + "大家分頭試教再一起改教案，" * 10)
    assert "請分成幾則" not in talk.text


def test_words_behind_the_last_of_several_are_not_lost(talk: Talk) -> None:
    talk.say("11/17社群2小時，11/18工作坊3小時，投影機的線不見了")
    assert "沒有記：「投影機的線不見了」" in talk.text
