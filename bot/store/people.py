"""Who is who: a person has one or more conversations; nobody is a person before something is kept for them.

Codes prove something once: that two conversations are one person's (`LINK`), or that somebody may join (`INVITE`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import console_people, questions, reminder_people
from bot.store.calendar_tables import calendars
from bot.store.tables import code_attempts, conversations, file_links, one_time_codes, people, runs
from bot.store.work_tables import attendances, evidence, memberships, record_versions, records

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without letters that look like others: a code is read off one screen and typed into another."""
LINK, INVITE = "link", "invite"
CODE_LENGTHS = {LINK: 8, INVITE: 12}
"""An invitation lives for days where a link lives for minutes, so it is longer."""
LINK_LIFE_MS = 10 * 60 * 1000
CODE_GROUP = 4
"""Characters between two dashes of a code as it is shown."""
WRONG_CODES = 5
"""So many wrong codes may come from one conversation within `ATTEMPTS_MS`; then none is looked at."""
ATTEMPTS_MS = 3600 * 1000

_OF_A_PERSON = (
    conversations, runs, one_time_codes, file_links, calendars, memberships, record_versions, attendances, evidence,
)  # fmt: skip
"""Tables with a `person_id`, beside those of `reminder_people` and `console_people`; a test holds all to the schema."""


class CodeState(StrEnum):
    """What became of a code. Callers say the same sentence for `UNKNOWN` and `ENDED`: guessing must not learn."""

    FOUND = "found"
    UNKNOWN = "unknown"
    ENDED = "ended"
    """Expired, or used before."""
    TOO_MANY = "too_many"
    """It was not looked at: the conversation tried too many wrong ones."""


@dataclass(frozen=True, slots=True)
class CodeResult:
    """What became of a code that somebody typed."""

    state: CodeState
    made_by: str | None = None
    """The person who made it; None for the command line. Only where it was found."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What it was made with; only where it was found."""


async def find(tx: AsyncConnection, conversation_id: str) -> str | None:
    """The person a conversation belongs to; None before anything was kept."""
    found = await tx.execute(select(conversations.c.person_id).where(conversations.c.id == conversation_id))
    person: str | None = found.scalar()
    return person


async def of_conversation(tx: AsyncConnection, conversation_id: str, now: int) -> str:
    """The person a conversation belongs to, made at need. `now` in epoch milliseconds."""
    person = await find(tx, conversation_id)
    if person is None:
        person = secrets.token_urlsafe(12)
        await tx.execute(insert(people).values(id=person, created_at=now))
        await tx.execute(update(conversations).where(conversations.c.id == conversation_id).values(person_id=person))
    return person


async def make_code(
    tx: AsyncConnection, purpose: str, person: str | None, *, expires_at: int, data: dict[str, Any] | None = None
) -> str:
    """A code that opens something once until `expires_at`. Only its hash is stored; it is shown this one time."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTHS[purpose]))
    key = await questions.pepper(tx) or await questions.make_pepper(tx)
    await tx.execute(
        insert(one_time_codes).values(
            code_hash=hash_of(key, code), purpose=purpose, person_id=person, data=data or {}, expires_at=expires_at
        )
    )
    return code


def grouped(code: str) -> str:
    """A code as it is shown: `ABCD-EFGH-JKMN`."""
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


async def use_code(tx: AsyncConnection, purpose: str, code: str, now: int) -> tuple[str | None, dict[str, Any]] | None:
    """Who made a code, and what for; None where it is unknown, expired or used. It can't be used again.

    For what a person types take `try_code`, which counts the wrong ones.
    """
    key = await questions.pepper(tx)
    if key is None:
        return None
    result = await tx.execute(
        update(one_time_codes)
        .where(
            one_time_codes.c.code_hash == hash_of(key, code),
            one_time_codes.c.purpose == purpose,
            one_time_codes.c.used_at.is_(None),
            one_time_codes.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(one_time_codes.c.person_id, one_time_codes.c.data)
    )
    row = result.first()
    return None if row is None else (row.person_id, dict(row.data))


async def try_code(tx: AsyncConnection, conversation_id: str, purpose: str, code: str, now: int) -> CodeResult:
    """Use a code that somebody typed; wrong ones are counted, and after `WRONG_CODES` an hour none is looked at."""
    wrong = await tx.execute(
        select(func.count())
        .select_from(code_attempts)
        .where(code_attempts.c.conversation_id == conversation_id, code_attempts.c.at > now - ATTEMPTS_MS)
    )
    if wrong.scalar_one() >= WRONG_CODES:
        return CodeResult(CodeState.TOO_MANY)
    used = await use_code(tx, purpose, code, now)
    if used is not None:
        return CodeResult(CodeState.FOUND, *used)
    await tx.execute(insert(code_attempts).values(conversation_id=conversation_id, at=now))
    return CodeResult(CodeState.ENDED if await _is_known(tx, purpose, code) else CodeState.UNKNOWN)


async def _is_known(tx: AsyncConnection, purpose: str, code: str) -> bool:
    key = await questions.pepper(tx)
    if key is None:
        return False
    ours = (one_time_codes.c.code_hash == hash_of(key, code), one_time_codes.c.purpose == purpose)
    return (await tx.execute(select(one_time_codes.c.code_hash).where(*ours))).first() is not None


def hash_of(key: bytes, code: str) -> str:
    """What is stored of a code; width, case, blanks and dashes in it don't matter.

    Keyed with the installation's secret: the few characters of a code could be found from a plain hash.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", code) if letter.isalnum()).upper()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


async def merge(tx: AsyncConnection, kept: str, given_up: str) -> None:
    """Make two people one: whatever was kept for the second is the first's from now on."""
    if kept == given_up:
        return
    await _merge_memberships(tx, kept, given_up)
    await reminder_people.merge(tx, kept, given_up)
    await console_people.merge(tx, kept, given_up)
    both = select(attendances.c.record_id).where(attendances.c.person_id == kept)
    await tx.execute(delete(attendances).where(attendances.c.person_id == given_up, attendances.c.record_id.in_(both)))
    for table in _OF_A_PERSON:
        await tx.execute(update(table).where(table.c.person_id == given_up).values(person_id=kept))
    await tx.execute(update(records).where(records.c.created_by == given_up).values(created_by=kept))
    # Whoever logged it does not join it: the two may have done the one and the other.
    own = select(records.c.id).where(records.c.created_by == kept)
    await tx.execute(delete(attendances).where(attendances.c.person_id == kept, attendances.c.record_id.in_(own)))
    await tx.execute(delete(people).where(people.c.id == given_up))


async def _merge_memberships(tx: AsyncConnection, kept: str, given_up: str) -> None:
    """Of a role that both hold, the second's row goes: nobody is the same thing twice."""
    same = memberships.alias()
    double = select(same.c.id).where(
        same.c.person_id == kept,
        same.c.ended_at.is_(None),
        same.c.role == memberships.c.role,
        func.coalesce(same.c.enrolment_id, "") == func.coalesce(memberships.c.enrolment_id, ""),
        same.c.programme == memberships.c.programme,
    )
    await tx.execute(
        delete(memberships).where(
            memberships.c.person_id == given_up, memberships.c.ended_at.is_(None), double.exists()
        )
    )


async def forget_codes(tx: AsyncConnection, before: int) -> int:
    """Delete codes that ended before a moment, and attempts that no longer count; returns how many codes."""
    await tx.execute(delete(code_attempts).where(code_attempts.c.at < before - ATTEMPTS_MS))
    result = await tx.execute(delete(one_time_codes).where(one_time_codes.c.expires_at < before))
    return int(result.rowcount)
