"""A calendar as a file (iCalendar, RFC 5545): entries in, bytes out. Pure; the same entries give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard

from bot.clock import TAIPEI, from_epoch_ms

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Xueban//Deadlines and activities//ZH-TW"
REFRESH, REFRESH_TEXT = timedelta(hours=6), "PT6H"
"""How often a calendar is asked to look again; most take their own time, up to a day."""
ALARM_DAYS = (7, 1)
ALARM_HOUR = timedelta(hours=9)
"""Of the day, for what has no hour of its own."""
_UNTOLD = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar."""

    uid: str
    """The same for as long as it is the same thing, whatever becomes of it."""
    title: str
    details: str
    starts: date | datetime
    """A day, or naive wall time in Taipei."""
    minutes: int
    """0 for a day, and for what takes no time."""
    sequence: int
    changed_at: int
    """Epoch milliseconds."""
    firm: bool = True
    """False for what is only planned."""
    category: str = ""
    alarms: bool = False


def calendar_file(name: str, entries: Iterable[Entry]) -> bytes:
    """The file, CRLF and folded at 75 bytes, as RFC 5545 wants it. `name`: how a calendar shows it in its list."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", _plain(name))
    found.add("x-wr-timezone", TAIPEI.key)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", REFRESH_TEXT)
    found.add_component(_zone())
    for entry in entries:
        found.add_component(_event(entry))
    written: bytes = found.to_ical()
    return written


def _zone() -> Timezone:
    """Taipei as it has been since 1980, eight hours ahead all the year."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", TAIPEI.key)
    standard.add("dtstart", datetime(1980, 1, 1))
    standard.add("tzname", "CST")
    for name in ("tzoffsetfrom", "tzoffsetto"):
        standard.add(name, timedelta(hours=8))
    zone.add_component(standard)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    title = _plain(entry.title)
    changed = from_epoch_ms(entry.changed_at).astimezone(UTC).replace(microsecond=0)
    properties: dict[str, Any] = {
        "uid": entry.uid,
        "dtstamp": changed,
        "last-modified": changed,
        "sequence": entry.sequence,
        "summary": title,
        "description": _plain(entry.details, lines=True),
        "categories": [entry.category] if entry.category else None,
        "status": "CONFIRMED" if entry.firm else "TENTATIVE",
        **_time(entry),
    }
    for name, value in properties.items():
        if value is not None:
            event.add(name, value)
    if entry.alarms:
        for days in ALARM_DAYS:
            event.add_component(_alarm(title, days, whole_day=not isinstance(entry.starts, datetime)))
    return event


def _time(entry: Entry) -> dict[str, Any]:
    if not isinstance(entry.starts, datetime):
        return {"dtstart": entry.starts, "dtend": entry.starts + timedelta(days=1), "transp": "TRANSPARENT"}
    start = entry.starts.replace(tzinfo=TAIPEI)
    if not entry.minutes:  # an end at the start is not allowed; without one it ends where it starts
        return {"dtstart": start, "transp": "TRANSPARENT"}
    return {"dtstart": start, "dtend": start + timedelta(minutes=entry.minutes), "transp": "OPAQUE"}


def _alarm(title: str, days: int, *, whole_day: bool) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-days) + (ALARM_HOUR if whole_day else timedelta()))
    return alarm


def _plain(text: str, *, lines: bool = False) -> str:
    """The text without what no calendar can hold; in one line, or in several."""
    told = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNTOLD.sub(" ", told if lines else told.replace("\n", " "))
