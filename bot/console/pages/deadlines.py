"""The dates of every edition, and moving one: first what that would do, then with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.guard import Guard, not_found
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Visit
from bot.store import console_log, deadline_moves, overview
from bot.store.deadline_moves import LONGEST_REASON, MoveError
from knowledge.deadlines.dates import MomentError, parse_fixed
from knowledge.deadlines.engine import Due, EditionState, Moved, State, edition_state, resolve
from knowledge.deadlines.loader import load_deadlines
from knowledge.facts.loader import deadlines_of
from scheduler import matters
from scheduler.moving import Preview, preview

MOST_NAMES = 50
"""Of the people who would be told; the rest is counted."""
STATES = {
    State.UPCOMING: ("還沒到", "calm"),
    State.DUE_TODAY: ("今天到期", "warn"),
    State.OVERDUE: ("已過，還要補", "bad"),
    State.DONE: ("完成了", "good"),
    State.PASSED: ("已過", "calm"),
}
EDITIONS = {EditionState.FUTURE: "還沒開始", EditionState.RUNNING: "進行中", EditionState.PAST: "已結束"}
NO_DATE = "請填新的日期，例如 2026-08-15，或加上時間 2026-08-15T17:00。"


@dataclass(frozen=True, slots=True)
class EditionRows:
    """One edition and its dates."""

    slug: str
    edition: str
    state: str
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for."""

    due: str
    reason: str
    back: bool
    """Whether the document's own date is to stand again."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for yet."""
        return not (self.due or self.reason or self.back)

    def moment(self) -> datetime | None:
        """The date; None for the document's own. Raises `MoveError` where it is none."""
        if self.back:
            return None
        try:
            return parse_fixed(self.due)
        except MomentError:
            raise MoveError(NO_DATE) from None


class Deadlines:
    """`/admin/deadlines`."""

    path = f"{ROOT}/deadlines"
    title = "期限"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """The list, one date with its preview, and moving it."""
        one = f"{self.path}/{{slug}}/{{edition}}/{{key}}"
        return [guard.get(self.path, self._list), guard.get(one, self._one), guard.post(f"{one}/move", self._move)]

    async def _list(self, _request: Request, visit: Visit) -> Response:
        async with self._tools.database.read() as tx:
            moved = await deadline_moves.moved(tx)
            taking_part = await overview.editions(tx, visit.scope)
        mine = self._tools.programmes(visit.scope)
        known = [(each.slug, each.edition) for each in self._tools.base.programmes if each.slug in mine]
        found = [self._rows(visit, each, moved.get(each, {})) for each in dict.fromkeys((*taking_part, *known))]
        return self._tools.page.render(
            "deadlines.html",
            visit,
            editions=[each for each in found if each],
            states=STATES,
            titles=matters.fact_titles,
        )

    def _rows(self, visit: Visit, edition: tuple[str, str], moved: Mapping[str, Moved]) -> EditionRows | None:
        deadlines = deadlines_of(*edition)
        if deadlines is None:
            return None
        state = EDITIONS[edition_state(deadlines, visit.today)]
        return EditionRows(*edition, state, resolve(deadlines, {}, visit.local, moved=moved))

    async def _one(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        wish = Wish(asked.get("due", ""), asked.get("reason", "").strip(), asked.get("back") == "yes")
        async with self._tools.database.read() as tx:
            return await self._shown(tx, request, visit, wish)

    async def _shown(self, tx: AsyncConnection, request: Request, visit: Visit, wish: Wish) -> Response:
        """The page of one date; with a wish, what that would do."""
        slug, edition, key = _what(request, visit)
        deadlines = load_deadlines(slug, edition)
        moved = (await deadline_moves.moved(tx)).get((slug, edition), {})
        rows = [each for each in resolve(deadlines, {}, visit.local, moved=moved) if each.key == key]
        past = await deadline_moves.history(tx, visit.scope, slug, edition, key)
        seen, problem = await self._preview(tx, visit, (slug, edition, key), wish)
        return self._tools.page.render(
            "deadline.html", visit, 422 if problem else 200, slug=slug, edition=edition, key=key, rows=rows, past=past,
            title=matters.deadline_titles(slug, edition)[key], wish=wish, seen=seen, problem=problem, states=STATES,
            needs=matters.fact_titles, most=MOST_NAMES, longest=LONGEST_REASON,
            is_moved=key in moved and moved[key].due is not None,
        )  # fmt: skip

    async def _preview(
        self, tx: AsyncConnection, visit: Visit, what: tuple[str, str, str], wish: Wish
    ) -> tuple[Preview | None, str]:
        """What it would do, or why it can't be."""
        if wish.is_empty:
            return None, ""
        try:
            due = wish.moment()
            deadline_moves.check(*what, due, wish.reason)
            return await preview(tx, visit.scope, *what, due, visit.now), ""
        except MoveError as error:
            return None, str(error)

    async def _move(self, request: Request, visit: Visit) -> Response:
        what = slug, _, _ = _what(request, visit)
        here = f"{self.path}/{'/'.join(what)}"
        wish = Wish(visit.form.get("due"), visit.form.get("reason"), visit.form.get("back") == "yes")
        try:
            due = wish.moment()
            async with self._tools.database.write() as tx:
                if due is None:
                    done = await deadline_moves.take_back(tx, visit.scope, *what, wish.reason, visit.at)
                else:
                    done = await deadline_moves.move(tx, visit.scope, *what, due, wish.reason, visit.at)
                if not done:
                    raise not_found()
                action, subject = "deadline_restore" if due is None else "deadline_move", f"deadline:{'/'.join(what)}"
                data = {"revision": str(done), "due": due.isoformat(timespec="minutes") if due else ""}
                await console_log.note(tx, visit.person, action, visit.at, programme=slug, subject=subject, data=data)
        except MoveError as error:
            return self._tools.page.see_other(visit, here, f"沒有改：{error}")
        said = "改回文件的日期了，相關的人會收到通知。" if due is None else "日期改好了，相關的人會收到通知。"
        return self._tools.page.see_other(visit, here, said)


def _what(request: Request, visit: Visit) -> tuple[str, str, str]:
    """Slug, edition and key of the date that the address names; there is one, and the visitor oversees it."""
    slug, edition, key = (request.path_params[name] for name in ("slug", "edition", "key"))
    deadlines = deadlines_of(slug, edition) if visit.scope.may_oversee(slug) else None
    if deadlines is None or key not in deadlines.keys:
        raise not_found()
    return slug, edition, key
