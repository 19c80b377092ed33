"""Everything that a process serves over HTTP beside the webhooks."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from bot.console import console
from bot.console.engine import Engine
from bot.console.sessions import Cookies
from bot.console.tools import Tools
from bot.papers.makers import ChecklistPapers, ExportPapers, PersonPages
from bot.service import Service
from bot.web import chat, health
from bot.web.calendar import CalendarFeeds
from bot.web.evidence import EvidenceFiles, EvidencePages
from bot.web.files import Files, Maker
from handlers import export
from handlers.account import privacy
from handlers.checklist import checklists
from handlers.checklist.survey import Survey
from handlers.facts.kind import SchoolFacts
from handlers.record.records import Records


def routes(service: Service) -> list[BaseRoute]:
    """Health, and for the role `web` the pages."""
    found: list[BaseRoute] = [*health.routes(service, service.database, service.clock)]
    if "web" not in service.settings.roles:
        return found
    database, storage = service.database, service.storage
    secure = service.settings.public_url.startswith("https")
    pages = chat.ChatPages(database, service.ingest, service.clock, secure=secure, intake=service.intake)
    makers: dict[str, Maker] = {
        checklists.NAME: ChecklistPapers(service.checklists),
        export.NAME: ExportPapers(service.base, storage),
        privacy.NAME: PersonPages(
            service.base, (service.checklists, Survey(service.checklists), Records(), SchoolFacts())
        ),
        "evidence": EvidenceFiles(storage),
    }
    files = Files(database, service.clock, makers)
    evidence = EvidencePages(database, storage, secure=secure)
    feeds = CalendarFeeds(database, service.clock, service.base)
    static = Mount("/static", chat.static_files(), name="static")
    served = [*pages.routes(), *files.routes(), *evidence.routes(), *feeds.routes(), static]
    return [*found, *served, *_console(service, secure=secure)]


def _console(service: Service, *, secure: bool) -> list[BaseRoute]:
    settings, cookies = service.settings, Cookies(secure=secure)
    password = settings.xueban_admin_password
    tools = Tools(
        service.database,
        service.clock,
        service.base,
        service.storage,
        vital=service,
        page=console.renderer(service.base, cookies),
        address=settings.address,
        on_outgoing=service.dispatcher.wake,
        engine=Engine(lambda: service.answerer),
    )
    return console.routes(tools, cookies, password.get_secret_value() if password else "")
