"""Who is signed in to the console, and the ways in: the password of the first admin, and links that work once.

Of a session and of a link only hashes are stored: a copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import enrolments, questions
from bot.store.access import Role
from bot.store.console_tables import console_sessions, sign_in_attempts
from bot.store.database import insert_or_ignore
from bot.store.tables import one_time_codes, people, secrets

MINUTE_MS = 60 * 1000
IDLE_MS = 60 * MINUTE_MS
"""A session that nothing is asked of for so long is over."""
LONGEST_MS = 12 * 60 * MINUTE_MS
"""At the latest, however busy."""
TOUCH_MS = MINUTE_MS
"""A session's last use is known to the minute: not every look at a page should be a write."""
ENTRY = "console"
"""The purpose of a one-time link."""
ENTRY_MS = 15 * MINUTE_MS
"""How long a link is good that somebody asked for in a chat."""
INVITED_MS = 3 * 24 * 60 * MINUTE_MS
"""How long a link is good that an admin hands to somebody."""
ATTEMPTS_MS = 15 * MINUTE_MS
WRONG_HERE, WRONG_ANYWHERE = 5, 50
"""So many wrong passwords may come from one address, and from all together, within `ATTEMPTS_MS`."""
FIRST_ADMIN = "console_admin"
"""Under this name the secrets hold the number of who signs in by password."""
CALLED = "管理者"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    person: str
    created_at: int
    seen_at: int


async def begin(tx: AsyncConnection, person: str, now: int) -> str:
    """A new session's secret, shown this one time. `now` in epoch milliseconds."""
    token = random.token_urlsafe(_TOKEN_BYTES)
    row = {"token_hash": hash_of(token), "person_id": person, "created_at": now, "seen_at": now}
    await tx.execute(insert(console_sessions).values(**row, expires_at=now + LONGEST_MS))
    return token


async def find(tx: AsyncConnection, token: str, now: int) -> Session | None:
    """Whose session it is; None for one that is none, was ended, idle or old. What they may do is not asked here."""
    mine = (console_sessions.c.token_hash == hash_of(token), *_alive(now))
    row = (await tx.execute(select(console_sessions).where(*mine))).first()
    return None if row is None else Session(row.person_id, row.created_at, row.seen_at)


async def touch(tx: AsyncConnection, token: str, now: int) -> None:
    """It was used; one that is over stays over."""
    mine = (console_sessions.c.token_hash == hash_of(token), *_alive(now))
    await tx.execute(update(console_sessions).where(*mine).values(seen_at=now))


async def end(tx: AsyncConnection, token: str) -> None:
    """Sign out."""
    await tx.execute(delete(console_sessions).where(console_sessions.c.token_hash == hash_of(token)))


async def end_all(tx: AsyncConnection, person: str) -> int:
    """Sign a person out everywhere, and void links that they did not use yet; returns how many sessions ended."""
    unused = (one_time_codes.c.purpose == ENTRY, one_time_codes.c.used_at.is_(None))
    await tx.execute(delete(one_time_codes).where(one_time_codes.c.person_id == person, *unused))
    ended = await tx.execute(delete(console_sessions).where(console_sessions.c.person_id == person))
    return int(ended.rowcount)


async def may_try(tx: AsyncConnection, address: str, now: int) -> bool:
    """Whether a password from this address is looked at. It counts as wrong until `forgive` says otherwise, so that
    many tries at once are counted too.

    Args:
        address: where it comes from; stored as a keyed hash.
        now: epoch milliseconds.
    """
    hashed = await _address(tx, address)
    # One after the other, or a hundred at once would all find four.
    await tx.execute(select(secrets.c.value).where(secrets.c.name == "pepper").with_for_update())
    recent = sign_in_attempts.c.at > now - ATTEMPTS_MS
    here = func.count().filter(sign_in_attempts.c.address == hashed)
    row = (await tx.execute(select(here, func.count()).where(recent).select_from(sign_in_attempts))).one()
    if row[0] >= WRONG_HERE or row[1] >= WRONG_ANYWHERE:
        return False
    await tx.execute(insert(sign_in_attempts).values(address=hashed, at=now))
    return True


async def forgive(tx: AsyncConnection, address: str) -> None:
    """The password was right: what this address got wrong no longer counts."""
    await tx.execute(delete(sign_in_attempts).where(sign_in_attempts.c.address == await _address(tx, address)))


async def first_admin(tx: AsyncConnection, now: int) -> str:
    """The person who signs in by password, made at need; an admin from now on, whatever was before: whoever sets the
    password runs the machine."""
    person = random.token_urlsafe(12)
    await tx.execute(insert_or_ignore(secrets, tx.dialect), {"name": FIRST_ADMIN, "value": person})
    # Held: two first sign-ins at once make one person with one role.
    wanted = select(secrets.c.value).where(secrets.c.name == FIRST_ADMIN).with_for_update()
    kept: str = (await tx.execute(wanted)).scalar_one()
    await tx.execute(insert_or_ignore(people, tx.dialect), {"id": kept, "created_at": now})
    await enrolments.join(tx, kept, {"role": Role.ADMIN.value, "enrolment": "", "programme": ""}, now, name=CALLED)
    return kept


async def make_entry(tx: AsyncConnection, person: str, now: int, *, life_ms: int = ENTRY_MS) -> str:
    """The secret part of a link that signs this person in once; links made before for them are void from now on."""
    token = random.token_urlsafe(_TOKEN_BYTES)
    before = (one_time_codes.c.purpose == ENTRY, one_time_codes.c.used_at.is_(None))
    await tx.execute(delete(one_time_codes).where(one_time_codes.c.person_id == person, *before))
    row = {"code_hash": hash_of(token), "purpose": ENTRY, "person_id": person, "expires_at": now + life_ms}
    await tx.execute(insert(one_time_codes).values(**row, data={}))
    return token


async def use_entry(tx: AsyncConnection, token: str, now: int) -> str | None:
    """Whom a link signs in; None where it is unknown, used or expired. It can't be used again."""
    ours = (
        one_time_codes.c.code_hash == hash_of(token),
        one_time_codes.c.purpose == ENTRY,
        one_time_codes.c.used_at.is_(None),
        one_time_codes.c.expires_at > now,
    )
    used = await tx.execute(
        update(one_time_codes).where(*ours).values(used_at=now).returning(one_time_codes.c.person_id)
    )
    person: str | None = used.scalar()
    return person


async def forget(tx: AsyncConnection, now: int) -> int:
    """Delete sessions that are over and tries that no longer count; returns how many sessions."""
    await tx.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at <= now - ATTEMPTS_MS))
    over = (console_sessions.c.expires_at <= now) | (console_sessions.c.seen_at <= now - IDLE_MS)
    return int((await tx.execute(delete(console_sessions).where(over))).rowcount)


def hash_of(token: str) -> str:
    """What is stored of a session's or a link's secret: it is long and random, so a plain hash can't be undone."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _alive(now: int) -> tuple[ColumnElement[bool], ...]:
    return (console_sessions.c.expires_at > now, console_sessions.c.seen_at > now - IDLE_MS)


async def _address(tx: AsyncConnection, address: str) -> str:
    key = await questions.pepper(tx) or await questions.make_pepper(tx)
    return hmac.new(key, address.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
