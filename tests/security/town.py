"""The whole application over a real database, with two offices that must not see each other's things."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bot.evidence.storage import Storage
from bot.messages import Card, Choice, Outgoing, to_json
from bot.service import Service
from bot.settings import Settings
from bot.site import routes
from bot.store import (
    calendars,
    console_sessions,
    curation,
    deadline_moves,
    enrolments,
    evidence,
    file_links,
    outbox,
    roster,
    tables,
)
from bot.store.access import Enrolment, Role, Scope
from bot.store.evidence import NewEvidence
from bot.web.visitors import Visitor
from bot.web.webhooks import Webhook
from handlers.account import privacy
from knowledge.answering.engine import Answerer
from knowledge.clusters import wording_key
from knowledge.facts.loader import deadlines_of
from knowledge.patching import Kind, Verdict
from tests.bot.console import console_house
from tests.bot.evidence import in_hand
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW, SLUG, enter, logged, member, person, school
from tests.fakes import telegram_events

OTHER_SLUG = console_house.OTHER_SLUG
HOST = "http://xueban.test"
LINE_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
PASSWORD = "correct horse battery"
ENTRIES = {SLUG: f"{SLUG}/114/agreement-per-school", OTHER_SLUG: f"{OTHER_SLUG}/106/schedule-overview"}
"""Of each programme an entry that is known, in its newest edition."""

ON_SQLITE = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True, scope="package")
"""For what no database has a part in."""

T = TypeVar("T")
Subjects = dict[str, str]
"""What stands in an address in place of its parameters, by what it is."""


class Whole(Service):
    """The service; its engine is the one that all tests of a process share."""

    @cached_property
    def answerer(self) -> Answerer:
        """See `Service.answerer`."""
        return console_house.answerer()


@dataclass(slots=True)
class Town:
    """The running application, who is there, and what is theirs."""

    service: Service
    app: Starlette
    routes: list[BaseRoute]
    hooks: dict[str, Webhook]
    office: Scope = field(init=False)
    """Of `SLUG`."""
    admin: Scope = field(init=False)
    teacher: Visitor = field(init=False)
    """At the chat page, of a school of `SLUG`."""
    mine: Subjects = field(init=False)
    """Of `SLUG`."""
    theirs: Subjects = field(init=False)
    """Of `OTHER_SLUG`."""

    async def do(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Something that is done to the database."""
        async with self.service.database.write() as tx:
            return await work(tx)

    async def token(self, scope: Scope) -> str:
        """The secret of a new session."""
        return await self.do(lambda tx: console_sessions.begin(tx, scope.person, self.now))

    def browser(self, session: str = "", visitor: Visitor | None = None) -> httpx.AsyncClient:
        """A browser, signed in to the console, or at the chat page, or neither."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HOST)
        if session:
            client.cookies.set("xueban-admin", session)
        if visitor:
            client.cookies.set("xueban", visitor.cookie)
        return client

    async def csrf(self, browser: httpx.AsyncClient) -> str:
        """The hidden field of a page of the console."""
        page = await browser.get("/admin/no-such-page")
        return page.text.partition('name="csrf" value="')[2].partition('"')[0]

    @property
    def now(self) -> int:
        """Epoch milliseconds by the service's clock."""
        return int(self.service.clock.now().timestamp() * 1000)

    async def everything(self) -> dict[str, Any]:
        """All rows of all tables but those that only count tries, to see whether something changed."""
        async with self.service.database.read() as tx:
            return {
                table.name: sorted(map(str, (await tx.execute(select(table))).all()))
                for table in tables.metadata.sorted_tables
                if table.name != "sign_in_attempts"
            }

    def paths(self, method: str) -> list[str]:
        """The path of every route that answers a method, as it was written down."""
        found = [each for each in self.routes if isinstance(each, Route) and method in (each.methods or ())]
        return [each.path for each in found]


@asynccontextmanager
async def town(url: str, folder: Path, *, hostile: Callable[[str], str] = str) -> AsyncIterator[Town]:
    """The application with everything in it. `hostile`: what becomes of every text that a person gives."""
    settings = Settings(
        database_url=url, xueban_data_dir=folder, xueban_now="2025-11-20T10:00", public_url=HOST,
        xueban_admin_password=PASSWORD, line_channel_secret=LINE_SECRET, line_channel_access_token="line-token",
        telegram_bot_token="12345:telegram-token-of-tests", telegram_webhook_secret=telegram_events.SECRET,
    )  # fmt: skip
    service = Whole(settings)
    found, hooks = routes(service), service.webhooks()
    app = Starlette(routes=[*(Route(path, hook, methods=["POST"]) for path, hook in hooks.items()), *found])
    made = Town(service, app, found, hooks)
    try:
        await made.do(lambda tx: settle(tx, made, hostile))
        yield made
    finally:
        await service.database.close()


