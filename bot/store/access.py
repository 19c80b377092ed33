"""Who may see and change what: the one place that decides it.

A `Scope` gives conditions for WHERE clauses, and every function of `records`, `enrolments` and `tallies` that touches a
school's data puts one of them into its statement: a row outside is as if it were not there. The conditions ask the
table of memberships itself, at the moment of the statement, so that whoever was removed a second ago has lost their
rights in the middle of a dialogue too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.work_tables import enrolments, memberships, schools


class Role(StrEnum):
    """What someone is in a programme."""

    COORDINATOR = "coordinator"
    TEACHER = "teacher"
    MENTOR = "mentor"
    """At one school or several."""
    OFFICE = "office"
    """Sees all schools of a programme, of every edition."""
    ADMIN = "admin"
    """Sees everything."""

    @property
    def at_school(self) -> bool:
        """Whether the role belongs to one school's part in a programme."""
        return self in WRITERS


WRITERS = (Role.COORDINATOR, Role.TEACHER, Role.MENTOR)
MANAGERS = (Role.COORDINATOR,)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A school's part in one edition of a programme."""

    id: str
    school_id: str
    school: str
    county: str
    programme: str
    edition: str
    starts_on: date
    ends_on: date
    """The last day that counts, inclusive."""
    facts: Mapping[str, Any]
    """What dates and duties depend on."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One role of a person, as long as it lasts."""

    role: Role
    enrolment: Enrolment | None
    """None for office and admin."""
    programme: str
    """Empty for admin."""
    name: str
    """How the person is called in reports; may be empty."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see and change. From `scope_of`; a scope kept longer than a transaction may show too much to
    its owner in a menu, and still opens no row that they lost."""

    person: str
    memberships: tuple[Membership, ...] = ()
    whole: bool = False
    """The machine's own, see `unlimited`."""

    @property
    def writable(self) -> tuple[Enrolment, ...]:
        """Enrolments that the person may log for, in the order of joining."""
        return self._enrolments(WRITERS)

    def may_write(self, enrolment_id: str) -> bool:
        """Whether the person may log for it: for menus; what is written asks `writes` again."""
        return any(each.id == enrolment_id for each in self.writable)

    def may_manage(self, enrolment: Enrolment) -> bool:
        """Whether the person may invite others and change facts: its coordinators, its office, an admin."""
        own = any(each.id == enrolment.id for each in self._enrolments(MANAGERS))
        return own or self.may_oversee(enrolment.programme)

    def may_oversee(self, programme: str) -> bool:
        """Whether the person sees all schools of a programme."""
        return self.whole or any(
            each.role is Role.ADMIN or (each.role is Role.OFFICE and each.programme == programme)
            for each in self.memberships
        )

    @property
    def is_admin(self) -> bool:
        """Whether the person sees everything."""
        return self.whole or self._has(Role.ADMIN)

    def writes(self, enrolment_id: ColumnElement[str]) -> ColumnElement[bool]:
        """True of the enrolments whose records the person may create and change."""
        return enrolment_id.in_(self._held(WRITERS))

    def reads(self, enrolment_id: ColumnElement[str]) -> ColumnElement[bool]:
        """True of the enrolments that the person may see."""
        return or_(enrolment_id.in_(self._held(WRITERS)), *self._overseen(enrolment_id))

    def manages(self, enrolment_id: ColumnElement[str]) -> ColumnElement[bool]:
        """True of the enrolments where the person may invite, remove and change facts."""
        return or_(enrolment_id.in_(self._held(MANAGERS)), *self._overseen(enrolment_id))

    def oversees(self, programme: ColumnElement[str]) -> ColumnElement[bool]:
        """True of the programmes whose office the person is; of all, and of what belongs to none, for an admin."""
        if self.whole:
            return true()
        own = memberships.alias()
        current = (own.c.person_id == self.person, own.c.ended_at.is_(None))
        offices = select(own.c.programme).where(*current, own.c.role == Role.OFFICE, own.c.programme != "")
        return or_(programme.in_(offices), exists().where(*current, own.c.role == Role.ADMIN))

    def _held(self, roles: tuple[Role, ...]) -> Select[Any]:
        # An alias of its own: a statement over the same table would else be taken for the outer one.
        own = memberships.alias()
        return select(own.c.enrolment_id).where(
            own.c.person_id == self.person, own.c.ended_at.is_(None), own.c.role.in_(roles)
        )

    def _overseen(self, enrolment_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """Conditions by office and admin; left out where the person is none, which can only take away."""
        if self.whole:
            return [true()]
        own, all_of = memberships.alias(), enrolments.alias()
        current = (own.c.person_id == self.person, own.c.ended_at.is_(None))
        found: list[ColumnElement[bool]] = [false()]
        if self._has(Role.OFFICE):
            offices = select(own.c.programme).where(*current, own.c.role == Role.OFFICE, own.c.programme != "")
            found.append(enrolment_id.in_(select(all_of.c.id).where(all_of.c.programme.in_(offices))))
        if self._has(Role.ADMIN):
            found.append(exists().where(*current, own.c.role == Role.ADMIN))
        return found

    def _has(self, role: Role) -> bool:
        return any(each.role is role for each in self.memberships)

    def _enrolments(self, roles: tuple[Role, ...]) -> tuple[Enrolment, ...]:
        held = [each.enrolment for each in self.memberships if each.role in roles and each.enrolment is not None]
        return tuple({each.id: each for each in held}.values())


def unlimited() -> Scope:
    """The scope of whoever runs the machine, for the command line and the scheduler; never for a conversation.

    It sees and manages everything, and logs nothing: a record has a person who logged it.
    """
    return Scope("", whole=True)


async def scope_of(tx: AsyncConnection, person: str) -> Scope:
    """What a person may see and change now."""
    rows = await tx.execute(
        select(*ENROLMENT, *_ROLE)
        .select_from(memberships.outerjoin(WITH_SCHOOL, memberships.c.enrolment_id == enrolments.c.id))
        .where(memberships.c.person_id == person, memberships.c.ended_at.is_(None))
        .order_by(memberships.c.id)
    )
    return Scope(person, tuple(_membership(row) for row in rows))


WITH_SCHOOL = enrolments.join(schools, enrolments.c.school_id == schools.c.id)
ENROLMENT: tuple[Any, ...] = (*enrolments.c, schools.c.name.label("school"), schools.c.county.label("county"))
"""The columns that `read_enrolment` reads, from `WITH_SCHOOL`."""
_ROLE: tuple[Any, ...] = (
    memberships.c.role,
    memberships.c.name.label("called"),
    memberships.c.programme.label("of"),
)


def read_enrolment(row: Row[Any]) -> Enrolment:
    """An enrolment from the columns `ENROLMENT`."""
    return Enrolment(
        id=row.id,
        school_id=row.school_id,
        school=row.school,
        county=row.county,
        programme=row.programme,
        edition=row.edition,
        starts_on=date.fromisoformat(row.starts_on),
        ends_on=date.fromisoformat(row.ends_on),
        facts=dict(row.facts),
    )


def _membership(row: Row[Any]) -> Membership:
    enrolment = None if row.id is None else read_enrolment(row)
    return Membership(Role(row.role), enrolment, enrolment.programme if enrolment else row.of, row.called)
