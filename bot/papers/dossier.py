"""All that a paper about a school's work is made of, gathered before anything is drawn; and how it is said on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.papers.photos import NONE, Pictures
from bot.store.access import Enrolment
from bot.store.history import Attendee
from bot.store.stored_record import DONE, PLANNED, WORD_OF, StoredRecord
from knowledge.forms.model import Chosen, Forms
from knowledge.requirements.engine import Progress, progress
from knowledge.requirements.model import Requirements
from knowledge.schema import Programme

ROC = 1911
"""Year 1 of the Republic is 1912."""
NAMELESS = "（未留姓名）"
HELD, TO_COME, UNCONFIRMED = "已辦理", "預定", "預定，尚未確認辦理"
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One school's part in an edition, as the person who asked may see it."""

    programme: Programme
    enrolment: Enrolment
    forms: Forms
    requirements: Requirements | None
    """None where the edition has none."""
    everything: tuple[StoredRecord, ...]
    """By day, nothing deleted."""
    first: date
    last: date
    """The days that are asked for, inclusive."""
    attendees: Mapping[str, tuple[Attendee, ...]]
    pictures: Mapping[str, Pictures]
    now: datetime
    """Wall time in Taipei, naive."""

    @property
    def records(self) -> tuple[StoredRecord, ...]:
        """Those of the days that are asked for."""
        return tuple(record for record in self.everything if self.first <= record.day <= self.last)

    @property
    def is_whole(self) -> bool:
        """Whether all of the enrolment's days are asked for."""
        return self.first <= self.enrolment.starts_on and self.enrolment.ends_on <= self.last

    def chosen(self, by: Chosen) -> tuple[StoredRecord, ...]:
        """The records that a form or a part of a report takes."""
        return tuple(record for record in self.records if by.fits(record.as_record()))

    def numbers(self, by: Chosen) -> dict[str, int]:
        """How manieth each of these records is, from the first day on, whatever days are asked for; every group counts
        its own."""
        seen: Counter[str] = Counter()
        found = {}
        for record in self.everything:
            if by.fits(record.as_record()):
                seen[record.group] += 1
                found[record.id] = seen[record.group]
        return found

    def counts(self, record: StoredRecord) -> bool:
        """Whether it counts for requirements: it was held, or it is planned for later."""
        return record.state == DONE or (record.state == PLANNED and record.starts_at > self.now)

    def is_done(self, record: StoredRecord) -> bool:
        """Whether it was held."""
        return record.state == DONE and record.starts_at <= self.now

    def state_of(self, record: StoredRecord) -> str:
        """Held, or planned; what was planned and nobody confirmed is said so."""
        if self.is_done(record):
            return HELD
        return UNCONFIRMED if record.starts_at <= self.now else TO_COME

    def progress(self) -> tuple[Progress, ...]:
        """How far the school is, over all of its days."""
        if self.requirements is None:
            return ()
        counting = [record.as_record() for record in self.everything if self.counts(record)]
        own = self.enrolment
        return progress(self.requirements, counting, own.starts_on, own.ends_on, self.now, own.facts)

    def people(self, record: StoredRecord) -> tuple[Attendee, ...]:
        """Who logged it, then who said to have been there."""
        return (Attendee(record.created_by, record.creator), *self.attendees.get(record.id, ()))

    def pictures_of(self, record: StoredRecord) -> Pictures:
        """What is attached to it."""
        return self.pictures.get(record.id, NONE)

    @property
    def span(self) -> str:
        """The days that are asked for, in words."""
        return f"{roc(self.first)}至{roc(self.last)}"


def roc(day: date) -> str:
    """114 年 11 月 18 日."""
    return f"{day.year - ROC} 年 {day.month} 月 {day.day} 日"


def roc_with_weekday(day: date) -> str:
    """114 年 11 月 18 日（星期二）."""
    return f"{roc(day)}（星期{weekday(day)}）"


def roc_short(day: date) -> str:
    """114/11/18."""
    return f"{day.year - ROC}/{day.month}/{day.day}"


def weekday(day: date) -> str:
    """二."""
    return _WEEKDAYS[day.weekday()]


def hours(minutes: int) -> int | float:
    """Minutes in hours, whole where they are."""
    whole, rest = divmod(minutes, 60)
    return round(minutes / 60, 2) if rest else whole


def word(field: str, value: str) -> str:
    """A word of the vocabulary as people say it; empty for none."""
    found = WORD_OF[field].get(value)
    return str(found.words) if found else ""


def clock_times(record: StoredRecord) -> str:
    """14:00－16:00; the beginning alone where it takes no time, empty where only the day is known."""
    if record.day_only:
        return ""
    begins = f"{record.starts_at:%H:%M}"
    if not record.minutes:
        return begins
    next_day = "隔日 " if record.ends_at.date() > record.day else ""
    return f"{begins}－{next_day}{record.ends_at:%H:%M}"


def called(name: str) -> str:
    """How a person is called on paper."""
    return name or NAMELESS
