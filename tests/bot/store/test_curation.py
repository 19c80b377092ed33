"""bot.store.curation: what was asked in vain, who may decide about it, and what becomes of a decision."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import askers, curation
from bot.store.access import Role, Scope, unlimited
from bot.store.curation import Decision, decide, decisions, one, open_clusters, take_back, wordings
from bot.store.database import Database
from knowledge.clusters import Wording
from knowledge.patching import Kind, Verdict
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW, SLUG, enter, member, person, school

OTHER = "onsite-mentoring"
REF = f"{SLUG}/114/three-schools"
TO_ENTRY = Verdict(Kind.ALIAS, SLUG, REF)
REJECT = Verdict(Kind.REJECT)


async def office(tx: AsyncConnection, name: str = "office", programme: str = SLUG) -> Scope:
    return await enter(tx, await person(tx, name), Role.OFFICE, programme=programme)


async def admin(tx: AsyncConnection) -> Scope:
    return await enter(tx, await person(tx, "admin"), Role.ADMIN)


async def texts(tx: AsyncConnection, scope: Scope, **wanted: Any) -> list[str]:
    return [cluster.text for cluster in await open_clusters(tx, scope, **wanted)]


async def all_keys(tx: AsyncConnection) -> list[str]:
    return [each.key for each in await wordings(tx, unlimited())]


async def decided(tx: AsyncConnection, verdict: Verdict = TO_ENTRY, now: int = NOW) -> Decision:
    """Everything that is open, decided about by whoever runs the machine."""
    found = await decide(tx, unlimited(), await all_keys(tx), verdict, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"status": "unsure", "candidates": [REF]}, True),
        ({"status": "answered", "entry": REF}, False),
        ({"status": "answered", "entry": REF, "feedback": "helpful"}, False),
        ({"status": "answered", "entry": REF, "feedback": "other"}, True),
        ({"status": "answered", "entry": REF, "feedback": "outdated"}, True),
        ({"status": "unsure", "feedback": "none_of_these"}, True),
        ({"entry": f"{SLUG}/114/gap-insurance"}, False),
        ({"entry": f"{SLUG}/114/gap-insurance", "feedback": "other"}, True),
        ({"folded": ""}, False),
    ],
)
async def test_what_was_asked_in_vain_is_open(database: Database, fields: dict[str, Any], is_open: bool) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", "可以停車嗎", **fields)
        assert bool(await open_clusters(tx, unlimited())) is is_open


async def test_most_people_come_first_and_a_person_counts_once(database: Database) -> None:
    async with database.write() as tx:
        for _ in range(3):
            await asked(tx, "web:a", "有午餐嗎")
        for who in ("web:a", "web:b"):
            await asked(tx, who, "可以停車嗎老師")
        await asked(tx, "web:b", "可以停車嗎老師們")
        found = await open_clusters(tx, unlimited())
    assert [(each.text, each.askers, each.times) for each in found] == [("可以停車嗎老師", 2, 3), ("有午餐嗎", 1, 3)]


async def test_a_wording_knows_what_came_of_it(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", "可以停車嗎", status="unsure", candidates=[REF], asked_at=NOW - 1)
        await asked(tx, "web:b", "可以停車嗎", status="answered", entry=REF, feedback="outdated")
    async with database.read() as tx:
        [found] = await wordings(tx, unlimited())
    assert (found.status, found.disliked, found.outdated, found.last_asked_at) == ("answered", 1, 1, NOW)
    assert (set(found.shown), set(found.suggested), found.times) == ({REF}, {REF}, 2)


async def test_only_the_most_asked_are_looked_at(database: Database) -> None:
    async with database.write() as tx:
        for text, count in (("有午餐嗎", 1), ("可以停車嗎", 3), ("誰付交通費", 2)):
            for number in range(count):
                await asked(tx, f"web:{number}", text)
        found: list[Wording] = await wordings(tx, unlimited(), limit=2)
    assert {each.text for each in found} == {"可以停車嗎", "誰付交通費"}


async def test_the_same_words_of_two_programmes_are_two_questions(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", "可以停車嗎")
        await asked(tx, "web:a", "可以停車嗎", programme=OTHER)
        assert len(await open_clusters(tx, unlimited())) == 2
        assert await texts(tx, unlimited(), programme=OTHER) == ["可以停車嗎"]
        assert await texts(tx, unlimited(), programme="") == []


class TestWhoSeesWhat:
    """Its office and the admins; of no programme: the admins."""

    async def test_open_questions(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            await asked(tx, "web:a", "有午餐嗎", programme="")
            ours, theirs = await office(tx), await office(tx, "other", OTHER)
            teacher = await member(tx, "teacher", await school(tx, "甲校"))
            assert await texts(tx, ours) == ["可以停車嗎"]
            assert await texts(tx, theirs) == []
            assert await texts(tx, teacher) == []
            assert set(await texts(tx, await admin(tx))) == {"可以停車嗎", "有午餐嗎"}

    async def test_nobody_decides_what_they_cant_see(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            await asked(tx, "web:a", "有午餐嗎", programme="")
            keys = await all_keys(tx)
            theirs = await office(tx, "other", OTHER)
            assert await decide(tx, theirs, keys, REJECT, NOW) is None
            assert await decide(tx, theirs, keys, Verdict(Kind.ALIAS, OTHER, f"{OTHER}/114/x"), NOW) is None
            found = await decide(tx, await office(tx), keys, REJECT, NOW)
            assert found is not None
            assert [each.text for each in found.wordings] == ["可以停車嗎"]

    async def test_an_office_changes_its_own_knowledge_only(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            keys, ours = await all_keys(tx), await office(tx)
            assert await decide(tx, ours, keys, Verdict(Kind.ALIAS, OTHER, f"{OTHER}/114/x"), NOW) is None
            assert await decide(tx, ours, keys, Verdict(Kind.ALIAS, "", REF), NOW) is None
            assert await decide(tx, ours, keys, TO_ENTRY, NOW) is not None

    async def test_what_an_admin_decided_for_a_programme_its_office_reads_and_cant_take_back(
        self, database: Database
    ) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "有午餐嗎", programme="")
            boss, ours, theirs = await admin(tx), await office(tx), await office(tx, "other", OTHER)
            found = await decide(tx, boss, await all_keys(tx), TO_ENTRY, NOW)
            assert found is not None
            assert await decisions(tx, ours) == [found]
            assert await decisions(tx, theirs) == []
            assert await one(tx, theirs, found.id) is None
            assert await take_back(tx, ours, found.id) == 0
            assert await take_back(tx, boss, found.id) == 1

    async def test_who_lost_the_role_lost_the_right(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            kept = await office(tx)
            nobody = Scope("nobody", kept.memberships)
            assert await texts(tx, nobody) == []
            assert await decide(tx, nobody, await all_keys(tx), TO_ENTRY, NOW) is None


class TestADecision:
    """Takes its wordings off the list, and gives them back."""

    async def test_is_stored_as_it_was_made(self, database: Database) -> None:
        async with database.write() as tx:
            for text in ("可以停車嗎老師", "可以停車嗎老師們"):
                await asked(tx, "web:a", text)
            boss = await admin(tx)
            verdict = Verdict(Kind.ENTRY, SLUG, f"{SLUG}/114", "可以停車嗎？", "可以。", "參/一")
            found = await decide(tx, boss, await all_keys(tx), verdict, NOW)
            assert found is not None
            assert found.verdict == verdict.named(found.id)
            assert found.verdict.ref == f"{SLUG}/114/asked-{found.id[:8]}"
            assert (found.person, found.at, found.asked_of, found.told) == ("admin", NOW, SLUG, False)
            assert found.change.wordings == ("可以停車嗎老師", "可以停車嗎老師們")
            assert await one(tx, boss, found.id) == found
            assert await open_clusters(tx, boss) == []

    async def test_leaves_other_wordings_open(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            await asked(tx, "web:a", "有午餐嗎")
            first, second = await wordings(tx, unlimited())
            await decide(tx, unlimited(), [first.key], REJECT, NOW)
            assert await texts(tx, unlimited()) == [second.text]

    async def test_taken_back_opens_them_again(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            found = await decided(tx)
            assert await take_back(tx, unlimited(), found.id) == 1
            assert await texts(tx, unlimited()) == ["可以停車嗎"]
            assert await decisions(tx, unlimited()) == []

    async def test_is_made_once(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            keys = await all_keys(tx)
            await decided(tx)
            assert await decide(tx, unlimited(), keys, REJECT, NOW) is None

    async def test_of_two_at_the_same_moment_one_counts(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            keys = await all_keys(tx)

        async def curator() -> Decision | None:
            async with database.write() as tx:
                return await decide(tx, unlimited(), keys, TO_ENTRY, NOW)

        made = await asyncio.gather(curator(), curator())
        assert sorted(each is None for each in made) == [False, True]
        async with database.read() as tx:
            assert len(await decisions(tx, unlimited())) == 1

    async def test_the_newest_comes_first_and_may_be_asked_for_by_kind_programme_and_time(
        self, database: Database
    ) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            alias = await decided(tx)
            await asked(tx, "web:a", "有午餐嗎")
            reject = await decided(tx, REJECT, NOW + 5)
            assert await decisions(tx, unlimited()) == [reject, alias]
            assert await decisions(tx, unlimited(), since=NOW + 5) == [reject]
            assert await decisions(tx, unlimited(), kind=Kind.ALIAS) == [alias]
            assert await decisions(tx, unlimited(), programme=SLUG) == [alias]
            assert await decisions(tx, unlimited(), untold=True) == [alias]


class TestAskedAgain:
    """After its askers were told, a question in vain is a new one."""

    async def told(self, tx: AsyncConnection) -> Decision:
        await asked(tx, "web:a", "可以停車嗎")
        found = await decided(tx)
        await askers.mark_told(tx, unlimited(), [each.key for each in found.wordings], NOW + 10)
        return found

    async def test_before_they_were_told_it_stays_decided(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "可以停車嗎")
            await decided(tx)
            await asked(tx, "web:b", "可以停車嗎", asked_at=NOW + 5)
            assert await texts(tx, unlimited()) == []

    async def test_after_that_it_is_open_and_decided_anew(self, database: Database) -> None:
        async with database.write() as tx:
            before = await self.told(tx)
            assert await texts(tx, unlimited()) == []
            await asked(tx, "web:b", "可以停車嗎", asked_at=NOW + 11)
            [cluster] = await open_clusters(tx, unlimited())
            assert cluster.askers == 1
            again = await decided(tx, REJECT, NOW + 12)
            assert again.id != before.id
            assert await decisions(tx, unlimited()) == [again]

    async def test_what_was_told_cant_be_taken_back(self, database: Database) -> None:
        async with database.write() as tx:
            found = await self.told(tx)
            assert await take_back(tx, unlimited(), found.id) == 0
            kept = await one(tx, unlimited(), found.id)
            assert kept is not None
            assert kept.told

    async def test_what_was_rejected_stays_so(self, database: Database) -> None:
        async with database.write() as tx:
            await asked(tx, "web:a", "天氣如何")
            await decided(tx, REJECT)
            await asked(tx, "web:b", "天氣如何", asked_at=NOW + 11)
            assert await curation.wordings(tx, unlimited()) == []
