"""Exports by chat: which school, which paper, which days; answered with a link that expires.

Buttons carry `x:choose`, or `x:of:<enrolment>:<what>:<period>` where what and period may be empty.
"""

from __future__ import annotations

import re
from functools import cache

from bot.messages import Choice, Text
from bot.store import enrolments, file_links, people, records
from bot.store.access import Enrolment, Scope, scope_of
from bot.store.stored_record import StoredRecord
from handlers.choices import LONGEST_LABEL, MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.export_words import RECORDS, REPORT, WHATS, Asked, read, resolve, said_period
from knowledge.answering.normalise import squash
from knowledge.forms.loader import load_forms
from knowledge.forms.model import Form, Forms
from knowledge.requirements.periods import TOTAL, Period
from knowledge.schema import Base, Programme

NAME = "export"
RECORDS_LABEL = "紀錄總表 Excel"
MOST_LISTED = 8
SHORTEST = 2
"""Characters of a part of a school's name."""
NO_SCHOOL = "您還沒有加入學校，所以沒有紀錄可以匯出。請向貴校召集人要邀請碼，再把「加入」和邀請碼傳給我。"
WHICH_SCHOOL = "要匯出哪一所學校的？"
TOO_MANY = "您看得到 {count} 所學校。請加上學校名稱再說一次，例如「匯出 ○○高中」。"
WHICH = "要匯出{school}（{programme}）的哪一份？{days}"
DAYS = "期間是{period}。"
NO_SUCH_DAYS = "計畫期程裡沒有您說的那段期間，這個計畫是從 {first} 到 {last}。"
NO_SUCH_PAPER = "{programme}的文件裡沒有這種紀錄表，可以匯出的是："
NOTHING = "{school}{period}沒有可以放進「{paper}」的紀錄，所以沒有產生檔案。"
HERE = "{school}{period}的「{paper}」好了{count}。7 天內都可以下載，請不要轉傳給不相關的人：\n{url}"
COUNT = "，共 {count} 筆"
_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
_PERIOD = re.compile(r"|[tl][ms]|m(?:1[0-2]|[1-9])|s[12]|\d{3}(?:-[12])?|\d{4}-\d\d")


