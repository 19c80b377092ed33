"""`xueban export`: a school's records and reports as files, for whoever runs the machine."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import logs, settings
from bot.clock import TAIPEI
from bot.commands.failures import BadInputError
from bot.evidence.storage import Folder
from bot.papers import agenda
from bot.papers.calendar import calendar_file
from bot.papers.checklist import checklist_paper
from bot.papers.exporting import Order, export, known_forms
from bot.settings import Settings
from bot.store import enrolments, migrate, runs
from bot.store.access import Enrolment, unlimited
from bot.store.database import Database
from bot.store.runs import FINISHED, Run
from handlers.checklist import checklists
from handlers.checklist.checklists import Checklists
from handlers.export_words import RECORDS, WHATS, resolve
from knowledge.loader import load_base
from knowledge.schema import Base
from scheduler import wording

CALENDAR = "ics"
_PERIOD = re.compile(r"\d{3}(?:-[12])?|\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line; empty is not given."""

    school: str
    programme: str
    what: str
    edition: str = ""
    period: str = ""


def export_command(asked: Wanted, out: Path, *, force: bool) -> None:
    """Write the file; say what was written.

    Raises:
        BadInputError: there is no such school, programme, edition, paper or period, or the file is there already.
    """
    known = (*WHATS, checklists.NAME, CALENDAR)
    if asked.what not in known:
        raise BadInputError(f"--what 沒有「{asked.what[:40]}」；有的是：{'、'.join(known)}。")
    if asked.period and not _PERIOD.fullmatch(asked.period):
        raise BadInputError(f"--period「{asked.period[:40]}」看不懂，要像 2025-11、114-1 或 114。")
    if out.exists() and not force:
        raise BadInputError(f"{out} 已經有了；要蓋過去請加 --force。")
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    content = asyncio.run(_content(found, asked))
    with out.open("wb" if force else "xb") as file:
        file.write(content)
    print(f"已寫入 {out}（{len(content):,} 位元組）。")


async def _content(found: Settings, asked: Wanted) -> bytes:
    base = load_base()
    database = Database(found.database_url)
    try:
        await migrate.to_head(database)
        async with database.read() as tx:
            own = await _enrolment(tx, base, asked)
            if asked.what == checklists.NAME:
                return await _checklist(tx, base, own, found)
            if asked.what != CALENDAR:
                return await _paper(tx, base, own, asked, found)
        return await _calendar(database, base, own, found)
    finally:
        await database.close()


async def _paper(tx: AsyncConnection, base: Base, own: Enrolment, asked: Wanted, found: Settings) -> bytes:
    forms = known_forms(own.programme, own.edition)
    if asked.what != RECORDS and forms.form(asked.what) is None:
        held = "、".join((RECORDS, *(form.what.value for form in forms.forms)))
        raise BadInputError(f"{own.programme} 的文件裡沒有 {asked.what} 這種紀錄表；可以匯出的是：{held}。")
    now = found.clock().now()
    order = Order(own.id, asked.what)
    if asked.period:
        days = resolve(asked.period, own.starts_on, own.ends_on, now.astimezone(TAIPEI).date())
        if days is None:
            raise BadInputError(f"計畫期程（{own.starts_on} 到 {own.ends_on}）裡沒有 {asked.period}。")
        order = Order(own.id, asked.what, days.first, days.last)
    made = await export(tx, unlimited(), order, base=base, storage=Folder(found.evidence_dir), now=now)
    assert made is not None  # the machine's own scope sees every school, and the form is there
    return made.content


async def _calendar(database: Database, base: Base, own: Enrolment, found: Settings) -> bytes:
    """The school's deadlines and activities, as its members subscribe to them."""
    now = found.clock().now()
    async with database.read() as tx:
        seen = await agenda.look(tx, unlimited(), [own], base=base, now=now)
    name = wording.place_name(base, own)
    return calendar_file(f"學伴：{name}", await agenda.whole(database, seen, [own.id], now))


async def _enrolment(tx: AsyncConnection, base: Base, asked: Wanted) -> Enrolment:
    editions = [each for each in base.programmes if each.slug == asked.programme]
    if not editions:
        known = "、".join(dict.fromkeys(each.slug for each in base.programmes))
        raise BadInputError(f"沒有「{asked.programme[:40]}」這個計畫；有的是：{known}。")
    if asked.edition and all(each.edition != asked.edition for each in editions):
        known = "、".join(each.edition for each in editions)
        raise BadInputError(f"{asked.programme} 沒有「{asked.edition[:40]}」這一年；有的是：{known}。")
    programme = base.programme(asked.programme, asked.edition or None)
    shown = await enrolments.visible(tx, unlimited(), programme=programme.slug, edition=programme.edition)
    name = _folded(asked.school)
    found = [each for each in shown if _folded(each.school) == name]
    if not found:
        raise BadInputError(f"「{asked.school[:40]}」沒有參加{programme.short_name}（{programme.year_label}）的紀錄。")
    return found[0]


async def _checklist(tx: AsyncConnection, base: Base, own: Enrolment, found: Settings) -> bytes:
    """The checklist that a member of the school finished last."""
    kept: list[Run] = []
    for member in await enrolments.members(tx, unlimited(), own.id):
        kept += await runs.of_person(
            tx, member.person, state=FINISHED, form=checklists.NAME, programme=own.programme, limit=100
        )
    known, now = Checklists(base), found.clock().now()
    run = max((each for each in kept if each.edition == own.edition), key=lambda each: each.updated_at, default=None)
    form = known.form_of(run) if run else None
    if run is None or form is None:
        raise BadInputError(f"{own.school}還沒有人做完{own.programme}的資格檢核。")
    unsure, dues = frozenset(run.unsure), known.dues(run, now)
    return checklist_paper(
        base, form.checklist, form.facts(run), unsure, dues, now, own.school, due_facts=known.due_facts(run)
    )


def _folded(name: str) -> str:
    try:
        return enrolments.tidy(name, enrolments.LONGEST_SCHOOL).replace("台", "臺")
    except ValueError:
        return ""
