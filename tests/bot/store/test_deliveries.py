"""The outbox as the console shows it, and trying a message again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Outgoing, Text, to_json
from bot.store import deliveries, outbox
from bot.store.access import Role, Scope
from bot.store.database import Database
from bot.store.deliveries import Retry
from bot.store.tables import outbox as table
from tests.bot.store.school_house import NOW, SLUG, enter, member, person, school
from tests.bot.store.test_linked import talk

OTHER = "mobile-learning"
DAY_MS = 24 * 3600 * 1000


async def office(tx: AsyncConnection, slug: str = SLUG, name: str = "office") -> Scope:
    return await enter(tx, await person(tx, name), Role.OFFICE, programme=slug)


async def message(tx: AsyncConnection, talks: str, state: str, key: str = "", **more: Any) -> str:
    body = Outgoing("push", {"messages": [to_json(Text("提醒"))]})
    identity = await outbox.add(
        tx, body, conversation_id=talks, dedupe_key=key or f"{talks}{state}", event_id="", now=NOW
    )
    await tx.execute(update(table).where(table.c.id == identity).values(state=state, **more))
    return identity


async def test_an_office_sees_the_messages_to_its_own_people(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "mine", await school(tx, "甲校"))
        await member(tx, "theirs", await school(tx, "乙校", OTHER))
        ours, other = await message(tx, "web:mine", "dead"), await message(tx, "web:theirs", "dead")
        scope = await office(tx)
        assert [(each.id, each.person) for each in await deliveries.page(tx, scope)] == [(ours, "老師mine")]
        assert await deliveries.get(tx, scope, other) is None
        assert await deliveries.tried(tx, scope, other) == []
        assert await deliveries.retry(tx, scope, other, NOW) is Retry.GONE
        assert (await deliveries.count(tx, scope))["dead"] == 1


@pytest.mark.parametrize(
    ("state", "twice", "result"),
    [
        ("dead", False, Retry.QUEUED),
        ("unknown", False, Retry.RISKY),
        ("unknown", True, Retry.QUEUED),
        ("sent", True, Retry.GONE),
        ("queued", True, Retry.GONE),
        ("sending", True, Retry.GONE),
    ],
)
async def test_only_what_failed_is_tried_again(database: Database, state: str, twice: bool, result: Retry) -> None:
    async with database.write() as tx:
        await member(tx, "a", await school(tx, "甲校"))
        identity = await message(tx, "web:a", state)
        scope = await office(tx)
        assert await deliveries.retry(tx, scope, identity, NOW, even_twice=twice) is result
        found = await deliveries.get(tx, scope, identity)
        assert found is not None
        assert found.state == ("queued" if result is Retry.QUEUED else state)
        assert [each.outcome for each in await deliveries.tried(tx, scope, identity)] == (
            ["retried"] if result is Retry.QUEUED else []
        )


async def test_what_is_no_longer_true_is_not_sent(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "a", await school(tx, "甲校"))
        identity = await message(tx, "web:a", "dead", expires_at=NOW)
        assert await deliveries.retry(tx, await office(tx), identity, NOW) is Retry.STALE


async def test_a_line_answer_is_tried_again_as_a_push_under_the_same_key(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "a", await school(tx, "甲校"))
        await talk(tx, "line:U1", person_id="a")
        identity = await message(tx, "line:U1", "dead", method="reply", first_attempt_at=NOW - 30 * 3600 * 1000)
        assert await deliveries.retry(tx, await office(tx), identity, NOW) is Retry.QUEUED
        claimed = await outbox.claim(tx, owner="me", channels=["line"], now=NOW, lease_ms=1000, limit=5)
        assert [(each.id, each.method, each.first_attempt_at) for each in claimed] == [(identity, "push", NOW)]


async def test_pages_follow_each_other_without_gap_or_repetition(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        for name in "abcde":  # all at one moment, as the digests of a morning
            await member(tx, name, place)
        made = [await message(tx, f"web:{name}", "sent") for name in "abcdea"]
        scope = await office(tx)
        seen: list[str] = []
        before = None
        while rows := await deliveries.page(tx, scope, before=before, limit=2):
            seen += [each.id for each in rows]
            before = rows[-1].seq, rows[-1].id
        assert sorted(seen) == sorted(set(made))


async def test_days_are_local_days(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "a", await school(tx, "甲校"))
        midnight = NOW - 10 * 3600 * 1000  # NOW is ten in the morning in Taipei
        for number, (at, state) in enumerate([(midnight - 1, "sent"), (midnight, "dead"), (NOW, "queued")]):
            await message(tx, "web:a", state, key=str(number), created_at=at)
        found = await deliveries.by_day(tx, await office(tx), date(2025, 11, 19), 2)
        assert found == {"sent": [1, 0], "waiting": [0, 1], "failed": [0, 1]}


async def test_two_who_press_at_once_queue_it_once(database: Database) -> None:
    async with database.write() as tx:
        await member(tx, "a", await school(tx, "甲校"))
        identity, scope = await message(tx, "web:a", "dead"), await office(tx)
        assert await deliveries.retry(tx, scope, identity, NOW) is Retry.QUEUED
        assert await deliveries.retry(tx, scope, identity, NOW) is Retry.GONE
        states = (await tx.execute(select(table.c.state))).scalars().all()
        assert states == ["queued"]
