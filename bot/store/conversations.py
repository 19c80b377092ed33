"""The dialogue state of each conversation, and messages that people took back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import evidence
from bot.store.database import insert_or_ignore
from bot.store.tables import conversations, inbox, questions, unsent_messages


async def save(
    tx: AsyncConnection, conversation_id: str, now: int, *, state: dict[str, Any], allowance: dict[str, Any]
) -> None:
    """Store the dialogue's new state; the caller holds the row's lock."""
    await tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(state=state, allowance=allowance, version=conversations.c.version + 1, updated_at=now)
    )


async def unsend(tx: AsyncConnection, channel: str, message_id: str, now: int) -> None:
    """Erase what a person took back, its files too, and remember that, so that a redelivery cannot revive it.

    The dialogue's state goes too, because a follow-up question is understood by the words of the one before.
    """
    await tx.execute(
        insert_or_ignore(unsent_messages, tx.dialect),
        {"channel": channel, "message_id": message_id, "at": now},
    )
    same_inbox = (inbox.c.channel == channel) & (inbox.c.message_id == message_id)
    talks = select(inbox.c.conversation_id).where(same_inbox)
    await tx.execute(update(conversations).where(conversations.c.id.in_(talks)).values(state={}))
    await tx.execute(update(inbox).where(same_inbox).values(payload={}))
    same_question = (questions.c.channel == channel) & (questions.c.message_id == message_id)
    await tx.execute(update(questions).where(same_question).values(text="", folded=""))
    await evidence.unsent(tx, channel, message_id)


async def was_unsent(tx: AsyncConnection, channel: str, message_id: str) -> bool:
    """Whether the person took this message back before we came to it."""
    if not message_id:
        return False
    found = await tx.execute(
        select(unsent_messages.c.at).where(
            unsent_messages.c.channel == channel, unsent_messages.c.message_id == message_id
        )
    )
    return found.first() is not None


async def forget(tx: AsyncConnection, before: int) -> int:
    """Empty the state of dialogues that rest since before a moment; returns how many. Who they are with stays."""
    rests = (conversations.c.updated_at < before) & (conversations.c.version > 0)
    result = await tx.execute(update(conversations).where(rests).values(state={}, allowance={}, version=0))
    await tx.execute(delete(unsent_messages).where(unsent_messages.c.at < before))
    return int(result.rowcount)
