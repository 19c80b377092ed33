"""Time. Stored in UTC, shown in Asia/Taipei, and always asked from a `Clock` so that tests can move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")


class Clock(Protocol):
    """Whoever knows what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class ShiftedClock:
    """A clock that started at another moment, and runs on or stands still; for demonstrations and tests."""

    start: datetime
    running: bool = True
    _origin: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        elapsed = datetime.now(UTC) - self._origin if self.running else timedelta()
        return self.start.astimezone(UTC) + elapsed

    def move_to(self, moment: datetime) -> None:
        """Set the clock; it goes on from there."""
        self.start, self._origin = moment, datetime.now(UTC)


def parse_local(text: str) -> datetime:
    """Read an ISO date or date-time; one without a zone is Taipei wall time.

    Raises `ValueError` where it is neither, or of a year in which nobody uses this (1970 to 2199 are read).
    """
    moment = datetime.fromisoformat(text)
    if not 1970 <= moment.year < 2200:  # so that no later sum or change of zone can overflow
        raise ValueError(f"the year {moment.year} is out of range")
    return moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC, the unit of every time in the database."""
    return int(moment.timestamp() * 1000)


def from_epoch_ms(value: int) -> datetime:
    """The inverse of `epoch_ms`, in UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)
