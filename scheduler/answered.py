"""Tells people that a question which was asked in vain is answered now: once, by day, where they asked it.

Every replica may run a pass at any time: the wordings of a decision are held while its askers are told, and a message
is unique by decision and asker. What can't be sent yet (a month's pushes used up, somebody talking to us just now, the
person's quiet hours) leaves its wording for a later pass.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms, from_epoch_ms
from bot.messages import Message
from bot.store import askers, curation, outbox, preferences, recipients
from bot.store.access import unlimited
from bot.store.askers import Asker, Talk
from bot.store.curation import Decision
from bot.store.database import Database
from bot.store.preferences import Wishes
from bot.store.recipients import Door
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer, Status
from knowledge.answering.nearest import answer_in
from knowledge.clusters import wording_key
from knowledge.patching import Kind, Verdict
from scheduler.outlets import Outlets
from scheduler.quota import COUNTED, Quota

log = structlog.get_logger(__name__)

FROM_HOUR, UNTIL_HOUR = 9, 20
"""Local hours in which people are told; an hour is left before the quiet hours for what has to be sent again."""
PUSH_WITHIN = timedelta(days=30)
"""A push that is counted is spent on a question of these days only."""
TOLD = Counter("xueban_answered_told_total", "Askers told that their question is answered now", ["channel"])

Compose = Callable[[Asker, date, date, Answer], Sequence[Message]]
"""What an asker is told: who and what, the day of asking, today, and the answer."""


class Fate(Enum):
    """What came of telling one asker."""

    TOLD = auto()
    LATER = auto()
    """It can't be sent yet."""
    NEVER = auto()
    """They know it, can't be reached, or asked too long ago for a push that is counted."""


class Teller:
    """Looks at decisions and tells. Holds no state but what it has loaded and when it last looked, which spares work,
    nothing else.

    Args:
        answerer: what answers by now; asked for beside the event loop, since making one takes long.
    """

    def __init__(self, answerer: Callable[[], Answerer], outlets: Outlets, compose: Compose) -> None:
        self._answerer = answerer
        self._outlets = outlets
        self._compose = compose
        self._quota = Quota(outlets)
        self._looked: tuple[date, int] | None = None

    async def tick(self, database: Database, now: datetime) -> int:
        """A pass for a clock that beats every few seconds: once an hour, by day; returns how many were told."""
        local = now.astimezone(TAIPEI)
        slot = (local.date(), local.hour)
        if slot == self._looked or not FROM_HOUR <= local.hour < UNTIL_HOUR:
            return 0
        told = await self(database, now)
        self._looked = slot
        return told

    async def __call__(self, database: Database, now: datetime) -> int:
        """A whole pass at `now` (aware), whatever the hour; returns how many were told."""
        async with database.read() as tx:
            waiting = await curation.decisions(tx, unlimited(), untold=True)
        settled = [_Settled(decision, answers) for decision in waiting if (answers := await self._look(decision, now))]
        if not settled:
            return 0
        talks = await self._talks(database, settled)
        told = 0
        for each in settled:
            async with database.write(patient=True) as tx:
                told += await self._tell(tx, each, talks, now)
            await asyncio.sleep(0)
        return told

    async def _look(self, decision: Decision, now: datetime) -> dict[str, Answer]:
        """What the wordings of a decision are answered by now, by their key; those that are not are left out."""
        answerer = await asyncio.to_thread(self._answerer)
        found = {}
        for wording in decision.wordings:
            answer = answer_in(answerer, wording.text, decision.asked_of, now)
            if settles(answer, decision.verdict):
                found[wording.key] = answer
            await asyncio.sleep(0)
        return found

    async def _talks(self, database: Database, settled: Sequence[_Settled]) -> Mapping[str, Talk]:
        wanted: dict[str, set[str]] = defaultdict(set)
        async with database.read() as tx:
            for each in settled:
                for asker in await each.askers(tx):
                    wanted[asker.channel].add(asker.pseudonym)
        return await askers.talks(database, wanted)

    async def _tell(self, tx: AsyncConnection, settled: _Settled, talks: Mapping[str, Talk], now: datetime) -> int:
        """Tell the askers of a decision, in one transaction; returns how many."""
        settled.keep(await askers.hold(tx, unlimited(), settled.decision.id))
        everybody = await settled.askers(tx)
        settled.drop_what_is_not_new(everybody)
        found = [each for each in everybody if settled.key(each) in settled.answers and each.pseudonym in talks]
        ways = await self._ways(tx, settled.decision, found, talks, now)
        late: set[str] = set()
        count = 0
        for asker in sorted(found, key=lambda each: (-each.asked_at, each.pseudonym)):
            person = talks[asker.pseudonym].person
            fate = Fate.NEVER if person in ways.told else await self._tell_one(tx, settled, asker, ways)
            if fate is Fate.TOLD:
                ways.told.add(person)
                count += 1
            elif fate is Fate.LATER:
                late.add(settled.key(asker))
        await askers.mark_told(tx, unlimited(), set(settled.answers) - late, epoch_ms(now))
        return count

    async def _ways(
        self, tx: AsyncConnection, decision: Decision, found: Sequence[Asker], talks: Mapping[str, Talk], now: datetime
    ) -> _Ways:
        own = {each.pseudonym: talks[each.pseudonym] for each in found}
        doors = await recipients.doors_of(tx, {talk.id for talk in own.values()}, self._outlets.renderers)
        before = await askers.are_told(tx, [_dedupe(decision, pseudonym) for pseudonym in own])
        return _Ways(
            now,
            own,
            doors,
            free=frozenset(await recipients.hold_dialogues(tx, doors)),
            wishes=await preferences.of_people(tx, sorted({talk.person for talk in own.values()})),
            told={talk.person for pseudonym, talk in own.items() if _dedupe(decision, pseudonym) in before},
        )

    async def _tell_one(self, tx: AsyncConnection, settled: _Settled, asker: Asker, ways: _Ways) -> Fate:
        answer = settled.answers[settled.key(asker)]
        talk = ways.talks[asker.pseudonym]
        door, wishes = ways.doors.get(talk.id), ways.wishes.get(talk.person, Wishes())
        if door is None or wishes.is_paused or answer.ref in asker.had | asker.disliked:
            return Fate.NEVER
        asked = from_epoch_ms(asker.asked_at)
        if door.channel == COUNTED and ways.now - asked > PUSH_WITHIN:
            return Fate.NEVER
        local = ways.now.astimezone(TAIPEI)
        if door.conversation_id not in ways.free or wishes.is_quiet(local.hour * 60 + local.minute):
            return Fate.LATER
        if await self._quota.door(tx, (), [door], ways.now) is None:
            return Fate.LATER
        messages = self._compose(asker, asked.astimezone(TAIPEI).date(), local.date(), answer)
        identity = await outbox.add(
            tx,
            self._outlets.renderers[door.channel](door.address, messages),
            conversation_id=door.conversation_id,
            dedupe_key=_dedupe(settled.decision, asker.pseudonym),
            event_id="",
            now=epoch_ms(ways.now),
        )
        TOLD.labels(door.channel).inc()
        log.info("answered.told", delivery=identity, channel=door.channel, decision=settled.decision.id)
        return Fate.TOLD


