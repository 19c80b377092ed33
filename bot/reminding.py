"""Wires what speaks first: what the channels draw, and what the handlers say, lent to the scheduler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

from bot.channels.terminal import TerminalChannel
from bot.channels.web import WebChannel
from bot.messages import Channel, Message
from bot.store.askers import Asker
from handlers.answered_words import answered
from handlers.record.listing import held_question
from handlers.reminders import after_push
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer
from knowledge.schema import Base
from scheduler.answered import Teller
from scheduler.outlets import Outlets, QuotaSource
from scheduler.plan import Planner


def make_planner(base: Base, channels: Iterable[Channel] = (), quota: QuotaSource | None = None) -> Planner:
    """A planner that reaches people through these channels, and where a message is delivered by being stored."""
    return Planner(base, _outlets(channels, quota))


def make_teller(
    base: Base,
    channels: Iterable[Channel] = (),
    quota: QuotaSource | None = None,
    answerer: Callable[[], Answerer] | None = None,
) -> Teller:
    """Tells people through these channels that their question is answered now.

    `answerer`: where there may be one over the same base already; else one is made when it is first wanted.
    """

    def compose(asker: Asker, asked_on: date, today: date, answer: Answer) -> Sequence[Message]:
        return (answered(base, asker.text, asked_on, today, answer),)

    return Teller(answerer or cache(lambda: Answerer(base)), _outlets(channels, quota), compose)


def _outlets(channels: Iterable[Channel], quota: QuotaSource | None) -> Outlets:
    stored: tuple[Channel, ...] = (WebChannel(), TerminalChannel())
    renderers = {channel.name: channel.render_push for channel in (*stored, *channels)}
    return Outlets(renderers, held_question, after_push, quota)
