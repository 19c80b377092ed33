"""Joining by a code, and how somebody wants to be called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.messages import Card, Choice, Text
from bot.store import enrolments, people
from bot.store.access import Membership, Role, Scope, scope_of
from bot.store.mentors import mentor_load
from bot.store.people import CodeState
from handlers.account import words
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.menu import NOT_OFFICIAL
from knowledge.answering.normalise import squash
from knowledge.schema import Base

NAME = "name"
"""`State.awaiting` while the next words are somebody's name."""
SHORTEST_NAME, LONGEST_NAME = 2, 20

INTRODUCTION = f"您好，我是學伴，幫您查教育部補助計畫的規定、記錄辦理情形。{NOT_OFFICIAL}"
NO_GOOD = "這組{what}不能用：可能打錯了、已經用過，或過期了。請核對後再貼一次，或請對方再給您一組新的。"
TOO_MANY = "試錯太多次了，這一小時內我先不看任何代碼。請一小時後再貼一次，或請對方確認代碼。"
GONE = "這組邀請碼的學校已經不在名單上，沒有加入。請向給您的人確認。"
HOW_TO_JOIN = "請貼上您拿到的邀請碼，例如「加入 ABCD-EFGH-JKMN」。還沒有的話，請向學校的召集人或計畫辦公室要一組。"
IN_GROUP = "代碼請不要貼在群組，這一組我已經作廢，沒有人加入。請向給您的人再要一組，到和我的一對一聊天裡貼上。"
JOINED = "已加入：{what}。"
WAS_IN = "您本來就在：{what}。"
MENTORS_MANY = "提醒：您在這個計畫已輔導 {schools} 所學校，計畫規定每位最多 {limit} 所，請向計畫辦公室確認。"
ASK_NAME = (
    "請問怎麼稱呼您？會用在紀錄和報表上，例如「王老師」；不想說可以按「略過」。\n"
    "我會記下您的稱呼、身分和您記錄的內容，同校成員與計畫辦公室看得到；打「我的資料」隨時可以看或刪除。"
)
ASK_NEW_NAME = "您在報表上要怎麼稱呼？目前是「{name}」。直接打新的稱呼；不改就按「略過」。"
NOBODY_YET = "未填"
CALLED = "好，報表上稱呼您「{name}」。要改就打「改稱呼」。"
NOT_CALLED = "好，先不填稱呼。之後可以打「改稱呼」。"
NO_SCHOOL = "您目前不在任何學校的名單上，不用填稱呼。"
WELCOME = "可以開始了"
MAY = {
    Role.COORDINATOR: "記錄辦理情形、看進度和期限，也可以邀請同事（打「邀請」）、管理成員（打「成員」）。",
    Role.TEACHER: "記錄辦理情形、看進度和期限。",
    Role.MENTOR: "記錄到校輔導的情形、看進度和期限。",
    Role.OFFICE: "看計畫內每一所學校的進度、紀錄和期限，也可以邀請學校的召集人（打「邀請」）。打「後台」在瀏覽器裡看。",
    Role.ADMIN: "看所有計畫與學校，也可以邀請任何身分（打「邀請」）。打「後台」在瀏覽器裡看。",
}
HOW_TO_LOG = "要記錄時直接打字，例如「11/18 下午共備 2 小時」；打「進度」看還差什麼，打「期限」看最近要做的事。"
SKIP = Choice("略過", "a:skip", aside=True)

_SKIPS = frozenset(
    map(
        squash,
        ("略過", "跳過", "不用", "不說", "不想說", "先不要", "不要", "取消", "下次再說", "算了", "不改", "不改了"),
    )
)
_BEFORE_NAME = re.compile(
    r"^(?:您好|你好)?[，,！!。 ]*(?:請叫我|叫我|我叫做|我叫|我是|稱呼我|改成|改為|改叫)\s*[「『]?"
)
_AFTER_NAME = re.compile(r"[」』。！!~～]*(?:就好|就可以|就行|即可)?[。！!~～]*$")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·・.'’-])*")
_NO_NAME = re.compile(
    r"[?？嗎呢]|什麼|多少|怎麼|如何|哪|幾|計畫|計劃|學校|小時|分鐘|今天|昨天|明天|上午|下午|共備|會議|社群|研習|觀課|紀錄|記錄"
    r"|進度|期限|提醒|匯出|報表|資料|成員|邀請|選單|申請|補助|經費|檢核|刪除|取消|繼續|謝謝|照片|檔案"
)


