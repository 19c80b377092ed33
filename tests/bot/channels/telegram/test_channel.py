"""The channel as the webhook sees it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.messages import Text
from tests.fakes import telegram_events as events
from tests.fakes.telegram import USERNAME
from tests.fakes.telegram_events import SECRET

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.mark.parametrize("name", [HEADER, HEADER.lower()])
def test_a_body_with_the_secret_is_authentic(name: str) -> None:
    assert TelegramChannel(SECRET).authentic({name: SECRET}, b"{}")


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: "密"}, {"X-Other": SECRET}])
def test_a_body_without_the_secret_is_not_authentic(headers: dict[str, str]) -> None:
    assert not TelegramChannel(SECRET).authentic(headers, b"{}")


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}])
def test_without_a_secret_nothing_is_authentic(headers: dict[str, str]) -> None:
    assert not TelegramChannel().authentic(headers, b"{}")


def test_a_webhook_brings_one_update() -> None:
    update = events.text("選單")
    assert TelegramChannel(SECRET).events(update) == [update]


@pytest.mark.parametrize("body", [None, [], [events.text("選單")], {}, {"message": {}}, "update_id"])
def test_a_body_that_is_no_update_is_refused(body: Any) -> None:
    with pytest.raises(ValueError, match="not a Telegram update"):
        TelegramChannel(SECRET).events(body)


def test_a_mention_counts_once_the_channel_knows_its_name() -> None:
    channel = TelegramChannel(SECRET)
    update = events.asked_in_group(f"@{USERNAME} 選單")
    before = channel.parse(update)
    channel.username = USERNAME
    after = channel.parse(update)
    assert before is not None
    assert not before.addressed
    assert after is not None
    assert after.addressed
    assert channel.render(after, (Text("好"),)).payload["calls"][0]["method"] == "sendMessage"


def test_what_answers_nothing_is_sent_to_the_address() -> None:
    body = TelegramChannel(SECRET).render_push("42", (Text("提醒"),))
    assert [(call["method"], call["params"]["chat_id"]) for call in body.payload["calls"]] == [("sendMessage", "42")]
