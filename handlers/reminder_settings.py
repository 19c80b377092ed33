"""「提醒設定」: days ahead, the hour, a pause; for all, or for one programme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.messages import Card, Choice, Text
from bot.store import preferences
from bot.store.access import Enrolment, scope_of
from bot.store.preferences import MOST_OFFSETS, OFFSETS, Preference, Wishes
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.answering.normalise import squash
from knowledge.schema import Base
from knowledge.spoken import letters
from scheduler import matters
from scheduler.wording import say_minute

TITLE = "提醒設定"
SHOWN = (
    "提前：{days}\n時間：{time}（那一天的事合成一則）\n安靜時段：{quiet}，這段時間不傳\n"
    "要改就打「提前 10、3、0 天提醒」或「提醒時間 08:30」；"
    "只改一個計畫或一項期限，前面加上名稱，例如「成果報告提前 5 天提醒」。"
)
PAUSED = "您已暫停所有提醒。\n"
APART = "另外設定的：{each}"
MUTED = "靜音的：{each}（要恢復請打「恢復提醒」）"
OTHER = "已不在名單上的學校"
SAVED = "好，已改好。"
ONLY = "好，「{about}」改成：{days}提醒。其他的照下面的："
RESUMED = "好，已恢復提醒，靜音的也恢復了。"
PAUSE_NOW = "好，先不提醒您，期限仍在，打「我的期限」看得到。要恢復請打「恢復提醒」。"
BACK = "好，已改回預設。"
BAD_DAYS = f"提前的天數請給 0 到 365，最多 {MOST_OFFSETS} 個。"
BAD_TIME = "時間要在 00:00 到 23:59 之間，請像「提醒時間 08:30」這樣打。"
QUIET_TIME = "這個時間在安靜時段（{quiet}）裡，請換一個。"
FEW = (7, 1, 0)
PRESETS = {"few": FEW, "default": OFFSETS}
HOURS = ("08:00", "09:00", "16:00")
_OPEN = re.compile(r"(?:我的|改|更改|修改|變更)?提醒(?:的)?設定[。!~]*")
_PAUSE = re.compile(r"(?:暫停|停止|關閉|關掉|取消)(?:所有|全部)?(?:的)?提醒[。!~]*")
_RESUME = re.compile(r"(?:恢復|開啟|打開|重新開始|繼續)(?:所有|全部)?(?:的)?提醒[。!~]*")
_TIME = re.compile(r"提醒時間(?:改成|改為|設為|是|:|：)?(?P<hour>\d{1,2})(?:[:：點](?P<minute>\d{1,2})?分?)?[。!~]*")
_DAYS = re.compile(
    r"(?P<about>.{2,24}?)?提前(?P<days>\d{1,4}(?:天?[、,，和]\d{1,4})*)天?(?:前)?(?:再)?提醒(?:我)?[。!~]*"
)


class Settings:
    """What a person wants of reminders. `base`: names of programmes."""

    def __init__(self, base: Base) -> None:
        self._programmes = base.programmes
        self._names = {
            squash(name): each.slug for each in base.programmes for name in (*each.names, each.short_name, each.slug)
        }

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words about settings ask for; None where they are about something else."""
        plain = re.sub(r"\s+", "", letters.fold(text)).lower()
        if _OPEN.fullmatch(plain):
            return await self._show(state, desk)
        if _PAUSE.fullmatch(plain):
            return await self.act(state, "pause", (), desk)
        if _RESUME.fullmatch(plain):
            return await self.act(state, "resume", (), desk)
        if found := _TIME.fullmatch(plain):
            return await self._hour(state, f"{found['hour']}:{found['minute'] or '00'}", desk)
        if found := _DAYS.fullmatch(plain):
            days = [int(day) for day in re.findall(r"\d+", found["days"])]
            return await self._days(state, days, found["about"] or "", desk)
        return None

    async def act(self, state: State, verb: str, given: Sequence[str], desk: Desk) -> Turn | None:
        """What a button carries: `set`, `days:few`, `hour:0800`, `pause`, `resume`, `default`."""
        match verb, [*given]:
            case "set", []:
                return await self._show(state, desk)
            case "days", [name] if name in PRESETS:
                return await self._days(state, PRESETS[name], "", desk)
            case "hour", [clock] if len(clock) == 4 and clock.isdecimal():
                return await self._hour(state, f"{clock[:2]}:{clock[2:]}", desk)
            case "pause", []:
                await preferences.set_wish(desk.tx, await desk.person(), desk.at, muted=True)
                return await self._show(state, desk, PAUSE_NOW)
            case "resume", []:
                await preferences.unmute(desk.tx, await desk.person(), desk.at)
                return await self._show(state, desk, RESUMED)
            case "default", []:
                await preferences.clear(desk.tx, await desk.person())
                return await self._show(state, desk, BACK)
        return None

    async def _days(self, state: State, days: Sequence[int], about: str, desk: Desk) -> Turn | None:
        """Change how far ahead; `about` names a programme or a deadline of the person's, else it was no such wish."""
        person = await desk.person()
        place, subject = await self._about(about, person, desk) if about else ("", "")
        if about and not place and not subject:
            return None
        try:
            await preferences.set_wish(desk.tx, person, desk.at, place=place, subject=subject, offsets=tuple(days))
        except ValueError:
            return Turn(state, (Text(BAD_DAYS, (MENU,)),))
        said = SAVED if not about else ONLY.format(about=about, days=_say_days(sorted(set(days), reverse=True)))
        return await self._show(state, desk, said)

    async def _about(self, about: str, person: str, desk: Desk) -> tuple[str, str]:
        """Place and subject that are named; empty where nothing of the person's is."""
        places = (await scope_of(desk.tx, person)).writable
        slug = self._names.get(squash(about), "")
        if any(each.programme == slug for each in places):
            return slug, ""
        wanted = squash(about)
        for each in places:
            for key, title in matters.deadline_titles(each.programme, each.edition).items():
                if squash(title) == wanted:
                    return each.programme, f"{matters.DEADLINE}:{key}"
        return "", ""

    async def _hour(self, state: State, clock: str, desk: Desk) -> Turn:
        hour, minute = map(int, clock.split(":"))
        if hour > 23 or minute > 59:
            return Turn(state, (Text(BAD_TIME, (MENU,)),))
        person = await desk.person()
        wishes = await preferences.of_person(desk.tx, person)
        if wishes.is_quiet(hour * 60 + minute):
            return Turn(state, (Text(QUIET_TIME.format(quiet=_quiet(wishes)), (MENU,)),))
        await preferences.set_wish(desk.tx, person, desk.at, at_minute=hour * 60 + minute)
        return await self._show(state, desk, SAVED)

    async def _show(self, state: State, desk: Desk, first: str = "") -> Turn:
        wishes = await preferences.of_person(desk.tx, await desk.person())
        days, _ = wishes.offsets("", "", "")
        said = SHOWN.format(days=_say_days(days), time=say_minute(wishes.at_minute), quiet=_quiet(wishes))
        said = (PAUSED if wishes.is_paused else "") + said
        special = self._special(wishes, (await scope_of(desk.tx, await desk.person())).writable)
        pause = Choice("恢復提醒", "d:resume") if wishes.is_paused else Choice("暫停提醒", "d:pause")
        buttons = (
            Choice("少一點（7、1、0 天）", "d:days:few"),
            *(Choice(f"改成 {clock}", f"d:hour:{clock.replace(':', '')}") for clock in HOURS),
            pause,
            Choice("全部改回預設", "d:default"),
        )
        asides = (Choice("我的期限", "d:list", aside=True), MENU)
        return Turn(
            state,
            (*((Text(first),) if first else ()), Card(TITLE, "\n".join((said, *special)), choices=(*buttons, *asides))),
        )

    def _special(self, wishes: Wishes, places: Sequence[Enrolment]) -> Iterator[str]:
        """What is wanted of one programme, school or duty alone."""
        narrow = [each for each in wishes.of if each.place or each.subject]
        days = [(self._called(each, places), each.offsets) for each in narrow if each.offsets is not None]
        if days:
            yield APART.format(each="；".join(f"{name} {_say_days(offsets)}" for name, offsets in days))
        if muted := [self._called(each, places) for each in narrow if each.muted]:
            yield MUTED.format(each="、".join(muted))

    def _called(self, wish: Preference, places: Sequence[Enrolment]) -> str:
        """「成果報告」, 「教師社群活動（示範高中）」: what a wish is about."""
        own = [each for each in places if wish.place in (each.id, each.programme, "")]
        names = (matters.subject_title(each.programme, each.edition, wish.subject) for each in own)
        title = next((name for name in names if name), "")
        school = next((each.school for each in own if each.id == wish.place), "")
        if school:
            return f"「{title}（{school}）」" if title else f"「{school}」"
        programme = next((each for each in self._programmes if each.slug == wish.place), None)
        return f"「{title or (programme.short_name if programme else OTHER)}」"


def _say_days(days: Sequence[int]) -> str:
    if not days:
        return "不提前提醒"
    return "、".join("當天" if day == 0 else f"{day} 天" for day in days)


def _quiet(wishes: Wishes) -> str:
    start, end = wishes.quiet
    return f"{say_minute(start)}–{say_minute(end)}"
