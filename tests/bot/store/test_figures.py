"""Counts for whoever runs the service."""

from __future__ import annotations

from bot.store import console_sessions, figures, reminders
from bot.store.console_sessions import IDLE_MS
from bot.store.database import Database
from bot.store.reminders import State
from tests.bot.store.school_house import NOW, member, school


async def test_a_session_counts_until_it_was_idle_for_too_long_and_a_person_once(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        ann, bob = await member(tx, "ann", place), await member(tx, "bob", place)
        for person in (ann.person, ann.person, bob.person):
            await console_sessions.begin(tx, person, NOW)
        assert await figures.live_sessions(tx, NOW + IDLE_MS - 1) == 2
        assert await figures.live_sessions(tx, NOW + IDLE_MS) == 0


async def test_reminders_are_counted_by_what_became_of_them(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        who = await member(tx, "ann", place)
        for rule, state in (("T-7", State.PLANNED), ("T-3", State.PLANNED), ("T-1", State.DONE)):
            key = reminders.Key(place.id, who.person, "deadline:apply", "x", rule)
            await reminders.add(tx, [reminders.New(key, "2025-11-20", NOW, NOW, state)], NOW)
        assert await figures.reminders_by_state(tx) == {"planned": 2, "done": 1}
