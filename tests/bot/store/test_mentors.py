"""How many schools a mentor takes, beside what the programme allows."""

from bot.store.access import Role
from bot.store.database import Database
from bot.store.mentors import mentor_limit, mentor_load
from tests.bot.store.school_house import enter, person, school


def test_the_limit_is_the_checklists_own() -> None:
    assert mentor_limit("onsite-mentoring", "114") == 3
    assert mentor_limit("equalization", "111") is None
    assert mentor_limit("nothing-known", "1") is None


async def test_a_fourth_school_is_too_many_and_still_joined(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "mentor")
        loads = []
        for number in range(4):
            place = await school(tx, f"第{number}校", "onsite-mentoring")
            scope = await enter(tx, "mentor", Role.MENTOR, place)
            loads.append(await mentor_load(tx, scope, place.programme, place.edition))
        assert [(load.schools, load.over) for load in loads] == [(1, False), (2, False), (3, False), (4, True)]
        assert len(scope.writable) == 4


async def test_only_schools_that_are_mentored_in_that_programme_count(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        here = await school(tx, "甲校", "onsite-mentoring")
        await enter(tx, "ann", Role.TEACHER, here)
        scope = await enter(tx, "ann", Role.MENTOR, await school(tx, "乙校", "mobile-learning"))
        assert (await mentor_load(tx, scope, here.programme, here.edition)).schools == 0
