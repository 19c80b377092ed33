"""Schools by requirements: who is on the way, who is late, of one edition of a programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import charts, heat
from bot.console.guard import Guard, not_found
from bot.console.heat import HeatRow
from bot.console.page import ROOT
from bot.console.pages.school import School
from bot.console.tools import Tools
from bot.console.visit import Visit, number_in
from bot.papers.exporting import known_requirements
from bot.store import overview, tallies
from knowledge.requirements.engine import State
from knowledge.requirements.model import Requirements

AT_ONCE = 100
ALL = ("", "全部")
OVERALL = {
    State.MISSED: "有一項以上逾期",
    State.OPEN: "有事要做，沒有逾期",
    State.MET: "到目前都達成",
    State.UPCOMING: "還沒有要做的事",
}
"""What the state of a whole school means."""
SORTS = (("county", "依縣市"), ("worst", "最需要幫忙的在前"))
Edition = tuple[str, str]
"""Slug and edition."""


class Schools:
    """`/admin/schools`, and each school below it."""

    path = f"{ROOT}/schools"
    title = "學校"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._school = School(tools, self.path)

    def routes(self, guard: Guard) -> list[Route]:
        """The table, its chart, and what `School` serves."""
        return [
            guard.get(self.path, self._list),
            guard.get(f"{self.path}/met.svg", self._chart),
            *self._school.routes(guard),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        async with self._tools.database.read() as tx:
            editions = await overview.editions(tx, visit.scope)
            chosen = _chosen(editions, asked)
            found = await self._rows(tx, visit, chosen) if chosen else []
        if chosen is None:
            return self._tools.page.render("schools.html", visit, chosen=None)
        requirements = known_requirements(*chosen)
        counties = sorted({row.enrolment.county for row in found if row.enrolment.county})
        county = asked.get("county", "") if asked.get("county") in counties else ""
        near = [row for row in found if not county or row.enrolment.county == county]
        state = next((each.value for each in heat.WORST if each.value == asked.get("state")), "")
        sort = asked.get("sort", "") if asked.get("sort") in dict(SORTS) else SORTS[0][0]
        shown = _sorted([row for row in near if not state or row.state.value == state], sort)
        filters = {"edition": "@".join(chosen), "county": county, "state": state, "sort": sort}
        page = number_in(request, "page", 5)
        return self._tools.page.render(
            "schools.html", visit, chosen=chosen, editions=self._names(editions), asked=filters,
            county_options=[ALL, *((name, name) for name in counties)],
            state_options=[ALL, *((each.value, heat.WORDS[each][0]) for each in heat.WORST)], overall=OVERALL,
            columns=heat.columns(requirements, near) if requirements else [], counts=heat.counts(near),
            rows=shown[page * AT_ONCE : (page + 1) * AT_ONCE], total=len(shown), states=heat.WORST, words=heat.WORDS,
            sorts=SORTS, query=urlencode({**filters, "state": ""}),
            newer=self._at(filters, page - 1) if page else "",
            older=self._at(filters, page + 1) if len(shown) > (page + 1) * AT_ONCE else "",
        )  # fmt: skip

    async def _chart(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            chosen = _chosen(await overview.editions(tx, visit.scope), request.query_params)
            if chosen is None:
                raise not_found()
            found = await self._rows(tx, visit, chosen)
        requirements, county = known_requirements(*chosen), request.query_params.get("county", "")
        near = [row for row in found if not county or row.enrolment.county == county]
        columns = heat.columns(requirements, near) if requirements else []
        drawn = charts.bars(
            [each.title for each in columns], "已達成的學校（%）", [each.per_cent for each in columns], most=100
        )
        return charts.image(drawn)

    async def _rows(self, tx: AsyncConnection, visit: Visit, edition: Edition) -> list[HeatRow]:
        requirements = known_requirements(*edition) or Requirements(
            *edition, items=(), left_out=frozenset(), examples=()
        )
        return heat.rows(requirements, await tallies.standings(tx, visit.scope, requirements, visit.now))

    def _names(self, editions: Sequence[Edition]) -> list[tuple[str, str]]:
        return [("@".join(each), self._tools.page.programme(*each)) for each in editions]

    def _at(self, filters: Mapping[str, str], page: int) -> str:
        return f"{self.path}?{urlencode({**{k: v for k, v in filters.items() if v}, 'page': page})}"


def _chosen(editions: Sequence[Edition], asked: Mapping[str, str]) -> Edition | None:
    """The edition that was asked for, the newest where none was; None where there is none."""
    slug, _, edition = asked.get("edition", "").partition("@")
    return (slug, edition) if (slug, edition) in editions else next(iter(editions), None)


def _sorted(rows: list[HeatRow], sort: str) -> list[HeatRow]:
    if sort != "worst":
        return rows
    bad = {state: place for place, state in enumerate(heat.WORST)}
    return sorted(rows, key=lambda row: (bad[row.state], -_how_many(row, State.MISSED), -_how_many(row, State.OPEN)))


def _how_many(row: HeatRow, state: State) -> int:
    return sum(cell.state is state for cell in row.cells if cell is not None)
