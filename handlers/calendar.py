"""「行事曆」: an address at which one's own calendar finds deadlines and activities, and how it is taken back.

Only a hash of an address is stored, so it is shown once; whoever needs it again gets another one.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.messages import Choice, Text
from bot.store import calendars, people
from bot.store.access import scope_of
from bot.store.calendars import MOST
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.spoken import letters

NOT_MEMBER = "行事曆放的是貴校的期限和活動。請先用邀請碼加入學校，例如「加入 ABCD-EFGH-JKMN」。"
HERE = """這是您專用的行事曆網址，訂閱之後，期限、預定和辦過的活動會自己更新：
{url}
・Google 日曆：在電腦上打開，左邊「其他日曆」旁的＋→「加入日曆網址」→貼上。
・iPhone、Mac：行事曆 App →「加入訂閱行事曆」→貼上。
・Outlook：「新增行事曆」→「從網路訂閱」→貼上。
請不要轉傳：有網址的人都看得到內容。網址外流了，按「換一個網址」，舊的就失效。
各家行事曆幾小時到一天才更新一次，快到的期限仍以這裡的提醒為準。"""
RENEWED = "舊的行事曆網址都失效了，用舊網址訂閱的行事曆請刪掉再訂閱一次。"
HELD = (
    "您已經有 {count} 個行事曆網址，訂閱了就會自己更新。為了安全，網址只在給您的那一次顯示；"
    "要在別的裝置訂閱，我再給您一個。"
)
TOO_MANY = "您已經有 {count} 個行事曆網址，不能再多了。請按「換一個網址」：舊的都失效，給您一個新的。"
STOPPED = "行事曆網址都停用了，用它訂閱的行事曆會停在上次更新的內容，請自行刪除。"
NONE_TO_STOP = "您目前沒有行事曆網址，所以沒有要停用的。"


class Wish(StrEnum):
    """What is wanted; the same word follows `k:` in a button."""

    SHOW = "show"
    MORE = "more"
    RENEW = "renew"
    STOP = "stop"


SUBSCRIBE = Choice("訂閱行事曆", "k:show", aside=True)
"""For other capabilities to offer."""
_MORE = Choice("再給我一個", "k:more")
_RENEW = Choice("換一個網址", "k:renew", aside=True)
_STOP = Choice("停用行事曆", "k:stop", aside=True)
_CALENDAR = r"(?:行事曆|日曆)"
_TAIL = r"[。!~]*"
_PATTERNS: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(f"(?:{pattern}){_TAIL}"))
    for wish, pattern in (
        (
            Wish.SHOW,
            rf"(?:我想?要|請?給我|請)?(?:訂閱|加入|同步|匯出)?(?:我的|期限的?)?{_CALENDAR}(?:的?(?:訂閱|網址|連結|訂閱網址|訂閱連結|檔))?"
            r"|(?:我想?要|請?給我|訂閱|匯出)?(?:ics|ical|icalendar)(?:檔|網址|連結)?|訂閱期限",
        ),
        (Wish.RENEW, rf"(?:我想?要|請)?(?:換|更換|換掉|重設)(?:一個|新的?)?(?:{_CALENDAR}的?)?(?:訂閱)?網址"),
        (
            Wish.STOP,
            rf"(?:我想?要|請)?(?:停用|取消|停止|關閉|不要)(?:訂閱)?(?:我的)?{_CALENDAR}(?:的?(?:訂閱|網址|連結))?",
        ),
    )
)
LONGEST = 20


class Calendar:
    """The capability. `address`: the root of our own pages."""

    prefix = "k"

    def __init__(self, address: str) -> None:
        self._address = address

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words about the calendar ask for; None where they are about something else."""
        wish = read(text)
        if wish is Wish.RENEW and "曆" not in text and not await self._held(desk):
            return None
        return await self._do(state, wish, desk) if wish else None

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `k:`; None for what is none of ours."""
        return await self._do(state, Wish(rest), desk) if rest in tuple(Wish) else None

    async def _held(self, desk: Desk) -> int:
        person = await people.find(desk.tx, desk.conversation_id)
        return len(await calendars.of_person(desk.tx, person)) if person else 0

    async def _do(self, state: State, wish: Wish, desk: Desk) -> Turn:
        person = await people.find(desk.tx, desk.conversation_id)
        held = await self._held(desk)
        if wish is Wish.STOP:
            stopped = person is not None and await calendars.revoke(desk.tx, person)
            return _say(state, STOPPED if stopped else NONE_TO_STOP, SUBSCRIBE)
        # Revoking is for whoever holds an address, a member or not; a new one is for members.
        if wish is Wish.RENEW and person and held:
            await calendars.revoke(desk.tx, person)
        if person is None or not (await scope_of(desk.tx, person)).writable:
            return _say(state, f"{RENEWED}\n{NOT_MEMBER}" if wish is Wish.RENEW and held else NOT_MEMBER)
        if wish is Wish.SHOW and held:
            return _say(state, HELD.format(count=held), _MORE, _RENEW, _STOP)
        secret = await calendars.make(desk.tx, person, desk.at)
        if secret is None:
            return _say(state, TOO_MANY.format(count=MOST), _RENEW, _STOP)
        given = HERE.format(url=f"{self._address}/calendar/{secret}.ics")
        return _say(state, f"{RENEWED}\n{given}" if wish is Wish.RENEW and held else given, _RENEW, _STOP)


def read(text: str) -> Wish | None:
    """What is wanted of the calendar; None where the words are about something else."""
    plain = re.sub(r"\s+", "", letters.fold(text))
    if len(plain) > LONGEST:
        return None
    return next((wish for wish, pattern in _PATTERNS if pattern.fullmatch(plain)), None)


def _say(state: State, text: str, *offered: Choice) -> Turn:
    return Turn(state, (Text(text, (*offered, MENU)),))
