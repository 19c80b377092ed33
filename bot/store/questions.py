"""Questions kept for curation: what was asked, what came of it, and what the asker thought of the answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from bot.store.tables import questions, secrets

FEEDBACK = ("helpful", "other", "outdated", "none_of_these")
DISLIKED = ("other", "outdated", "none_of_these")
"""Of these, what says that the answer was of no use."""


async def pepper(tx: AsyncConnection) -> bytes | None:
    """The secret of this installation that person hashes are keyed with; None before it is made."""
    value = (await tx.execute(select(secrets.c.value).where(secrets.c.name == "pepper"))).scalar()
    return None if value is None else bytes.fromhex(value)


async def make_pepper(tx: AsyncConnection) -> bytes:
    """Make that secret, once; it is worth remembering only after the transaction has been committed."""
    await tx.execute(insert_or_ignore(secrets, tx.dialect), {"name": "pepper", "value": random.token_hex(32)})
    made = await pepper(tx)
    assert made is not None
    return made


def person_hash(key: bytes, conversation_id: str) -> str:
    """A stable pseudonym: tells askers apart, does not lead back to one without the key."""
    return hmac.new(key, conversation_id.encode(), hashlib.sha256).hexdigest()[:32]


async def keep(tx: AsyncConnection, *, question_id: str, **fields: Any) -> None:
    """Store one question; the fields are the columns of `questions`."""
    await tx.execute(insert(questions).values(id=question_id, **fields))


async def give_feedback(tx: AsyncConnection, question_id: str, feedback: str) -> None:
    """Note what the asker thinks; the last word counts."""
    if feedback not in FEEDBACK:
        raise ValueError(f"feedback {feedback!r} is none of {', '.join(FEEDBACK)}")
    await tx.execute(update(questions).where(questions.c.id == question_id).values(feedback=feedback))


async def forget(tx: AsyncConnection, before: int) -> int:
    """Delete questions asked before a moment; returns how many."""
    result = await tx.execute(delete(questions).where(questions.c.asked_at < before))
    return int(result.rowcount)
