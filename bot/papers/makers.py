"""What makes the file behind each kind of link, from what is kept at the moment when the link is followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, epoch_ms
from bot.evidence.storage import Storage
from bot.papers.checklist import checklist_paper
from bot.papers.exporting import DOCX, Order, export
from bot.papers.person import PersonPage
from bot.store import my_data, runs
from bot.store.access import scope_of
from bot.store.file_links import FileLink
from bot.web.files import Made
from handlers.checklist.checklists import Checklists
from handlers.forms.form import FormKind
from knowledge.schema import Base


class ChecklistPapers:
    """The result of a kept checklist as a page to hand to the principal."""

    def __init__(self, checklists: Checklists) -> None:
        self._checklists = checklists

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """The paper; None where the run was deleted meanwhile."""
        run = await runs.get(connection, str(link.data.get("run", "")), link.person)
        form = self._checklists.form_of(run) if run else None
        if run is None or form is None:
            return None
        now = clock.now()
        content = checklist_paper(
            self._checklists.base,
            form.checklist,
            form.facts(run),
            frozenset(run.unsure),
            self._checklists.dues(run, now),
            now,
            due_facts=self._checklists.due_facts(run),
        )
        return Made(f"資格檢核－{form.heading}.docx", DOCX, content)


class PersonPages:
    """All that is stored of whoever asked, as it is when the link is followed."""

    def __init__(self, base: Base, kinds: Iterable[FormKind]) -> None:
        self._page = PersonPage(base, kinds)

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """The page; None where the link's hour is over, or everything was deleted meanwhile."""
        now = epoch_ms(clock.now())
        if now >= int(link.data.get("until", 0)):
            return None
        data = await my_data.collect(connection, link.person)
        return None if data is None else Made("我的資料.html", "text/html", self._page.write(data, now))


class ExportPapers:
    """A school's records and reports, as the person whose link it is may see them when it is followed."""

    def __init__(self, base: Base, storage: Storage) -> None:
        self._base = base
        self._storage = storage

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """The file; None where the person may no longer see the school."""
        scope = await scope_of(connection, link.person)
        order = _order(link.data)
        return await export(connection, scope, order, base=self._base, storage=self._storage, now=clock.now())


def _order(data: Mapping[str, Any]) -> Order:
    if data["whole"]:
        return Order(data["enrolment"], data["what"])
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    return Order(data["enrolment"], data["what"], first, last)
