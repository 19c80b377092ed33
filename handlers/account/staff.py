"""Who else is at a school: inviting by a code to forward, the list of members, taking somebody off it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Choice, Text
from bot.store import enrolments, people
from bot.store.access import WRITERS, Enrolment, Role, Scope, scope_of
from bot.store.enrolments import INVITE_DAYS, Member
from handlers.account import words
from handlers.choices import MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.schema import Base

MOST_LISTED = 10
MAY_NOT = "邀請和管理成員要由學校的召集人或計畫辦公室來做。請打「我的學校」看您的身分。"
NONE = "您還沒有加入學校，看不到成員。有邀請碼的話，直接貼上來就可以加入。"
NO_PLACE = "名單上還沒有學校。新的學校請維護的人先建立。"
WHERE = {"invite": "要邀請人加入哪一個？", "members": "要看哪一個的成員？"}
MORE = "學校很多，只列前 {count} 所；其他的請打校名，例如「{word} ○○高中」。"
WHICH_ROLE = "要邀請哪一種身分加入「{place}」？"
FORWARD = "邀請碼好了，只能用一次，{day}前有效，而且只顯示這一次。請把下一則整段轉傳給要加入的人，不要貼在群組。"
INVITATION = "邀請您加入「{place}」，身分是{role}。\n請在和學伴的一對一聊天裡貼上這一行：\n加入 {code}"
HEAD = "「{place}」的成員，共 {count} 位："
ROW = "{number}. {name}－{role}（{day}加入）"
NAMELESS = "未填稱呼"
YOU = "（您）"
TO_REMOVE = "要移除誰，請打號碼或點選。"
SURE = "要把{name}（{role}）從「{place}」移除嗎？移除後對方立刻不能再看和記錄，已經記下的紀錄留在學校。"
REMOVED = "已移除{name}。紀錄留在學校。"
NOT_THERE = "這位已經不在名單上，不用再移除。"
USE_LEAVE = "要把自己移除，請打「退出」。"
KEPT = "好，沒有移除。"
_VERBS = {"invite": "邀請", "members": "成員"}


class Staff:
    """What coordinators do for their school, and an office for its schools."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def invite(self, state: State, desk: Desk, named: str = "") -> Turn | None:
        """Ask for what somebody is to be invited. `named`: part of a school's name; None where it names none."""
        scope = await _scope(desk)
        places = [each for each in await enrolments.visible(desk.tx, scope) if scope.may_manage(each)]
        offices = self._offices(scope)
        if not places and not offices:
            return None if named else Turn(state, (Text(MAY_NOT if scope.memberships else NONE, (MENU,)),))
        if named:
            return self._pick(state, "invite", _named(places, named), ())
        if len(places) == 1 and not offices:
            return await self.invite_to(state, places[0].id, desk)
        return self._pick(state, "invite", places, offices)

    async def invite_to(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """Ask for the role."""
        scope = await _scope(desk)
        place = await enrolments.get(desk.tx, scope, enrolment_id)
        if place is None or not scope.may_manage(place):
            return Turn(state, (Text(MAY_NOT, (MENU,)),))
        picks = tuple(Choice(words.ROLES[role], f"a:invite:{place.id}:{role.value}") for role in WRITERS)
        return Turn(state, (Text(WHICH_ROLE.format(place=words.place(self._base, place)), (*picks, MENU)),))

    async def give_code(self, state: State, target: str, role: Role, desk: Desk) -> Turn:
        """A code for one person. `target`: the enrolment; of an office its programme, of an admin anything."""
        scope = await _scope(desk)
        if role.at_school:
            place = await enrolments.get(desk.tx, scope, target)
            code = await enrolments.invite(desk.tx, scope, role, desk.at, enrolment_id=target)
            called = words.place(self._base, place) if place else ""
        else:
            code = await enrolments.invite(desk.tx, scope, role, desk.at, programme=target)
            called = words.programme(self._base, target) if role is Role.OFFICE else "學伴"
        if code is None:
            return Turn(state, (Text(MAY_NOT, (MENU,)),))
        until = words.day(desk.at + INVITE_DAYS * enrolments.DAY_MS)
        text = INVITATION.format(place=called, role=words.ROLES[role], code=people.grouped(code))
        return Turn(state, (Text(FORWARD.format(day=until)), Text(text, (MENU,))))

    async def members(self, state: State, desk: Desk, named: str = "") -> Turn | None:
        """Ask whose members, or list them. `named`: part of a school's name; None where it names none."""
        scope = await _scope(desk)
        places = await enrolments.visible(desk.tx, scope)
        if named:
            return self._pick(state, "members", _named(places, named), ())
        if not places:
            return Turn(state, (Text(NO_PLACE if scope.memberships else NONE, (MENU,)),))
        if len(places) == 1:
            return await self.members_of(state, places[0].id, desk)
        return self._pick(state, "members", places, ())

    async def members_of(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """The list; whoever manages the school may pick somebody to be removed."""
        scope = await _scope(desk)
        place = await enrolments.get(desk.tx, scope, enrolment_id)
        if place is None:
            return Turn(state, (Text(MAY_NOT if scope.memberships else NONE, (MENU,)),))
        found = await enrolments.members(desk.tx, scope, enrolment_id)
        lines = [HEAD.format(place=words.place(self._base, place), count=len({each.person for each in found}))]
        lines += [self._row(number, each, scope) for number, each in enumerate(found, 1)]
        if not scope.may_manage(place):
            return Turn(state, (Text("\n".join(lines), (MENU,)),))
        picks = tuple(
            Choice(label(f"{_name(each)}・{words.ROLES[each.role]}"), f"a:remove:{place.id}:{each.person}")
            for each in found
        )
        asides = (Choice("邀請", f"a:invite:{place.id}", aside=True), MENU)
        lines += [TO_REMOVE] if picks else []
        return Turn(state, (Text("\n".join(lines), (*picks, *asides)),))

    async def ask_remove(self, state: State, enrolment_id: str, person: str, desk: Desk) -> Turn:
        """Make sure."""
        scope = await _scope(desk)
        place = await enrolments.get(desk.tx, scope, enrolment_id)
        if place is None or not scope.may_manage(place):
            return Turn(state, (Text(MAY_NOT, (MENU,)),))
        if person == scope.person:
            return Turn(state, (Text(USE_LEAVE, (Choice("退出", "a:leave", aside=True), MENU)),))
        found = [each for each in await enrolments.members(desk.tx, scope, enrolment_id) if each.person == person]
        if not found:
            return Turn(state, (Text(NOT_THERE, (MENU,)),))
        roles = "、".join(words.ROLES[each.role] for each in found)
        said = SURE.format(name=_name(found[0]), role=roles, place=words.place(self._base, place))
        picks = (Choice("確定移除", f"a:remove!:{place.id}:{person}"), Choice("不移除", "a:keep"))
        return Turn(state, (Text(said, picks),))

    async def remove(self, state: State, enrolment_id: str, person: str, desk: Desk) -> Turn:
        """End somebody's roles at the school."""
        scope = await _scope(desk)
        if person == scope.person:
            return Turn(state, (Text(USE_LEAVE, (MENU,)),))
        place = await enrolments.get(desk.tx, scope, enrolment_id)
        if place is None or not scope.may_manage(place):
            return Turn(state, (Text(MAY_NOT, (MENU,)),))
        before = await enrolments.members(desk.tx, scope, enrolment_id)
        name = next((_name(each) for each in before if each.person == person), "")
        if not await enrolments.remove(desk.tx, scope, enrolment_id, person, desk.at):
            return Turn(state, (Text(NOT_THERE, (MENU,)),))
        back = Choice("成員", f"a:members:{enrolment_id}", aside=True)
        return Turn(state, (Text(REMOVED.format(name=name), (back, MENU)),))

    def _pick(self, state: State, verb: str, places: Sequence[Enrolment], more: Sequence[Choice]) -> Turn | None:
        """Ask which school. None where there is none to choose, and nothing else."""
        if not places and not more:
            return None
        picks = [Choice(words.place_label(self._base, each), f"a:{verb}:{each.id}") for each in places[:MOST_LISTED]]
        lines = [WHERE[verb]]
        if len(places) > MOST_LISTED:
            lines.append(MORE.format(count=MOST_LISTED, word=_VERBS[verb]))
        return Turn(state, (Text("\n".join(lines), (*picks, *more, MENU)),))

    def _offices(self, scope: Scope) -> tuple[Choice, ...]:
        """Offices that the person may invite to, and admins."""
        slugs = dict.fromkeys(each.slug for each in self._base.programmes)
        found = [
            Choice(label(f"計畫辦公室・{words.programme(self._base, slug)}"), f"a:invite:{slug}:{Role.OFFICE.value}")
            for slug in slugs
            if scope.may_oversee(slug)
        ]
        if scope.is_admin:
            found.append(Choice(words.ROLES[Role.ADMIN], f"a:invite:all:{Role.ADMIN.value}"))
        return tuple(found)

    def _row(self, number: int, each: Member, scope: Scope) -> str:
        name = _name(each) + (YOU if each.person == scope.person else "")
        return ROW.format(number=number, name=name, role=words.ROLES[each.role], day=words.day(each.joined_at))


def _name(each: Member) -> str:
    return each.name or NAMELESS


def _named(places: Sequence[Enrolment], named: str) -> list[Enrolment]:
    wanted = named.replace("台", "臺")
    return [each for each in places if wanted in each.school.replace("台", "臺")]


async def _scope(desk: Desk) -> Scope:
    return await scope_of(desk.tx, await desk.person())
