"""How many schools a mentor takes, beside what the programme allows: a reason to warn, never to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Role, Scope
from bot.store.work_tables import enrolments, memberships
from knowledge.eligibility.loader import UnknownProgrammeError, load_checklist
from knowledge.eligibility.tree import Compare, Const, Name, Node

MENTOR_SCHOOLS = "mentor_school_count"
"""The fact of a checklist that a programme limits where it limits the schools of a mentor."""


@dataclass(frozen=True, slots=True)
class MentorLoad:
    """How many schools a mentor takes in one edition, and at most may take."""

    schools: int
    limit: int | None
    """None where the programme sets no limit."""

    @property
    def over(self) -> bool:
        """Whether it is too many: a reason to warn, not to refuse."""
        return self.limit is not None and self.schools > self.limit


async def mentor_load(tx: AsyncConnection, scope: Scope, programme: str, edition: str) -> MentorLoad:
    """How many schools the person mentors in an edition, beside the most that it allows."""
    count = await tx.execute(
        select(func.count(distinct(enrolments.c.school_id)))
        .select_from(memberships.join(enrolments, memberships.c.enrolment_id == enrolments.c.id))
        .where(
            memberships.c.person_id == scope.person,
            memberships.c.role == Role.MENTOR,
            memberships.c.ended_at.is_(None),
            enrolments.c.programme == programme,
            enrolments.c.edition == edition,
        )
    )
    return MentorLoad(count.scalar_one(), mentor_limit(programme, edition))


@cache
def mentor_limit(programme: str, edition: str) -> int | None:
    """How many schools a mentor may take, as the edition's checklist has it; None where it says nothing."""
    try:
        rules = load_checklist(programme, edition).rules
    except UnknownProgrammeError:
        return None
    return next((most for most in (_most(rule.needs, MENTOR_SCHOOLS) for rule in rules) if most is not None), None)


def _most(condition: Node, fact: str) -> int | None:
    match condition:
        case Compare("<=", Name(name), Const(value)) if name == fact and isinstance(value, int):
            return value
    return None
