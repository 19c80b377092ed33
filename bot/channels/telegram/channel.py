"""The half of Telegram that never touches the network: what comes in is read, what goes out is laid out."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.telegram.parse import parse
from bot.channels.telegram.render import render, render_push
from bot.messages import Incoming, Message, Outgoing

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # nosec B105 # noqa: S105 - the header's name


class TelegramChannel:
    """Telegram as a channel; implements `bot.web.webhooks.WebhookChannel`.

    `webhook_secret` is the `secret_token` given to `setWebhook`. An empty one authenticates nothing: an
    installation that polls has no webhook that could be trusted.
    """

    name = "telegram"

    def __init__(self, webhook_secret: str = "") -> None:  # nosec B107 # empty: nothing is authentic
        self._secret = webhook_secret.encode()
        self.username = ""
        """The bot's own, without `@`; while it is empty, no mention in a group is recognised."""

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether Telegram itself sent this body: then the secret stands in a header."""
        if not self._secret:
            return False
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._secret)

    def events(self, body: Any) -> list[Any]:
        """The one update in a webhook body. Raises `ValueError` where it is none."""
        if not isinstance(body, dict) or "update_id" not in body:
            raise ValueError("the body is not a Telegram update")
        return [body]

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """One update as an `Incoming`; None where there is nothing to do for us.

        Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` on what Telegram would not send.
        """
        return parse(event, self.username)

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """All messages answering one event, as frozen Bot API calls under `calls`."""
        return render(incoming, messages)

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """Messages that answer nothing, as frozen Bot API calls."""
        return render_push(address, messages)
