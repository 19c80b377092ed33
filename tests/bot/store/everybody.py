"""Rows of any table that belong to a person, made from the schema alone: so that a new table is not forgotten."""

from __future__ import annotations

import itertools
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlalchemy import JSON, Column, Integer, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger

import bot.store
from bot.store.tables import PERSON_WIDTH, metadata, people

for _room in iter_modules(bot.store.__path__):
    if _room.name.endswith("tables"):
        import_module(f"bot.store.{_room.name}")  # they all stand in the same metadata

_numbers = itertools.count(1)
EMPTY_RUN = {"answers": {}, "unsure": [], "order": [], "asked": "", "picked": [], "go_on": False}


def person_columns() -> list[Column[Any]]:
    """Every column that holds the id of a person, by its width or by what it refers to."""
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if column is not people.c.id
        and (
            getattr(column.type, "length", None) == PERSON_WIDTH
            or any(key.column.table is people for key in column.foreign_keys)
        )
    ]


async def belongs(tx: AsyncConnection, table: Table, **given: Any) -> dict[str, Any]:
    """A row with the given values, and the rows that it refers to."""
    row = dict(given)
    for column in table.columns:
        if column.name in row or (column.nullable and not column.foreign_keys):
            continue
        key = next(iter(column.foreign_keys), None)
        if key is not None:
            if column.nullable:
                continue
            parent = await belongs(tx, key.column.table)
            row[column.name] = parent[key.column.name]
        elif column.server_default is None and not (column.primary_key and column.autoincrement is True):
            row[column.name] = _value(column)
    await tx.execute(insert(table).values(**row))
    return row


def _value(column: Column[Any]) -> Any:
    number = next(_numbers)
    if isinstance(column.type, JSON):
        return EMPTY_RUN if column.table.name == "runs" else {}
    if isinstance(column.type, BigInteger | Integer):
        return number
    return f"{number:08d}"[: getattr(column.type, "length", None) or 8]


async def where_is(tx: AsyncConnection, person: str) -> set[str]:
    """Every place, as `table.column`, that holds a person's id."""
    found = set()
    for column in person_columns():
        if (await tx.execute(select(column).where(column == person).limit(1))).first() is not None:
            found.add(f"{column.table.name}.{column.name}")
    return found
