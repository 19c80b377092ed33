"""bot.store.answer_stats: how often an answer was given, and what was thought of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.store.access import Role, Scope, unlimited
from bot.store.answer_stats import AnswerStats, answer_stats
from bot.store.database import Database
from knowledge.loader import load_base
from knowledge.schema import Base
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW, SLUG, enter, member, person, school

TODAY = date(2026, 12, 1)
PROGRAMME = load_base().programme(SLUG)
BASE = Base((replace(PROGRAMME, entries=PROGRAMME.entries[:2], gaps=PROGRAMME.gaps[:1]),), ())
FIRST, SECOND, GAP = (PROGRAMME.ref(item) for item in BASE.programmes[0].items)


async def stats(database: Database, scope: Scope | None = None, *, since: int = 0) -> dict[str, AnswerStats]:
    async with database.read() as tx:
        found = await answer_stats(tx, scope or unlimited(), BASE, TODAY, since=since)
    return {each.ref: each for each in found}


async def test_what_was_asked_is_counted_and_what_never_was_is_there_too(database: Database) -> None:
    async with database.write() as tx:
        for number, feedback in enumerate(["helpful", "helpful", "other", "outdated", ""]):
            who = f"web:{number % 3}"
            await asked(tx, who, "可以嗎", status="answered", entry=FIRST, feedback=feedback, asked_at=NOW + number)
        await asked(tx, "web:a", "有保險嗎", entry=GAP)
    found = await stats(database)
    assert list(found) == [FIRST, GAP, SECOND]
    first = found[FIRST]
    assert (first.asked, first.askers, first.helpful, first.disliked, first.outdated) == (5, 3, 2, 2, 1)
    assert (first.helpful_share, first.last_asked_at, first.is_gap) == (0.5, NOW + 4, False)
    assert (found[GAP].asked, found[GAP].is_gap, found[GAP].helpful_share) == (1, True, None)
    assert (found[SECOND].asked, found[SECOND].last_asked_at) == (0, None)


async def test_a_suggestion_is_no_answer_and_what_is_gone_is_left_out(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", "可以嗎", status="unsure", candidates=[FIRST])
        await asked(tx, "web:a", "可以嗎", status="answered", entry=f"{SLUG}/99/gone")
    assert {each.asked for each in (await stats(database)).values()} == {0}


async def test_only_since_a_moment(database: Database) -> None:
    async with database.write() as tx:
        for at in (NOW - 1, NOW):
            await asked(tx, "web:a", "可以嗎", status="answered", entry=FIRST, asked_at=at)
    assert (await stats(database, since=NOW))[FIRST].asked == 1


async def test_an_office_sees_its_programme_and_others_nothing(database: Database) -> None:
    async with database.write() as tx:
        await asked(tx, "web:a", "可以嗎", status="answered", entry=FIRST)
        ours = await enter(tx, await person(tx, "o"), Role.OFFICE, programme=SLUG)
        theirs = await enter(tx, await person(tx, "t"), Role.OFFICE, programme="onsite-mentoring")
        teacher = await member(tx, "c", await school(tx, "甲校"))
    assert (await stats(database, ours))[FIRST].asked == 1
    assert await stats(database, theirs) == {}
    assert await stats(database, teacher) == {}
    lost = Scope("nobody", ours.memberships)
    assert (await stats(database, lost))[FIRST].asked == 0


async def test_what_is_due_is_told(database: Database) -> None:
    first, second = BASE.programmes[0].entries
    held = replace(
        BASE.programmes[0],
        verified_on=date(2026, 6, 4),
        verify_every=180,
        entries=(replace(first, valid_until=date(2026, 11, 30)), second),
    )
    async with database.read() as tx:
        on_time = await answer_stats(tx, unlimited(), Base((held,), ()), date(2026, 12, 1))
        late = await answer_stats(tx, unlimited(), Base((held,), ()), date(2026, 12, 2))
    assert {each.ref for each in on_time if each.is_due} == {FIRST}
    assert all(each.is_due for each in late)
    assert next(each for each in late if each.ref == SECOND).care.age == 181
