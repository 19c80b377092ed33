"""「我的學校」: where one belongs, which school a log line goes to, and leaving."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Choice, Text
from bot.store import enrolments
from bot.store.access import Enrolment, Role, Scope, scope_of
from handlers.account import words
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.schema import Base

NONE = (
    "您還沒有加入學校。有邀請碼的話，直接貼上來就可以加入；沒有的話，請向學校的召集人或計畫辦公室要一組。\n"
    "查規定、做資格檢核不用加入。"
)
HEAD = "您的身分："
HERE = "（目前記錄到這裡）"
CHOOSE = "要換記錄的學校，請選："
CHOSEN = "好，接下來記錄到「{place}」。"
NOT_YOURS = "您目前不在這所學校的名單上。請打「我的學校」看目前的名單。"
WHICH_TO_LEAVE = "要退出哪一個？"
SURE = "要退出「{place}」嗎？退出後就不能再看和記錄，已經記下的紀錄留在學校。"
SURE_ALL = "要退出您全部的身分嗎？退出後就不能再看和記錄，已經記下的紀錄留在學校。"
LAST_ONE = "注意：您是這裡唯一的召集人，退出後就沒有人能邀請和管理成員，建議先邀請一位接手的召集人。"
LEFT = "已退出「{place}」。紀錄留在學校；要再加入，需要新的邀請碼。"
LEFT_ALL = "已退出全部的身分。要再加入，需要新的邀請碼。"
STAYED = "好，沒有退出。"
ALL = "all"


class Schools:
    """What a person is where."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def show(self, state: State, desk: Desk) -> Turn:
        """All roles, and the school that is logged for."""
        scope = await _scope(desk)
        if not scope.memberships:
            link = Choice("連結帳號", "a:link", aside=True)
            return Turn(state, (Text(NONE, (link, MENU)),))
        now = words.active(state, scope)
        lines = [HEAD]
        for held in scope.memberships:
            here = HERE if now and held.enrolment and held.enrolment.id == now.id else ""
            lines.append(f"・{words.membership(self._base, held)}{here if len(scope.writable) > 1 else ''}")
        picks: tuple[Choice, ...] = ()
        if len(scope.writable) > 1:
            lines.append(CHOOSE)
            picks = tuple(Choice(words.place_label(self._base, each), f"a:use:{each.id}") for each in scope.writable)
        return Turn(state, (Text("\n".join(lines), (*picks, *_asides(scope), MENU)),))

    async def use(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """Log for this school from now on."""
        found = _place((await _scope(desk)).writable, enrolment_id)
        if found is None:
            return Turn(state, (Text(NOT_YOURS, (MENU,)),))
        said = Text(CHOSEN.format(place=words.place(self._base, found)), (MENU,))
        return Turn(replace(state, enrolment=found.id), (said,))

    async def leave(self, state: State, desk: Desk) -> Turn:
        """Ask what to leave, where there are several."""
        scope = await _scope(desk)
        if not scope.memberships:
            return Turn(state, (Text(NONE, (MENU,)),))
        above = any(held.enrolment is None for held in scope.memberships)
        if len(scope.writable) == 1 and not above:
            return await self.ask_leave(state, scope.writable[0].id, desk)
        if not scope.writable:
            return await self.ask_leave(state, ALL, desk)
        picks = [Choice(words.place_label(self._base, each), f"a:leave:{each.id}") for each in scope.writable]
        everything = Choice("全部退出", f"a:leave:{ALL}")
        return Turn(state, (Text(WHICH_TO_LEAVE, (*picks, everything, MENU)),))

    async def ask_leave(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """Make sure."""
        scope = await _scope(desk)
        places = scope.writable if enrolment_id == ALL else tuple(_only(_place(scope.writable, enrolment_id)))
        if not places and not (enrolment_id == ALL and scope.memberships):
            return Turn(state, (Text(NOT_YOURS, (MENU,)),))
        sure = SURE_ALL if enrolment_id == ALL else SURE.format(place=words.place(self._base, places[0]))
        alone = [LAST_ONE for each in places if await is_last_coordinator(desk, scope, each)][:1]
        picks = (Choice("確定退出", f"a:leave!:{enrolment_id}"), Choice("不退出", "a:stay"))
        return Turn(state, (Text("\n".join([sure, *alone]), picks),))

    async def leave_now(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """End the roles; a second tap says that they have ended."""
        scope = await _scope(desk)
        if enrolment_id == ALL:
            ended = await enrolments.leave(desk.tx, scope, desk.at)
            said = LEFT_ALL if ended else NOT_YOURS
            return Turn(replace(state, enrolment=""), (Text(said, (MENU,)),))
        found = _place(scope.writable, enrolment_id)
        if found is None or not await enrolments.leave(desk.tx, scope, desk.at, enrolment_id=enrolment_id):
            return Turn(state, (Text(NOT_YOURS, (MENU,)),))
        now = "" if state.enrolment == found.id else state.enrolment
        return Turn(replace(state, enrolment=now), (Text(LEFT.format(place=words.place(self._base, found)), (MENU,)),))


async def is_last_coordinator(desk: Desk, scope: Scope, place: Enrolment) -> bool:
    """Whether nobody else could let people in at this school."""
    members = await enrolments.members(desk.tx, scope, place.id)
    return {each.person for each in members if each.role is Role.COORDINATOR} == {scope.person}


def _asides(scope: Scope) -> tuple[Choice, ...]:
    manages = any(held.role in (Role.COORDINATOR, Role.OFFICE, Role.ADMIN) for held in scope.memberships)
    named = (
        ("成員", "a:members", True),
        ("邀請", "a:invite", manages),
        ("改稱呼", "a:name", True),
        ("連結帳號", "a:link", True),
        ("我的資料", "a:data", True),
        ("退出", "a:leave", True),
    )
    return tuple(Choice(word, action, aside=True) for word, action, shown in named if shown)


def _place(places: tuple[Enrolment, ...], enrolment_id: str) -> Enrolment | None:
    return next((each for each in places if each.id == enrolment_id), None)


def _only(place: Enrolment | None) -> list[Enrolment]:
    return [] if place is None else [place]


async def _scope(desk: Desk) -> Scope:
    return await scope_of(desk.tx, await desk.person())
