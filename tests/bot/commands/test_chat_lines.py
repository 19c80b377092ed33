"""The JSON lines of `xueban chat --json`."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import parse_local
from bot.commands.chat_lines import MalformedLineError, Said, as_line, read_line
from bot.messages import Card, Choice, Kind, Text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"user": "甲", "text": "補助？"}, Said("甲", "補助？", Kind.TEXT)),
        ({"user": "甲", "tap": "有幫助"}, Said("甲", "有幫助", Kind.TEXT)),
        ({"user": "甲", "file": "a.jpg"}, Said("甲", "", Kind.FILE, file="a.jpg")),
        ({"now": "2025-09-05T14:00"}, Said(now=parse_local("2025-09-05T14:00"))),
        ({"now": "2025-09-05T14:00:00+00:00"}, Said(now=parse_local("2025-09-05T22:00"))),
    ],
)
def test_a_line_says_who_does_what_or_what_time_it_is(line: dict[str, str], said: Said) -> None:
    assert read_line(json.dumps(line), 1) == said


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "{",
        "[]",
        "5",
        "{}",
        '{"user": "甲"}',
        '{"text": "誰？"}',
        '{"user": "", "text": "誰？"}',
        '{"user": 5, "text": "誰？"}',
        '{"user": "甲", "text": 5}',
        '{"user": "甲", "text": "a", "tap": "b"}',
        '{"now": "明天"}',
        '{"now": 5}',
        '{"user": "甲", "now": "2025-09-05"}',
        '{"user": "' + "長" * 101 + '", "text": "a"}',
        "[" * 100_000,
    ],
)
def test_a_malformed_line_is_refused_in_one_sentence_that_names_it(line: str) -> None:
    with pytest.raises(MalformedLineError, match=r"^第 7 行.*。$"):
        read_line(line, 7)


def test_a_line_without_a_user_is_the_users_who_was_named_on_the_command_line() -> None:
    assert read_line('{"text": "我"}', 1, "乙").user == "乙"


@given(st.text())
def test_any_line_is_read_or_refused(line: str) -> None:
    with suppress(MalformedLineError):
        read_line(line, 1)


def test_an_answer_is_its_words_with_the_source_and_the_labels_of_its_choices() -> None:
    card = Card("題目", "20 萬元", "依據：柒", choices=(Choice("怎麼算", "a"), Choice("有幫助", "b", aside=True)))
    assert json.loads(as_line("甲", [card, Text("還有？")])) == {
        "user": "甲",
        "messages": [
            {"text": "20 萬元\n依據：柒", "choices": ["怎麼算", "有幫助"]},
            {"text": "還有？", "choices": []},
        ],
    }


def test_a_push_says_that_it_is_one() -> None:
    assert json.loads(as_line("甲", [Text("到期")], push=True))["push"] is True
