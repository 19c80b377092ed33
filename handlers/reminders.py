"""Deadlines and reminders by chat: 「我的期限」, 「提醒設定」, and the buttons under a reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.messages import Card, Choice, Message, Text
from bot.store import deadline_marks, people, preferences, reminders
from bot.store.access import Enrolment, Scope, scope_of
from bot.store.reminders import Stored
from handlers import choices
from handlers.choices import MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.facts.card import fill_buttons
from handlers.reminder_settings import Settings
from handlers.reminder_words import Wish, read
from knowledge.deadlines.engine import Due
from knowledge.deadlines.engine import State as Standing
from knowledge.facts.loader import load_sheet
from knowledge.requirements.engine import Progress
from knowledge.schema import Base
from knowledge.spoken import letters
from scheduler import digest, matters, wording
from scheduler.due import next_workday
from scheduler.matters import DEADLINE, Matter, Status
from scheduler.reconcile import moment

TITLE = "我的期限"
NONE_LEFT = "目前沒有還沒到的期限。"
NEEDS = "・{title}：待確認，要先知道「{facts}」才能算"
GONE = "這則提醒已經過時，或不是給您的。請打「我的期限」看最新的。"
NO_REMINDER = "最近沒有提醒過您什麼。請打「我的期限」看全部。"
WHICH = "是哪一項？"
DONE = "好，記下已完成：{titles}。之後不再提醒。"
NOT_DONE = "好，改回還沒完成：{title}。會照期限提醒。"
NOT_ALLOWED = "您不能改這一項，請由貴校召集人處理。"
SNOOZED = "好，{day}{time} 再提醒您：{titles}。期限不變。"
MUTED = "好，不再提醒您：{titles}。期限仍在，打「我的期限」和「進度」看得到；要恢復請按「恢復提醒」。"
AGAIN = "{rows}以後每個月或每學期的也不提醒。"
STAFF = "計畫辦公室和管理者沒有自己要辦的期限；學校過了期限仍沒有完成，會通知計畫辦公室一次。"
STRANGER = "期限跟著學校走，請先用邀請碼加入學校，例如「加入 ABCD-EFGH-JKMN」；邀請碼請向貴校召集人或計畫辦公室索取。"
RECORD_INSTEAD = "這一項要有紀錄才算完成：直接打一行，例如「11/18 14:00-16:00 社群會議」，或按「記錄」。"
NOTHING_TO_DO = "「{titles}」只是要記得的日期，沒有要交的東西，不用標示完成。"
MOST_BUTTONS = 6
MOST_ASKED = 3
SEEN_DAYS = 60
"""So long a deadline that went by is still listed."""
RECORD = Choice("記錄", "r:new")


@dataclass(frozen=True, slots=True)
class _Around:
    """What one person's schools are about now."""

    scope: Scope
    places: Sequence[Enrolment]
    found: Mapping[str, Sequence[Matter]]

    def matter(self, row: Stored) -> Matter | None:
        """What a reminder is about; None where it is over or no longer the person's."""
        same = (row.key.subject, row.key.revision)
        return next((m for m in self.found.get(row.key.enrolment, ()) if (m.subject, m.revision) == same), None)


