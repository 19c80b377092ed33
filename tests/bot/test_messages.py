"""The nouns of a conversation."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Card, Choice, Message, Text, from_json, plain, to_json

CHOICES = st.lists(st.builds(Choice, st.text(), st.text(), st.booleans()), max_size=3).map(tuple)
MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, st.text(), CHOICES),
    st.builds(Card, st.text(), st.text(), st.text(), st.text(), CHOICES),
)


@given(MESSAGES)
def test_a_message_survives_the_database(message: Message) -> None:
    assert from_json(json.loads(json.dumps(to_json(message)))) == message


def test_a_text_says_its_text() -> None:
    assert plain(Text("您好", (Choice("選單", "m:menu"),))) == "您好"


def test_a_card_says_its_words_and_their_source() -> None:
    assert plain(Card("標題", "內容", "依據：甲", "查到了")) == "內容\n依據：甲"
    assert plain(Card("標題", "內容")) == "內容"


@pytest.mark.parametrize("data", [{}, {"type": "video", "text": ""}, {"type": "text", "words": "x"}])
def test_what_we_did_not_write_is_refused(data: dict[str, str]) -> None:
    with pytest.raises((KeyError, TypeError)):
        from_json(data)
