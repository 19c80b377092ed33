"""What was said in a conversation whose answers are delivered by being stored (web page, terminal).

There is no table of its own: what a person wrote stands in the inbox, what they were shown in the outbox,
and a transcript is the two merged by time. So it survives a reload and a restart, and cannot contradict them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Kind, Message, from_json
from bot.store.tables import conversations, inbox, outbox


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a person wrote, or one reply or reminder that they were shown."""

    id: str
    """Stable over reloads: `in-…` or `out-…`."""
    at: int
    """Epoch milliseconds: when it arrived, or was shown."""
    own: bool
    """Whether the person wrote it."""
    text: str = ""
    messages: tuple[Message, ...] = ()
    state: str = ""
    """Of what the person wrote: new, done, failed or limited."""


async def latest(connection: AsyncConnection, conversation_id: str, *, now: int, limit: int) -> list[Line]:
    """The last `limit` lines up to `now`, oldest first."""
    written = _written(conversation_id).order_by(inbox.c.id.desc()).limit(limit)
    replies = _replies(conversation_id, now).order_by(shown_at().desc(), outbox.c.id).limit(limit)
    return (await _merge(connection, written, replies))[-limit:]


async def since(connection: AsyncConnection, conversation_id: str, after: int, *, now: int) -> list[Line]:
    """Every line later than `after` (epoch milliseconds), oldest first."""
    written = _written(conversation_id).where(inbox.c.received_at > after)
    replies = _replies(conversation_id, now).where(shown_at() > after)
    return await _merge(connection, written, replies)


async def is_waiting(connection: AsyncConnection, conversation_id: str) -> bool:
    """Whether something that the person wrote has not been worked off."""
    found = await connection.execute(
        select(inbox.c.id).where(inbox.c.conversation_id == conversation_id, inbox.c.state == "new").limit(1)
    )
    return found.first() is not None


async def exists_conversation(connection: AsyncConnection, conversation_id: str) -> bool:
    """Whether anything was ever said in it."""
    found = await connection.execute(select(conversations.c.id).where(conversations.c.id == conversation_id))
    return found.first() is not None


async def label_of(connection: AsyncConnection, conversation_id: str, action: str, *, now: int) -> str:
    """The words on the button that carried an action, if this conversation was lately shown it."""
    for line in reversed(await latest(connection, conversation_id, now=now, limit=200)):
        for message in line.messages:
            for choice in message.choices:
                if choice.action == action:
                    return choice.label
    return ""


def shown_at() -> ColumnElement[int]:
    """When a row of the outbox is to be seen: at once, or at the hour it was put off to."""
    return case((outbox.c.not_before > outbox.c.seq, outbox.c.not_before), else_=outbox.c.seq)


def is_shown(now: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a row of the outbox that is to be seen by `now`."""
    return (outbox.c.method == "show", outbox.c.state == "sent", outbox.c.not_before <= now)


def _written(conversation_id: str) -> Select[Any]:
    return select(inbox).where(inbox.c.conversation_id == conversation_id)


def _replies(conversation_id: str, now: int) -> Select[Any]:
    return select(outbox.c.id, outbox.c.payload, shown_at().label("at")).where(
        outbox.c.conversation_id == conversation_id, *is_shown(now)
    )


async def _merge(connection: AsyncConnection, written: Select[Any], replies: Select[Any]) -> list[Line]:
    own = _own_lines(await connection.execute(written))
    theirs = [
        Line(id=f"out-{row.id}", at=row.at, own=False, messages=messages_of(row.payload))
        for row in await connection.execute(replies)
    ]
    # What a person wrote comes before what was shown in the same millisecond: the question before its answer.
    return sorted([*own, *theirs], key=lambda line: (line.at, not line.own))


def _own_lines(rows: Iterable[Row[Any]]) -> list[Line]:
    lines = []
    for row in sorted(rows, key=lambda row: row.id):
        text = _words(row.payload)
        # No words: a greeting at the first visit, or a message that was taken back.
        if text and row.payload.get("kind") != Kind.FOLLOW:
            lines.append(Line(id=f"in-{row.id}", at=row.received_at, own=True, text=text, state=row.state))
    return lines


def _words(payload: dict[str, Any]) -> str:
    """What a person typed, and what the files were called that they sent with it."""
    files = [f"〔檔案〕{file.get('name') or '未命名'}" for file in payload.get("files", ())]
    return "\n".join(part for part in (str(payload.get("text", "")), *files) if part)


def messages_of(payload: dict[str, Any]) -> tuple[Message, ...]:
    """The messages in a body that a `show` channel rendered."""
    return tuple(from_json(message) for message in payload.get("messages", ()))
