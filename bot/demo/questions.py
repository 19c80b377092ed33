"""What people asked: real questions through the real engine, so that answers, doubts and refusals are its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from bot.channels.line import LineChannel
from bot.channels.web import WebChannel
from bot.clock import ShiftedClock, epoch_ms, from_epoch_ms
from bot.demo.deliveries import Post
from bot.demo.dice import dice, number
from bot.demo.people import Person
from bot.demo.when import ASKED_SINCE, NOW, at
from bot.inbox.ingest import new_events
from bot.inbox.worker import Converses, Worker
from bot.messages import Channel
from bot.store import inbox, terminal
from bot.store.access import Scope
from bot.store.database import Database
from bot.store.tables import conversations, questions
from knowledge.schema import Base

CHANNELS: dict[str, Channel] = {"web": WebChannel(), "line": LineChannel("")}
EACH = 130
"""Questions that are asked of all there is to ask."""
NOT_KNOWN = (
    "遊覽車的租金可以報帳嗎", "颱風天停課，社群要補辦嗎", "影印紙可以用計畫經費買嗎",
    "遠距課程可以錄影放到網路上嗎", "今天營養午餐吃什麼",
)  # fmt: skip
"""Asked by many, in these words: what a curator should see first."""
VAGUE = ("補助多少錢？", "什麼時候截止？", "要辦幾次？", "經費怎麼核銷", "成果報告要寫什麼")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that somebody asks."""

    at: int
    by: Person
    text: str
    opinion: str = ""
    """What they tap afterwards, where there is such a button."""


def questions_of(base: Base, people: Sequence[Person], seed: int, count: int = EACH) -> list[Question]:
    """What is asked within the time that is kept, the earliest first; half of it by people who are nobody to us."""
    chance = dice(seed, "questions")
    strangers = [Person(Scope(""), "web", number(seed, "stranger", n) * 2, "") for n in range(max(8, count // 5))]
    known = [item.title for programme in base.programmes for item in programme.items]
    asked = [_one(chance, chance.choice((*people, *strangers)), known) for _ in range(count)]
    moments = _moments(chance, len(asked) + len(NOT_KNOWN) * 6)
    for index, text in enumerate(NOT_KNOWN if count else ()):
        few = chance.sample(strangers, min(len(strangers), 6 - index))
        asked += [(by, text, "") for by in few]
    chance.shuffle(asked)
    return [Question(moment, *one) for moment, one in zip(moments, asked, strict=False)]


def _one(chance: Random, by: Person, known: Sequence[str]) -> tuple[Person, str, str]:
    opinion = chance.choice(("helpful", "helpful", "", "", "", "other", "outdated"))
    text = chance.choice(VAGUE) if chance.random() < 0.12 else chance.choice(known)
    return by, text, opinion


def _moments(chance: Random, count: int) -> list[int]:
    """Working hours, sorted."""
    span = (NOW - ASKED_SINCE).days
    first = ASKED_SINCE.replace(tzinfo=None)
    found = [
        at(first + timedelta(days=chance.randint(0, span - 1), minutes=chance.randint(0, 600))) for _ in range(count)
    ]
    return sorted(found)


class Asking:
    """Puts questions to the engine, each at its own moment."""

    def __init__(self, database: Database, router: Converses, post: Post, seed: int) -> None:
        self._database = database
        self._clock = ShiftedClock(NOW, running=False)
        self._worker = Worker(database, CHANNELS, router, self._clock, on_outgoing=_nothing)
        self._post = post
        self._seed = seed
        self._count = 0

    async def ask(self, asked: Iterable[Question]) -> None:
        """Ask, and tap what the person thinks."""
        for question in asked:
            await self._put(question.by, question.at, text=question.text)
            action = await self._button(question)
            if action:
                await self._put(question.by, question.at + 40_000, action=action)

    async def _put(self, by: Person, now: int, *, text: str = "", action: str = "") -> None:
        self._count += 1
        identity = number(self._seed, "event", self._count)
        raw = _web(by, identity, now, text, action) if by.channel == "web" else _line(by, identity, now, text, action)
        self._clock.move_to(from_epoch_ms(now))
        async with self._database.write() as tx:
            await inbox.store(tx, new_events(CHANNELS[by.channel], [raw]), now)
            await terminal.refill(tx, by.conversation_id)
        while await self._worker.step():
            pass
        if by.channel == "line":
            await self._post.deliver(now + 400)

    async def _button(self, question: Question) -> str:
        """The button of the answer that says what the person thinks; empty without one."""
        async with self._database.read() as tx:
            state = (
                await tx.execute(select(conversations.c.state).where(conversations.c.id == question.by.conversation_id))
            ).scalar_one()
            last = str(state.get("question_id", ""))
            row = (await tx.execute(select(questions).where(questions.c.id == last))).first()
        if row is None or not question.opinion:
            return ""
        if row.status == "unsure":
            return f"none:{last}" if row.candidates and question.opinion != "helpful" else ""
        return f"fb:{last}:{question.opinion}" if row.entry else ""


def _web(by: Person, identity: str, now: int, text: str, action: str) -> dict[str, Any]:
    return {"id": identity, "session": by.address, "text": text, "action": action, "at": now}


def _line(by: Person, identity: str, now: int, text: str, action: str) -> dict[str, Any]:
    event = {
        "webhookEventId": identity,
        "timestamp": now,
        "mode": "active",
        "source": {"type": "user", "userId": by.address},
        "replyToken": identity,
        "deliveryContext": {"isRedelivery": False},
    }
    if action:
        return {**event, "type": "postback", "postback": {"data": action}}
    return {**event, "type": "message", "message": {"type": "text", "id": identity, "text": text}}


def _nothing() -> None:
    """Nobody waits for outgoing messages here."""


def until(asked: Sequence[Question], moment: datetime, since: datetime | None) -> list[Question]:
    """Those of a stretch of time."""
    begin = epoch_ms(since) if since else 0
    return [each for each in asked if begin < each.at <= epoch_ms(moment)]
