"""The terminal as a channel, and how a reply looks there."""

from __future__ import annotations

import pytest

from bot.channels.terminal import TerminalChannel, lay_out
from bot.messages import Card, Choice, FileRef, Kind, Text, from_json

EVENT = {"id": "e1", "user": "王老師", "text": "2", "at": 1_757_052_000_000}


def test_a_line_is_read_as_the_words_of_its_user() -> None:
    incoming = TerminalChannel().parse(EVENT)
    assert incoming is not None
    assert (incoming.channel, incoming.conversation, incoming.address) == ("terminal", "王老師", "王老師")
    assert (incoming.kind, incoming.text, incoming.event_id) == (Kind.TEXT, "2", "e1")


def test_a_file_comes_with_what_was_typed_beside_it() -> None:
    file = {"source": "e1:0", "name": "a.jpg", "media_type": "image", "size": 3}
    incoming = TerminalChannel().parse({**EVENT, "kind": "file", "files": [file]})
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.FILE, EVENT["text"])
    assert incoming.files == (FileRef("e1:0", "a.jpg", "image", 3),)


def test_a_line_of_nobody_is_refused() -> None:
    with pytest.raises(KeyError):
        TerminalChannel().parse({"id": "e1", "text": "?", "at": 0})


def test_a_reply_is_delivered_by_being_stored() -> None:
    incoming = TerminalChannel().parse(EVENT)
    assert incoming is not None
    outgoing = TerminalChannel().render(incoming, [Text("好")])
    assert outgoing.method == "show"
    assert [from_json(message) for message in outgoing.payload["messages"]] == [Text("好")]


def test_a_reply_is_words_source_then_what_can_be_typed() -> None:
    card = Card(
        "題目",
        "最多 20 萬元。",
        source="依據：柒/一",
        choices=(Choice("怎麼算", "a"), Choice("有幫助", "b", aside=True), Choice("誰可以", "c")),
    )
    assert lay_out([card, Text("還有呢？", (Choice("沒有", "d"),))]) == (
        "最多 20 萬元。\n依據：柒/一\n  1. 怎麼算\n  2. 誰可以\n  〔有幫助〕\n\n還有呢？\n  3. 沒有"
    )
