"""What binds today or tomorrow and was not known this morning is told in one further digest, and nothing else is."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import update

from bot.clock import epoch_ms, parse_local
from bot.store import deadline_marks, deadline_moves, facts, preferences
from bot.store.access import Scope, unlimited
from bot.store.database import Database
from bot.store.tables import outbox
from tests.scheduler.reminding import Town

SLUG = "onsite-mentoring"
DAY = "2025-10-01"
"""A Wednesday. Three months before it the first visit was, if anybody says so."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def visited(town: Town, scope: Scope, day: str, at: str) -> None:
    """Somebody says when the first visit was: mentoring must be complete three months later."""
    place = scope.writable[0].id
    async with town.database.write() as tx:
        now = epoch_ms(parse_local(at))
        assert await facts.set_fact(tx, scope, place, "first_visit_on", day, channel="web", now=now)


async def told(town: Town, word: str = "完成入校陪伴") -> list[str]:
    return [text for text in await town.texts("ann") if word in text]


async def some_digest_is_out(town: Town) -> Scope:
    """This morning's digest told something else."""
    ann = await town.person("ann", await town.school(SLUG, last_visit_on="2025-08-01"))
    assert await town.at(f"{DAY}T09:00") == 1
    return ann


@pytest.mark.parametrize(("first", "said"), [("2025-07-01", "就是今天"), ("2025-07-02", "就是明天")])
async def test_a_date_of_today_or_tomorrow_that_becomes_known_later_is_told_the_same_day(
    town: Town, first: str, said: str
) -> None:
    ann = await some_digest_is_out(town)
    await visited(town, ann, first, f"{DAY}T11:00")
    assert await town.at(f"{DAY}T11:05") == 1
    assert [said in text for text in await told(town)] == [True]
    assert await town.at(f"{DAY}T11:10") == 0


async def test_what_has_more_time_waits_for_tomorrow(town: Town) -> None:
    ann = await some_digest_is_out(town)
    await visited(town, ann, "2025-07-06", f"{DAY}T11:00")
    assert await town.at(f"{DAY}T11:05") == 0
    assert await town.at("2025-10-02T09:00") == 1
    assert len(await told(town)) == 1


async def test_there_is_one_further_digest_a_day_and_no_third(town: Town) -> None:
    ann = await some_digest_is_out(town)
    await visited(town, ann, "2025-07-01", f"{DAY}T11:00")
    assert await town.at(f"{DAY}T11:05") == 1
    due = datetime(2025, 10, 1, 20, 0)
    async with town.database.write() as tx:
        at = epoch_ms(parse_local(f"{DAY}T12:00"))
        await deadline_moves.move(tx, unlimited(), SLUG, "114", "settlement", due, "提前", at)
    assert await town.at(f"{DAY}T12:05") == 0
    assert len(await town.digests("ann")) == 2


async def test_who_joins_on_the_last_day_is_told_that_it_is(town: Town) -> None:
    place = await town.school(SLUG, first_visit_on="2025-07-01")
    await town.person("ann", place, since=parse_local(f"{DAY}T11:00"))
    assert await town.at(f"{DAY}T11:05") == 1
    assert ["就是今天" in text for text in await told(town)] == [True]


async def test_whoever_does_not_want_to_hear_it_does_not(town: Town) -> None:
    ann = await some_digest_is_out(town)
    async with town.database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, muted=True)
    await visited(town, ann, "2025-07-01", f"{DAY}T11:00")
    assert await town.at(f"{DAY}T11:05") == 0


async def test_a_further_digest_that_is_taken_back_can_be_made_again(town: Town) -> None:
    ann = await town.person("ann", await town.school(SLUG, last_visit_on="2025-08-01"), channel="line")
    await town.at(f"{DAY}T09:00")
    async with town.database.write() as tx:
        await tx.execute(update(outbox).values(state="sent"))
    await visited(town, ann, "2025-07-01", f"{DAY}T11:00")
    assert await town.at(f"{DAY}T11:05") == 1
    place = ann.writable[0].id
    async with town.database.write() as tx:
        await deadline_marks.mark(tx, ann, place, "mentoring_complete", None, 1)
    await town.at(f"{DAY}T11:10")
    async with town.database.write() as tx:
        await deadline_marks.unmark(tx, ann, place, "mentoring_complete")
    await visited(town, ann, "2025-07-02", f"{DAY}T11:20")
    assert await town.at(f"{DAY}T11:25") == 1
    assert [row.state for row in await town.digests("ann")] == ["sent", "cancelled", "queued"]
