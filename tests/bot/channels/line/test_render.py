"""Our messages as LINE shows them."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.line.render import message_objects
from bot.messages import Card, Choice, Message, Text
from tests.bot.channels.line import limits_of_line
from tests.bot.channels.line.limits_of_line import parts
from tests.fakes import messages as said
from tests.thorough import examples

HINT = "也可以直接打字：有幫助／不是我要問的／選單"


def words_of(message: dict[str, Any]) -> list[str]:
    """Every text that a reader sees in a message object, from top to bottom."""
    if message["type"] == "text":
        return [message["text"]]
    body = [message["contents"].get(block) for block in ("header", "body", "footer")]
    return [p["text"] if p["type"] == "text" else p["action"]["label"] for p in parts(body) if _is_seen(p)]


def _is_seen(part: dict[str, Any]) -> bool:
    return part.get("type") == "button" or (part.get("type") == "text" and "wrap" in part)


def actions_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [part["action"] for part in parts(message["contents"]) if "action" in part]


def test_an_answer_is_a_card_with_its_status_and_source() -> None:
    (message,) = message_objects([said.ANSWER])
    assert words_of(message) == ["查到了", said.ANSWER.title, said.ANSWER.text, said.ANSWER.source, HINT]
    assert message["contents"]["size"] == "mega"
    assert message["contents"]["header"]["backgroundColor"] == "#047857"


def test_the_alternative_text_says_what_matters() -> None:
    (message,) = message_objects([said.ANSWER])
    assert message["altText"] == f"【{said.ANSWER.title}】{said.ANSWER.text}"


def test_asides_are_quick_replies_that_can_be_typed_as_well() -> None:
    (message,) = message_objects([said.ANSWER])
    actions = [item["action"] for item in message["quickReply"]["items"]]
    assert [(a["label"], a["data"], a["displayText"]) for a in actions] == [
        (choice.label, choice.action, choice.label) for choice in said.ASIDES
    ]


def test_choices_are_numbered_buttons_that_say_what_was_chosen() -> None:
    (message,) = message_objects([said.UNSURE])
    assert actions_of(message)[0] == {
        "type": "postback",
        "label": "1 授課鐘點費",
        "data": "ask:distance-teaching/114/fee",
        "displayText": "授課鐘點費",
    }
    assert [part["type"] for part in message["contents"]["body"]["contents"]] == [
        "text",
        "text",
        "button",
        "box",
        "button",
    ]


def test_a_long_choice_wraps_and_can_be_read_to_its_end() -> None:
    (message,) = message_objects([said.UNSURE])
    assert "2 合作學校的協同教師可以支領什麼費用、一節多少錢？" in words_of(message)


def test_numbers_go_on_through_all_messages_of_an_answer() -> None:
    first, second = message_objects([said.UNSURE, said.WELCOME])
    assert [a["label"][0] for a in actions_of(first) + actions_of(second)] == ["1", "2", "3", "4"]


def test_plain_words_are_plain_text() -> None:
    assert message_objects([said.PLAIN]) == [{"type": "text", "text": "收到，謝謝您。"}]


def test_a_text_that_offers_choices_becomes_a_small_card() -> None:
    (message,) = message_objects([said.WELCOME])
    assert words_of(message) == [said.WELCOME.text, "1 看範例", "也可以直接打字：選單"]
    assert message["altText"] == "您好，我是學伴。 直接打字問我就可以。"


def test_a_plain_text_says_what_can_be_typed() -> None:
    (message,) = message_objects([Text("請稍候。", (said.MENU,))])
    assert message["text"] == "請稍候。\n\n也可以直接打字：選單"


def test_quick_replies_stand_under_the_last_message_only() -> None:
    first, last = message_objects([said.ANSWER, said.PLAIN])
    assert "quickReply" not in first
    assert len(last["quickReply"]["items"]) == 3


def test_more_than_thirteen_asides_are_cut_to_what_line_shows() -> None:
    asides = tuple(Choice(f"旁{n}", f"a{n}", aside=True) for n in range(20))
    (message,) = message_objects([Text("好", asides)])
    assert len(message["quickReply"]["items"]) == 13


def test_an_aside_offered_twice_stands_once() -> None:
    *_, last = message_objects([said.ANSWER, said.ANSWER])
    assert len(last["quickReply"]["items"]) == 3


def test_data_that_line_cannot_carry_becomes_the_words_themselves() -> None:
    (message,) = message_objects([Text("選", (Choice("甲", "長" * 301),))])
    assert actions_of(message) == [{"type": "message", "label": "1 甲", "text": "甲"}]


def test_in_a_group_an_answer_is_one_text_that_quotes_the_asker() -> None:
    (message,) = message_objects([said.ANSWER], in_group=True, quote_token="q1")
    assert message["quoteToken"] == "q1"
    assert message["text"] == "\n".join(["【查到了】遠距教學教師鐘點費", said.ANSWER.text, said.ANSWER.source])


def test_in_a_group_choices_are_buttons_under_the_quoting_text() -> None:
    text, buttons = message_objects([said.UNSURE], in_group=True, quote_token="q1")
    assert text["quoteToken"] == "q1"
    assert "quoteToken" not in buttons
    assert len(actions_of(buttons)) == 3
    assert buttons["altText"].startswith("請點選：1 授課鐘點費／2 合作")


def test_in_private_nobody_is_quoted() -> None:
    (message,) = message_objects([said.PLAIN], quote_token="q1")
    assert "quoteToken" not in message


def test_eight_texts_are_joined_without_losing_one() -> None:
    (message,) = message_objects([Text(f"第 {n} 則") for n in range(8)])
    assert message["text"].split("\n\n") == [f"第 {n} 則" for n in range(8)]


def test_texts_are_joined_before_a_card_loses_its_frame() -> None:
    found = message_objects([*(Text(f"第 {n} 則") for n in range(5)), said.ANSWER])
    assert [message["type"] for message in found] == ["text", "flex"]


def test_seven_cards_are_told_as_text() -> None:
    found = message_objects([Card(f"題{n}", f"文{n}", f"源{n}") for n in range(7)])
    text = "".join(message["text"] for message in found)
    assert all(f"題{n}\n文{n}\n源{n}" in text for n in range(7))


def test_a_long_text_goes_in_parts() -> None:
    found = message_objects([Text("一句話。" * 3000)])
    assert len(found) == 3
    assert "".join(message["text"] for message in found) == "一句話。" * 3000


def test_what_is_beyond_five_long_texts_is_marked_as_cut() -> None:
    found = message_objects([Text("一句話。" * 8000)])
    assert len(found) == 5
    assert found[-1]["text"].endswith("…")


def test_a_card_too_long_for_a_bubble_is_told_as_text() -> None:
    found = message_objects([Card("題", "長" * 4000, "源", "查到了")])
    assert [message["type"] for message in found] == ["text"]
    assert found[0]["text"].startswith("【查到了】題\n長")


def test_forty_choices_go_into_several_bubbles() -> None:
    found = message_objects([Text("選", tuple(Choice(f"第 {n} 個", f"pick:{n}") for n in range(40)))])
    assert [len(actions_of(message)) for message in found] == [10, 10, 10, 10]


@pytest.mark.parametrize("nothing", [[], [Text("")], [Text(" \n\u200b")], [Card("", "")]])
def test_nothing_to_say_is_not_sent_as_nothing(nothing: list[Message]) -> None:
    (message,) = message_objects(nothing)
    assert message["text"] == "抱歉，這次沒有內容可以顯示。請輸入「選單」。"


def test_empty_parts_of_a_card_are_left_out() -> None:
    (message,) = message_objects([Card("", "只有內文")])
    assert set(message["contents"]) == {"type", "size", "body"}
    assert message["altText"] == "只有內文"


def test_every_background_of_a_status_is_dark_enough_for_white_letters() -> None:
    for status in ("查到了", "想確認一下", "查不到", "剩 3 天"):
        (message,) = message_objects([Card("題", "文", status=status)])
        header = message["contents"]["header"]
        assert header["contents"][0]["color"] == "#FFFFFF"
        assert contrast_with_white(header["backgroundColor"]) >= 4.5


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


@given(said.answers, st.booleans())
@settings(deadline=None)
def test_any_messages_are_drawn_within_lines_limits(answer: list[Message], in_group: bool) -> None:
    limits_of_line.check(message_objects(answer, in_group=in_group, quote_token="q1"))


@pytest.mark.parametrize("letter", ["字", "😀", "👨‍👩‍👧‍👦", "\u202e", "\x00", "\ud800", "\n", "a\u0301", "\u0301"])
def test_ten_thousand_of_any_letter_can_be_drawn(letter: str) -> None:
    long = letter * 10_000
    for message in (Text(long, said.ASIDES), Card(long, long, long, long, (Choice(long, "x"), *said.ASIDES))):
        limits_of_line.check(message_objects([message]))
        limits_of_line.check(message_objects([message], in_group=True, quote_token="q1"))


@pytest.mark.parametrize("answer", said.USUAL)
@pytest.mark.parametrize("in_group", [False, True])
def test_usual_messages_satisfy_lines_specification(answer: Sequence[Message], in_group: bool) -> None:
    found = message_objects(answer, in_group=in_group, quote_token="q1")
    limits_of_line.check(found)
    judge().validate({"replyToken": "r1", "messages": found})


@given(said.answers, st.booleans())
@settings(deadline=None, max_examples=examples(30))
def test_any_messages_satisfy_lines_specification(answer: list[Message], in_group: bool) -> None:
    found = message_objects(answer, in_group=in_group, quote_token="q1")
    judge().validate({"replyToken": "r1", "messages": found})


def test_the_specification_can_tell_a_bad_body() -> None:
    with pytest.raises(jsonschema.ValidationError):
        judge().validate({"replyToken": "r1", "messages": [{"type": "text", "text": ""}]})


@cache
def specification() -> dict[str, Any] | None:
    shared = os.environ.get("XUEBAN_SHARED", "")
    path = Path(shared) / "line-openapi" / "messaging-api.strict.yml"
    if not shared or not path.is_file():
        return None
    loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def judge() -> Any:
    """LINE's own specification of a reply, made strict; skips where it is not at hand."""
    spec = specification()
    if spec is None:
        pytest.skip("XUEBAN_SHARED is not set or holds no line-openapi/messaging-api.strict.yml")
    return jsonschema.Draft4Validator({**spec, "$ref": "#/components/schemas/ReplyMessageRequest"})