class Export:
    """The capability as a whole. `address`: the root of our own pages, for links to files."""

    prefix = "x"

    def __init__(self, base: Base, address: str) -> None:
        self._base = base
        self._address = address

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What the words ask for; None where they are about something else."""
        asked = read(text)
        if asked is None:
            return None
        scope = await self._scope(desk)
        if asked.school:
            places = await _named(desk, scope, asked.school)
            return await self._among(state, places, asked, scope, desk) if places else None
        places = list(scope.writable) or await enrolments.visible(desk.tx, scope)
        return await self._among(state, places, asked, scope, desk)

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `x:`; None for what is none of ours."""
        verb, *parts = rest.split(":")
        if verb == "choose":
            return await self.wanted(state, "匯出", desk)
        if verb != "of" or len(parts) != 3:
            return None
        place_id, what, period = parts
        if not _ID.fullmatch(place_id) or what not in ("", *WHATS) or not _PERIOD.fullmatch(period):
            return None
        scope = await self._scope(desk)
        place = await enrolments.get(desk.tx, scope, place_id)
        if place is None:
            return _say(state, NO_SCHOOL)
        return await self._for(state, place, Asked(what, period), scope, desk)

    async def _scope(self, desk: Desk) -> Scope:
        """What the person may see; somebody of whom nothing is kept yet may see nothing, and stays so."""
        person = await people.find(desk.tx, desk.conversation_id)
        return Scope("") if person is None else await scope_of(desk.tx, person)

    async def _among(self, state: State, places: list[Enrolment], asked: Asked, scope: Scope, desk: Desk) -> Turn:
        if not places:
            return _say(state, NO_SCHOOL)
        if len(places) == 1:
            return await self._for(state, places[0], asked, scope, desk)
        if len(places) > MOST_LISTED:
            return _say(state, TOO_MANY.format(count=len(places)))
        picks = (Choice(self._label(each), f"x:of:{each.id}:{asked.what}:{asked.period}") for each in places)
        return _say(state, WHICH_SCHOOL, *picks)

    async def _for(self, state: State, place: Enrolment, asked: Asked, scope: Scope, desk: Desk) -> Turn:
        programme = self._base.programme(place.programme, place.edition)
        days = resolve(asked.period, place.starts_on, place.ends_on, desk.local.date())
        if days is None:
            return _say(state, NO_SUCH_DAYS.format(first=_day(place.starts_on), last=_day(place.ends_on)))
        forms = _forms(place.programme, place.edition)
        offered = _papers(forms, place, asked.period)
        if not asked.what:
            said = "" if days.label == TOTAL else DAYS.format(period=said_period(days.label))
            return _say(state, WHICH.format(school=place.school, programme=programme.short_name, days=said), *offered)
        form = forms.form(asked.what)
        if form is None and asked.what != RECORDS:
            return _say(state, NO_SUCH_PAPER.format(programme=programme.short_name), *offered)
        return await self._link(state, place, asked, days, form, scope, desk)

    async def _link(
        self, state: State, place: Enrolment, asked: Asked, days: Period, form: Form | None, scope: Scope, desk: Desk
    ) -> Turn:
        found = [each for each in await records.list_all(desk.tx, scope, place.id) if _is_in(each, days, form)]
        offered = _papers(_forms(place.programme, place.edition), place, asked.period)
        others = [each for each in offered if each.action.split(":")[3] != asked.what]
        said = {"school": place.school, "paper": form.title if form else RECORDS_LABEL.split(" ")[0]}
        said["period"] = "" if days.label == TOTAL else f" {said_period(days.label)}"
        if not found and asked.what != REPORT:
            return _say(state, NOTHING.format(**said), *others)
        data = {
            "enrolment": place.id,
            "what": asked.what,
            "first": days.first.isoformat(),
            "last": days.last.isoformat(),
            "whole": days.label == TOTAL,
        }
        token = await file_links.make(desk.tx, scope.person, NAME, data, desk.at)
        count = "" if asked.what == REPORT else COUNT.format(count=len(found))
        return _say(state, HERE.format(url=f"{self._address}/files/{token}", count=count, **said), *others)

    def _label(self, place: Enrolment) -> str:
        """School and programme, as much as a button shows of both."""
        programme: Programme = self._base.programme(place.programme, place.edition)
        room = max(LONGEST_LABEL - len(programme.short_name) - 1, 6)
        school = place.school if len(place.school) <= room else f"{place.school[: room - 1]}…"
        return label(f"{school} {programme.short_name}")


async def _named(desk: Desk, scope: Scope, words: str) -> list[Enrolment]:
    """The enrolments of schools whose name holds these words, or is held by them; of all that the person may see."""
    seen = await enrolments.visible(desk.tx, scope)
    found = [(squash(each.school), each) for each in seen]
    exact = [each for name, each in found if name == words]
    near = [each for name, each in found if words in name or name in words] if len(words) >= SHORTEST else []
    return exact or near


def _papers(forms: Forms, place: Enrolment, period: str) -> list[Choice]:
    named = [(RECORDS, RECORDS_LABEL), *((form.what.value, f"{form.short} Word") for form in forms.forms)]
    return [Choice(label(said), f"x:of:{place.id}:{what}:{period}") for what, said in named]


def _is_in(record: StoredRecord, days: Period, form: Form | None) -> bool:
    wanted = days.label == TOTAL or days.first <= record.day <= days.last
    return wanted and (form is None or form.chosen.fits(record.as_record()))


@cache
def _forms(slug: str, edition: str) -> Forms:
    return load_forms(slug, edition)


def _day(day: object) -> str:
    return f"{day:%Y/%m/%d}"


def _say(state: State, text: str, *offered: Choice) -> Turn:
    return Turn(state, (Text(text, (*offered, MENU)),))
