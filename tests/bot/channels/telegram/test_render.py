"""Messages as Bot API calls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.render import ONLY_BUTTONS, labelled, render
from bot.messages import Card, Choice, Incoming, Message, Text
from tests.fakes import telegram_rules
from tests.fakes.telegram_spec import Specification

PRIVATE = Incoming("telegram", "1", "70001", "70001", 0, message_id="70001:5")
IN_GROUP = Incoming("telegram", "1", "-100:7", "-100", 0, message_id="-100:5", in_group=True, quote_token="5")
TAPPED = Incoming("telegram", "1", "70001", "70001", 0, reply_token="4382bf")

CARD = Card("何時截止？", "5月5日（一）23:59 前。", source="依據：跨校遠距（114 學年度）伍/一", status="查到了")


def calls(*messages: Message, incoming: Incoming = PRIVATE) -> list[dict[str, Any]]:
    """The calls that a rendering holds."""
    found: list[dict[str, Any]] = render(incoming, messages).payload["calls"]
    return found


def sent(*messages: Message, incoming: Incoming = PRIVATE) -> list[dict[str, Any]]:
    """The parameters of its `sendMessage` calls."""
    return [call["params"] for call in calls(*messages, incoming=incoming) if call["method"] == "sendMessage"]


def keyboard(*messages: Message) -> list[list[dict[str, str]]]:
    """The keyboard under its last message."""
    found: list[list[dict[str, str]]] = sent(*messages)[-1]["reply_markup"]["inline_keyboard"]
    return found


def test_plain_words_are_one_push() -> None:
    outgoing = render(PRIVATE, (Text("您好"),))
    assert outgoing.method == "push"
    assert outgoing.reply_token == ""
    assert outgoing.payload["calls"] == [
        {
            "method": "sendMessage",
            "params": {
                "chat_id": "70001",
                "text": "您好",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        }
    ]


def test_a_card_has_its_status_and_title_at_the_head_and_its_source_at_the_foot() -> None:
    assert sent(CARD)[0]["text"] == (
        "<b>查到了／何時截止？</b>\n5月5日（一）23:59 前。\n\n<i>依據：跨校遠距（114 學年度）伍/一</i>"
    )


def test_a_card_without_status_has_its_title_alone() -> None:
    assert sent(Card("說明", "請直接問我。"))[0]["text"] == "<b>說明</b>\n請直接問我。"


def test_what_looks_like_html_is_shown_as_it_was_written() -> None:
    text = sent(Card("<i>", "a < b & c", source="</i>"))[0]["text"]
    assert text == "<b>&lt;i&gt;</b>\na &lt; b &amp; c\n\n<i>&lt;/i&gt;</i>"
    assert telegram_rules.visible(text) == "<i>\na < b & c\n\n</i>"


def test_messages_share_one_call_so_that_none_is_half_sent() -> None:
    assert [params["text"] for params in sent(Text("一"), Text("二"))] == ["一\n\n二"]


def test_main_choices_are_numbered_in_the_text_and_buttons_below_it() -> None:
    message = Text("要看哪個？", (Choice("資格", "go:1"), Choice("期限", "go:2"), Choice("選單", "menu", aside=True)))
    assert sent(message)[0]["text"] == "要看哪個？\n\n1. 資格\n2. 期限"
    assert keyboard(message) == [
        [{"text": "資格", "callback_data": "go:1"}],
        [{"text": "期限", "callback_data": "go:2"}],
        [{"text": "選單", "callback_data": "menu"}],
    ]


def test_numbers_run_through_all_messages_of_an_answer() -> None:
    text = sent(Text("甲", (Choice("a", "a"),)), Text("乙", (Choice("b", "b"),)))[0]["text"]
    assert text == "甲\n\n1. a\n\n乙\n\n2. b"


def test_a_long_label_is_short_on_its_button_and_whole_in_the_text() -> None:
    label = "高級中等學校跨校遠距教學計畫（114 學年度）"
    message = Text("哪一個？", (Choice(label, "go"),))
    assert keyboard(message)[0][0]["text"] == "高級中等學校跨校遠距教學計畫（114…"
    assert f"1. {label}" in sent(message)[0]["text"]


def test_an_action_that_telegram_would_refuse_has_no_button_and_keeps_its_number() -> None:
    longest, too_long = "甲" * 21 + "a", "甲" * 21 + "ab"
    message = Text("？", (Choice("長", too_long), Choice("空", ""), Choice("好", longest)))
    assert [button["text"] for row in keyboard(message) for button in row] == ["好"]
    assert "1. 長\n2. 空\n3. 好" in sent(message)[0]["text"]


def test_many_asides_take_two_rows() -> None:
    asides = tuple(Choice(str(n), str(n), aside=True) for n in range(6))
    assert [len(row) for row in keyboard(Text("？", asides))] == [3, 3]
    assert [len(row) for row in keyboard(Text("？", asides[:4]))] == [4]


def test_buttons_without_words_get_a_line_above_them() -> None:
    assert sent(Text(" ", (Choice("選單", "menu", aside=True),)))[0]["text"] == ONLY_BUTTONS


def test_blank_lines_around_an_answer_are_not_sent() -> None:
    assert sent(Text("\n \n甲\n\n乙\n\u200b\n"))[0]["text"] == "甲\n\n乙"


def test_more_choices_than_telegram_has_buttons_for_keep_their_numbers() -> None:
    choices = [Choice(f"項{n}", str(n)) for n in range(150)] + [Choice("選單", "menu", aside=True)]
    message = Text("？", tuple(choices))
    rows = keyboard(message)
    telegram_rules.check("sendMessage", sent(message)[0])
    assert rows[-1][0]["text"] == "選單"
    assert "150. 項149" in sent(message)[0]["text"]


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200b", "\x00"])
def test_nothing_is_not_sent(nothing: str) -> None:
    assert calls(Text(nothing)) == []


def test_a_long_text_is_parted_at_line_ends_with_the_keyboard_under_its_last_part() -> None:
    lines = [f"{n:03d} " + "字" * 60 for n in range(100)]
    parts = sent(Text("\n".join(lines), (Choice("選單", "menu", aside=True),)))
    assert len(parts) == 2
    assert "\n".join(part["text"] for part in parts).split("\n") == lines
    assert ["reply_markup" in part for part in parts] == [False, True]


def test_a_line_that_is_too_long_by_itself_is_parted_within_its_format() -> None:
    parts = sent(Card("題", "答", source="源" * 5000))
    sources = [telegram_rules.visible(part["text"]) for part in parts[1:]]
    assert "".join(sources) == "源" * 5000
    assert all(part["text"].startswith("<i>源") for part in parts[1:])


def test_in_a_group_the_first_part_replies_to_the_asker_who_may_have_deleted_the_question() -> None:
    parts = sent(Text("字" * 5000), incoming=IN_GROUP)
    assert parts[0]["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}
    assert "reply_parameters" not in parts[1]
    assert parts[0]["chat_id"] == "-100"


def test_a_tap_is_answered_first() -> None:
    first, second = calls(Text("好"), incoming=TAPPED)
    assert first == {"method": "answerCallbackQuery", "params": {"callback_query_id": "4382bf"}}
    assert second["method"] == "sendMessage"


def test_there_is_room_for_the_note_on_a_repeat_in_every_text() -> None:
    for params in sent(Text("字" * 9000)):
        telegram_rules.check("sendMessage", params | {"text": labelled(params["text"])})


def test_the_calls_are_what_the_bot_api_describes(specification: Specification) -> None:
    message = Text("？", (Choice("一", "1"), Choice("選單", "menu", aside=True)))
    for incoming in (PRIVATE, IN_GROUP, TAPPED):
        for call in calls(CARD, message, Text("字" * 5000), incoming=incoming):
            assert specification.faults(call["method"], call["params"]) == []


def test_the_description_finds_what_is_wrong(specification: Specification) -> None:
    markup = {"inline_keyboard": [[{"text": "a", "data": "b"}]]}
    faults = specification.faults("sendMessage", {"text": 5, "colour": "red", "reply_markup": markup})
    assert faults == [
        "sendMessage.colour: unknown",
        "sendMessage.chat_id: missing",
        "sendMessage.text: not String",
        "sendMessage.reply_markup.inline_keyboard[0][0].data: unknown",
    ]


WORDS = st.text(max_size=60) | st.builds(lambda text, n: text * n, st.text(max_size=9), st.integers(0, 900))
CHOICES = st.lists(st.builds(Choice, WORDS, st.text(max_size=80), st.booleans()), max_size=30).map(tuple)
MESSAGES = st.builds(Text, WORDS, CHOICES) | st.builds(Card, WORDS, WORDS, WORDS, WORDS, CHOICES)


@given(st.lists(MESSAGES, max_size=3), st.sampled_from([PRIVATE, IN_GROUP, TAPPED]))
def test_whatever_is_said_telegram_would_take_it(messages: list[Message], incoming: Incoming) -> None:
    payload = render(incoming, messages).payload
    json.dumps(payload, ensure_ascii=False).encode()
    for call in payload["calls"]:
        telegram_rules.check(call["method"], call["params"])
        if call["method"] == "sendMessage":
            telegram_rules.check("sendMessage", call["params"] | {"text": labelled(call["params"]["text"])})


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=400))
def test_no_word_is_lost(words: str) -> None:
    text = "\n".join(words[n : n + 7] for n in range(0, len(words), 7)) + "\n結"
    assert telegram_rules.visible(sent(Text(text * 12))[0]["text"]).startswith(text)
