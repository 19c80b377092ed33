"""All that is stored of one person, for that person: 「我的資料」.

Own words only: of a record the values that the person gave, not those that others added to it, and no reply of ours,
because a reply may name colleagues. Nothing here asks for a scope: whoever left a school still may read what they
themselves wrote there, and sees nothing else of it. How it is deleted stands in `forgetting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import calendars, linked, my_console, my_reminders, my_work, questions, runs
from bot.store.linked import Linked
from bot.store.my_console import Trace
from bot.store.my_reminders import Note
from bot.store.my_work import Deed, Held, SaidFact, Sent
from bot.store.runs import Run
from bot.store.tables import code_attempts, file_links, inbox, one_time_codes, outbox, people
from bot.store.tables import questions as questions_table

MOST_RUNS = 10_000
CORRECTS = "_record"
"""The answer that names the record that a form is about, see `handlers.record.draft`."""
KNOWN = "_known"
"""The answer that holds what was known of a school before, see `handlers.facts.form`."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message that the person wrote, or a button that they pressed."""

    at: int
    channel: str
    in_group: bool
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is kept for curation, without a name."""

    at: int
    text: str
    status: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Token:
    """A code or a link that the person was given; of the secret only a hash is stored."""

    kind: str
    expires_at: int
    used: bool = False


@dataclass(frozen=True, slots=True)
class MyData:
    """All of it, the oldest first. Times in epoch milliseconds."""

    since: int
    conversations: Sequence[Linked]
    said: Sequence[Said]
    replies: int
    """How many replies of ours are kept."""
    asked: Sequence[Asked]
    held: Sequence[Held]
    deeds: Sequence[Deed]
    attended: Sequence[tuple[int, str]]
    """Moment and school."""
    sent: Sequence[Sent]
    notes: Sequence[Note]
    runs: Sequence[Run]
    codes: Sequence[Token]
    links: Sequence[Token]
    wrong_codes: int
    calendars: Sequence[int] = ()
    """When each address of a calendar feed was made; of the secret only a hash is stored."""
    facts: Sequence[SaidFact] = ()
    console: Sequence[Trace] = ()


async def collect(tx: AsyncConnection, person: str) -> MyData | None:
    """All that is stored of a person; None where there is no such person any more."""
    since = (await tx.execute(select(people.c.created_at).where(people.c.id == person))).scalar()
    if since is None:
        return None
    talks = await linked.all_of(tx, person)
    ids = [talk.id for talk in talks]
    return MyData(
        since=since,
        conversations=talks,
        said=await _said(tx, talks),
        replies=await _count(tx, outbox, ids),
        asked=await _asked(tx, ids),
        held=await my_work.held(tx, person),
        deeds=await my_work.deeds(tx, person),
        attended=await my_work.attended(tx, person),
        sent=await my_work.sent(tx, person),
        notes=await my_reminders.notes(tx, person),
        runs=[_own(run) for run in await runs.of_person(tx, person, limit=MOST_RUNS)],
        codes=await _codes(tx, person),
        links=await _links(tx, person),
        wrong_codes=await _count(tx, code_attempts, ids),
        calendars=await calendars.of_person(tx, person),
        facts=await my_work.facts(tx, person),
        console=await my_console.traces(tx, person),
    )


def _own(run: Run) -> Run:
    """A form without the words of others: one that corrects a record begins with what its author wrote, and the
    facts of a school with those that are known. What was stored of them is listed as such."""
    if CORRECTS in run.answers:
        return replace(run, answers={})
    before = run.answers.get(KNOWN)
    if before is None:
        return run
    own = {key: value for key, value in run.answers.items() if not key.startswith("_") and before.get(key) != value}
    return replace(run, answers=own)


async def _count(tx: AsyncConnection, table: Any, ids: Sequence[str]) -> int:
    found = await tx.execute(select(func.count()).select_from(table).where(table.c.conversation_id.in_(ids)))
    return int(found.scalar_one())


async def _said(tx: AsyncConnection, talks: Sequence[Linked]) -> list[Said]:
    by_id = {talk.id: talk for talk in talks}
    rows = await tx.execute(
        select(inbox.c.conversation_id, inbox.c.received_at, inbox.c.payload)
        .where(inbox.c.conversation_id.in_(by_id))
        .order_by(inbox.c.received_at, inbox.c.id)
    )
    return [
        Said(row.received_at, by_id[row.conversation_id].channel, by_id[row.conversation_id].in_group, words)
        for row in rows
        if (words := words_of(row.payload))
    ]


def words_of(payload: Mapping[str, Any]) -> str:
    """What a person wrote or pressed, out of any channel's event; empty where it holds neither."""
    for name in ("message", "edited_message"):
        message = payload.get(name)
        if isinstance(message, Mapping):
            return str(message.get("text") or message.get("caption") or "")
    for name in ("postback", "callback_query"):
        tap = payload.get(name)
        if isinstance(tap, Mapping):
            return f"〔按鈕〕{tap.get('data', '')}"
    text, action = str(payload.get("text", "")), str(payload.get("action", ""))
    return text or (f"〔按鈕〕{action}" if action else "")


async def _asked(tx: AsyncConnection, ids: Sequence[str]) -> list[Asked]:
    rows = await tx.execute(
        select(questions_table)
        .where(questions_table.c.person.in_(await pseudonyms(tx, ids)))
        .order_by(questions_table.c.asked_at, questions_table.c.id)
    )
    return [Asked(row.asked_at, row.text, row.status, row.feedback) for row in rows]


async def pseudonyms(tx: AsyncConnection, ids: Sequence[str]) -> list[str]:
    """What stands for these conversations beside their questions."""
    key = await questions.pepper(tx)
    return [questions.person_hash(key, each) for each in ids] if key else []


async def _codes(tx: AsyncConnection, person: str) -> list[Token]:
    ours = select(one_time_codes).where(one_time_codes.c.person_id == person).order_by(one_time_codes.c.expires_at)
    return [Token(row.purpose, row.expires_at, row.used_at is not None) for row in await tx.execute(ours)]


async def _links(tx: AsyncConnection, person: str) -> list[Token]:
    ours = select(file_links).where(file_links.c.person_id == person).order_by(file_links.c.created_at)
    return [Token(row.kind, row.expires_at) for row in await tx.execute(ours)]
