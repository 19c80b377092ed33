"""Sessions of the console as rows: how they end, what is forgotten, tries at once. More is in tests/bot/console."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, insert, select

from bot.store import console_sessions, people
from bot.store.access import Role, scope_of
from bot.store.console_sessions import ATTEMPTS_MS, IDLE_MS, LONGEST_MS, WRONG_HERE
from bot.store.console_tables import console_sessions as table
from bot.store.console_tables import sign_in_attempts
from bot.store.database import Database
from bot.store.tables import people as people_table
from bot.store.tables import secrets
from tests.bot.store.school_house import NOW, person


async def test_sessions_that_are_over_and_tries_that_no_longer_count_are_forgotten(database: Database) -> None:
    async with database.write() as tx:
        who = await person(tx, "p")
        await console_sessions.begin(tx, who, NOW)
        late = NOW + IDLE_MS
        await console_sessions.begin(tx, who, late)
        assert await console_sessions.may_try(tx, "a", NOW)
        assert await console_sessions.may_try(tx, "b", NOW + ATTEMPTS_MS)
        assert await console_sessions.forget(tx, late) == 1
        assert (await tx.execute(select(table.c.created_at))).scalars().all() == [late]
        assert (await tx.execute(select(sign_in_attempts.c.at))).scalars().all() == []


async def test_a_session_that_is_used_all_the_time_is_forgotten_at_its_end(database: Database) -> None:
    async with database.write() as tx:
        token = await console_sessions.begin(tx, await person(tx, "p"), NOW)
        for at in range(NOW, NOW + LONGEST_MS, IDLE_MS // 2):
            await console_sessions.touch(tx, token, at)
        assert await console_sessions.forget(tx, NOW + LONGEST_MS - 1) == 0
        assert await console_sessions.forget(tx, NOW + LONGEST_MS) == 1


async def test_touching_does_not_wake_a_session_that_is_over(database: Database) -> None:
    async with database.write() as tx:
        token = await console_sessions.begin(tx, await person(tx, "p"), NOW)
        await console_sessions.touch(tx, token, NOW + IDLE_MS)
        assert await console_sessions.find(tx, token, NOW + IDLE_MS) is None


async def test_signing_out_everywhere_voids_links_too_and_touches_nobody_else(database: Database) -> None:
    async with database.write() as tx:
        one, two = await person(tx, "p"), await person(tx, "q")
        mine, other = [await console_sessions.begin(tx, each, NOW) for each in (one, two)]
        link = await console_sessions.make_entry(tx, one, NOW)
        invite = await people.make_code(tx, people.INVITE, one, expires_at=NOW + 1)
        assert await console_sessions.end_all(tx, one) == 1
        assert await console_sessions.find(tx, mine, NOW) is None
        assert await console_sessions.find(tx, other, NOW) is not None
        assert await console_sessions.use_entry(tx, link, NOW) is None
        assert await people.use_code(tx, people.INVITE, invite, NOW) is not None


async def test_tries_at_once_are_counted_like_tries_one_after_the_other(database: Database) -> None:
    async def one() -> bool:
        async with database.write() as tx:
            return await console_sessions.may_try(tx, "here", NOW)

    async with database.write() as tx:
        await console_sessions.may_try(tx, "elsewhere", NOW)  # makes the installation's secret
    assert (await asyncio.gather(*(one() for _ in range(12)))).count(True) == WRONG_HERE


async def test_first_sign_ins_at_once_make_one_admin(database: Database) -> None:
    async def one() -> str:
        async with database.write() as tx:
            return await console_sessions.first_admin(tx, NOW)

    made = set(await asyncio.gather(*(one() for _ in range(5))))
    async with database.read() as tx:
        (who,) = made
        held = (await scope_of(tx, who)).memberships
        assert [(each.role, each.name) for each in held] == [(Role.ADMIN, console_sessions.CALLED)]
        assert (await tx.execute(select(func.count()).select_from(people_table))).scalar_one() == 1


async def test_a_first_admin_whose_row_is_gone_is_made_again(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(insert(secrets).values(name=console_sessions.FIRST_ADMIN, value="gone"))
        assert await console_sessions.first_admin(tx, NOW) == "gone"
        assert (await scope_of(tx, "gone")).is_admin
