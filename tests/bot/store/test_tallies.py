"""What the database counts is what the engine counts, for every programme and whatever was recorded."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.clock import TAIPEI, epoch_ms
from bot.store import enrolments, facts, records, tallies
from bot.store.access import Enrolment, Role, Scope, unlimited
from bot.store.database import Database
from bot.store.stored_record import DONE, PLANNED, WORDS
from knowledge.facts.loader import load_sheet
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.records import Deliverable, Kind
from tests.bot.store.school_house import NOW, enter, logged, member, person, school

EDITIONS = available()


def chosen(chance: random.Random, first: date, last: date) -> dict[str, Any]:
    """A record of no particular sense, mostly within the span."""
    kind = chance.choice(list(Kind))
    day = first + timedelta(days=chance.randint(-20, (last - first).days + 20))
    words = {name: chance.choice([*of, None]) for name, of in WORDS.items() if name not in ("kind", "deliverable")}
    return {
        **words,
        "kind": kind,
        "deliverable": chance.choice([*Deliverable, None]) if kind is Kind.DELIVERABLE else None,
        "starts_at": datetime(day.year, day.month, day.day, chance.randint(0, 23)),
        "day_only": chance.random() < 0.2,
        "minutes": chance.choice((0, 30, 120, 360, 540)),
        "group": chance.choice(("", "甲社群", "乙社群")),
        "headcount": chance.choice((None, 0, 3, 9)),
    }


async def filled(tx: Any, slug: str, chance: random.Random) -> tuple[Scope, list[Enrolment]]:
    """Some schools with records of all kinds and states."""
    places = []
    for number in range(6):
        place = await school(tx, f"第{number}校", slug, county=("甲縣", "乙縣")[number % 2])
        scope = await member(tx, f"p{number}", place)
        for key, value in (("core_teachers", chance.choice((9, 20))), ("principal_trained", chance.random() < 0.5)):
            if chance.random() < 0.7 and key in load_sheet(slug, place.edition).by_key:
                await facts.set_fact(tx, scope, place.id, key, value, channel="web", now=NOW)
        for _ in range(number * 12):
            state = chance.choice((DONE, DONE, PLANNED))
            record = await logged(tx, scope, place, state=state, **chosen(chance, place.starts_on, place.ends_on))
            if chance.random() < 0.1:
                await records.delete(tx, scope, record.id, 1, channel="web", now=1)
        found = await enrolments.get(tx, scope, place.id)
        assert found is not None
        places.append(found)
    await person(tx, "office")
    return await enter(tx, "office", Role.OFFICE, programme=slug), places


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(1, 6))])
@pytest.mark.parametrize(("slug", "edition"), EDITIONS)
async def test_many_schools_at_once_stand_where_each_stands_alone(
    database: Database, slug: str, edition: str, seed: int
) -> None:
    requirements = load_requirements(slug, edition)
    async with database.write() as tx:
        office, places = await filled(tx, slug, random.Random(seed))
        first, last = places[0].starts_on, places[0].ends_on
        for day in (first - timedelta(days=1), first + (last - first) / 3, last + timedelta(days=1)):
            local = datetime(day.year, day.month, day.day, 12)
            now = local.replace(tzinfo=TAIPEI)
            alone = {}
            for place in places:
                held = await records.counting(tx, office, place.id, epoch_ms(now))
                alone[place.id] = progress(requirements, held, first, last, local, place.facts)
            together = await tallies.standings(tx, office, requirements, now)
            assert {each.enrolment.id: each.progress for each in together} == alone


async def test_an_office_sees_its_counties_and_nobody_else_does(database: Database) -> None:
    slug, edition = EDITIONS[0]
    requirements = load_requirements(slug, edition)
    now = datetime(2025, 11, 20, tzinfo=TAIPEI)
    async with database.write() as tx:
        office, places = await filled(tx, slug, random.Random(1))
        shown = await tallies.standings(tx, office, requirements, now, county="甲縣")
        assert [each.enrolment.school for each in shown] == ["第0校", "第2校", "第4校"]
        own = await member(tx, "one", places[3], Role.TEACHER)
        assert [each.enrolment.id for each in await tallies.standings(tx, own, requirements, now)] == [places[3].id]
        assert len(await tallies.standings(tx, unlimited(), requirements, now)) == len(places)


async def test_a_plan_whose_time_is_over_counts_only_once_it_was_held(database: Database) -> None:
    requirements = load_requirements("distance-teaching", "114")
    now = datetime(2025, 11, 20, 10, tzinfo=TAIPEI)
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "ann", place)
        plan = await logged(tx, scope, place, state=PLANNED, kind="open_class")

        async def counted() -> tuple[float, float]:
            (standing,) = await tallies.standings(tx, scope, requirements, now)
            row = next(each for each in standing.progress if each.key == "open_class")
            return row.done, row.planned

        assert await counted() == (0, 0)
        later = {"starts_at": datetime(2025, 12, 1, 14)}
        await records.change(tx, scope, plan.id, 1, later, channel="web", now=1)
        assert await counted() == (0, 1)
        await records.change(tx, scope, plan.id, 2, {"starts_at": plan.starts_at}, channel="web", now=1, state=DONE)
        assert await counted() == (1, 0)
