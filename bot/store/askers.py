"""Who asked what a curator decided about, and where they can be told that it is answered now.

Beside a question stands a keyed hash of the conversation; to find the conversation, all of its channel are hashed. Who
asked in a group is not found: an answer weeks later would be read by everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.console_tables import question_decisions as decided
from bot.store.curation import IN_VAIN
from bot.store.database import Database
from bot.store.outbox import identity_of
from bot.store.questions import pepper, person_hash
from bot.store.tables import conversations, outbox, questions

PAGE = 1_000
"""Conversations that are read at a time."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asked a wording in vain, the last time that they did."""

    pseudonym: str
    channel: str
    folded: str
    text: str
    asked_at: int
    """Epoch milliseconds."""
    had: frozenset[str] = frozenset()
    """`slug/edition/key` of what they were answered to this wording and did not dislike: they know it."""
    disliked: frozenset[str] = frozenset()
    """What they were answered and disliked."""
    suggested: frozenset[str] = frozenset()
    """What they were offered and did not take."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A private conversation with somebody who asked."""

    id: str
    person: str
    """Whose it is; the pseudonym where nothing else is kept of them."""


async def hold(tx: AsyncConnection, scope: Scope, decision_id: str) -> list[str]:
    """The keys of the wordings of a decision whose askers were not told; nobody else tells them until the transaction
    ends."""
    rows = await tx.execute(
        select(decided.c.folded_hash)
        .where(decided.c.decision_id == decision_id, decided.c.told_at.is_(None), scope.oversees(decided.c.asked_of))
        .order_by(decided.c.folded_hash)
        .with_for_update()
    )
    return list(rows.scalars())


async def mark_told(tx: AsyncConnection, scope: Scope, keys: Collection[str], now: int) -> None:
    """Note that nobody is left to be told of these wordings."""
    theirs = (decided.c.folded_hash.in_(keys), decided.c.told_at.is_(None), scope.oversees(decided.c.asked_of))
    await tx.execute(update(decided).where(*theirs).values(told_at=now))


async def of_wordings(
    tx: AsyncConnection, scope: Scope, asked_of: str, wordings: Collection[str]
) -> dict[str, list[Asker]]:
    """Who asked these wordings (folded) of a programme in vain, by wording; one who asked it often comes once."""
    rows = await tx.execute(
        select(questions, case((IN_VAIN, 1), else_=0).label("vain"))
        .where(questions.c.folded.in_(wordings), questions.c.folded != "", scope.oversees(questions.c.programme))
        .order_by(questions.c.asked_at, questions.c.id)
    )
    of_one: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        of_one[row.folded, row.person].append(row)
    found: dict[str, list[Asker]] = defaultdict(list)
    for (folded, _), own in of_one.items():
        asker = _asker(own, asked_of)
        if asker is not None:
            found[folded].append(asker)
    return found


def _asker(rows: Sequence[Row[Any]], asked_of: str) -> Asker | None:
    """Somebody from all that they asked in one wording, the oldest first; None where nothing of it was in vain."""
    vain = [row for row in rows if row.vain and row.programme == asked_of]
    if not vain:
        return None
    last = vain[-1]
    return Asker(
        last.person,
        last.channel,
        last.folded,
        last.text,
        last.asked_at,
        had=frozenset(row.entry for row in rows if row.entry and not row.vain),
        disliked=frozenset(row.entry for row in rows if row.entry and row.vain),
        suggested=frozenset(ref for row in rows if row.vain for ref in row.candidates or ()),
    )


async def talks(database: Database, pseudonyms: Mapping[str, Collection[str]]) -> dict[str, Talk]:
    """The private conversations behind pseudonyms, given by channel. Each page is a transaction of its own."""
    found: dict[str, Talk] = {}
    async with database.read() as tx:
        key = await pepper(tx)
    if key is None:
        return found
    for channel, wanted in pseudonyms.items():
        left = set(wanted)
        async for page in _pages(database, channel):
            for conversation_id, person in page:
                pseudonym = person_hash(key, conversation_id)
                if pseudonym in left:
                    left.remove(pseudonym)
                    found[pseudonym] = Talk(conversation_id, person or pseudonym)
            if not left:
                break
    return found


async def _pages(database: Database, channel: str) -> AsyncIterator[Sequence[tuple[str, str | None]]]:
    after = ""
    while True:
        async with database.read() as tx:
            rows = await tx.execute(
                select(conversations.c.id, conversations.c.person_id)
                .where(conversations.c.channel == channel, conversations.c.in_group == 0, conversations.c.id > after)
                .order_by(conversations.c.id)
                .limit(PAGE)
            )
            page = [(row.id, row.person_id) for row in rows]
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1][0]


async def are_told(tx: AsyncConnection, keys: Collection[str]) -> set[str]:
    """Of these dedupe keys those under which a message was made."""
    ids = {identity_of(key): key for key in keys}
    rows = await tx.execute(select(outbox.c.id).where(outbox.c.id.in_(ids)))
    return {ids[each] for each in rows.scalars()}
