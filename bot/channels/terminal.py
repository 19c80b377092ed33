"""The terminal as a channel: a conversation without a page or an account, the same engine behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.web import parse_own, shown
from bot.messages import Incoming, Message, Outgoing, plain


class TerminalChannel:
    """One conversation for each name given at the prompt."""

    name = "terminal"

    def parse(self, event: Mapping[str, Any]) -> Incoming | None:
        """Read `{"id", "user", "text", "action", "at", "kind"?, "files"?}`; `at` in epoch milliseconds.

        Raises `KeyError`, `TypeError` or `ValueError` on anything else.
        """
        return parse_own(self.name, event, person=event["user"])

    def render(self, incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
        """The messages as they are; they are laid out when they are printed."""
        return shown(messages)

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        """The same: nothing has to be sent."""
        return shown(messages)


def lay_out(messages: Sequence[Message]) -> str:
    """A whole reply for the eye: the words, their source, then what can be typed next.

    Numbers run through the reply as the engine counts them; asides have none.
    """
    blocks, number = [], 0
    for message in messages:
        lines = [plain(message)]
        asides = []
        for choice in message.choices:
            if choice.picker:
                continue
            if choice.aside:
                asides.append(f"〔{choice.label}〕")
                continue
            number += 1
            lines.append(f"  {number}. {choice.label}")
        if asides:
            lines.append("  " + " ".join(asides))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
