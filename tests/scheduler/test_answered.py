"""scheduler.answered: whose question is answered now is told so, once, where they asked it, by day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.clock import epoch_ms, parse_local
from bot.messages import Message, Outgoing, Text, to_json
from bot.store import curation, preferences, quota
from bot.store.access import unlimited
from bot.store.askers import Asker
from bot.store.database import Database
from bot.store.tables import conversations, inbox, outbox, people
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer, Status
from knowledge.patching import Kind, Verdict
from knowledge.schema import Base
from scheduler.answered import Teller, is_meant, settles
from scheduler.outlets import Outlets
from tests.bot.store.asking import asked, conversation
from tests.knowledge.answering.two_gardens import GARDEN, TWO_GARDENS, entry
from tests.scheduler.reminding import planner, push, show

SLUG = "school-garden"
HENS = "校園菜園可以養三隻母雞嗎"
NOW = parse_local("2025-11-20T10:00").astimezone(UTC)
LATELY = epoch_ms(NOW - timedelta(days=3))
HENS_ENTRY = entry("hens", "可以養母雞嗎？", "可以，最多 3 隻。", HENS, theme="animals")
NEWER = Base((replace(GARDEN, entries=(*GARDEN.entries, HENS_ENTRY)), *TWO_GARDENS.programmes[1:]), TWO_GARDENS.others)
TO_HENS = Verdict(Kind.ALIAS, SLUG, f"{SLUG}/114/hens")


def compose(asker: Asker, asked_on: date, today: date, answer: Answer) -> Sequence[Message]:
    return (Text(f"{asked_on}／{today}：{asker.text}：{answer.text}"),)


def teller(base: Base = NEWER, **renderers: Any) -> Teller:
    drawn = {"web": show, "line": push, "telegram": push, **renderers}
    held = planner()._outlets
    return Teller(lambda: Answerer(base), Outlets(drawn, held.held_question, held.remember), compose)


@dataclass
class Curated:
    """A database in which somebody asked, and somebody decided."""

    database: Database
    teller: Teller = field(default_factory=teller)

    async def ask(self, who: str = "web:ann", text: str = HENS, *, talk: bool = True, **fields: Any) -> None:
        async with self.database.write() as tx:
            known = await tx.execute(select(conversations.c.id).where(conversations.c.id == who))
            if talk and known.first() is None:
                await conversation(tx, who, fields.pop("person", None))
            await asked(tx, who, text, **{"programme": SLUG, "asked_at": LATELY, **fields})

    async def decide(self, verdict: Verdict = TO_HENS) -> str:
        async with self.database.write() as tx:
            keys = [each.key for each in await curation.wordings(tx, unlimited())]
            found = await curation.decide(tx, unlimited(), keys, verdict, epoch_ms(NOW) - 1)
        assert found is not None
        return found.id

    async def tell(self, moment: datetime = NOW) -> int:
        return await self.teller(self.database, moment)

    async def texts(self) -> list[str]:
        async with self.database.read() as tx:
            rows = await tx.execute(select(outbox.c.payload).order_by(outbox.c.seq, outbox.c.id))
        return [message["text"] for payload in rows.scalars() for message in payload["messages"]]

    async def untold(self) -> int:
        async with self.database.read() as tx:
            return len(await curation.decisions(tx, unlimited(), untold=True))


@pytest.fixture
def curated(database: Database) -> Curated:
    return Curated(database)


async def test_the_asker_is_told_once(curated: Curated) -> None:
    await curated.ask()
    await curated.decide()
    assert [await curated.tell() for _ in range(3)] == [1, 0, 0]
    assert await curated.texts() == [f"2025-11-17／2025-11-20：{HENS}：可以，最多 3 隻。"]
    assert await curated.untold() == 0


async def test_nobody_is_told_before_the_base_says_it(curated: Curated) -> None:
    await curated.ask()
    await curated.decide()
    curated.teller = teller(TWO_GARDENS)
    assert await curated.tell() == 0
    assert await curated.untold() == 1


async def test_what_was_rejected_is_told_to_nobody(curated: Curated) -> None:
    await curated.ask()
    await curated.decide(Verdict(Kind.REJECT))
    assert await curated.tell() == 0


async def test_two_wordings_of_one_question_are_one_message(curated: Curated) -> None:
    other = "校園菜園可以養三隻母雞吧"
    await curated.ask()
    await curated.ask(text=other, asked_at=LATELY + 1)
    await curated.decide()
    assert await curated.tell() == 1
    [said] = await curated.texts()
    assert other in said


async def test_a_person_is_told_where_they_asked_last_and_not_in_every_channel(curated: Curated) -> None:
    async with curated.database.write() as tx:
        await tx.execute(insert(people).values(id="ann", created_at=1))
    await curated.ask("web:ann", person="ann")
    await curated.ask("telegram:ann", person="ann", asked_at=LATELY + 1)
    await curated.decide()
    assert await curated.tell() == 1
    async with curated.database.read() as tx:
        assert list((await tx.execute(select(outbox.c.channel))).scalars()) == ["telegram"]


async def test_everybody_who_asked_is_told(curated: Curated) -> None:
    for who in ("web:a", "web:b", "telegram:c"):
        await curated.ask(who)
    await curated.decide()
    assert await curated.tell() == 3


async def test_who_asked_in_a_group_is_not_followed_up(curated: Curated) -> None:
    async with curated.database.write() as tx:
        await conversation(tx, "line:group:ann", in_group=1)
    await curated.ask("line:group:ann")
    await curated.decide()
    assert await curated.tell() == 0
    assert await curated.untold() == 0


async def test_who_found_the_answer_meanwhile_is_not_told_again(curated: Curated) -> None:
    await curated.ask()
    await curated.ask(status="answered", entry=TO_HENS.ref, asked_at=LATELY + 1)
    await curated.decide()
    assert await curated.tell() == 0


async def test_who_blocked_us_is_left_alone(curated: Curated) -> None:
    await curated.ask()
    await curated.decide()
    event = {"channel": "web", "event_id": "e", "conversation_id": "web:ann", "kind": "leave", "payload": {}}
    async with curated.database.write() as tx:
        await tx.execute(insert(inbox).values(**event, occurred_at=1, received_at=1))
    assert await curated.tell() == 0


class TestWhatIsNew:
    """A new entry or gap is known by its key, or by not being what was of no use before."""

    DISLIKED = f"{SLUG}/114/crops"

    async def test_the_same_wrong_answer_settles_nothing(self, curated: Curated) -> None:
        text = "校園菜園要種哪些菜"
        await curated.ask(text=text, status="answered", entry=self.DISLIKED, feedback="other")
        await curated.decide(Verdict(Kind.ENTRY, SLUG, f"{SLUG}/114"))
        assert await curated.tell() == 0
        assert await curated.untold() == 1

    async def test_a_new_entry_whatever_its_key_does(self, curated: Curated) -> None:
        await curated.ask(status="answered", entry=self.DISLIKED, feedback="other")
        await curated.decide(Verdict(Kind.ENTRY, SLUG, f"{SLUG}/114"))
        assert await curated.tell() == 1

    async def test_a_known_gap_is_told_too(self, curated: Curated) -> None:
        await curated.ask(text="校園菜園的鋤頭要哪個廠牌")
        await curated.decide(Verdict(Kind.GAP, SLUG, f"{SLUG}/114"))
        assert await curated.tell() == 1
        assert "文件沒有指定廠牌" in (await curated.texts())[0]

    def test_an_alias_is_settled_by_its_entry_alone_of_whatever_edition(self) -> None:
        answer = Answer(Status.ANSWERED, "", SLUG, "115", f"{SLUG}/115/hens")
        assert settles(answer, TO_HENS)
        assert is_meant(answer, TO_HENS)
        assert not settles(replace(answer, ref=f"{SLUG}/115/crops"), TO_HENS)
        assert not settles(replace(answer, programme="rooftop"), TO_HENS)
        assert not settles(replace(answer, status=Status.UNSURE), TO_HENS)

    def test_a_gap_does_not_settle_what_should_be_an_entry(self) -> None:
        gap = Answer(Status.REFUSED, "", SLUG, "114", f"{SLUG}/114/gap-brand")
        assert settles(gap, Verdict(Kind.GAP, SLUG, f"{SLUG}/114/gap-asked-1"))
        assert not settles(gap, Verdict(Kind.ENTRY, SLUG, f"{SLUG}/114/asked-1"))
        assert not settles(replace(gap, ref=""), Verdict(Kind.GAP, SLUG, f"{SLUG}/114/gap-asked-1"))


class TestPushesThatAreCounted:
    """LINE's: for questions of the last thirty days, within the month's pushes."""

    async def ledger(self, curated: Curated, used: int) -> None:
        async with curated.database.write() as tx:
            await quota.report(tx, "line", "2025-11", allowed=100, used=used, pending=0, now=1)

    async def used(self, curated: Curated) -> int:
        async with curated.database.read() as tx:
            found = await quota.ledger(tx, "line", "2025-11")
        assert found is not None
        return found.used

    async def test_one_is_counted_for_each_who_is_told(self, curated: Curated) -> None:
        await self.ledger(curated, 10)
        for who in ("line:a", "line:b", "web:c"):
            await curated.ask(who)
        await curated.decide()
        assert [await curated.tell(), await curated.tell()] == [3, 0]
        assert await self.used(curated) == 12

    async def test_none_is_spent_on_what_was_asked_long_ago(self, curated: Curated) -> None:
        await self.ledger(curated, 10)
        old = epoch_ms(NOW - timedelta(days=30, minutes=1))
        await curated.ask("line:a", asked_at=old)
        await curated.ask("web:b", asked_at=old)
        await curated.decide()
        assert await curated.tell() == 1
        assert (await self.used(curated), await curated.untold()) == (10, 0)

    async def test_where_few_are_left_the_others_are_told_and_these_wait(self, curated: Curated) -> None:
        await self.ledger(curated, 95)
        await curated.ask("line:a")
        await curated.ask("web:b")
        await curated.decide()
        assert [await curated.tell(), await curated.tell(), await curated.untold()] == [1, 0, 1]
        await self.ledger(curated, 20)
        assert [await curated.tell(), await curated.tell(), await curated.untold()] == [1, 0, 0]


class TestTheHour:
    """By day, at most once an hour, and not in anybody's quiet hours."""

    @pytest.mark.parametrize(("moment", "told"), [("08:59", 0), ("09:00", 1), ("19:59", 1), ("20:00", 0), ("23:00", 0)])
    async def test_people_are_told_from_nine_to_eight(self, curated: Curated, moment: str, told: int) -> None:
        await curated.ask()
        await curated.decide()
        assert await curated.teller.tick(curated.database, parse_local(f"2025-11-20T{moment}")) == told

    async def test_one_look_an_hour(self, curated: Curated) -> None:
        assert await curated.teller.tick(curated.database, NOW) == 0
        await curated.ask()
        await curated.decide()
        assert await curated.teller.tick(curated.database, NOW + timedelta(minutes=59)) == 0
        assert await curated.teller.tick(curated.database, NOW + timedelta(minutes=60)) == 1

    async def test_the_persons_own_quiet_hours_are_waited_for(self, curated: Curated) -> None:
        async with curated.database.write() as tx:
            await tx.execute(insert(people).values(id="ann", created_at=1))
            await preferences.set_wish(tx, "ann", 1, quiet_from=0, quiet_until=12 * 60)
        await curated.ask(person="ann")
        await curated.decide()
        assert (await curated.tell(), await curated.untold()) == (0, 1)
        assert await curated.tell(NOW + timedelta(hours=2)) == 1

    async def test_who_wants_no_messages_gets_none(self, curated: Curated) -> None:
        async with curated.database.write() as tx:
            await tx.execute(insert(people).values(id="ann", created_at=1))
            await preferences.set_wish(tx, "ann", 1, muted=True)
        await curated.ask(person="ann")
        await curated.decide()
        assert (await curated.tell(), await curated.untold()) == (0, 0)


