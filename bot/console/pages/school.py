"""One school's part in a programme: how far it is, its dates, records, evidence and people; and its papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import heat
from bot.console.guard import Guard, not_found
from bot.console.tools import Tools
from bot.console.visit import Visit
from bot.evidence.inspect import IMAGES
from bot.papers.exporting import Order, export, known_forms, known_requirements
from bot.store import console_log, enrolments, evidence, exports, facts, history, records
from bot.store.access import Enrolment
from bot.store.evidence import STORED, Evidence
from bot.store.stored_record import StoredRecord, local
from bot.web.evidence import SAFE
from handlers.account.words import CHANNELS, ROLES
from handlers.export_words import RECORDS
from handlers.facts.form import say_fact
from handlers.record import card
from handlers.record.form import say_minutes
from knowledge.deadlines.engine import Due
from knowledge.facts.loader import load_sheet
from knowledge.requirements.engine import Progress, progress
from knowledge.requirements.records import Deliverable, Kind, Meeting, MentorKind, Mode, TopicKind
from scheduler import matters
from scheduler.matters import Status

VERSIONS = {"create": "記下", "change": "修改", "delete": "刪除", "restore": "復原", "join": "有人加入"}
SOURCES = {**CHANNELS, "console": "後台"}
TITLES = {
    "kind": "種類", "starts_at": "時間", "minutes": "多久", "mode": "方式", "topic": "主題", "host": "主持或講師",
    "headcount": "人數", "group": "社群", "mentor_kind": "輔導者", "meeting": "會議", "deliverable": "成果",
    "topic_kind": "主題類別",
}  # fmt: skip
WORDS = {
    word.value: word.words for vocabulary in (Kind, Mode, MentorKind, Meeting, Deliverable, TopicKind)
    for word in vocabulary
}  # fmt: skip
STATUSES = {Status.OPEN: ("還沒完成", "warn"), Status.DONE: ("完成了", "good"), Status.CLOSED: ("已經過了", "calm")}


@dataclass(frozen=True, slots=True)
class DueRow:
    """A date of the school's."""

    title: str
    words: str
    """When it is, or what has to be known first."""
    status: tuple[str, str]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record of the list."""

    id: str
    line: str
    creator: str
    files: int


class School:
    """`/admin/schools/<enrolment>`; a part of `Schools`. `path`: of that."""

    def __init__(self, tools: Tools, path: str) -> None:
        self._tools = tools
        self._path = path

    def routes(self, guard: Guard) -> list[Route]:
        """A record, a file, a school, and its papers."""
        return [
            guard.get(f"{self._path}/records/{{id}}", self._record),
            guard.get(f"{self._path}/evidence/{{id}}", self._file),
            guard.get(f"{self._path}/{{id}}", self._show),
            guard.post(f"{self._path}/{{id}}/export", self._export),
        ]

    async def _show(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            place = await self._place(tx, visit, request.path_params["id"])
            listed = await records.list_all(tx, visit.scope, place.id)
            files = await exports.attached(tx, visit.scope, place.id)
            values: dict[str, Any] = {
                "dues": await self._dues(tx, visit, place),
                "facts": await self._facts(tx, visit, place),
                "members": await enrolments.members(tx, visit.scope, place.id),
                "progress": await self._progress(tx, visit, place),
            }
        rows = [RecordRow(each.id, card.line(each), each.creator, len(files.get(each.id, ()))) for each in listed[::-1]]
        forms = known_forms(place.programme, place.edition)
        papers = [(RECORDS, "所有紀錄（Excel）"), *((form.what.value, f"{form.title}（Word）") for form in forms.forms)]
        return self._tools.page.render(
            "school.html", visit, place=place, rows=rows, roles=ROLES, papers=papers, words=heat.WORDS, **values
        )

    async def _place(self, tx: AsyncConnection, visit: Visit, identity: str) -> Enrolment:
        """A school that the visitor oversees; where they are only a teacher, chat is the place for it."""
        place = await enrolments.get(tx, visit.scope, identity)
        if place is None or not visit.scope.may_oversee(place.programme):
            raise not_found()
        return place

    async def _progress(self, tx: AsyncConnection, visit: Visit, place: Enrolment) -> tuple[Progress, ...]:
        requirements = known_requirements(place.programme, place.edition)
        if requirements is None:
            return ()
        held = await records.counting(tx, visit.scope, place.id, visit.at)
        found = progress(requirements, held, place.starts_on, place.ends_on, visit.local, place.facts)
        return tuple(sorted(found, key=lambda row: (heat.WORST.index(row.state), row.deadline)))

    async def _dues(self, tx: AsyncConnection, visit: Visit, place: Enrolment) -> list[DueRow]:
        found = (await matters.of(tx, [place.id], visit.now)).get(place.id, [])
        shown = []
        for each in found:
            if isinstance(each.what, Due):
                due = each.what
                needs = "、".join(matters.fact_titles(place.programme, place.edition, due.needs))
                words = f"{due.due:%Y/%m/%d %H:%M}" if due.due else f"要先知道「{needs}」"
                shown.append((due.due is None, due.due, DueRow(due.title, words, STATUSES[each.status])))
        return [row for _, _, row in sorted(shown, key=lambda each: (each[0], str(each[1])))]

    async def _facts(self, tx: AsyncConnection, visit: Visit, place: Enrolment) -> list[tuple[str, str, str]]:
        """Title, value and where it is from."""
        derived = (await facts.derived_facts(tx, visit.scope, [place], visit.now)).get(place.id, {})
        found = []
        for fact in load_sheet(place.programme, place.edition).facts:
            if fact.key in place.facts:
                found.append((fact.title, say_fact(fact, place.facts[fact.key]), "學校填的"))
            elif fact.key in derived:
                found.append((fact.title, say_fact(fact, derived[fact.key]), "從紀錄算的"))
            else:
                found.append((fact.title, "還沒填", ""))
        return found

    async def _record(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            record = await records.get(tx, visit.scope, request.path_params["id"])
            if record is None:
                raise not_found()
            place = await self._place(tx, visit, record.enrolment_id)
            files = await evidence.of_record(tx, visit.scope, record.id)
            past = await history.versions(tx, visit.scope, record.id)
            joined = await history.attendees(tx, visit.scope, record.id)
        versions = [
            (VERSIONS.get(each.action, each.action), each, SOURCES.get(each.channel, each.channel), changes)
            for each, changes in zip(past, _changes([each.data for each in past]), strict=True)
        ]
        return self._tools.page.render(
            "record.html", visit, place=place, record=record, line=card.line(record), fields=_fields(record),
            files=files, images=IMAGES, stored=STORED, versions=versions[::-1], joined=joined,
        )  # fmt: skip

    async def _file(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            file = await evidence.find(tx, visit.scope, request.path_params["id"])
            if file is None or file.enrolment_id is None or file.state != STORED:
                raise not_found()
            await self._place(tx, visit, file.enrolment_id)
        content = await self._tools.storage.get(file.sha256)
        if content is None:
            raise not_found()
        return Response(content, headers=_as_file(file), media_type=file.media_type)

    async def _export(self, request: Request, visit: Visit) -> Response:
        what = visit.form.get("what")
        async with self._tools.database.write() as tx:
            place = await self._place(tx, visit, request.path_params["id"])
            await console_log.note(
                tx, visit.person, "export", visit.at,
                programme=place.programme, subject=f"enrolment:{place.id}", data={"what": what[:32]},
            )  # fmt: skip
        async with self._tools.database.read() as tx:
            made = await export(
                tx,
                visit.scope,
                Order(place.id, what),
                base=self._tools.base,
                storage=self._tools.storage,
                now=visit.now,
            )
        if made is None:
            raise not_found()
        name = f"attachment; filename*=UTF-8''{quote(made.name, safe='')}"
        return Response(made.content, media_type=made.media_type, headers={"Content-Disposition": name})


def _as_file(file: Evidence) -> dict[str, str]:
    way = "inline" if file.media_type in IMAGES else "attachment"
    return {**SAFE, "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}"}


def _fields(record: StoredRecord) -> list[tuple[str, str]]:
    """What is stated, as people say it."""
    when = f"{record.day:%Y/%m/%d}" if record.day_only else f"{record.starts_at:%Y/%m/%d %H:%M}"
    given = {name: getattr(record, name, None) for name in TITLES} | {"starts_at": when}
    return [(TITLES[name], _say(name, value)) for name, value in given.items() if value not in ("", None, 0)]


def _say(name: str, value: Any) -> str:
    if value in ("", None, 0):
        return "（沒有）"
    if name == "minutes":
        return say_minutes(int(value))
    return WORDS.get(value, value) if isinstance(value, str) else str(value)


def _said(name: str, version: Mapping[str, Any]) -> str:
    """A field of a version, which is stored by columns."""
    if name == "starts_at":
        return f"{local(version[name]):%Y/%m/%d %H:%M}" if version.get("has_hour", 1) else str(version.get("day"))
    return _say(name, version.get("group_name" if name == "group" else name))


def _changes(versions: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, str, str]]]:
    """For each version what it changed: title, before, after. The first one changed nothing."""
    return [
        [
            (TITLES[name], before, after)
            for name in TITLES
            if (before := _said(name, versions[max(0, place - 1)])) != (after := _said(name, version))
        ]
        for place, version in enumerate(versions)
    ]
