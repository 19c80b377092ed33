"""People and invitations: who is in, who was asked in, and letting in and out."""

from __future__ import annotations

from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.guard import Guard, RefusedError, not_found
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Form, Visit, number_in
from bot.store import console_log, console_sessions, enrolments, people, roster
from bot.store.access import WRITERS, Enrolment, Role
from bot.store.enrolments import INVITE_DAYS, LONGEST_COUNTY, LONGEST_SCHOOL
from handlers.account.words import ROLES

AT_ONCE = 50
LONGEST_WORDS = 40
MAY_NOT = "這個身分不能由您邀請，沒有給邀請碼。"
NO_SCHOOL = f"學校要寫 1 到 {LONGEST_SCHOOL} 個字，縣市最多 {LONGEST_COUNTY} 個字。"
NO_PROGRAMME = "請選計畫。"
NO_ROLE = "請選身分。"
NOT_ENDED = "沒有移除：已經不在名單上，或要由系統管理者移除。"


class People:
    """`/admin/people`."""

    path = f"{ROOT}/people"
    title = "成員"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """The list, inviting, taking an invitation back, removing, and a link to sign in with."""
        return [
            guard.get(self.path, self._list),
            guard.post(f"{self.path}/invite", self._invite),
            guard.post(f"{self.path}/invited/{{key}}/withdraw", self._withdraw),
            guard.get(f"{self.path}/{{id:number}}", self._one),
            guard.post(f"{self.path}/{{id:number}}/remove", self._remove),
            guard.post(f"{self.path}/{{id:number}}/entry", self._entry, admin_only=True),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        return await self._shown(request, visit)

    async def _shown(self, request: Request, visit: Visit, problem: str = "", typed: Form | None = None) -> Response:
        """The list; after a form with a mistake, what was typed and what is wrong with it."""
        asked = request.query_params
        words = asked.get("words", "").replace("\0", "").strip()[:LONGEST_WORDS]
        role = next((each for each in Role if each.value == asked.get("role")), None)
        programmes = self._tools.programmes(visit.scope)
        programme = asked.get("programme", "") if asked.get("programme") in programmes else ""
        after = number_in(request, "after")
        async with self._tools.database.read() as tx:
            rows = await roster.listed(
                tx, visit.scope, words=words, programme=programme, role=role, after=after, limit=AT_ONCE + 1
            )
            invited = await roster.invited(tx, visit.scope, visit.at)
        filters = {"words": words, "programme": programme, "role": role.value if role else ""}
        kept = {key: value for key, value in filters.items() if value}
        older = f"{self.path}?{urlencode({**kept, 'after': rows[AT_ONCE - 1].id})}" if rows[AT_ONCE:] else ""
        editions = [each for each in self._tools.base.programmes if each.slug in programmes]
        return self._tools.page.render(
            "people.html", visit, 422 if problem else 200, rows=rows[:AT_ONCE], invited=invited, roles=ROLES,
            asked=filters, older=older, problem=problem,
            typed=typed or Form(), programmes=[(slug, self._tools.page.programme(slug)) for slug in programmes],
            editions=[(f"{each.slug}@{each.edition}", f"{each.short_name}（{each.year_label}）") for each in editions],
            givable=[(each.value, ROLES[each]) for each in self._givable(visit)],
            role_options=[(each.value, ROLES[each]) for each in Role], days=INVITE_DAYS,
        )  # fmt: skip

    def _givable(self, visit: Visit) -> tuple[Role, ...]:
        return (*WRITERS, Role.OFFICE, *([Role.ADMIN] if visit.is_admin else []))

    async def _invite(self, request: Request, visit: Visit) -> Response:
        form = visit.form
        role = next((each for each in self._givable(visit) if each.value == form.get("role")), None)
        if role is None:
            return await self._shown(request, visit, NO_ROLE, form)
        slug, _, edition = form.get("edition").partition("@")
        known = [each for each in self._tools.base.programmes if (each.slug, each.edition) == (slug, edition)]
        if role is not Role.ADMIN and not (known and visit.scope.may_oversee(slug)):
            return await self._shown(request, visit, NO_PROGRAMME, form)
        place: Enrolment | None = None
        try:
            async with self._tools.database.write() as tx:
                if role.at_school:
                    place = await enrolments.enrol(
                        tx, visit.scope, form.get("school"), known[0], visit.at, county=form.get("county")
                    )
                code = await self._code(tx, visit, role, place, slug)
        except ValueError:
            return await self._shown(request, visit, NO_SCHOOL, form)
        if code is None:
            return await self._shown(request, visit, MAY_NOT, form)
        return self._tools.page.render(
            "people_code.html", visit, code=people.grouped(code), role=ROLES[role], place=place, slug=slug,
            edition=edition, at_school=role.at_school, is_admin=role is Role.ADMIN, days=INVITE_DAYS,
        )  # fmt: skip

    async def _code(
        self, tx: AsyncConnection, visit: Visit, role: Role, place: Enrolment | None, slug: str
    ) -> str | None:
        """A code, and the log's line about it."""
        programme = "" if role is Role.ADMIN else slug
        enrolment = place.id if place else ""
        code = await enrolments.invite(
            tx, visit.scope, role, visit.at, enrolment_id=enrolment, programme="" if role.at_school else programme
        )
        if code is not None:
            subject = f"enrolment:{enrolment}" if enrolment else ""
            data = {"role": role.value}
            await console_log.note(
                tx, visit.person, "invite", visit.at, programme=programme, subject=subject, data=data
            )
        return code

    async def _withdraw(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.write() as tx:
            if not await roster.withdraw(tx, visit.scope, request.path_params["key"]):
                raise not_found()
            await console_log.note(tx, visit.person, "invite_withdraw", visit.at)
        return self._tools.page.see_other(visit, self.path, "邀請碼收回了，不能再用。")

    async def _one(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            found = await roster.one(tx, visit.scope, request.path_params["id"])
        if found is None:
            raise not_found()
        may_remove = found.person != visit.person and (found.role.at_school or visit.is_admin)
        return self._tools.page.render(
            "person.html", visit, found=found, role=ROLES[found.role], may_remove=may_remove,
            may_enter=visit.is_admin and not found.role.at_school, entry="",
        )  # fmt: skip

    async def _remove(self, request: Request, visit: Visit) -> Response:
        number = request.path_params["id"]
        async with self._tools.database.write() as tx:
            found = await roster.one(tx, visit.scope, number)
            if found is None:
                raise not_found()
            if not await roster.end(tx, visit.scope, number, visit.at):
                raise RefusedError(409, NOT_ENDED)
            if not found.role.at_school:
                await console_sessions.end_all(tx, found.person)
            subject, data = f"enrolment:{found.enrolment}" if found.enrolment else "", {"role": found.role.value}
            await console_log.note(
                tx, visit.person, "remove", visit.at, programme=found.programme, subject=subject, data=data
            )
        name = found.name or "這一位"
        return self._tools.page.see_other(visit, self.path, f"已移除{name}，記過的紀錄留在學校。")

    async def _entry(self, request: Request, visit: Visit) -> Response:
        """A link that signs an office or an admin in once."""
        async with self._tools.database.write() as tx:
            found = await roster.one(tx, visit.scope, request.path_params["id"])
            if found is None or found.role.at_school:
                raise not_found()
            token = await console_sessions.make_entry(tx, found.person, visit.at, life_ms=console_sessions.INVITED_MS)
            await console_log.note(tx, visit.person, "entry_made", visit.at, programme=found.programme)
        return self._tools.page.render(
            "person.html", visit, found=found, role=ROLES[found.role], may_remove=found.person != visit.person,
            may_enter=True, entry=f"{self._tools.address}{ROOT}/enter/{token}",
        )  # fmt: skip