class DiedError(BaseException):
    """The process is gone."""


class TestManyReplicas:
    """However many tick, and wherever one dies, everybody is told exactly once."""

    async def test_at_the_same_moment(self, curated: Curated) -> None:
        for number in range(10):
            await curated.ask(f"web:{number}")
        await curated.decide()
        others = Database(curated.database.engine.url.render_as_string(hide_password=False))
        told = await asyncio.gather(
            *(teller()(database, NOW) for database in (curated.database, others, curated.database))
        )
        await others.close()
        assert sum(told) == len(await curated.texts()) == 10

    @pytest.mark.parametrize("died_at", [1, 2, 3])
    async def test_one_dies_in_the_middle(self, curated: Curated, died_at: int) -> None:
        drawn = 0

        def deadly(address: str, messages: Sequence[Message]) -> Outgoing:
            nonlocal drawn
            drawn += 1
            if drawn == died_at:
                raise DiedError
            return Outgoing("show", {"messages": [to_json(message) for message in messages]})

        for number in range(3):
            await curated.ask(f"web:{number}")
        await curated.decide()
        with pytest.raises(DiedError):
            await teller(web=deadly)(curated.database, NOW)
        assert await curated.texts() == []
        assert [await curated.tell(), await curated.tell()] == [3, 0]
        assert len(await curated.texts()) == 3

    async def test_somebody_who_is_talking_to_us_is_told_later(self, curated: Curated) -> None:
        if curated.database.is_sqlite:
            pytest.skip("SQLite has one writer at a time")
        await curated.ask()
        await curated.decide()
        async with curated.database.write() as tx:
            await tx.execute(
                update(conversations).where(conversations.c.id == "web:ann").values(updated_at=epoch_ms(NOW))
            )
            assert await curated.tell() == 0
        assert await curated.tell() == 1
