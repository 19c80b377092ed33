"""How each answer fares: asked how often, what askers thought of it, and whether it is due to be verified again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import charts
from bot.console.guard import Guard, not_found
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Visit, number_in
from bot.store import curation
from bot.store.answer_stats import AnswerStats, answer_stats

AT_ONCE = 30
MOST_DRAWN = 10
LONGEST_LABEL = 14
ALL = ("", "全部")
SHOWN: Mapping[str, tuple[str, Callable[[AnswerStats], bool]]] = {
    "": ("全部", lambda _: True),
    "due": ("要重新查核", lambda each: each.is_due),
    "never": ("從沒被問過", lambda each: not each.asked),
    "disliked": ("有人說不對", lambda each: each.disliked > 0),
}
SORTS: Mapping[str, tuple[str, Callable[[AnswerStats], Any]]] = {
    "asked": ("最常問的在前", lambda each: (-each.asked, -each.disliked)),
    "helpful": ("最少人說有幫助的在前", lambda each: (each.helpful_share is None, each.helpful_share or 0)),
    "disliked": ("最多人說不對的在前", lambda each: -each.disliked),
    "last": ("最近問的在前", lambda each: -(each.last_asked_at or 0)),
    "verified": ("最久沒查核的在前", lambda each: (each.care.age is not None, -(each.care.age or 0))),
}


class Answers:
    """`/admin/answers`."""

    path = f"{ROOT}/answers"
    title = "答案"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """The list, its chart, and one entry."""
        return [
            guard.get(self.path, self._list),
            guard.get(f"{self.path}/top.svg", self._chart),
            guard.get(f"{self.path}/{{slug}}/{{edition}}/{{key}}", self._one),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        programme, found = await self._stats(request, visit)
        show = asked.get("show", "") if asked.get("show", "") in SHOWN else ""
        sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else "asked"
        page = number_in(request, "page", 5)
        rows = sorted(filter(SHOWN[show][1], found), key=SORTS[sort][1])
        given = {"programme": programme, "show": show, "sort": sort}
        return self._tools.page.render(
            "answers.html", visit, rows=rows[page * AT_ONCE : (page + 1) * AT_ONCE], total=len(rows), asked=given,
            programmes=[ALL, *((slug, self._tools.page.programme(slug)) for slug in self._mine(visit))],
            shows=[(key, name) for key, (name, _) in SHOWN.items()],
            sorts=[(key, name) for key, (name, _) in SORTS.items()],
            counts={key: sum(map(fits, found)) for key, (_, fits) in SHOWN.items()}, all=len(found),
            drawn=_drawn(found),
            newer=self._at(given, page - 1) if page else "",
            older=self._at(given, page + 1) if len(rows) > (page + 1) * AT_ONCE else "",
            tile_paths={key: self._at({"programme": programme, "show": key}, 0) for key in SHOWN},
        )  # fmt: skip

    async def _chart(self, request: Request, visit: Visit) -> Response:
        _, found = await self._stats(request, visit)
        drawn = _drawn(found)
        shares = [round(100 * (each.helpful_share or 0)) for each in drawn]
        return charts.image(
            charts.bars([_short(each.title) for each in drawn], "說有幫助的比例（%）", shares, most=100)
        )

    async def _one(self, request: Request, visit: Visit) -> Response:
        given = request.path_params
        ref = f"{given['slug']}/{given['edition']}/{given['key']}"
        found = self._tools.base.find(ref) if given["slug"] in self._mine(visit) else None
        if found is None:
            raise not_found()
        programme, item = found
        async with self._tools.database.read() as tx:
            all_stats = await answer_stats(tx, visit.scope, self._tools.base, visit.today, programme=programme.slug)
            waiting = await curation.open_clusters(tx, visit.scope)
        return self._tools.page.render(
            "answer.html", visit, ref=ref, item=item, of=programme,
            stats=next(each for each in all_stats if each.ref == ref),
            disliked=[each for each in waiting if each.disliked and ref in each.shown],
        )  # fmt: skip

    async def _stats(self, request: Request, visit: Visit) -> tuple[str, list[AnswerStats]]:
        """The programme that is asked for, empty for all, and its entries."""
        given = request.query_params.get("programme", "")
        programme = given if given in self._mine(visit) else ""
        async with self._tools.database.read() as tx:
            return programme, await answer_stats(tx, visit.scope, self._tools.base, visit.today, programme=programme)

    def _mine(self, visit: Visit) -> list[str]:
        return self._tools.programmes(visit.scope)

    def _at(self, given: Mapping[str, str], page: int) -> str:
        query = urlencode({key: value for key, value in {**given, "page": page}.items() if value})
        return f"{self.path}{'?' if query else ''}{query}"


def _short(title: str) -> str:
    """As much of a title as fits beside a bar."""
    return title if len(title) <= LONGEST_LABEL else f"{title[: LONGEST_LABEL - 1]}…"


def _drawn(found: list[AnswerStats]) -> list[AnswerStats]:
    """The most asked of which somebody said whether they helped."""
    return [each for each in sorted(found, key=SORTS["asked"][1]) if each.helpful_share is not None][:MOST_DRAWN]
