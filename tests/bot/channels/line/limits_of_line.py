"""LINE's written limits, checked on a body about to leave; also those that its specification cannot say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.channels.limits import grapheme_count, is_blank, utf16_units


def check(messages: list[dict[str, Any]]) -> None:
    """Fail on anything that LINE would refuse, or show as nothing."""
    assert 1 <= len(messages) <= 5
    json.dumps(messages, ensure_ascii=False).encode("utf-8")
    assert all("quickReply" not in message for message in messages[:-1])
    for message in messages:
        if message["type"] == "text":
            _check_text(message["text"], 5000)
        else:
            _check_text(message["altText"], 1500)
            assert "quoteToken" not in message
            assert len(json.dumps(message["contents"])) <= 30 * 1024
            for part in parts(message["contents"]):
                _check_part(part)
        _check_quick_reply(message)


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object within a bubble, outermost first."""
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from parts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from parts(inner)


def _check_quick_reply(message: dict[str, Any]) -> None:
    items = message.get("quickReply", {"items": [None]})["items"]
    assert 1 <= len(items) <= 13
    for item in filter(None, items):
        _check_action(item["action"], 20)


def _check_part(part: dict[str, Any]) -> None:
    if part.get("type") == "text":
        _check_text(part["text"], 2000)
        assert part["wrap"]
        assert part["scaling"]
    if part.get("type") == "box":
        assert part["contents"]
    if "action" in part:
        _check_action(part["action"], 40 if part["type"] == "button" else 20)


def _check_action(action: dict[str, Any], label_limit: int) -> None:
    _check_text(action["label"], 10_000)
    assert grapheme_count(action["label"]) <= label_limit
    if action["type"] == "datetimepicker":
        assert action["mode"] in ("date", "time", "datetime")
        _check_text(action["data"], 300)
        return
    shown = action["displayText" if action["type"] == "postback" else "text"]
    _check_text(shown, 10_000)
    assert grapheme_count(shown) <= 300
    if action["type"] == "postback":
        _check_text(action["data"], 300)


def _check_text(text: str, units: int) -> None:
    assert not is_blank(text)
    assert utf16_units(text) <= units
    assert "\x00" not in text
