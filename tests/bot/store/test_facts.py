"""What dates and duties of a school depend on: stated in versions, refused where it can't be, told by records."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.clock import from_epoch_ms
from bot.store import enrolments, facts
from bot.store.access import Enrolment, Role, Scope
from bot.store.database import Database
from bot.store.facts import Clash, FactsError
from bot.store.forgetting import forget
from bot.store.my_data import collect
from bot.store.stored_record import PLANNED
from bot.store.work_tables import enrolments as enrolment_table
from tests.bot.store.school_house import NOW, enter, logged, member, school

ONSITE, MOBILE = "onsite-mentoring", "mobile-learning"
HOW: dict[str, Any] = {"channel": "web", "now": NOW}


async def set_up(database: Database, slug: str = "distance-teaching") -> tuple[Enrolment, Scope]:
    async with database.write() as tx:
        place = await school(tx, "甲校", slug)
        return place, await member(tx, "ann", place)


async def facts_of(database: Database, scope: Scope, place: Enrolment) -> Any:
    async with database.read() as tx:
        found = await enrolments.get(tx, scope, place.id)
    assert found is not None
    return found.facts


async def test_every_statement_is_a_version_and_taking_back_is_one_too(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        bob = await member(tx, "bob", place)
        for step, (who, value) in enumerate(((ann, "2025-09-15"), (bob, "2025-09-16"), (ann, None))):
            said = await facts.set_fact(tx, who, place.id, "approved_on", value, channel="line", now=NOW + step)
            assert said
        assert await facts.set_fact(tx, ann, place.id, "semester_start", "2025-09-01", **HOW)
        history = await facts.history_of_facts(tx, ann, place.id, fact="approved_on")
        everything = await facts.history_of_facts(tx, ann, place.id)
    told = [(each.version, each.value, each.person, each.name, each.channel, each.at) for each in history]
    assert told == [
        (3, None, "ann", "老師ann", "line", NOW + 2),
        (2, "2025-09-16", "bob", "老師bob", "line", NOW + 1),
        (1, "2025-09-15", "ann", "老師ann", "line", NOW),
    ]
    assert len(everything) == 4
    assert await facts_of(database, ann, place) == {"semester_start": "2025-09-01"}


async def test_the_same_said_again_is_no_version(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        for _ in range(2):
            assert await facts.set_fact(tx, ann, place.id, "approved_on", "2025-09-15", **HOW)
        assert await facts.set_fact(tx, ann, place.id, "semester_start", None, **HOW)
        assert [each.version for each in await facts.history_of_facts(tx, ann, place.id)] == [1]


@pytest.mark.parametrize(
    ("slug", "key", "value", "because"),
    [
        ("distance-teaching", "core_teachers", 8, "沒有「core_teachers」"),
        ("distance-teaching", "approved_on", "2025-02-30", "存在的日期"),
        ("distance-teaching", "approved_on", 20250915, "存在的日期"),
        ("distance-teaching", "approved_on", "2019-09-15", "才和這一期計畫有關"),
        ("distance-teaching", "semester_start", "2031-09-01", "才和這一期計畫有關"),
        ("distance-teaching", "authority", "king", "其中之一"),
        (MOBILE, "core_teachers", True, "整數"),
        (MOBILE, "core_teachers", 0, "1 位到 300 位"),
        (MOBILE, "core_teachers", 10**30, "1 位到 300 位"),
        (MOBILE, "principal_trained", "yes", "true 或 false"),
    ],
)
async def test_what_cant_be_right_is_refused_in_one_sentence(
    database: Database, slug: str, key: str, value: object, because: str
) -> None:
    place, ann = await set_up(database, slug)
    async with database.write() as tx:
        with pytest.raises(FactsError, match=because) as said:
            await facts.set_fact(tx, ann, place.id, key, value, **HOW)
        assert str(said.value).endswith(("。", "。 "))
        assert await facts.history_of_facts(tx, ann, place.id) == []
    assert await facts_of(database, ann, place) == {}


async def test_of_several_facts_one_that_cant_be_right_stores_none(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        with pytest.raises(FactsError):
            await facts.set_facts(tx, ann, place.id, {"approved_on": "2025-09-15", "semester_start": "soon"}, **HOW)
    assert await facts_of(database, ann, place) == {}


async def test_the_last_visit_never_lies_before_the_first(database: Database) -> None:
    place, ann = await set_up(database, ONSITE)
    both = {"last_visit_on": "2025-09-20", "first_visit_on": "2025-09-01"}
    async with database.write() as tx:
        assert await facts.set_facts(tx, ann, place.id, both, **HOW)
        with pytest.raises(FactsError, match="不能早於「第一次入校日」"):
            await facts.set_fact(tx, ann, place.id, "last_visit_on", "2025-08-31", **HOW)
        with pytest.raises(FactsError, match="「最後入校日」"):
            await facts.set_fact(tx, ann, place.id, "first_visit_on", "2025-09-21", **HOW)
        moved = {"first_visit_on": "2025-10-01", "last_visit_on": "2025-10-20"}
        assert await facts.set_facts(tx, ann, place.id, moved, **HOW)
    assert await facts_of(database, ann, place) == moved


@pytest.mark.parametrize("role", list(Role))
async def test_only_who_manages_the_school_states_its_facts(database: Database, role: Role) -> None:
    place, _ = await set_up(database)
    async with database.write() as tx:
        other = await school(tx, "乙校", MOBILE)
        own = await member(tx, "who", place, role) if role.at_school else None
        if own is None:
            await member(tx, "who", other)
            own = await enter(tx, "who", role, programme=place.programme)
        may = role in (Role.COORDINATOR, Role.OFFICE, Role.ADMIN)
        assert await facts.set_fact(tx, own, place.id, "approved_on", "2025-09-15", **HOW) is may
        assert len(await facts.history_of_facts(tx, own, place.id)) == may
        assert own.may_manage(place) is may


async def test_who_lost_the_role_meanwhile_states_nothing(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        assert await enrolments.leave(tx, ann, NOW)
        assert await facts.set_fact(tx, ann, place.id, "approved_on", "2025-09-15", **HOW) is False
        assert await facts.history_of_facts(tx, ann, place.id) == []


async def test_what_somebody_stated_meanwhile_is_not_overwritten_unseen(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        bob = await member(tx, "bob", place)
        assert await facts.set_fact(tx, bob, place.id, "approved_on", "2025-09-16", **HOW)
        new: dict[str, Any] = {"approved_on": "2025-09-15", "semester_start": "2025-09-01"}
        found = await facts.set_facts(tx, ann, place.id, new, expected={}, **HOW)
        assert isinstance(found, Clash)
        assert found.current.facts == {"approved_on": "2025-09-16"}
        assert isinstance(await facts.set_facts(tx, ann, place.id, new, expected=found.current.facts, **HOW), Enrolment)
    assert await facts_of(database, ann, place) == new


async def test_facts_stated_at_once_are_all_kept_each_with_its_version(database: Database) -> None:
    place, ann = await set_up(database)
    said = {"authority": "moe", "approved_on": "2025-09-15", "semester_start": "2025-09-01"}

    async def state(key: str, value: str) -> None:
        async with database.write() as tx:
            await facts.set_fact(tx, ann, place.id, key, value, **HOW)

    await asyncio.gather(*(state(key, value) for key, value in said.items()))
    await asyncio.gather(*(state("approved_on", f"2025-09-{day}") for day in (16, 17, 18)))
    async with database.read() as tx:
        history = await facts.history_of_facts(tx, ann, place.id, fact="approved_on")
    assert [each.version for each in history] == [4, 3, 2, 1]
    assert (await facts_of(database, ann, place)).keys() == said.keys()


async def test_visits_tell_the_first_day_and_the_last_once_all_are_done_or_planned(database: Database) -> None:
    place, ann = await set_up(database, ONSITE)
    now = from_epoch_ms(NOW)
    visit: dict[str, Any] = {"kind": "mentoring_visit", "minutes": 300, "mode": "onsite"}
    async with database.write() as tx:
        other = await member(tx, "eve", await school(tx, "乙校", ONSITE))
        assert await facts.derived_facts(tx, ann, [place], now) == {}
        await logged(tx, ann, place, starts_at=datetime(2025, 11, 3, 9), **visit)
        await logged(tx, ann, place, starts_at=datetime(2025, 10, 20, 9), **{**visit, "mode": "online"})
        assert await facts.derived_facts(tx, ann, [place], now) == {place.id: {"first_visit_on": "2025-11-03"}}
        await logged(tx, ann, place, starts_at=datetime(2025, 11, 17, 9), **visit)
        await logged(tx, ann, place, starts_at=datetime(2025, 12, 1, 9), state=PLANNED, **visit)
        told = {place.id: {"first_visit_on": "2025-11-03", "last_visit_on": "2025-12-01"}}
        assert await facts.derived_facts(tx, ann, [place], now) == told
        assert await facts.derived_facts(tx, other, [place], now) == {}


async def test_a_fact_is_judged_beside_what_the_records_tell(database: Database) -> None:
    place, ann = await set_up(database, ONSITE)
    async with database.write() as tx:
        await logged(
            tx, ann, place, kind="mentoring_visit", minutes=300, mode="onsite", starts_at=datetime(2025, 11, 3, 9)
        )
        with pytest.raises(FactsError, match="不能早於「第一次入校日」"):
            await facts.set_fact(tx, ann, place.id, "last_visit_on", "2025-10-31", **HOW)
        assert await facts.set_fact(tx, ann, place.id, "last_visit_on", "2025-12-01", **HOW)


async def test_a_fact_that_is_asked_for_no_more_can_be_taken_back(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        old = {"forsaken": 1, "approved_on": "2025-09-15"}
        await tx.execute(update(enrolment_table).where(enrolment_table.c.id == place.id).values(facts=old))
        assert await facts.set_fact(tx, ann, place.id, "semester_start", "2025-09-01", **HOW)
        assert await facts.set_fact(tx, ann, place.id, "forsaken", None, **HOW)
    assert (await facts_of(database, ann, place)).keys() == {"approved_on", "semester_start"}


async def test_a_person_sees_what_they_stated_and_the_school_keeps_it_without_their_number(database: Database) -> None:
    place, ann = await set_up(database)
    async with database.write() as tx:
        await member(tx, "bob", place)
        await facts.set_fact(tx, ann, place.id, "approved_on", "2025-09-15", **HOW)
        mine, theirs = await collect(tx, "ann"), await collect(tx, "bob")
        assert mine is not None
        assert theirs is not None
        assert [(each.school, each.fact, each.value) for each in mine.facts] == [("甲校", "approved_on", "2025-09-15")]
        assert theirs.facts == []
        await forget(tx, "web:ann", NOW)
        bob = await enter(tx, "bob", Role.COORDINATOR, place)
        kept = await facts.history_of_facts(tx, bob, place.id)
        assert [(each.value, each.person, each.name) for each in kept] == [("2025-09-15", "", "")]