@dataclass
class _Settled:
    """A decision, and what its wordings are answered by now."""

    decision: Decision
    answers: dict[str, Answer]
    """By the key of the wording."""

    def keep(self, keys: Collection[str]) -> None:
        """Only these wordings: the others were told by somebody else meanwhile."""
        self.answers = {key: answer for key, answer in self.answers.items() if key in keys}

    def drop_what_is_not_new(self, everybody: Sequence[Asker]) -> None:
        """Without the wordings whose answer is none but what was of no use to those who asked."""
        for asker in everybody:
            answer = self.answers.get(self.key(asker))
            if (
                answer
                and not is_meant(answer, self.decision.verdict)
                and answer.ref in asker.disliked | asker.suggested
            ):
                del self.answers[self.key(asker)]

    async def askers(self, tx: AsyncConnection) -> list[Asker]:
        """Who asked the wordings that are answered by now."""
        folded = [each.folded for each in self.decision.wordings if each.key in self.answers]
        found = await askers.of_wordings(tx, unlimited(), self.decision.asked_of, folded)
        return [asker for each in found.values() for asker in each]

    def key(self, asker: Asker) -> str:
        """Of the wording that somebody used."""
        return wording_key(self.decision.asked_of, asker.folded)


@dataclass
class _Ways:
    """How the askers of one decision can be reached at one moment."""

    now: datetime
    talks: Mapping[str, Talk]
    """By pseudonym."""
    doors: Mapping[str, Door]
    """By conversation."""
    free: frozenset[str]
    """Conversations in which nobody is talking just now."""
    wishes: Mapping[str, Wishes]
    told: set[str]
    """People."""


def settles(answer: Answer, verdict: Verdict) -> bool:
    """Whether a question is answered in the way that was decided."""
    if answer.status is Status.UNSURE or not answer.ref:
        return False
    if is_meant(answer, verdict):
        return True
    if verdict.kind is Kind.ALIAS or answer.programme != verdict.programme:
        return False
    return verdict.kind is Kind.GAP or answer.status is Status.ANSWERED


def is_meant(answer: Answer, verdict: Verdict) -> bool:
    """Whether it is the very entry that was decided on, be it of a newer edition."""
    return (answer.programme, answer.ref.rpartition("/")[2]) == (verdict.programme, verdict.ref.rpartition("/")[2])


def _dedupe(decision: Decision, pseudonym: str) -> str:
    return f"answered:{decision.id}:{pseudonym}"