async def settle(tx: AsyncConnection, made: Town, hostile: Callable[[str], str]) -> None:
    """Put people and their things in."""
    made.teacher = Visitor("t" * 32)
    made.admin = await enter(tx, await person(tx, "admin"), Role.ADMIN)
    made.office = await enter(tx, await person(tx, "office"), Role.OFFICE, programme=SLUG)
    await enter(tx, await person(tx, "office2"), Role.OFFICE, programme=OTHER_SLUG)
    storage = made.service.storage
    made.mine = await things(tx, SLUG, storage, made.admin, hostile, talks=made.teacher.conversation_id)
    made.theirs = await things(tx, OTHER_SLUG, storage, made.admin, hostile)


async def things(
    tx: AsyncConnection, slug: str, storage: Storage, admin: Scope, hostile: Callable[[str], str], *, talks: str = ""
) -> Subjects:
    """One of everything that has an address, of one programme; returns how each is addressed."""
    place = await school(tx, hostile("schools.name") + slug[:3], slug, county=hostile("schools.county"))
    who = await member(tx, f"teacher-{slug}"[:24], place, Role.TEACHER)
    if talks:
        same = tables.conversations.c.id == f"web:{who.person}"
        await tx.execute(update(tables.conversations).where(same).values(id=talks))
    found = await _work(tx, who, place, storage, hostile, talks or f"web:{who.person}")
    found |= await _office_things(tx, slug, place, admin, who, hostile)
    found |= await _addresses(tx, who)
    return found


async def _work(
    tx: AsyncConnection, who: Scope, place: Enrolment, storage: Storage, hostile: Callable[[str], str], talks: str
) -> Subjects:
    record = await logged(
        tx,
        who,
        place,
        topic=hostile("records.topic"),
        host=hostile("records.host"),
        group=hostile("records.group_name"),
    )
    photo = in_hand.photo()
    digest = await storage.put(photo)
    new = NewEvidence(
        "web", f"m{place.id}", "s", hostile("evidence.name"), media_type="image/jpeg", size=len(photo), sha256=digest
    )
    await evidence.add(tx, new, person=who.person, conversation_id=talks, batch=place.id[:16], now=NOW)
    (file,) = await evidence.of_batch(tx, who, place.id[:16])
    await evidence.attach(tx, who, [file.id], record.id)
    card = Card(
        title=hostile("outbox.payload"), text=hostile("outbox.payload"), source=hostile("outbox.payload"),
        status=hostile("outbox.payload"), choices=(Choice(hostile("outbox.payload"), "x"),),
    )  # fmt: skip
    shown, pushed = Outgoing("show", {"messages": [to_json(card)]}), Outgoing("push", {"messages": [to_json(card)]})
    await outbox.add(tx, shown, conversation_id=talks, dedupe_key=f"show-{place.id}", event_id="", now=NOW)
    sent = await outbox.add(tx, pushed, conversation_id=talks, dedupe_key=f"push-{place.id}", event_id="", now=NOW)
    await tx.execute(update(tables.outbox).where(tables.outbox.c.id == sent).values(state="dead", last_status="403"))
    return {"school": place.id, "record": record.id, "evidence": file.id, "delivery": sent}


async def _office_things(
    tx: AsyncConnection, slug: str, place: Enrolment, admin: Scope, who: Scope, hostile: Callable[[str], str]
) -> Subjects:
    await enrolments.rename(tx, who, hostile("memberships.name"))
    await enrolments.invite(tx, admin, Role.TEACHER, NOW, enrolment_id=place.id)
    (invited,) = [each for each in await roster.invited(tx, admin, NOW) if each.programme == slug]
    listed = await roster.listed(tx, admin, programme=slug)
    open_text, settled = f"{hostile('questions.text')}{slug} 車", f"{hostile('questions.text')}{slug} 餐"
    for text in (open_text, settled):
        await asked(tx, "web:x", text, programme=slug)
    edition, year = ENTRIES[slug].rpartition("/")[0], ENTRIES[slug].split("/")[1]
    due = deadlines_of(slug, year)
    assert due is not None
    await deadline_moves.move(
        tx, admin, slug, year, "apply", datetime.combine(due.last_day, time(17)), hostile("moved_deadlines.reason"), NOW
    )
    verdict = Verdict(
        Kind.ENTRY, slug, edition, hostile("question_decisions.title"),
        hostile("question_decisions.text"), hostile("question_decisions.section"),
    )  # fmt: skip
    decision = await curation.decide(tx, admin, [wording_key(slug, settled)], verdict, NOW)
    assert decision is not None
    return {
        "invitation": invited.key, "question": wording_key(slug, open_text), "decision": decision.id,
        "teacher": str(next(each.id for each in listed if each.role is Role.TEACHER)),
        "officer": str(next(each.id for each in listed if each.role is Role.OFFICE)),
        "deadline": f"{edition}/apply", "answer": ENTRIES[slug],
    }  # fmt: skip


async def _addresses(tx: AsyncConnection, who: Scope) -> Subjects:
    """Addresses that are secrets themselves."""
    calendar = await calendars.make(tx, who.person, NOW)
    assert calendar is not None
    mine = await file_links.make(tx, who.person, privacy.NAME, {"until": NOW + privacy.HOUR_MS}, NOW)
    return {"calendar": calendar, "file": mine}
