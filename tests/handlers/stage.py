"""A conversation on a stage: one person and the router, its state carried as the service carries it.

Without a `Playhouse` nothing may touch the database; with one, each turn is a transaction on a real SQLite file.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.clock import epoch_ms, parse_local
from bot.messages import Choice, Incoming, Kind, Message
from bot.store import enrolments, history, people, records
from bot.store.access import scope_of, unlimited
from bot.store.database import Database, insert_or_ignore
from bot.store.history import Version
from bot.store.stored_record import StoredRecord
from bot.store.tables import conversations
from handlers.ask import Asks
from handlers.checklist.checklists import Checklists
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.router import Router
from knowledge.answering.model import Answer, Citation, Focus, Status, Suggestion
from knowledge.loader import load_base
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


T = TypeVar("T")


class Playhouse:
    """A database and the event loop that it lives in, for the talks of one test."""

    def __init__(self, path: Path) -> None:
        self._runner = asyncio.Runner()
        self._database = Database(f"sqlite:///{path}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._database.close())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that waits for the database."""
        return self._runner.run(work)

    def link(self, kept: str, other: str) -> None:
        """Make two conversations one person's, as a code does that is typed into the second."""

        async def work() -> None:
            async with self._database.write() as tx:
                for each in (kept, other):
                    await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of(each))
                first, second = [await people.of_conversation(tx, each, 1) for each in (kept, other)]
                await people.merge(tx, first, second)

        self.run(work())

    def join(
        self,
        conversation: str,
        slug: str,
        edition: str = "",
        *,
        school: str = "示範高中",
        role: str = "coordinator",
        name: str = "",
    ) -> str:
        """Let the person of a conversation in at a school; returns the enrolment's id."""
        programme = next(
            each for each in real_checklists().base.programmes if each.slug == slug and edition in ("", each.edition)
        )

        async def work() -> str:
            async with self._database.write() as tx:
                await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of(conversation))
                person = await people.of_conversation(tx, conversation, 1)
                place = await enrolments.enrol(tx, unlimited(), school, programme, 1)
                assert place is not None
                invited = {"role": role, "enrolment": place.id, "programme": slug, "edition": programme.edition}
                await enrolments.join(tx, person, invited, 1, name=name)
                return place.id

        return self.run(work())

    def dismiss(self, conversation: str) -> None:
        """End all roles of the person of a conversation."""

        async def work() -> None:
            async with self._database.write() as tx:
                person = await people.of_conversation(tx, conversation, 1)
                assert await enrolments.leave(tx, await scope_of(tx, person), 2)

        self.run(work())

    def records(self) -> list[StoredRecord]:
        """Everything that is stored and not deleted, in order."""

        async def work() -> list[StoredRecord]:
            async with self._database.read() as tx:
                every = await enrolments.visible(tx, unlimited())
                return [each for place in every for each in await records.list_all(tx, unlimited(), place.id)]

        return self.run(work())

    def versions(self, record_id: str) -> list[Version]:
        """All that a record has been."""

        async def work() -> list[Version]:
            async with self._database.read() as tx:
                return await history.versions(tx, unlimited(), record_id)

        return self.run(work())

    async def turn(self, router: Router, state: State, incoming: Incoming, now: datetime) -> Turn:
        """One turn in one transaction."""
        async with self._database.write() as tx:
            await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of(incoming.conversation))
            return await router.handle(state, incoming, Desk(tx, incoming.conversation, now))


def row_of(conversation: str) -> dict[str, Any]:
    """A conversation as it is kept."""
    channel, _, address = conversation.partition(":")
    return {"id": conversation, "channel": channel, "address": address, "created_at": 1, "updated_at": 1}


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of what waits for nothing: a turn that keeps nothing for anyone."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("this waits for the database; give the talk a Playhouse")


CHECKLISTS: list[Checklists] = []


def real_checklists() -> Checklists:
    """Those of the packaged programmes, loaded once."""
    if not CHECKLISTS:
        CHECKLISTS.append(Checklists(load_base()))
    return CHECKLISTS[0]


@dataclass
class Talk:
    """One person's conversation. Each turn's state goes through JSON, as it does in the database."""

    asks: Asks = field(default_factory=Prompter)
    now: datetime = MONDAY
    in_group: bool = False
    house: Playhouse | None = None
    conversation: str = "c1"
    state: State = field(default_factory=State)
    turn: Turn = field(default_factory=lambda: Turn(State()))
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.router = Router(self.asks, checklists=real_checklists(), new_id=lambda: f"q{next(self._ids)}")

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
            conversation=self.conversation,
            address="a1",
            occurred_at=epoch_ms(self.now),
            kind=kind,
            in_group=self.in_group,
        )
        heard = replace(incoming, **more)
        if self.house is None:
            desk = Desk(None, self.conversation, self.now)  # type: ignore[arg-type]
            self.turn = at_once(self.router.handle(self.state, heard, desk))
        else:
            self.turn = self.house.run(self.house.turn(self.router, self.state, heard, self.now))
        self.state = State.load(json.loads(json.dumps(self.turn.state.dump())))
        assert self.state == self.turn.state
        return self.turn
