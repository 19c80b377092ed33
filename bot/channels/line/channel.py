"""The half of LINE that needs no network: what comes in is checked and read, what goes out is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linebot.v3.webhook import SignatureValidator

from bot.channels.line import reading, render
from bot.messages import Incoming, Message, Outgoing

SIGNATURE_HEADER = "x-line-signature"


class LineChannel:
    """Implements `bot.web.webhooks.WebhookChannel`."""

    name = reading.CHANNEL

    def __init__(self, secret: str) -> None:
        """`secret` is the channel secret; with an empty one nothing is authentic, since anyone could sign."""
        self._validator = SignatureValidator(secret) if secret else None

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether LINE signed exactly these bytes, compared in constant time; false without a signature."""
        found = (value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER)
        signature = next(found, "")
        if self._validator is None:
            return False
        try:
            # The SDK encodes the text again, which gives back the same bytes.
            return bool(self._validator.validate(body.decode("utf-8"), signature))
        except UnicodeError:
            return False

    def events(self, body: Any) -> list[Any]:
        """The events of a webhook; none in the one that LINE sends to verify an address.

        Raises `ValueError` where the body is not a webhook.
        """
        events = body.get("events") if isinstance(body, Mapping) else None
        if not isinstance(events, list):
            raise ValueError("a LINE webhook holds a list under `events`")
        return events

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """See `reading.read`."""
        return reading.read(event)

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """All messages in one call, by reply token where there is one; see `render.message_objects`."""
        return Outgoing(
            method="reply" if incoming.reply_token else "push",
            payload={
                "messages": render.message_objects(
                    messages, in_group=incoming.in_group, quote_token=incoming.quote_token
                )
            },
            reply_token=incoming.reply_token,
            reply_until=incoming.reply_until,
        )

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """All messages in one push, which LINE counts as one."""
        return Outgoing(method="push", payload={"messages": render.message_objects(messages)})
