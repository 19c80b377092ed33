"""A conversation on a stage: one person and the router, its state carried as the service carries it."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import epoch_ms, parse_local
from bot.messages import Choice, Incoming, Kind, Message
from handlers.ask import Asks
from handlers.dialogue import State, Turn
from handlers.router import Router
from knowledge.answering.model import Answer, Citation, Focus, Status, Suggestion
from knowledge.schema import Base, Entry, Programme

MONDAY = parse_local("2025-09-01T09:00")
REF = "night-school/114/money"


def programme(slug: str = "night-school", name: str = "夜間學校") -> Programme:
    """A programme with one rule."""
    entry = Entry("money", "補助多少錢？", "最多 5 萬元。", ("參/一",), ("補助",), (), "rules.yaml", 1)
    return Programme(
        slug,
        "114",
        f"{name}計畫",
        name,
        "114 學年度",
        (f"{name}計畫", name),
        f"{name}辦公室",
        f"{name}須知",
        date(2025, 8, 1),
        date(2026, 7, 31),
        (entry,),
        (),
    )


BASE = Base((programme(), programme("day-school", "日間學校")), ())
SURE = Answer(
    Status.ANSWERED,
    "最多 5 萬元。",
    "night-school",
    "114",
    REF,
    "補助多少錢？",
    (Citation("night-school", "114", "參/一"), Citation("night-school", "114", "參/二/(一)")),
    focus=Focus("night-school", REF, "補助", epoch_ms(MONDAY)),
    folded="补助",
)
DOUBTFUL = Answer(
    Status.UNSURE,
    "您問的是哪一個計畫？",
    suggestions=(
        Suggestion(REF, "夜間學校：補助多少錢？", "最多 5 萬元。"),
        Suggestion("day-school/114/money", "日間學校：這一個標題比按鈕放得下的還要長一點", "最多 3 萬元。"),
    ),
    folded="补助",
)
UNHEARD = Answer(Status.REFUSED, "這個問題我查不到依據。", folded="天气")
GAP = replace(SURE, status=Status.REFUSED, text="文件沒有寫。", ref="night-school/114/fee", title="要繳費嗎？")


class Prompter:
    """An `Asks` that says what it was given, and remembers what it was asked."""

    def __init__(self, **lines: Answer) -> None:
        self.base = BASE
        self.lines = {"補助": SURE, "哪個": DOUBTFUL, "天氣": UNHEARD, "費用": GAP, **lines}
        self.asked: list[tuple[str, Focus | None]] = []

    def answer(self, question: str, focus: Focus | None = None, now: datetime | None = None) -> Answer:
        """What was given for the question, else a refusal."""
        self.asked.append((question, focus))
        return self.lines.get(question, UNHEARD)

    def entry(self, ref: str, now: datetime | None = None) -> Answer | None:
        """The one entry that there is."""
        return SURE if ref == REF else None


@dataclass
class Talk:
    """One person's conversation. Each turn's state goes through JSON, as it does in the database."""

    asks: Asks = field(default_factory=Prompter)
    now: datetime = MONDAY
    in_group: bool = False
    state: State = field(default_factory=State)
    turn: Turn = field(default_factory=lambda: Turn(State()))
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.router = Router(self.asks, new_id=lambda: f"q{next(self._ids)}")

    def say(self, text: str, **more: Any) -> Turn:
        """Type something."""
        return self._handle(Kind.TEXT, text=text, **more)

    def tap(self, action: str) -> Turn:
        """Tap a button by what it carries, old or new."""
        return self._handle(Kind.CHOICE, action=action)

    def press(self, label: str) -> Turn:
        """Tap a button of the last reply by its label."""
        return self.tap(next(choice.action for choice in self.offered if choice.label == label))

    def event(self, kind: Kind, **more: Any) -> Turn:
        """Anything else."""
        return self._handle(kind, **more)

    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.now += timedelta(minutes=minutes)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The last reply."""
        return self.turn.messages

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices of the last reply."""
        return tuple(choice for message in self.messages for choice in message.choices)

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [choice.label for choice in self.offered]

    @property
    def text(self) -> str:
        """All words of the last reply."""
        return "\n".join(message.text for message in self.messages)

    def _handle(self, kind: Kind, **more: Any) -> Turn:
        incoming = Incoming(
            channel="terminal",
            event_id="e1",
            conversation="c1",
            address="a1",
            occurred_at=epoch_ms(self.now),
            kind=kind,
            in_group=self.in_group,
        )
        self.turn = self.router.handle(self.state, replace(incoming, **more), self.now)
        self.state = State.load(json.loads(json.dumps(self.turn.state.dump())))
        assert self.state == self.turn.state
        return self.turn
