"""bot.store.askers: who asked in vain, and which conversation that was."""

from __future__ import annotations

import pytest

from bot.store import askers, curation, forgetting
from bot.store.access import unlimited
from bot.store.askers import Asker
from bot.store.database import Database
from bot.store.questions import pepper, person_hash
from knowledge.patching import Kind, Verdict
from tests.bot.store.asking import asked, conversation
from tests.bot.store.school_house import NOW, SLUG

REF = f"{SLUG}/114/three-schools"
PARK = "可以停車嗎"


async def of_park(database: Database, asked_of: str = SLUG) -> list[Asker]:
    async with database.read() as tx:
        return (await askers.of_wordings(tx, unlimited(), asked_of, [PARK])).get(PARK, [])


async def test_somebody_who_asked_often_comes_once_with_the_last_time(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", PARK, asked_at=NOW)
        await asked(tx, "web:a", PARK, asked_at=NOW + 5)
        await asked(tx, "line:b", PARK, asked_at=NOW + 1)
    found = await of_park(database)
    assert [(each.channel, each.asked_at, each.text) for each in found] == [
        ("web", NOW + 5, PARK),
        ("line", NOW + 1, PARK),
    ]


async def test_what_they_had_disliked_and_were_offered_is_known(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", PARK, status="unsure", candidates=["x/1/offered"])
        await asked(tx, "web:a", PARK, status="answered", entry="x/1/disliked", feedback="other")
        await asked(tx, "web:a", PARK, status="answered", entry=REF, programme="x")
    [only] = await of_park(database)
    assert [set(each) for each in (only.had, only.disliked, only.suggested)] == [
        {REF},
        {"x/1/disliked"},
        {"x/1/offered"},
    ]


async def test_who_was_answered_did_not_ask_in_vain(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", PARK, status="answered", entry=REF)
        await asked(tx, "web:b", PARK, programme="onsite-mentoring")
    assert await of_park(database) == []


async def test_conversations_are_found_page_by_page_and_groups_are_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(askers, "PAGE", 2)
    async with database.write() as tx:
        for number in range(5):
            await conversation(tx, f"web:{number}")
            await asked(tx, f"web:{number}", PARK)
        await conversation(tx, "line:group:u", in_group=1)
        await asked(tx, "line:group:u", PARK)
        await asked(tx, "web:gone", PARK)
        key = await pepper(tx)
    assert key is not None
    ids = [*(f"web:{number}" for number in range(5)), "line:group:u", "web:gone"]
    wanted = {name: {person_hash(key, each) for each in ids if each.startswith(name)} for name in ("web", "line")}
    found = await askers.talks(database, wanted)
    assert sorted(each.id for each in found.values()) == ids[:5]
    assert {each.person for each in found.values()} == set(found)


async def test_before_anybody_asked_nobody_is_found(database: Database) -> None:
    assert await askers.talks(database, {"web": {"0" * 32}}) == {}


async def test_who_had_their_data_deleted_is_nobodys_asker(database: Database) -> None:
    async with database.write() as tx:
        await conversation(tx, "web:a")
        await asked(tx, "web:a", PARK)
        await forgetting.forget(tx, "web:a", NOW)
    assert await of_park(database) == []


async def test_what_was_told_is_held_no_more(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", PARK)
        await asked(tx, "web:a", "有午餐嗎")
        keys = [each.key for each in await curation.wordings(tx, unlimited())]
        found = await curation.decide(tx, unlimited(), keys, Verdict(Kind.ALIAS, SLUG, REF), NOW)
        assert found is not None
        assert await askers.hold(tx, unlimited(), found.id) == sorted(keys)
        await askers.mark_told(tx, unlimited(), keys[:1], NOW + 1)
        assert await askers.hold(tx, unlimited(), found.id) == keys[1:]
        [left] = await curation.decisions(tx, unlimited(), untold=True)
        assert [each.key for each in left.wordings] == keys[1:]
