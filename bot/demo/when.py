"""The days of the demo: two programmes are under way, three are finished years."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import TAIPEI, epoch_ms, parse_local

NOW = parse_local("2025-12-08T10:00")
"""A Monday on which something is due within a week; `XUEBAN_NOW` of the demo."""
PASSES = tuple(
    parse_local(f"{day}T09:05") for day in ("2025-11-03", "2025-11-17", "2025-11-24", "2025-12-01", "2025-12-08")
)
"""When reminders were made."""
ASKED_SINCE = parse_local("2025-09-15T08:00")
"""Questions and messages are kept for 90 days; older ones would be gone at the first beat."""


def at(local: datetime) -> int:
    """Naive wall time in Taipei as epoch milliseconds."""
    return epoch_ms(local.replace(tzinfo=TAIPEI))


def local_now() -> datetime:
    """`NOW` as naive wall time."""
    return NOW.replace(tzinfo=None)


def workday(moment: datetime, begin: date) -> datetime:
    """The same hour on the Friday before, where it is a weekend; on the Monday after, where that was too early."""
    over = max(0, moment.weekday() - 4)
    friday = moment - timedelta(days=over)
    return friday if friday.date() >= begin else moment + timedelta(days=3 - over)
