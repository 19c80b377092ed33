"""Schools and their parts in programmes: made once, joined by invitation, left with a mark."""

import asyncio
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.store import enrolments, people
from bot.store.access import Role, Scope, scope_of, unlimited
from bot.store.database import Database
from bot.store.enrolments import JoinProblem, tidy
from bot.store.people import CodeState
from bot.store.work_tables import memberships, schools
from tests.bot.store.school_house import NOW, SLUG, enter, member, person, school
from tests.real import real_base

PROGRAMME = real_base().programme(SLUG)


async def test_a_school_takes_part_for_as_long_as_the_edition_lasts(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校", county="臺中市")
    assert (place.school, place.county, place.programme, place.edition) == ("甲校", "臺中市", SLUG, PROGRAMME.edition)
    assert (place.starts_on, place.ends_on) == (PROGRAMME.valid_from, PROGRAMME.valid_until)
    assert isinstance(place.starts_on, date)


@pytest.mark.parametrize("name", ["國立臺中高工", "國立台中高工", " 國立臺中高工 ", "國立臺中高工\u3000"])
async def test_a_school_is_one_however_its_name_is_typed(database: Database, name: str) -> None:
    async with database.write() as tx:
        first = await school(tx, "國立臺中高工")
        assert (await school(tx, name)).id == first.id
        other = await school(tx, name, "equalization", county="臺中市")
        assert (other.school_id, other.county) == (first.school_id, "臺中市")
        assert (await tx.execute(select(func.count()).select_from(schools))).scalar() == 1


async def test_a_school_entered_twice_at_once_is_one(database: Database) -> None:
    async def enrol() -> str:
        async with database.write() as tx:
            return (await school(tx, "甲校")).id

    assert len(set(await asyncio.gather(*(enrol() for _ in range(4))))) == 1


async def test_a_county_that_is_known_is_kept(database: Database) -> None:
    async with database.write() as tx:
        await school(tx, "甲校", county="臺中市")
        assert (await school(tx, "甲校", county="高雄市")).county == "臺中市"


@pytest.mark.parametrize("name", ["", "  ", "校" * 81, "甲\0校", "甲\u202e校"])
async def test_what_is_no_name_is_refused(database: Database, name: str) -> None:
    async with database.write() as tx:
        with pytest.raises(ValueError, match="a name has 1 to 80 characters"):
            await enrolments.enrol(tx, unlimited(), name, PROGRAMME, NOW)


@given(st.text(max_size=60))
def test_a_name_that_is_taken_stays_as_it_is(text: str) -> None:
    try:
        found = tidy(text, 40)
    except ValueError:
        return
    assert tidy(found, 40) == found
    assert found.isprintable()
    assert 0 < len(found) <= 40


async def invited(database: Database, scope: Scope, role: Role, place_id: str) -> str:
    async with database.write() as tx:
        code = await enrolments.invite(tx, scope, role, NOW, enrolment_id=place_id)
    assert code is not None
    return code


async def test_an_invitation_lets_one_person_in(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        owner = await member(tx, "owner", place)
        await person(tx, "ann")
    code = await invited(database, owner, Role.TEACHER, place.id)
    async with database.write() as tx:
        found = await people.try_code(tx, "web:ann", people.INVITE, code, NOW)
        assert found.data["school"] == "甲校"
        joined = await enrolments.join(tx, "ann", found.data, NOW, name="  王老師 ")
        assert (await scope_of(tx, "ann")).memberships == (joined,)
        assert not isinstance(joined, JoinProblem)
        assert (joined.role, joined.enrolment, joined.name) == (Role.TEACHER, place, "王老師")
        assert (await people.try_code(tx, "web:bob", people.INVITE, code, NOW)).state is CodeState.ENDED


async def test_who_joins_twice_at_once_is_in_once(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await person(tx, "ann")

    async def join() -> None:
        async with database.write() as tx:
            await enter(tx, "ann", Role.TEACHER, place)

    await asyncio.gather(*(join() for _ in range(4)))
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(memberships))).scalar() == 1


@pytest.mark.parametrize("role", list(Role))
async def test_who_is_in_already_stays_as_they_are(database: Database, role: Role) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校") if role.at_school else None
        await person(tx, "ann")
        first = await enter(tx, "ann", role, place, programme=SLUG)
        assert await enter(tx, "ann", role, place, programme=SLUG) == first
        assert len(first.memberships) == 1


async def test_an_invitation_to_what_is_gone_lets_nobody_in(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        data = {"role": "teacher", "enrolment": "nowhere", "programme": SLUG}
        assert await enrolments.join(tx, "ann", data, NOW) is JoinProblem.GONE


async def test_who_left_can_come_back_and_the_first_time_stays_on_record(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "ann", place)
        assert await enrolments.leave(tx, scope, NOW + 1, enrolment_id="elsewhere") == 0
        assert await enrolments.leave(tx, scope, NOW + 1, enrolment_id=place.id) == 1
        assert await enrolments.leave(tx, scope, NOW + 2) == 0
        assert (await enter(tx, "ann", Role.COORDINATOR, place)).may_write(place.id)
        ends = await tx.execute(select(memberships.c.ended_at).order_by(memberships.c.id))
        assert list(ends.scalars()) == [NOW + 1, None]


async def test_invitations_of_who_was_removed_open_nothing(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        owner, other = await member(tx, "owner", place), await member(tx, "other", place)
        code = await enrolments.invite(tx, other, Role.COORDINATOR, NOW, enrolment_id=place.id)
        own = await enrolments.invite(tx, owner, Role.COORDINATOR, NOW, enrolment_id=place.id)
        assert await enrolments.remove(tx, owner, place.id, "other", NOW) == 1
        assert code is not None
        assert own is not None
        assert (await people.try_code(tx, "web:other", people.INVITE, code, NOW)).state is CodeState.UNKNOWN
        assert (await people.try_code(tx, "web:ann", people.INVITE, own, NOW)).state is CodeState.FOUND


@pytest.mark.parametrize(
    ("who", "may"), [(Role.COORDINATOR, 3), (Role.TEACHER, 0), (Role.MENTOR, 0), (Role.OFFICE, 4), (Role.ADMIN, 5)]
)
async def test_nobody_invites_to_more_than_they_are(database: Database, who: Role, may: int) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await person(tx, "who")
        scope = await enter(tx, "who", who, place if who.at_school else None, programme=SLUG)
        codes = [await enrolments.invite(tx, scope, role, NOW, enrolment_id=place.id, programme=SLUG) for role in Role]
        assert [code is not None for code in codes] == [number < may for number in range(len(Role))]
        if who is Role.OFFICE:
            assert await enrolments.invite(tx, scope, Role.OFFICE, NOW, programme="equalization") is None
            assert await enrolments.invite(tx, scope, Role.OFFICE, NOW) is None


async def test_members_are_told_with_the_names_they_gave(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        await member(tx, "bob", place, Role.MENTOR)
        assert await enrolments.rename(tx, ann, "王主任") == 1
        found = await enrolments.members(tx, ann, place.id)
        assert [(each.role, each.name) for each in found] == [(Role.COORDINATOR, "王主任"), (Role.MENTOR, "老師bob")]


async def test_enrolments_are_listed_by_county_and_school(database: Database) -> None:
    async with database.write() as tx:
        for name, county in (("丙校", "b"), ("乙校", "a"), ("甲校", "b")):
            await school(tx, name, county=county)
        await school(tx, "丁校", "equalization", county="a")
        found = await enrolments.visible(tx, unlimited(), programme=SLUG)
        assert [each.county for each in found] == ["a", "b", "b"]
        assert {each.school for each in await enrolments.visible(tx, unlimited(), county="a")} == {"乙校", "丁校"}
        assert await enrolments.visible(tx, unlimited(), edition="99") == []