class Reminders:
    """The capability."""

    prefix = "d"

    def __init__(self, base: Base) -> None:
        self._base = base
        self._settings = Settings(base)

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words about reminders ask for; None where they are about something else."""
        if turn := await self._settings.wanted(state, text, desk):
            return turn
        found = read(text)
        if found is None:
            return None
        wish, about = found
        if wish is Wish.LIST and "我" in text:
            return await self._list(state, desk)
        person = await people.find(desk.tx, desk.conversation_id)
        if person is None:
            return None
        if wish is Wish.LIST:
            return await self._list(state, desk) if (await scope_of(desk.tx, person)).writable else None
        return await self._last(state, wish, about, desk)

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `d:`; None for what is none of ours."""
        verb, *given = rest.split(":")
        match verb, given:
            case "list", []:
                return await self._list(state, desk)
            case (("set" | "days" | "hour" | "pause" | "resume" | "default"), _):
                return await self._settings.act(state, verb, given, desk)
            case (("mark" | "unmark"), [place, key]):
                return await self._mark(state, place, key, desk, done=verb == "mark")
            case (("done" | "morning" | "workday" | "mute"), [number, *every]) if (
                number.isdecimal() and len(number) < 16
            ):
                row = await reminders.own(desk.tx, await desk.person(), int(number))
                if row is None:
                    return Turn(state, (Text(GONE, (digest.LIST, MENU)),))
                return await self._do(state, Wish(verb), await self._with(row, every, desk), desk)
        return None

    async def _with(self, row: Stored, every: Sequence[str], desk: Desk) -> list[Stored]:
        """The reminder alone, or with all that its message told."""
        if every != ["all"] or not row.outbox_id:
            return [row]
        return await reminders.of_message(desk.tx, row.key.person, row.outbox_id)

    async def _last(self, state: State, wish: Wish, about: str, desk: Desk) -> Turn | None:
        """「完成」 and the like, typed: they mean what was told last."""
        rows = await reminders.told_last(desk.tx, await desk.person())
        around = await self._around(desk, {row.key.enrolment for row in rows})
        live = [
            (row, m)
            for row in rows
            if (m := around.matter(row)) and m.status is Status.OPEN and about in letters.fold(digest.title(m))
        ]
        if not live:
            if about or not (rows or around.scope.writable):
                return None
            return Turn(state, (Text(NO_REMINDER, (digest.LIST, MENU)),))
        if wish is Wish.DONE:
            live = [each for each in live if not _is_only_a_day(each[1])] or live
        if wish is not Wish.DONE or len(live) == 1:
            return await self._do(state, wish, [row for row, _ in live], desk)
        places = [m.place for _, m in live]
        picks = [
            Choice(
                digest.done_label(digest.title(m), wording.told_apart(self._base, m.place, places)), f"d:done:{row.id}"
            )
            for row, m in live
        ]
        return Turn(state, (Text(WHICH, (*picks, MENU)),))

    async def _do(self, state: State, wish: Wish, rows: Sequence[Stored], desk: Desk) -> Turn:
        around = await self._around(desk, {row.key.enrolment for row in rows})
        known = [(row, matter) for row in rows if (matter := around.matter(row)) is not None]
        if not known:
            return Turn(state, (Text(GONE, (digest.LIST, MENU)),))
        titles = "、".join(dict.fromkeys(digest.title(matter) for _, matter in known))
        match wish:
            case Wish.DONE:
                return await self._done(state, known, around.scope, desk)
            case Wish.MUTE:
                for row, matter in known:
                    place, subject = matter.place.id, row.key.subject
                    await preferences.set_wish(
                        desk.tx, row.key.person, desk.at, place=place, subject=subject, muted=True
                    )
                again = Choice("恢復提醒", "d:resume")
                return Turn(state, (Text(_muted(known, titles), (again, digest.LIST)),))
        wishes = await preferences.of_person(desk.tx, await desk.person())
        day = desk.local.date() + timedelta(days=1) if wish is Wish.MORNING else next_workday(desk.local.date())
        for row, _ in known:
            await reminders.again(desk.tx, row, day.isoformat(), moment(day, wishes.at_minute), desk.at)
        said = SNOOZED.format(day=wording.say_day(day), time=wording.say_minute(wishes.at_minute), titles=titles)
        return Turn(state, (Text(said, (digest.LIST, MENU)),))

    async def _done(self, state: State, known: Sequence[tuple[Stored, Matter]], scope: Scope, desk: Desk) -> Turn:
        work = [(row, matter) for row, matter in known if not _is_only_a_day(matter)]
        if not work:
            days = "、".join(dict.fromkeys(digest.title(matter) for _, matter in known))
            return Turn(state, (Text(NOTHING_TO_DO.format(titles=days), (digest.LIST, MENU)),))
        titles = []
        for row, matter in work:
            if not isinstance(matter.what, Due):
                return Turn(state, (Text(RECORD_INSTEAD, (RECORD, MENU)),))
            key, place = matter.what.key, matter.place.id
            if not await deadline_marks.mark(desk.tx, scope, place, key, matter.what.due, desk.at):
                return Turn(state, (Text(NOT_ALLOWED, (digest.LIST, MENU)),))
            await reminders.settled(desk.tx, place, row.key.subject, desk.at)
            titles.append(matter.what.title)
        last = work[-1][1]
        back = Choice("還沒完成", f"d:unmark:{last.place.id}:{last.subject.partition(':')[2]}", aside=True)
        return Turn(state, (Text(DONE.format(titles="、".join(titles)), (back, digest.LIST, MENU)),))

    async def _mark(self, state: State, place: str, key: str, desk: Desk, *, done: bool) -> Turn:
        around = await self._around(desk, {place})
        subject = f"{DEADLINE}:{key}"
        matter = next((each for each in around.found.get(place, ()) if each.subject == subject), None)
        if matter is None or not isinstance(matter.what, Due):
            return Turn(state, (Text(GONE, (digest.LIST, MENU)),))
        if done:
            may = await deadline_marks.mark(desk.tx, around.scope, place, key, matter.what.due, desk.at)
            await reminders.settled(desk.tx, place, subject, desk.at)
        else:
            may = await deadline_marks.unmark(desk.tx, around.scope, place, key)
        if not may:
            return Turn(state, (Text(NOT_ALLOWED, (digest.LIST, MENU)),))
        title = matter.what.title
        other = Choice("還沒完成", f"d:unmark:{place}:{key}", aside=True)
        said = Text(DONE.format(titles=title), (other, digest.LIST, MENU))
        return Turn(state, (said if done else Text(NOT_DONE.format(title=title), (digest.LIST, MENU)),))

    async def _list(self, state: State, desk: Desk) -> Turn:
        around = await self._around(desk, None)
        if not around.places:
            return Turn(state, (Text(STAFF if around.scope.memberships else STRANGER, (MENU,)),))
        cards = [self._card(place, around, desk) for place in around.places]
        last = replace(cards[-1], choices=(*cards[-1].choices, digest.SETTINGS, MENU))
        messages: tuple[Message, ...] = (*cards[:-1], last)
        return Turn(state, messages)

    def _card(self, place: Enrolment, around: _Around, desk: Desk) -> Card:
        """The deadlines of one school; where it is not the person's only one, it is named in the text and buttons."""
        may, apart = around.scope.may_manage(place), wording.told_apart(self._base, place, around.places)
        found = around.found.get(place.id, ())
        dues = [each.what for each in found if isinstance(each.what, Due) and _is_listed(each.what, desk.local.date())]
        told = sorted(
            (each for each in dues if each.end), key=lambda each: (each.state is Standing.DONE, str(each.end))
        )
        lines = [f"・{wording.of_due(each, desk.local, _facts(place, each))}" for each in told]
        waiting = [each for each in dues if each.end is None]
        lines += [NEEDS.format(title=each.title, facts="、".join(_facts(place, each))) for each in waiting]
        open_ones = [each for each in told if each.state not in (Standing.DONE, Standing.PASSED)]
        work = [each for each in open_ones if digest.asks_for_work(each)]
        buttons = [Choice(digest.done_label(each.title, apart), f"d:mark:{place.id}:{each.key}") for each in work]
        sections = tuple(dict.fromkeys(section for each in (*told, *waiting) for section in each.cite))
        late = any(each.state is Standing.OVERDUE for each in told)
        name = wording.place_name(self._base, place)
        return Card(
            TITLE if apart else f"{TITLE}｜{name}",
            "\n".join([*([f"【{name}】"] if apart else []), *(lines or [NONE_LEFT])]),
            wording.source(self._base, place, sections),
            digest.OVERDUE if late else "",
            (*buttons[:MOST_BUTTONS], *(_fill(place, dues, apart) if may else ())),
        )

    async def _around(self, desk: Desk, wanted: set[str] | None) -> _Around:
        """The person's schools, those of `wanted` where given, and what concerns them."""
        scope = await scope_of(desk.tx, await desk.person())
        places = [place for place in scope.writable if wanted is None or place.id in wanted]
        ids = [place.id for place in places] if wanted is None else [*wanted]
        seen = [each for each in ids if await _may_see(desk, scope, each)]
        return _Around(scope, places, await matters.of(desk.tx, seen, desk.now))


