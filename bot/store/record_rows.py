"""Rows of records with the name of whoever logged them: what every question about records begins with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.stored_record import StoredRecord, read
from bot.store.work_tables import memberships, records


def select_records() -> Select[Any]:
    """All columns and the creator's name. To be narrowed by a scope before it is run."""
    return select(*records.c, name_of(records.c.created_by, records).label("creator"))


def name_of(person: ColumnElement[str], *outer: FromClause) -> ScalarSelect[str]:
    """How a person is, or was last, called at the school of the outer statement's record."""
    theirs = memberships.alias()
    return (
        select(theirs.c.name)
        .where(theirs.c.person_id == person, theirs.c.enrolment_id == records.c.enrolment_id, theirs.c.name != "")
        .order_by(theirs.c.id.desc())
        .limit(1)
        .correlate(*outer)
        .scalar_subquery()
    )


async def stored(tx: AsyncConnection, statement: Select[Any]) -> list[StoredRecord]:
    """Run what `select_records` began."""
    return [read(row) for row in await tx.execute(statement)]