class Joining:
    """Lets people in by code. `is_other`: whether words mean something elsewhere, so that they are no name."""

    def __init__(self, base: Base, is_other: Callable[[str], bool], more: Sequence[Choice]) -> None:
        self._base = base
        self._is_other = is_other
        self._more = tuple(more)

    async def join(self, state: State, code: str, desk: Desk) -> Turn:
        """Use a code that somebody typed."""
        result = await people.try_code(desk.tx, desk.conversation_id, people.INVITE, code, desk.at)
        if result.state is not CodeState.FOUND:
            return Turn(state, (Text(refusal(result.state, "邀請碼"), (MENU,)),))
        person = await desk.person()
        before = await scope_of(desk.tx, person)
        known = next((each.name for each in before.memberships if each.name), "")
        joined = await enrolments.join(desk.tx, person, result.data, desk.at, name=known)
        if not isinstance(joined, Membership):
            return Turn(state, (Text(GONE, (MENU,)),))
        at_it = replace(state, enrolment=joined.enrolment.id) if joined.enrolment else state
        was_in = any((each.role, each.enrolment) == (joined.role, joined.enrolment) for each in before.memberships)
        lines = [(WAS_IN if was_in else JOINED).format(what=words.membership(self._base, joined))]
        lines += await self._warning(joined, await scope_of(desk.tx, person), desk)
        if joined.name:
            card = self._card(joined, joined.name)
            return Turn(at_it, (Text("\n".join(lines)), card))
        return self.ask_name(at_it, "\n".join([*lines, ASK_NAME]))

    async def burn(self, state: State, purpose: str, code: str, desk: Desk) -> Turn:
        """A code that was shown to a group lets nobody in any more."""
        await people.try_code(desk.tx, desk.conversation_id, purpose, code, desk.at)
        return Turn(state, (Text(IN_GROUP),))

    def ask_name(self, state: State, question: str) -> Turn:
        """Take the next words for a name."""
        return Turn(replace(state, awaiting=NAME, on_screen="", offered=()), (Text(question, (SKIP,)),))

    async def rename(self, state: State, desk: Desk) -> Turn:
        """Ask for another name; only of those who stand in a report."""
        scope = await scope_of(desk.tx, await desk.person())
        if not scope.memberships:
            return Turn(state, (Text(NO_SCHOOL, (MENU,)),))
        return self.ask_name(state, ASK_NEW_NAME.format(name=_called(scope) or NOBODY_YET))

    async def hear_name(self, state: State, text: str, desk: Desk) -> Turn | None:
        """The answer to `ask_name`; None where it is about something else."""
        if squash(text) in _SKIPS:
            return await self.skip(state, desk)
        name = self._name(text)
        if not name:
            return None
        scope = await scope_of(desk.tx, await desk.person())
        at_it = replace(state, awaiting="")
        if not await enrolments.rename(desk.tx, scope, name):
            return Turn(at_it, (Text(NO_SCHOOL, (MENU,)),))
        return Turn(at_it, (Text(CALLED.format(name=name)), *self._cards(state, scope, name)))

    async def skip(self, state: State, desk: Desk) -> Turn:
        """No name, or the one that there is."""
        scope = await scope_of(desk.tx, await desk.person())
        name = _called(scope)
        said = Text(CALLED.format(name=name) if name else NOT_CALLED if scope.memberships else NO_SCHOOL)
        return Turn(replace(state, awaiting=""), (said, *self._cards(state, scope, name)))

    def _cards(self, state: State, scope: Scope, name: str) -> tuple[Card, ...]:
        """What can be done now, by the role that was taken last."""
        at = [each for each in scope.memberships if each.enrolment and each.enrolment.id == state.enrolment]
        held = (at or list(scope.memberships))[-1:]
        return tuple(self._card(each, name) for each in held)

    def _card(self, joined: Membership, name: str) -> Card:
        lines = []
        if joined.enrolment is not None:
            lines.append(f"學校：{joined.enrolment.school}")
            place = joined.enrolment
            lines.append(f"計畫：{words.programme(self._base, place.programme, place.edition)}")
        elif joined.programme:
            lines.append(f"計畫：{words.programme(self._base, joined.programme)}")
        lines += [f"身分：{words.ROLES[joined.role]}", f"稱呼：{name or NOBODY_YET}", "", f"您可以{MAY[joined.role]}"]
        if joined.role.at_school:
            lines.append(HOW_TO_LOG)
        mine = Choice("我的學校", "a:schools", aside=True)
        return Card(WELCOME, "\n".join(lines), choices=(*(self._more if joined.enrolment else ()), mine, MENU))

    async def _warning(self, joined: Membership, scope: Scope, desk: Desk) -> list[str]:
        """A mentor of too many schools is told; nobody is turned away for it."""
        if joined.role is not Role.MENTOR or joined.enrolment is None:
            return []
        load = await mentor_load(desk.tx, scope, joined.enrolment.programme, joined.enrolment.edition)
        return [MENTORS_MANY.format(schools=load.schools, limit=load.limit)] if load.over else []

    def _name(self, text: str) -> str:
        """The name in what was typed; empty where it is none."""
        if self._is_other(text) or _NO_NAME.search(text):
            return ""
        plain = _AFTER_NAME.sub("", _BEFORE_NAME.sub("", text.strip())).strip()
        if not SHORTEST_NAME <= len(plain) <= LONGEST_NAME or not _NAME.fullmatch(plain):
            return ""
        return enrolments.tidy(plain, enrolments.LONGEST_NAME)


def refusal(state: CodeState, what: str) -> str:
    """Why a code is not taken. Wrong, used and expired are one sentence: whoever guesses must not learn."""
    return TOO_MANY if state is CodeState.TOO_MANY else NO_GOOD.format(what=what)


def _called(scope: Scope) -> str:
    return next((each.name for each in reversed(scope.memberships) if each.name), "")
