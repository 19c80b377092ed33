"""Who is who, codes that open something once, and two people who are one."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.store import enrolments, history, inbox, people, records, runs
from bot.store.access import Role, scope_of
from bot.store.database import Database
from bot.store.people import CodeState, grouped, hash_of
from bot.store.runs import Run
from bot.store.tables import code_attempts, one_time_codes
from bot.store.tables import people as people_table
from tests.bot.store.school_house import NOW, enter, logged, member, person, school
from tests.parrot import events, said

HOUR = people.ATTEMPTS_MS
KEY = b"pepper"


async def made(database: Database, purpose: str = people.LINK, life: int = people.LINK_LIFE_MS) -> str:
    async with database.write() as tx:
        return await people.make_code(tx, purpose, None, expires_at=NOW + life, data={"role": "teacher"})


async def tried(database: Database, code: str, *, who: str = "web:ann", now: int = NOW) -> CodeState:
    async with database.write() as tx:
        return (await people.try_code(tx, who, people.LINK, code, now)).state


async def test_a_conversation_becomes_a_person_once(database: Database) -> None:
    async with database.write() as tx:
        await inbox.store(tx, events(said("ann")), NOW)
        assert await people.find(tx, "parrot:ann") is None
        first = await people.of_conversation(tx, "parrot:ann", NOW)
        assert await people.of_conversation(tx, "parrot:ann", NOW) == first
        assert await people.find(tx, "parrot:ann") == first


async def test_a_code_opens_once_and_says_what_it_was_made_with(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        code = await people.make_code(tx, people.INVITE, "ann", expires_at=NOW + 1, data={"role": "mentor"})
        found = await people.try_code(tx, "web:bob", people.INVITE, grouped(code).lower(), NOW)
        assert (found.state, found.made_by, found.data) == (CodeState.FOUND, "ann", {"role": "mentor"})
        assert (await people.try_code(tx, "web:bob", people.INVITE, code, NOW)).state is CodeState.ENDED


async def test_a_code_opens_only_what_it_is_for_and_until_it_expires(database: Database) -> None:
    invitation, link = await made(database, people.INVITE), await made(database)
    assert await tried(database, invitation) is CodeState.UNKNOWN
    assert await tried(database, link, now=NOW + people.LINK_LIFE_MS) is CodeState.ENDED
    assert await tried(database, link, now=NOW + people.LINK_LIFE_MS - 1) is CodeState.FOUND


async def test_a_code_used_twice_at_once_opens_once(database: Database) -> None:
    code = await made(database)
    states = await asyncio.gather(*(tried(database, code, who=f"web:{number}") for number in range(4)))
    assert sorted(states) == sorted([CodeState.FOUND] + [CodeState.ENDED] * 3)


async def test_after_five_wrong_codes_none_is_looked_at_for_an_hour(database: Database) -> None:
    code = await made(database, life=3 * HOUR)
    for number in range(people.WRONG_CODES):
        assert await tried(database, "WRONG", now=NOW + number) is CodeState.UNKNOWN
    assert await tried(database, code, now=NOW + 9) is CodeState.TOO_MANY
    assert await tried(database, "", now=NOW + HOUR - 1) is CodeState.TOO_MANY
    assert await tried(database, code, now=NOW + HOUR) is CodeState.FOUND


async def test_the_wrong_codes_of_one_conversation_do_not_stop_another(database: Database) -> None:
    code = await made(database)
    for _ in range(people.WRONG_CODES + 1):
        await tried(database, "WRONG")
    assert await tried(database, code, who="web:bob") is CodeState.FOUND


async def test_before_any_code_was_made_every_code_is_unknown(database: Database) -> None:
    assert await tried(database, "ABCDEFGH") is CodeState.UNKNOWN


async def test_a_code_is_stored_hashed_with_a_key_of_this_installation(database: Database) -> None:
    code = await made(database, people.INVITE)
    assert len(code) == people.CODE_LENGTHS[people.INVITE]
    async with database.read() as connection:
        (stored,) = (await connection.execute(select(one_time_codes.c.code_hash))).scalars()
    assert code not in stored
    assert stored != hash_of(b"", code)


async def test_codes_and_attempts_are_forgotten_when_their_time_is_over(database: Database) -> None:
    await made(database)
    await tried(database, "WRONG")
    async with database.write() as tx:
        assert await people.forget_codes(tx, NOW) == 0
        assert (await tx.execute(select(func.count()).select_from(code_attempts))).scalar() == 1
        assert await people.forget_codes(tx, NOW + HOUR + 1) == 1
        assert (await tx.execute(select(func.count()).select_from(code_attempts))).scalar() == 0


@given(st.text(st.sampled_from(people.CODE_LETTERS), min_size=1, max_size=12))
def test_how_a_code_is_typed_does_not_matter(code: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for typed in (code.lower(), grouped(code), f" {grouped(code)} ", wide, grouped(code).replace("-", "—")):
        assert hash_of(KEY, typed) == hash_of(KEY, code)


@given(st.text())
def test_any_text_can_be_tried_as_a_code(text: str) -> None:
    assert len(hash_of(KEY, text)) == 64


async def test_two_people_become_one_with_all_that_was_kept(database: Database) -> None:
    async with database.write() as tx:
        one, other = await school(tx, "甲校"), await school(tx, "乙校")
        await member(tx, "kept", one)
        await person(tx, "gone")
        scope = await enter(tx, "gone", Role.TEACHER, other)
        await enter(tx, "gone", Role.COORDINATOR, one)
        record = await logged(tx, scope, other)
        await runs.save(tx, Run("run", "gone", "checklist", "x", "1", "", "web:gone", asked=""), NOW)
        await people.merge(tx, "kept", "gone")
        merged = await scope_of(tx, "kept")
        assert [(each.role, each.enrolment) for each in merged.memberships] == [
            (Role.COORDINATOR, one),
            (Role.TEACHER, other),
        ]
        found = await records.last_own(tx, merged)
        assert found is not None
        assert (found.id, found.creator) == (record.id, "老師gone")
        assert [version.person for version in await history.versions(tx, merged, record.id)] == ["kept"]
        assert await people.find(tx, "web:gone") == "kept"
        assert len(await runs.of_person(tx, "kept")) == 1
        assert list((await tx.execute(select(people_table.c.id))).scalars()) == ["kept"]


async def test_two_who_joined_the_same_record_become_one_who_did(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        owner = await member(tx, "owner", place)
        record = await logged(tx, owner, place)
        for who in ("kept", "gone"):
            await records.join(tx, await member(tx, who, place, Role.TEACHER), record.id, channel="web", now=NOW)
        await people.merge(tx, "kept", "gone")
        assert [each.person for each in await history.attendees(tx, owner, record.id)] == ["kept"]
        assert [each.person for each in await enrolments.members(tx, owner, place.id)] == ["owner", "kept"]


async def test_a_person_merged_with_themselves_stays(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        await people.merge(tx, "ann", "ann")
        assert await people.find(tx, "web:ann") == "ann"
