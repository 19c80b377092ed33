"""Signatures, the shape of a webhook, and what goes into an outgoing row."""

import json

import pytest
from starlette.datastructures import Headers

from bot.channels.line import LineChannel
from bot.messages import Incoming, Text
from tests.fakes import line_events

# LINE's own documentation of signature checking.
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def incoming(reply_token: str = "") -> Incoming:
    return Incoming("line", "01J", "U1", "U1", 1000, reply_token=reply_token, reply_until=51_000)


def test_the_documented_signature_is_authentic() -> None:
    assert LineChannel(SECRET).authentic({"x-line-signature": SIGNATURE}, BODY)


def test_the_name_of_the_header_may_be_written_in_any_case() -> None:
    assert LineChannel(SECRET).authentic({"X-LINE-Signature": SIGNATURE}, BODY)
    assert LineChannel(SECRET).authentic(Headers({"X-Line-Signature": SIGNATURE}), BODY)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({"x-line-signature": ""}, BODY),
        ({"x-line-signature": "簽章"}, BODY),
        ({"x-line-signature": "\ud800"}, BODY),
        ({"x-line-signature": SIGNATURE[:-2] + "0="}, BODY),
        ({"x-line-signature": SIGNATURE}, BODY + b" "),
        ({"x-line-signature": SIGNATURE}, b"\xff" + BODY),
    ],
)
def test_anything_else_is_not_authentic(headers: dict[str, str], body: bytes) -> None:
    assert not LineChannel(SECRET).authentic(headers, body)


def test_without_a_secret_nothing_is_authentic() -> None:
    assert not LineChannel("").authentic({"x-line-signature": line_events.signature("", BODY)}, BODY)


def test_a_chinese_body_is_checked_as_the_bytes_that_came() -> None:
    raw = line_events.body(line_events.text("鐘點費 😀"))
    assert LineChannel(SECRET).authentic(line_events.headers(SECRET, raw), raw)


def test_the_verifying_webhook_has_no_events() -> None:
    assert LineChannel(SECRET).events(json.loads(BODY)) == []


@pytest.mark.parametrize("body", [None, [], "x", 3, {}, {"events": None}, {"events": {"type": "message"}}])
def test_a_body_that_is_no_webhook_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="webhook"):
        LineChannel(SECRET).events(body)


def test_an_answer_goes_by_reply_token_where_there_is_one() -> None:
    outgoing = LineChannel(SECRET).render(incoming("abc"), [Text("好")])
    assert (outgoing.method, outgoing.reply_token, outgoing.reply_until) == ("reply", "abc", 51_000)
    assert outgoing.payload == {"messages": [{"type": "text", "text": "好"}]}


def test_an_answer_without_a_token_is_pushed() -> None:
    assert LineChannel(SECRET).render(incoming(), [Text("好")]).method == "push"


def test_what_answers_nothing_is_one_push_without_a_token() -> None:
    body = LineChannel(SECRET).render_push("U1", (Text("提醒"), Text("還有")))
    assert (body.method, body.reply_token) == ("push", "")
    assert [each["text"] for each in body.payload["messages"]] == ["提醒", "還有"]
