"""Whose menu is which: coordinators see theirs, everybody else the default one.

LINE keeps the link between a person and a menu, and is asked before anything is changed; so linking may be repeated
as often as one likes, by several processes too. Nothing here is part of answering anybody: a failure leaves a person
with the menu that they had, and is mended by a later pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

import structlog

from bot.channels.line.admin_api import LineAdmin, LineAdminError
from bot.channels.line.menus import COORDINATOR
from bot.store import coordinators
from bot.store.database import Database

log = structlog.get_logger(__name__)

CHANNEL = "line"
MOST_AT_ONCE = 20
"""People looked at in one pass: what comes after it in the clock's beat must not wait long."""
PAUSE_SECONDS = 600.0
"""After LINE refused or was away, or no menu had been set up."""


async def place(line: LineAdmin, user_id: str, menu: str, *, ours: Collection[str]) -> bool:
    """Link a person to a menu; returns whether anything had to be changed. Raises `LineAdminError`.

    An empty `menu` takes away the link, if it is to one of `ours`: a menu that somebody linked by hand stays.
    """
    held = await line.menu_of(user_id)
    if menu and held != menu:
        await line.link(user_id, menu)
    elif not menu and held in ours and held:
        await line.unlink(user_id)
    else:
        return False
    return True


class RoleMenus:
    """Follows who becomes a coordinator and who no longer is one; `tick` belongs into the clock's beat.

    What it did is remembered in memory only: after a start everybody is asked for once again.
    """

    def __init__(self, line: LineAdmin, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._monotonic = monotonic
        self._known: dict[str, bool] = {}
        self._not_before = 0.0

    async def tick(self, database: Database) -> int:
        """Link and unlink what has changed, at most `MOST_AT_ONCE` people; returns how many were changed.

        Raises nothing of LINE's: a failure is logged, and tried again after `PAUSE_SECONDS`.
        """
        if self._monotonic() < self._not_before:
            return 0
        async with database.read() as tx:
            wanted = await coordinators.of_channel(tx, CHANNEL)
        todo = self._changed(wanted)
        try:
            return await self._place_all(todo)
        except LineAdminError as error:
            self._not_before = self._monotonic() + PAUSE_SECONDS
            log.warning("line.menus_not_linked", status=error.status, reason=error.reason, waiting=len(todo))
            return 0

    async def close(self) -> None:
        """Give the connections back."""
        await self._line.close()

    def _changed(self, wanted: Mapping[str, bool]) -> dict[str, bool]:
        """Who is to be looked at: also who is no longer in the database, since they asked to be forgotten."""
        gone = dict.fromkeys((each for each, held in self._known.items() if held and each not in wanted), False)
        changed = {each: role for each, role in wanted.items() if self._known.get(each) is not role}
        return dict([*gone.items(), *changed.items()][:MOST_AT_ONCE])

    async def _place_all(self, todo: Mapping[str, bool]) -> int:
        if not todo:
            return 0
        menu, changed = await _coordinators_menu(self._line), 0
        for address, coordinates in todo.items():
            try:
                changed += await place(self._line, address, menu if coordinates else "", ours=(menu,))
            except LineAdminError as error:
                if not error.is_about_one:
                    raise
                log.info("line.menu_refused", status=error.status, reason=error.reason)
            self._known[address] = coordinates
        return changed


async def _coordinators_menu(line: LineAdmin) -> str:
    menu = (await line.aliases()).get(COORDINATOR.alias)
    if menu is None:
        raise LineAdminError(404, f"no alias {COORDINATOR.alias}")
    return menu
