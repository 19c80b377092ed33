"""Wires the planner of reminders: what the channels draw, and what the handlers say, lent to the scheduler."""

from __future__ import annotations

from collections.abc import Iterable

from bot.channels.terminal import TerminalChannel
from bot.channels.web import WebChannel
from bot.messages import Channel
from handlers.record.listing import held_question
from handlers.reminders import after_push
from knowledge.schema import Base
from scheduler.outlets import Outlets, QuotaSource
from scheduler.plan import Planner


def make_planner(base: Base, channels: Iterable[Channel] = (), quota: QuotaSource | None = None) -> Planner:
    """A planner that reaches people through these channels, and where a message is delivered by being stored."""
    stored: tuple[Channel, ...] = (WebChannel(), TerminalChannel())
    renderers = {channel.name: channel.render_push for channel in (*stored, *channels)}
    return Planner(base, Outlets(renderers, held_question, after_push, quota))
