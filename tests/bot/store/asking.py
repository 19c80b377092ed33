"""Questions in a database, for tests of curation."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import questions
from bot.store.tables import conversations
from tests.bot.store.school_house import NOW, SLUG

_numbers = itertools.count(1)


async def asked(tx: AsyncConnection, who: str, text: str, **fields: Any) -> str:
    """Somebody asks something in vain, unless the fields say otherwise; returns the question's id.

    `who` is a conversation: `web:ann`.
    """
    key = await questions.pepper(tx) or await questions.make_pepper(tx)
    question_id = f"q{next(_numbers)}"
    feedback = fields.pop("feedback", "")
    row: dict[str, Any] = {"folded": text, "status": "refused", "programme": SLUG, "entry": "", "candidates": []}
    row |= {"person": questions.person_hash(key, who), "channel": who.partition(":")[0], "asked_at": NOW}
    await questions.keep(tx, question_id=question_id, text=text, **{**row, **fields})
    if feedback:
        await questions.give_feedback(tx, question_id, feedback)
    return question_id


async def conversation(tx: AsyncConnection, conversation_id: str, person: str | None = None, **fields: Any) -> str:
    """A private conversation, unless the fields say otherwise."""
    channel, _, key = conversation_id.partition(":")
    row = {"id": conversation_id, "channel": channel, "address": key, "person_id": person}
    await tx.execute(insert(conversations).values(**row, **{"created_at": 1, "updated_at": 1, **fields}))
    return conversation_id
