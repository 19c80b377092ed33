"""The chat page as a channel: what its own server stores, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import WebChannel
from bot.messages import Card, Choice, Incoming, Kind, Message, Text, from_json

EVENT: dict[str, Any] = {
    "id": "e1",
    "session": "s1",
    "text": "補助多少？",
    "action": "",
    "at": 1_757_052_000_000,
}
WEB = WebChannel()


def parsed(**changes: Any) -> Incoming:
    incoming = WEB.parse({**EVENT, **changes})
    assert incoming is not None
    return incoming


def test_a_text_is_read_with_whose_it_is_and_when_it_came() -> None:
    assert parsed() == Incoming(
        channel="web",
        event_id="e1",
        conversation="s1",
        address="s1",
        occurred_at=1_757_052_000_000,
        kind=Kind.TEXT,
        text="補助多少？",
        message_id="e1",
    )


def test_a_button_is_its_action_and_leaves_its_label_behind() -> None:
    incoming = parsed(action="ask:money", text="補助多少錢？")
    assert (incoming.kind, incoming.action, incoming.text) == (Kind.CHOICE, "ask:money", "")


def test_the_first_visit_is_a_follow() -> None:
    assert parsed(kind="follow", text="").kind is Kind.FOLLOW


@pytest.mark.parametrize(
    "changes",
    [{"text": 5}, {"session": None}, {"id": ["e1"]}, {"at": "soon"}, {"kind": "dance"}, {"action": {}}],
)
def test_what_our_server_did_not_write_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        WEB.parse({**EVENT, **changes})


@pytest.mark.parametrize("missing", ["id", "session", "at"])
def test_an_event_without_owner_id_or_time_is_refused(missing: str) -> None:
    with pytest.raises(KeyError):
        WEB.parse({key: value for key, value in EVENT.items() if key != missing})


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_stored_and_written_out(text: str) -> None:
    assert parsed(text=text).text.encode("utf-8").decode() == parsed(text=text).text
    assert "\x00" not in parsed(text=text).text


@given(st.text(max_size=50), st.text(max_size=20))
def test_messages_are_shown_as_they_are(text: str, label: str) -> None:
    messages: list[Message] = [Text(text), Card("題目", text, "依據", "查到了", (Choice(label, "a", aside=True),))]
    outgoing = WEB.render(parsed(), messages)
    assert outgoing.method == "show"
    stored = json.loads(json.dumps(outgoing.payload))
    assert [from_json(message) for message in stored["messages"]] == messages
