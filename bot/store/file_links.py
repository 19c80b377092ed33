"""Links to files: a random address that lives for a few days and makes its file when it is followed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import file_links

LIFE_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link stands for."""

    person: str
    kind: str
    data: dict[str, Any]


async def make(tx: AsyncConnection, person: str, kind: str, data: dict[str, Any], now: int) -> str:
    """The secret part of a new link's address; only its hash is stored."""
    token = secrets.token_urlsafe(24)
    await tx.execute(
        insert(file_links).values(
            token_hash=_hash(token), person_id=person, kind=kind, data=data, created_at=now, expires_at=now + LIFE_MS
        )
    )
    return token


async def find(tx: AsyncConnection, token: str, now: int) -> FileLink | None:
    """What a link stands for; None where there is none, or it has expired."""
    found = await tx.execute(
        select(file_links).where(file_links.c.token_hash == _hash(token), file_links.c.expires_at > now)
    )
    row = found.first()
    return None if row is None else FileLink(row.person_id, row.kind, dict(row.data))


async def forget(tx: AsyncConnection, before: int) -> int:
    """Delete links that expired before a moment; returns how many."""
    result = await tx.execute(delete(file_links).where(file_links.c.expires_at < before))
    return int(result.rowcount)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
