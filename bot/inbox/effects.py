"""Carries out what a handler wants written down, within the transaction of its event."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Incoming
from bot.store import questions
from handlers.dialogue import Effect, GiveFeedback, KeepQuestion


class Keeper:
    """Applies effects; holds the installation's hashing key once it has read it."""

    def __init__(self) -> None:
        self._pepper: bytes | None = None

    async def apply(
        self, tx: AsyncConnection, effect: Effect, incoming: Incoming, conversation_id: str, now: int
    ) -> None:
        """Write one effect down. `now` in epoch milliseconds."""
        match effect:
            case KeepQuestion():
                await questions.keep(
                    tx,
                    question_id=effect.question_id,
                    person=questions.person_hash(await self._key(tx), conversation_id),
                    channel=incoming.channel,
                    message_id=incoming.message_id,
                    text=effect.text,
                    folded=effect.folded,
                    status=effect.status,
                    programme=effect.programme,
                    entry=effect.entry,
                    candidates=list(effect.candidates),
                    asked_at=now,
                )
            case GiveFeedback():
                await questions.give_feedback(tx, effect.question_id, effect.feedback)

    async def _key(self, tx: AsyncConnection) -> bytes:
        if self._pepper is None:
            self._pepper = await questions.pepper(tx)
        # One made just now is not held: this transaction may yet be rolled back, and the secret with it.
        return self._pepper or await questions.make_pepper(tx)
