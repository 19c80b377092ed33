"""Who is who: each comes by a conversation and joins by an invitation, as in life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.dice import dice, number
from bot.demo.schools import DISTANCE, EQUAL, MOBILE, ONSITE, School
from bot.demo.when import at
from bot.store import console_sessions, enrolments, inbox, people
from bot.store.access import Enrolment, Role, Scope, scope_of, unlimited
from bot.store.people import CodeState
from knowledge.schema import Base, Programme

TEACHERS = ("甲老師", "乙老師")
LEADERS = ("領航教師一", "領航教師二", "領航教師三", "領航教師四")
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom only the part is known."""

    scope: Scope
    channel: str
    address: str
    called: str

    @property
    def conversation_id(self) -> str:
        """Where they talk to us."""
        return f"{self.channel}:{self.address}"


@dataclass(frozen=True, slots=True)
class Team:
    """A school's part in a programme, with who works there."""

    school: School
    programme: Programme
    place: Enrolment
    coordinator: Person
    others: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """The coordinator first."""
        return (self.coordinator, *self.others)


class Settlers:
    """Brings people in; knows who came before, so that one person may have several parts."""

    def __init__(self, base: Base, seed: int) -> None:
        self._base = base
        self._seed = seed
        self._leaders: dict[str, Person] = {}

    async def settle(self, tx: AsyncConnection, school: School) -> list[Team]:
        """A school's teams, one for each programme; the coordinator of the first may be that of the second too."""
        teams: list[Team] = []
        for slug in school.programmes:
            same = teams[0].coordinator if teams and school.number % 2 else None
            teams.append(await self._team(tx, school, self._base.programme(slug), same))
        return teams

    async def _team(self, tx: AsyncConnection, school: School, programme: Programme, same: Person | None) -> Team:
        chance = dice(self._seed, "team", school.number, programme.slug)
        day = programme.valid_from + timedelta(days=chance.randint(3, 20))
        joined = at(datetime.combine(day, time(10, chance.randint(0, 59))))
        place = await enrolments.enrol(tx, unlimited(), school.name, programme, joined, county=school.county)
        assert place is not None  # the machine's own scope may enrol any school
        first = same or await self.arrive(tx, "line", f"{school.number}:{programme.slug}:c", "召集人", joined)
        first = await self.join(tx, first, Role.COORDINATOR, joined, place=place)
        others = []
        for index, called in enumerate(TEACHERS):
            channel = ("web", "line")[(school.number + index) % 2]
            key = f"{school.number}:{programme.slug}:{index}"
            teacher = await self.arrive(tx, channel, key, called, joined + DAY_MS)
            others.append(await self.join(tx, teacher, Role.TEACHER, joined + DAY_MS, place=place, by=first))
        if programme.slug == ONSITE:
            leader = await self._leader(tx, LEADERS[school.number % len(LEADERS)], joined)
            others.append(await self.join(tx, leader, Role.MENTOR, joined + 2 * DAY_MS, place=place, by=first))
        return Team(school, programme, place, first, tuple(others))

    async def _leader(self, tx: AsyncConnection, called: str, now: int) -> Person:
        if called not in self._leaders:
            self._leaders[called] = await self.arrive(tx, "line", called, called, now)
        return self._leaders[called]

    async def arrive(self, tx: AsyncConnection, channel: str, key: str, called: str, now: int) -> Person:
        """Somebody adds us as a friend, or opens the page."""
        found = number(self._seed, "person", key)
        address = f"U{found}" if channel == "line" else found * 2
        event = inbox.NewEvent(channel, f"demo-{found}", address, address, False, "", {}, now, kind="follow")
        await inbox.store(tx, [event], now)
        claimed = await inbox.claim(tx, now)
        assert claimed is not None
        await inbox.finish(tx, claimed, now)
        person = await people.of_conversation(tx, event.conversation_id, now)
        return Person(Scope(person), channel, address, called)

    async def join(
        self,
        tx: AsyncConnection,
        person: Person,
        role: Role,
        now: int,
        *,
        place: Enrolment | None = None,
        programme: str = "",
        by: Person | None = None,
    ) -> Person:
        """Take up a part by an invitation; the person with the scope that they have then."""
        giver = by.scope if by else unlimited()
        code = await enrolments.invite(
            tx, giver, role, now, enrolment_id=place.id if place else "", programme=programme
        )
        assert code is not None
        used = await people.try_code(tx, person.conversation_id, people.INVITE, code, now)
        assert used.state is CodeState.FOUND
        await enrolments.join(tx, person.scope.person, used.data, now, name=person.called)
        scope = await scope_of(tx, person.scope.person)
        return Person(scope, person.channel, person.address, person.called)

    async def offices(self, tx: AsyncConnection, now: int) -> list[Person]:
        """One for each programme, on the web page."""
        found = []
        for slug in dict.fromkeys(each.slug for each in self._base.programmes):
            called = f"{self._base.programme(slug).short_name}辦公室"
            office = await self.arrive(tx, "web", f"office:{slug}", called, now)
            found.append(await self.join(tx, office, Role.OFFICE, now, programme=slug))
        return found

    async def admin(self, tx: AsyncConnection, now: int) -> Person:
        """Who signs in with the password, and is told of a short quota on the web page."""
        away = await self.arrive(tx, "web", "admin", "管理者", now)
        await self.join(tx, away, Role.ADMIN, now)
        first = await console_sessions.first_admin(tx, now)
        await people.merge(tx, first, away.scope.person)
        return Person(await scope_of(tx, first), "web", away.address, "管理者")


def facts_of(team: Team, chance_seed: int) -> dict[str, object]:
    """What dates and duties of the team's programme depend on."""
    chance = dice(chance_seed, "facts", team.school.number)
    if team.programme.slug == DISTANCE:
        return {
            "authority": "moe" if team.school.national else "local",
            "approved_on": "2025-07-15",
            "semester_start": "2025-09-01",
        }
    if team.programme.slug == EQUAL:
        return {"plan_ends_on": team.programme.valid_until.isoformat()}
    if team.programme.slug == MOBILE:
        return {"core_teachers": chance.randint(4, 9), "principal_trained": chance.random() < 0.5}
    return {}
