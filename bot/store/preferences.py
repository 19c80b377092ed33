"""How a person wants to be reminded: days ahead, hour, quiet hours; for all, a programme, a school, or one duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from bot.store.reminder_tables import reminder_preferences as table

OFFSETS = (30, 14, 7, 3, 1, 0)
"""Days before a deadline on which it is reminded of, unless somebody wants it otherwise."""
AT_MINUTE = 9 * 60
QUIET_FROM, QUIET_UNTIL = 21 * 60, 8 * 60
"""Minutes of the day; nothing is sent from the one to the other."""
MOST_OFFSETS = 10
FARTHEST = 365
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person wants of one place and subject; None: as the wider preference says."""

    place: str = ""
    """Empty, a programme, or an enrolment."""
    subject: str = ""
    offsets: tuple[int, ...] | None = None
    at_minute: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    muted: bool = False
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a person wants; without any, what everybody gets."""

    of: tuple[Preference, ...] = ()

    @property
    def at_minute(self) -> int:
        """When the day's reminders are told, in minutes of the day; never within the quiet hours."""
        wanted = self._whole.at_minute
        minute = AT_MINUTE if wanted is None else wanted
        return self.quiet[1] if self.is_quiet(minute) else minute

    @property
    def quiet(self) -> tuple[int, int]:
        """From and until, in minutes of the day; the same twice: no quiet hours."""
        start, end = self._whole.quiet_from, self._whole.quiet_until
        return (QUIET_FROM if start is None else start, QUIET_UNTIL if end is None else end)

    def is_quiet(self, minute: int) -> bool:
        """Whether nothing may be sent at this minute of the day."""
        start, end = self.quiet
        return start <= minute < end if start <= end else minute >= start or minute < end

    def offsets(self, programme: str, enrolment: str, subject: str) -> tuple[tuple[int, ...], int]:
        """Days ahead, the farthest first, and since when they are wanted (epoch ms); the narrowest wish wins."""
        fitting = [each for each in self.of if each.offsets is not None and _fits(each, programme, enrolment, subject)]
        if not fitting:
            return OFFSETS, 0
        narrowest = max(fitting, key=lambda each: (bool(each.subject), each.place == enrolment, bool(each.place)))
        return narrowest.offsets or (), narrowest.updated_at

    def is_muted(self, programme: str, enrolment: str, subject: str) -> bool:
        """Whether the person wants to hear nothing of it."""
        return any(each.muted and _fits(each, programme, enrolment, subject) for each in self.of)

    @property
    def is_paused(self) -> bool:
        """Whether the person wants no reminders at all."""
        return self._whole.muted

    @property
    def _whole(self) -> Preference:
        return next((each for each in self.of if not each.place and not each.subject), Preference())


def _fits(wish: Preference, programme: str, enrolment: str, subject: str) -> bool:
    return wish.place in ("", programme, enrolment) and wish.subject in ("", subject)


async def of_people(tx: AsyncConnection, persons: Sequence[str]) -> dict[str, Wishes]:
    """What each of these people wants; who wants nothing special is left out."""
    found: dict[str, list[Preference]] = defaultdict(list)
    for row in await tx.execute(select(table).where(table.c.person_id.in_(persons))):
        found[row.person_id].append(_read(row))
    return {person: Wishes(tuple(wishes)) for person, wishes in found.items()}


async def of_person(tx: AsyncConnection, person: str) -> Wishes:
    """What one person wants."""
    return (await of_people(tx, [person])).get(person, Wishes())


async def set_wish(
    tx: AsyncConnection, person: str, now: int, *, place: str = "", subject: str = "", **wish: Any
) -> None:
    """Note what the person wants; what is not given stays as it was.

    Args:
        wish: of `offsets` (a sequence of days), `at_minute`, `quiet_from`, `quiet_until`, `muted`; None for the
            wider preference.

    Raises:
        ValueError: more or farther offsets, or minutes, than there can be.
    """
    values = {name: _column(name, value) for name, value in wish.items()} | {"updated_at": now}
    key = {"person_id": person, "place": place, "subject": subject}
    await tx.execute(insert_or_ignore(table, tx.dialect), {**key, "updated_at": now})
    same = [table.c[name] == value for name, value in key.items()]
    await tx.execute(update(table).where(*same).values(values))


async def unmute(tx: AsyncConnection, person: str, now: int) -> None:
    """Hear of everything again."""
    muted = (table.c.person_id == person, table.c.muted == 1)
    await tx.execute(update(table).where(*muted).values(muted=0, updated_at=now))


async def clear(tx: AsyncConnection, person: str) -> None:
    """Back to what everybody gets; what is muted may be heard again."""
    await tx.execute(delete(table).where(table.c.person_id == person))


def _column(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "muted":
        return int(bool(value))
    if name == "offsets":
        days = sorted(set(value), reverse=True)
        if len(days) > MOST_OFFSETS or any(not 0 <= day <= FARTHEST for day in days):
            raise ValueError(f"at most {MOST_OFFSETS} offsets of 0 to {FARTHEST} days")
        return ",".join(map(str, days))
    if name not in ("at_minute", "quiet_from", "quiet_until") or not 0 <= value < DAY_MINUTES:
        raise ValueError(f"{name} is a minute of the day")
    return int(value)


def _read(row: Row[Any]) -> Preference:
    offsets = None if row.offsets is None else tuple(int(day) for day in row.offsets.split(",") if day)
    return Preference(
        row.place, row.subject, offsets, row.at_minute, row.quiet_from, row.quiet_until, bool(row.muted),
        row.updated_at,
    )  # fmt: skip
