"""What handlers want written down, within the transaction of its event."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.inbox.effects import Keeper
from bot.messages import Incoming
from bot.store.database import Database
from bot.store.tables import questions
from handlers.dialogue import KeepQuestion

NOW = 1_763_604_000_000


class BrokenEventError(Exception):
    """The rest of the event's transaction fails."""


async def ask(database: Database, keeper: Keeper, question_id: str, *, fails: bool = False) -> None:
    """One question of one person, kept."""
    incoming = Incoming("line", "e1", "teacher", "teacher", NOW)
    question = KeepQuestion(question_id, "補助", "补助", "refused", "", "", ())
    async with database.write() as tx:
        await keeper.apply(tx, question, incoming, "line:teacher", NOW)
        if fails:
            raise BrokenEventError


async def askers(database: Database) -> set[str]:
    """Everybody who asked, as they are stored."""
    async with database.read() as connection:
        return set((await connection.execute(select(questions.c.person))).scalars())


async def test_a_person_is_one_asker_in_every_process(database: Database) -> None:
    await ask(database, Keeper(), "q1")
    await ask(database, Keeper(), "q2")
    assert len(await askers(database)) == 1
    assert "teacher" not in str(await askers(database))


async def test_a_secret_that_was_rolled_back_is_not_used_again(database: Database) -> None:
    first = Keeper()
    with pytest.raises(BrokenEventError):
        await ask(database, first, "q1", fails=True)
    await ask(database, Keeper(), "q2")
    await ask(database, first, "q3")
    assert len(await askers(database)) == 1
