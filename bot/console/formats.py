"""How the console writes days, moments, lengths of time and counts."""

from __future__ import annotations

from datetime import date, datetime

from bot.clock import TAIPEI, from_epoch_ms

WEEKDAYS = "一二三四五六日"
ROC = 1911


def day(value: date | str) -> str:
    """`2025/11/18（二）` of a local day or its ISO text."""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.year}/{found.month}/{found.day}（{WEEKDAYS[found.weekday()]}）"


def roc(value: date | str) -> str:
    """`114/11/18`, the year as forms write it."""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.year - ROC}/{found.month}/{found.day}"


def moment(value: int | datetime | str) -> str:
    """`2025/11/18（二）14:05` of epoch milliseconds, or of a naive local time or its ISO text."""
    if isinstance(value, int):
        found = from_epoch_ms(value).astimezone(TAIPEI)
    else:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day(found)}{found:%H:%M}"


def lasting(milliseconds: int) -> str:
    """A length of time in its largest whole unit: 「3 分鐘」."""
    seconds = max(0, milliseconds) // 1000
    for size, unit in ((86_400, "天"), (3_600, "小時"), (60, "分鐘")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def days_from(value: date, today: date) -> str:
    """「今天」, 「還有 3 天」, 「已過 3 天」."""
    left = (value - today).days
    if left == 0:
        return "今天"
    return f"還有 {left} 天" if left > 0 else f"已過 {-left} 天"


def number(value: int) -> str:
    """`1,234`."""
    return f"{value:,}"
