"""What curators decided about questions: the list, taking it back, and the patch of the knowledge base."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.guard import Guard, not_found
from bot.console.tools import Tools
from bot.console.triage_form import KINDS
from bot.console.visit import Visit, number_in
from bot.store import console_log, curation
from bot.store.curation import Decision
from knowledge.patching import Kind, patch

AT_ONCE = 30
BACK = "收回了，這個問題又回到清單上。"
SOME_TOLD = "已經通知過問的人，收不回來。"


class Decided:
    """`/admin/questions/decided`."""

    def __init__(self, tools: Tools, above: str) -> None:
        self._tools = tools
        self._above = above
        self.path = f"{above}/decided"

    def routes(self, guard: Guard) -> list[Route]:
        """The list, taking back, and the patch."""
        return [
            guard.get(self.path, self._list),
            guard.post(f"{self.path}/{{id}}/undo", self._undo),
            guard.post(f"{self._above}/patch.yaml", self._patch),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        kind = asked.get("kind", "") if asked.get("kind", "") in KINDS else ""
        page = number_in(request, "page", 5)
        async with self._tools.database.read() as tx:
            found = await curation.decisions(tx, visit.scope, kind=Kind(kind) if kind else None)
        rows = found[page * AT_ONCE : (page + 1) * AT_ONCE]
        return self._tools.page.render(
            "decided.html", visit, kind=kind, kinds=KINDS, total=len(found),
            rows=[(each, self._title(each), self._may_undo(visit, each)) for each in rows],
            newer=self._at(kind, page - 1) if page else "",
            older=self._at(kind, page + 1) if len(found) > (page + 1) * AT_ONCE else "",
        )  # fmt: skip

    def _title(self, decision: Decision) -> str:
        """Of the entry that it is for, where there is one."""
        found = self._tools.base.find(decision.verdict.ref)
        return found[1].title if found else decision.verdict.title

    def _may_undo(self, visit: Visit, decision: Decision) -> bool:
        untold = any(each.told_at is None for each in decision.wordings)
        return untold and visit.scope.may_oversee(decision.asked_of)

    async def _undo(self, request: Request, visit: Visit) -> Response:
        identity = request.path_params["id"]
        async with self._tools.database.write() as tx:
            found = await curation.one(tx, visit.scope, identity)
            if found is None or not visit.scope.may_oversee(found.asked_of):
                raise not_found()
            count = await curation.take_back(tx, visit.scope, identity)
            if count:
                await console_log.note(
                    tx, visit.person, "decide_undo", visit.at,
                    programme=log_programme(found), subject=f"decision:{identity}", data={"wordings": count},
                )  # fmt: skip
        return self._tools.page.see_other(visit, self.path, BACK if count else SOME_TOLD)

    async def _patch(self, _request: Request, visit: Visit) -> Response:
        mine = self._tools.programmes(visit.scope)
        async with self._tools.database.write() as tx:
            found = [each for each in await curation.decisions(tx, visit.scope) if each.verdict.programme in mine]
            programme = mine[0] if len(mine) == 1 else ""
            await console_log.note(
                tx, visit.person, "patch", visit.at, programme=programme, data={"decisions": len(found)}
            )
        text = patch((each.change for each in reversed(found)), self._tools.base)
        name = f"attachment; filename=xueban-patch-{visit.today.isoformat()}.yaml"
        return Response(text, media_type="application/yaml", headers={"Content-Disposition": name})

    def _at(self, kind: str, page: int) -> str:
        query = urlencode({name: value for name, value in (("kind", kind), ("page", page)) if value})
        return f"{self.path}{'?' if query else ''}{query}"


def log_programme(decision: Decision) -> str:
    """Whose office may read in the log that it was decided: the one whose knowledge changes, else the one asked."""
    return decision.verdict.programme or decision.asked_of
