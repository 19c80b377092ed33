"""Questions that were asked in vain: what most people asked first, and what is to become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.console import triage_form
from bot.console.engine import Search
from bot.console.guard import Guard, not_found
from bot.console.page import ROOT
from bot.console.pages.decided import Decided, log_programme
from bot.console.tools import Tools
from bot.console.triage_form import KINDS, Draft
from bot.console.visit import Visit, number_in
from bot.store import console_log, curation
from bot.store.curation import Decision
from knowledge.answering.nearest import Nearest
from knowledge.clusters import Cluster
from knowledge.parsing import ANSWER_LIMIT, TITLE_LIMIT
from knowledge.patching import Kind, Verdict

AT_ONCE = 30
MOST_WORDINGS = 200
"""Of one question that are shown; the rest stays open."""
LONGEST_SEARCH = 200
MOST_NEAREST = 3
"""Entries that are named as the nearest, with how near they are."""
NONE = "-"
"""Filter: of which no programme is known."""
GONE = "這個問題剛才已經有人決定了，不用再處理。"
OUTCOMES = {"refused": "查不到", "unsure": "不確定，給了選項", "answered": "回答了"}
"""What came of it when it was asked."""
SURE = {"refused": "查不到", "unsure": "不確定，給選項", "answered": "答得出來"}
"""What would come of it now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in the list."""

    cluster: Cluster
    number: int
    """From 1."""
    total: int
    next: str
    """Key of the question after it, the first after the last; empty where it is the only one."""


class Questions:
    """`/admin/questions`, with what was decided below it."""

    path = f"{ROOT}/questions"
    title = "問題"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._decided = Decided(tools, self.path)

    def routes(self, guard: Guard) -> list[Route]:
        """The list, one question, what is near to it, deciding; and what `Decided` serves."""
        return [
            guard.get(self.path, self._list),
            *self._decided.routes(guard),
            guard.get(f"{self.path}/{{key}}", self._one),
            guard.get(f"{self.path}/{{key}}/near", self._near),
            guard.post(f"{self.path}/{{key}}", self._decide),
        ]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        programme = self._filter(visit, asked.get("programme", ""))
        page = number_in(request, "page", 5)
        async with self._tools.database.read() as tx:
            found = await curation.open_clusters(tx, visit.scope, programme=_slug(programme))
        return self._tools.page.render(
            "questions.html", visit, rows=found[page * AT_ONCE : (page + 1) * AT_ONCE], total=len(found),
            programme_asked=programme, programmes=self._programmes(visit), first=page * AT_ONCE + 1,
            newer=self._address("", programme, page=page - 1) if page else "",
            older=self._address("", programme, page=page + 1) if len(found) > (page + 1) * AT_ONCE else "",
            query=f"?{urlencode({'programme': programme})}" if programme else "",
        )  # fmt: skip

    async def _one(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            place = await self._place(tx, request, visit)
            if place is None:
                return await self._gone(tx, request, visit)
        search = self._search(request, visit, place.cluster)
        near = await self._nearest(visit, Search(search.text, search.programme))
        draft = triage_form.proposed(place.cluster, next(iter(near), None), self._edition(visit, search.programme))
        return await self._shown(request, visit, place, draft, search)

    async def _near(self, request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            place = await self._place(tx, request, visit)
        if place is None:
            raise not_found()
        search, chosen = self._search(request, visit, place.cluster), request.query_params.get("ref", "")
        return HTMLResponse(self._tools.page.fragment("near.html", visit, **await self._offered(visit, search, chosen)))

    async def _decide(self, request: Request, visit: Visit) -> Response:
        draft, programme = triage_form.read(visit.form), self._filter(visit, visit.form.get("programme"))
        async with self._tools.database.read() as tx:
            place = await self._place(tx, request, visit, draft.ticked)
            if place is None:
                return await self._gone(tx, request, visit)
        ticked = [each.key for each in place.cluster.wordings if each.key in draft.ticked]
        wrong = triage_form.mistakes(draft, self._tools.base, self._tools.programmes(visit.scope), len(ticked))
        if wrong:
            search = self._search(request, visit, place.cluster)
            return await self._shown(request, visit, place, draft, search, tuple(wrong))
        async with self._tools.database.write() as tx:
            made = await self._store(tx, visit, ticked, draft.verdict)
        left = len(draft.ticked) - len(made.wordings) if made else 0
        said = _said(made, left) if made else GONE
        return self._tools.page.see_other(visit, self._address(place.next, programme), said)

    async def _store(
        self, tx: AsyncConnection, visit: Visit, keys: Sequence[str], verdict: Verdict | None
    ) -> Decision | None:
        made = await curation.decide(tx, visit.scope, keys, verdict, visit.at) if verdict else None
        if made is not None:
            data = {"kind": made.verdict.kind.value, "entry": made.verdict.ref, "wordings": len(made.wordings)}
            await console_log.note(
                tx, visit.person, "decide", visit.at,
                programme=log_programme(made), subject=f"decision:{made.id}", data=data,
            )  # fmt: skip
        return made

    async def _place(
        self, tx: AsyncConnection, request: Request, visit: Visit, ticked: frozenset[str] = frozenset()
    ) -> Place | None:
        """The question that has the wording of the address; else, one of the ticked. None where none is open."""
        programme = self._filter(visit, _given(request, visit, "programme"))
        for slug in dict.fromkeys((_slug(programme), None)):  # a filter that it does not pass is no reason to hide it
            found = await curation.open_clusters(tx, visit.scope, programme=slug)
            for wanted in (frozenset((request.path_params["key"],)), ticked):
                at = next((n for n, each in enumerate(found) if wanted & {w.key for w in each.wordings}), None)
                if at is not None:
                    following = found[(at + 1) % len(found)].key if len(found) > 1 else ""
                    return Place(found[at], at + 1, len(found), following)
        return None

    async def _gone(self, tx: AsyncConnection, request: Request, visit: Visit) -> Response:
        """Somebody else decided meanwhile, or it never was there."""
        key = request.path_params["key"]
        known = await curation.decisions(tx, visit.scope)
        if not any(key == wording.key for each in known for wording in each.wordings):
            raise not_found()
        return self._tools.page.see_other(visit, self.path, GONE)

    async def _shown(
        self,
        request: Request,
        visit: Visit,
        place: Place,
        draft: Draft,
        search: Search,
        wrong: tuple[str, ...] = (),
    ) -> Response:
        cluster, base, mine = place.cluster, self._tools.base, self._tools.programmes(visit.scope)
        editions = [each for each in base.programmes if each.slug in mine]
        programme = self._filter(visit, _given(request, visit, "programme"))
        return self._tools.page.render(
            "question.html", visit, 422 if wrong else 200, place=place, cluster=cluster, draft=draft,
            now=await self._tools.engine.answer(cluster.text, cluster.programme, visit.now), wrong=wrong,
            nearest=(await self._nearest(visit, Search(cluster.text, search.programme)))[:MOST_NEAREST],
            most=MOST_WORDINGS, outcomes=OUTCOMES, sure=SURE, kinds=KINDS, here=f"{self.path}/{cluster.key}",
            programme_asked=programme, back=self._address("", programme),
            skip=self._address(place.next, programme) if place.next else "",
            programmes=[(slug, self._tools.page.programme(slug)) for slug in mine],
            editions=[(each.id, self._tools.page.programme(each.slug, each.edition)) for each in editions],
            sections=[
                (each, triage_form.sections(each)) for each in editions if search.programme in ("", each.slug)
            ],
            longest=ANSWER_LIMIT, longest_title=TITLE_LIMIT, **await self._offered(visit, search, draft.ref),
        )  # fmt: skip

    async def _nearest(self, visit: Visit, search: Search) -> list[Nearest]:
        """Entries that the curator may choose, of their own programmes."""
        mine = self._tools.programmes(visit.scope)
        return [each for each in await self._tools.engine.find(search) if each.ref.partition("/")[0] in mine]

    async def _offered(self, visit: Visit, search: Search, chosen: str) -> dict[str, object]:
        """The entries to choose from; what is chosen already stays among them."""
        base, refs = self._tools.base, [each.ref for each in await self._nearest(visit, search)]
        if chosen not in refs and visit.scope.may_oversee(chosen.partition("/")[0]):
            refs.insert(0, chosen)
        near = [(ref, *found) for ref in refs if (found := base.find(ref))]
        return {"near": near, "chosen": chosen, "search": search}

    def _search(self, request: Request, visit: Visit, cluster: Cluster) -> Search:
        """Where to look: in the programme that was asked of, or the one that the curator says."""
        mine = self._tools.programmes(visit.scope)
        own = cluster.programme if cluster.programme in mine else "" if visit.is_admin else next(iter(mine), "")
        of, words = _given(request, visit, "of", NONE), _given(request, visit, "q").strip()[:LONGEST_SEARCH]
        return Search(cluster.text, of if of in mine or (of == "" and len(mine) > 1) else own, words)

    def _edition(self, visit: Visit, slug: str) -> str:
        """The edition that something new most probably is for."""
        slug = slug or next(iter(self._tools.programmes(visit.scope)), "")
        return self._tools.base.programme(slug).id if slug else ""

    def _filter(self, visit: Visit, given: str) -> str:
        return given if given in dict(self._programmes(visit)) else ""

    def _programmes(self, visit: Visit) -> list[tuple[str, str]]:
        found = [(slug, self._tools.page.programme(slug)) for slug in self._tools.programmes(visit.scope)]
        return [("", "全部"), *found, *([(NONE, "不知道是哪個計畫")] if visit.is_admin else [])]

    def _address(self, key: str, programme: str, page: int = 0) -> str:
        given = {"programme": programme, "page": page}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{self.path}{'/' if key else ''}{key}{'?' if query else ''}{query}"


def _given(request: Request, visit: Visit, name: str, default: str = "") -> str:
    """A field of the form that was sent, or of the address."""
    return visit.form.get(name) if request.method == "POST" else request.query_params.get(name, default)


def _slug(programme: str) -> str | None:
    """The filter as the store takes it."""
    return None if not programme else "" if programme == NONE else programme


def _said(made: Decision, left: int) -> str:
    text = {
        Kind.ALIAS: "記下了：加到現有的條目。",
        Kind.ENTRY: "記下了：新增一條。",
        Kind.GAP: "記下了：文件沒有寫。",
        Kind.REJECT: "記下了：不處理。",
    }[made.verdict.kind]
    return f"{text}另外 {left} 種問法別人剛才已經決定了。" if left > 0 else text