def _muted(known: Sequence[tuple[Stored, Matter]], titles: str) -> str:
    """What is said of things muted: of what comes again every month or semester, that all of it is."""
    again = dict.fromkeys(m.what.title for _, m in known if isinstance(m.what, Progress) and m.what.period != "total")
    rows = AGAIN.format(rows="".join(f"「{each}」" for each in again)) if again else ""
    return MUTED.format(titles=titles) + rows


def _is_only_a_day(matter: Matter) -> bool:
    return isinstance(matter.what, Due) and not digest.asks_for_work(matter.what)


async def _may_see(desk: Desk, scope: Scope, enrolment_id: str) -> bool:
    return scope.may_write(enrolment_id) or await matters.is_visible(desk.tx, scope, enrolment_id)


def _is_listed(due: Due, today: date) -> bool:
    if due.state is Standing.PASSED:
        return False
    return due.state is not Standing.DONE or due.end is None or due.end.date() >= today - timedelta(days=SEEN_DAYS)


def _fill(place: Enrolment, dues: Sequence[Due], apart: str) -> tuple[Choice, ...]:
    """Buttons that open the form at what dates wait for. `apart`: what tells the place from the person's others."""
    needed = {fact for each in dues if each.due is None for fact in each.needs}
    sheet = load_sheet(place.programme, place.edition)
    wanted = (each for each in sheet.facts if each.key in needed)
    found = fill_buttons(place.id, wanted, place.facts, most=MOST_ASKED)
    return tuple(replace(each, label=label(f"{apart}{each.label}")) for each in found)


def _facts(place: Enrolment, due: Due) -> list[str]:
    return matters.fact_titles(place.programme, place.edition, due.needs)


def after_push(state: Mapping[str, Any], messages: Sequence[Message]) -> dict[str, Any]:
    """The state of a dialogue after a message that answers nothing: its numbers and labels can be typed from now on."""
    shown = choices.remember(replace(State.load(state), on_screen=""), messages)
    return shown.dump()
