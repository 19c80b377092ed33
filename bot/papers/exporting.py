"""From an order to a file: reads what the person may see at this moment, then draws it beside the event loop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI
from bot.evidence.storage import Storage
from bot.papers import photos
from bot.papers.dossier import Dossier
from bot.papers.final_report import report_paper
from bot.papers.photos import Pictures
from bot.papers.record_log import log_paper
from bot.papers.records_xlsx import ALL, records_workbook
from bot.papers.sheet import printable
from bot.store import enrolments, exports, records
from bot.store.access import Enrolment, Scope
from bot.store.evidence import Evidence
from bot.store.stored_record import StoredRecord
from bot.web.files import Made
from handlers.export_words import RECORDS, REPORT
from knowledge.forms.loader import load_forms
from knowledge.forms.model import Form, Forms
from knowledge.requirements.loader import UnknownProgrammeError, load_requirements
from knowledge.requirements.model import Requirements
from knowledge.schema import Base

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_FILES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_DRAWING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")
"""One at a time: drawing takes a processor for itself, and some memory."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted."""

    enrolment: str
    what: str
    """Of `handlers.export_words.WHATS`."""
    first: date | None = None
    last: date | None = None
    """Inclusive; None for all days, those outside of the enrolment's own too."""


async def export(
    tx: AsyncConnection, scope: Scope, order: Order, *, base: Base, storage: Storage, now: datetime
) -> Made | None:
    """The file; None where the person may not see the school, or the programme has no such form.

    Args:
        scope: of whoever asks, as it is at this moment.
        now: aware.
    """
    own = await enrolments.get(tx, scope, order.enrolment)
    if own is None:
        return None
    forms = known_forms(own.programme, own.edition)
    form = forms.form(order.what)
    if form is None and order.what != RECORDS:
        return None
    dossier = await _gather(tx, scope, own, order, form, base, storage, now)
    return await asyncio.get_running_loop().run_in_executor(_DRAWING, _drawn, dossier, order.what, form)


async def _gather(
    tx: AsyncConnection, scope: Scope, own: Enrolment, order: Order, form: Form | None, base: Base,
    storage: Storage, now: datetime,
) -> Dossier:  # fmt: skip
    everything = tuple(await records.list_all(tx, scope, own.id))
    first, last = _days(own, order, everything)
    attached = await exports.attached(tx, scope, own.id)
    shown = [record for record in everything if first <= record.day <= last and _is_drawn(form, record)]
    return Dossier(
        programme=base.programme(own.programme, own.edition),
        enrolment=own,
        forms=known_forms(own.programme, own.edition),
        requirements=known_requirements(own.programme, own.edition),
        everything=everything,
        first=first,
        last=last,
        attendees=await exports.attendees(tx, scope, own.id),
        pictures=await _pictures(storage, attached, form, [record.id for record in shown]),
        now=now.astimezone(TAIPEI).replace(tzinfo=None),
    )


async def _pictures(
    storage: Storage, attached: Mapping[str, Sequence[Evidence]], form: Form | None, shown: list[str]
) -> Mapping[str, Pictures]:
    return photos.counted(attached) if form is None else await photos.gather(storage, attached, shown)


def _is_drawn(form: Form | None, record: StoredRecord) -> bool:
    """Whether the photos of a record are wanted."""
    if form is None:
        return False
    plain = record.as_record()
    return form.chosen.fits(plain) or any(part.chosen.fits(plain) for part in form.parts)


def _days(own: Enrolment, order: Order, everything: tuple[StoredRecord, ...]) -> tuple[date, date]:
    days = [own.starts_on, own.ends_on, *(record.day for record in everything)]
    return order.first or min(days), order.last or max(days)


def _drawn(dossier: Dossier, what: str, form: Form | None) -> Made:
    if form is None:
        return Made(file_name(dossier, ALL, "xlsx"), XLSX, records_workbook(dossier))
    content = report_paper(dossier, form) if what == REPORT else log_paper(dossier, form)
    return Made(file_name(dossier, form.title, "docx"), DOCX, content)


def file_name(dossier: Dossier, title: str, ending: str) -> str:
    """As a person finds it again: school, paper, and the days where they are not all."""
    days = "" if dossier.is_whole else f"－{dossier.first:%Y%m%d}至{dossier.last:%Y%m%d}"
    school = _NOT_IN_FILES.sub("", printable(dossier.enrolment.school)).strip(" .") or "學校"
    return f"{school}－{title}{days}.{ending}"


@cache
def known_forms(slug: str, edition: str) -> Forms:
    """The forms of an edition, read once."""
    return load_forms(slug, edition)


@cache
def known_requirements(slug: str, edition: str) -> Requirements | None:
    """The requirements of an edition, read once; None where it has none."""
    try:
        return load_requirements(slug, edition)
    except UnknownProgrammeError:
        return None
