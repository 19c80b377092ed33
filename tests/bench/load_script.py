"""What people send while the load runs: questions, log lines and their confirmation, taps, small talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.demo.questions import NOT_KNOWN, VAGUE
from bot.demo.when import NOW
from tests.bench.load_town import Chatter, Town

TEXT, TAP = "text", "tap"
PATTERN = ("ask", "log", "confirm", "tap", "ask", "chat", "ask", "tap", "ask", "tap")
"""Of one person's messages, again and again; each begins at another place of it."""
SMALL_TALK = ("你好", "謝謝", "選單", "早安")
ACTIVITIES = ("社群會議", "推動小組會議", "公開觀課", "社群會議 8人")
Step = tuple[str, str, str]
"""Address, `TEXT` or `TAP`, and the words or the action."""


def steps(town: Town, count: int) -> list[Step]:
    """Messages in the order of sending: each person in turn, so that everyone's have the same distance."""
    scripts = [_script(town, chatter, number) for number, chatter in enumerate(town.chatters)]
    return [(town.chatters[place].address, *next(scripts[place])) for place in _turns(len(scripts), count)]


def _turns(people: int, count: int) -> Iterator[int]:
    return (number % people for number in range(count))


def _script(town: Town, chatter: Chatter, number: int) -> Iterator[tuple[str, str]]:
    asked = [*town.questions, *VAGUE, *NOT_KNOWN]
    taps, logged, questions = 0, 0, number * 17
    for place in range(number, 10**9):
        match PATTERN[place % len(PATTERN)]:
            case "ask":
                questions += 1
                yield TEXT, asked[questions % len(asked)]
            case "log":
                logged += 1
                day = NOW - timedelta(days=logged % 90 + 1)
                yield TEXT, f"{day.month}/{day.day} 14:00-16:00 {ACTIVITIES[logged % len(ACTIVITIES)]}"
            case "confirm":
                yield TEXT, "確認"
            case "tap":
                taps += 1
                yield TAP, chatter.taps[(taps - 1) % len(chatter.taps)]
            case _:
                yield TEXT, SMALL_TALK[place % len(SMALL_TALK)]
