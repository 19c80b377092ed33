"""What the rooms above lend to the scheduler, which knows neither channels nor handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages import Message, Outgoing, Text
from bot.store.stored_record import StoredRecord

PushRenderer = Callable[[str, Sequence[Message]], Outgoing]
"""`Channel.render_push`: messages for an address as one frozen body."""


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's word on the month's pushes."""

    allowed: int | None
    """None: no limit."""
    used: int


QuotaSource = Callable[[], Awaitable[Report | None]]
"""Asks the provider; None where it does not answer. Never raises for what the provider or the network does."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """What the planner reaches people with."""

    renderers: Mapping[str, PushRenderer]
    """By channel; a channel without one is not pushed to."""
    held_question: Callable[[StoredRecord], Text]
    """Asks whether something planned was held."""
    remember: Callable[[Mapping[str, Any], Sequence[Message]], Mapping[str, Any]]
    """The state of a dialogue after it was shown these messages."""
    quota: QuotaSource | None = None
    """Of the channel whose pushes are counted, where it is on."""
