"""A town of schools on a real database: talks of several people, and what the office does behind the scenes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms
from bot.store import enrolments, people
from bot.store.access import Enrolment, Role, Scope, scope_of, unlimited
from tests.handlers.stage import MONDAY, Playhouse, Prompter, Talk
from tests.real import real_base

SLUG = "distance-teaching"
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){1,2}")

T = TypeVar("T")


class Town(Playhouse):
    """The stage with schools."""

    def do(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Something that is done to the database, in a transaction of its own."""

        async def done() -> T:
            async with self._database.write() as tx:
                return await work(tx)

        return self.run(done())

    def talk(self, conversation: str, *, in_group: bool = False) -> Talk:
        """Somebody who talks to us about the real programmes."""
        asks = Prompter()
        asks.base = real_base()
        return Talk(asks, house=self, conversation=conversation, in_group=in_group)

    def school(self, name: str, slug: str = SLUG) -> Enrolment:
        """A school's part in a programme."""

        async def work(tx: AsyncConnection) -> Enrolment:
            found = await enrolments.enrol(tx, unlimited(), name, real_base().programme(slug), epoch_ms(MONDAY))
            assert found is not None
            return found

        return self.do(work)

    def code(self, role: Role, place: Enrolment | None = None, *, slug: str = SLUG, now: datetime = MONDAY) -> str:
        """An invitation by whoever runs the machine."""

        async def work(tx: AsyncConnection) -> str:
            where = place.id if place else ""
            code = await enrolments.invite(tx, unlimited(), role, epoch_ms(now), enrolment_id=where, programme=slug)
            assert code is not None
            return people.grouped(code)

        return self.do(work)

    def member(
        self, conversation: str, place: Enrolment | None, role: Role = Role.TEACHER, name: str = "", slug: str = SLUG
    ) -> Talk:
        """Somebody who has joined already, called 「某老師」 where no name is given."""
        talk = self.talk(conversation)
        talk.say(f"加入 {self.code(role, place, slug=slug)}")
        if talk.state.awaiting:
            talk.say(name or "某老師")
        return talk

    def scope(self, conversation: str) -> Scope:
        """What somebody may see and change now."""

        async def work(tx: AsyncConnection) -> Scope:
            return await scope_of(tx, await people.of_conversation(tx, conversation, 1))

        return self.do(work)


def code_in(talk: Talk) -> str:
    """The code that a reply shows."""
    found = CODE.findall(talk.text)
    assert found, talk.text
    return str(found[-1])
