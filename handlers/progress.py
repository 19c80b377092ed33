"""「進度」: what the programme requires of the school, what is done, what is missing and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.messages import Card, Choice, Text
from bot.store import deadline_marks, enrolments, records
from bot.store.access import Enrolment, Scope, scope_of
from handlers.choices import MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.facts.card import fill_buttons
from handlers.record.form import say_day
from handlers.record.sayings import NOT_MEMBER
from knowledge.facts.model import Fact
from knowledge.requirements.engine import Progress as Row
from knowledge.requirements.engine import State as Standing
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Requirements
from knowledge.schema import Base
from knowledge.spoken import letters
from scheduler.wording import say_period

MARKS = {Standing.MET: "✅ 已達", Standing.OPEN: "⏳ 尚可補", Standing.MISSED: "❗已逾", Standing.UPCOMING: "・未開始"}
WHICH = "要看哪一個學校、哪一個計畫的進度？"
NO_REQUIREMENTS = "「{programme}」的文件裡沒有可以逐次計算的要求。"
SUMMARY = "{met} 項已達、{open} 項尚可補、{missed} 項已逾（{today} 為止）"
ROW = "{mark}　{title}{period}{group}：{done}／{needed} {unit}"
UNTIL = "　最晚 {day}。{mend}"
LATE = "　{day} 已過。辦過的補記就算，沒辦的請洽計畫辦公室。{mend}"
MARKED = "✅ 已標示完成　{title}（還沒有紀錄，報表要列出來請補記）"
PLANNED = "，另有預定 {planned}"
REST = "未開始的 {count} 項之後再列。"
MET_REST = "✅ 已達的還有：{titles}"
WAITS = "待確認　{titles}：要先知道「{fact}」才能算。{unsure}"
MAY_SPARE = "※ {titles}：填了「{fact}」才知道要不要做，先當作要。"
MOST_MET = 3
MOST_ASKED = 3
_WORDS = re.compile(
    r"(?:看|查|查詢|我要看|我想看|請問)?(?:我們|我|我們學校|本校)?的?(?:目前|現在|計畫)?的?"
    r"(?:進度|達成率|達成情形|完成度|辦理進度|還差多少|還缺什麼|還差什麼|還缺多少|還要做什麼|還有什麼沒做|欠什麼|還欠什麼"
    r"|還要辦幾次|還要辦幾場)(?:如何|怎樣|怎麼樣|表|呢|嗎|查詢)?[?。!~]*"
)


class Progress:
    """The capability."""

    prefix = "p"

    def __init__(self, base: Base) -> None:
        self._base = base
        self._requirements: Mapping[tuple[str, str], Requirements] = {
            edition: load_requirements(*edition) for edition in available()
        }

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """The progress that words ask for; None where they are about something else."""
        plain = re.sub(r"\s+", "", letters.fold(text))
        return await self.show(state, "", desk) if len(plain) <= 30 and _WORDS.fullmatch(plain) else None

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `p:`; None for what is none of ours."""
        verb, _, enrolment_id = rest.partition(":")
        return await self.show(state, enrolment_id, desk) if verb == "show" else None

    async def show(self, state: State, enrolment_id: str, desk: Desk) -> Turn:
        """The card of one school; where there are several, ask which."""
        scope = await scope_of(desk.tx, await desk.person())
        if enrolment_id:
            place = await enrolments.get(desk.tx, scope, enrolment_id)
            if place is None:
                return Turn(state, (Text(NOT_MEMBER, (MENU,)),))
            return await self._card(state, place, scope, desk)
        places = scope.writable
        if not places:
            return Turn(state, (Text(NOT_MEMBER, (MENU,)),))
        if len(places) == 1:
            return await self._card(state, places[0], scope, desk)
        picks = tuple(Choice(self._name(each), f"p:show:{each.id}") for each in places)
        return Turn(state, (Text(WHICH, (*picks, MENU)),))

    async def rows(self, place: Enrolment, scope: Scope, desk: Desk) -> tuple[Row, ...]:
        """Everything that is required of the school, and how far it is."""
        requirements = self._requirements.get((place.programme, place.edition))
        if requirements is None:
            return ()
        held = await records.counting(desk.tx, scope, place.id, desk.at)
        return progress(requirements, held, place.starts_on, place.ends_on, desk.local, place.facts)

    async def _card(self, state: State, place: Enrolment, scope: Scope, desk: Desk) -> Turn:
        rows = await self.rows(place, scope, desk)
        marks = (await deadline_marks.marked(desk.tx, [place.id])).get(place.id, frozenset())
        programme = self._base.programme(place.programme, place.edition)
        choices: tuple[Choice, ...] = (
            Choice("記錄", "r:new", aside=True),
            Choice("看紀錄", f"r:month:{desk.local.year}-{desk.local.month}", aside=True),
            Choice("匯出", "x:choose", aside=True),
            MENU,
        )
        asked = self._missing(place)
        if scope.may_manage(place):
            choices = (*fill_buttons(place.id, asked, place.facts, most=MOST_ASKED), *choices)
        if not rows and not asked:
            said = Text(NO_REQUIREMENTS.format(programme=programme.short_name), choices)
            return Turn(state, (said,))
        marked = [row for row in rows if row.key in marks and row.state is not Standing.MET]
        rest = [row for row in rows if row not in marked]
        text = "\n".join([*_lines(rest, marked, desk), *self._waiting(place, rest, asked)])
        sections = dict.fromkeys(section for row in rows if row.state is not Standing.UPCOMING for section in row.cite)
        source = f"依據：{programme.short_name}（{programme.year_label}）{'、'.join(sections)}"
        title = f"{place.school}・{programme.short_name}的進度"
        return Turn(state, (Card(title, text, source, _status(rest), choices),))

    def _missing(self, place: Enrolment) -> list[Fact]:
        """The facts that a duty depends on and nobody stated."""
        requirements = self._requirements.get((place.programme, place.edition))
        return [fact for fact in requirements.asked if fact.key not in place.facts] if requirements else []

    def _waiting(self, place: Enrolment, rows: Iterable[Row], asked: Iterable[Fact]) -> Iterator[str]:
        """What can't be counted, or need not be done perhaps, until a fact is known."""
        requirements = self._requirements.get((place.programme, place.edition))
        unmet = {row.key for row in rows if row.state is not Standing.MET}
        for fact in asked if requirements else ():
            assert requirements is not None
            counted = [item.title for item in requirements.items if item.share_of == fact.key]
            spared = [item.title for item in requirements.items if item.unless == fact.key and item.key in unmet]
            if counted:
                yield WAITS.format(titles="、".join(counted), fact=fact.title, unsure=fact.unsure)
            if spared:
                yield MAY_SPARE.format(titles="、".join(spared), fact=fact.title)

    def _name(self, place: Enrolment) -> str:
        programme = self._base.programme(place.programme, place.edition)
        return label(f"{place.school}・{programme.short_name}")


def _status(rows: Sequence[Row]) -> str:
    if any(row.state is Standing.MISSED for row in rows):
        return "有項目已逾期"
    return "還有要做的" if any(row.state is Standing.OPEN for row in rows) else "目前都達成"


def _lines(rows: Sequence[Row], marked: Sequence[Row], desk: Desk) -> Iterator[str]:
    """What is said of the rows. `marked`: those that have no record, but somebody said that they are done."""
    counts = {state: sum(row.state is state for row in rows) for state in Standing}
    yield SUMMARY.format(
        met=counts[Standing.MET] + len(marked),
        open=counts[Standing.OPEN],
        missed=counts[Standing.MISSED],
        today=say_day(desk.local.date()),
    )
    for state in (Standing.MISSED, Standing.OPEN):
        for row in sorted(_of(rows, state), key=lambda row: row.deadline):
            yield row_line(row)
            yield (LATE if state is Standing.MISSED else UNTIL).format(day=say_day(row.deadline), mend=row.mend)
    yield from (MARKED.format(title=row.title) for row in marked)
    met = list(_of(rows, Standing.MET))
    yield from (row_line(row) for row in met[:MOST_MET])
    if len(met) > MOST_MET:
        yield MET_REST.format(titles="、".join(dict.fromkeys(row.title for row in met[MOST_MET:])))
    if counts[Standing.UPCOMING]:
        yield REST.format(count=counts[Standing.UPCOMING])


def row_line(row: Row) -> str:
    """「⏳ 尚可補　社群會議（10 月）：0／1 次」"""
    group = f"「{row.group}」" if row.group else ""
    said = ROW.format(
        mark=MARKS[row.state],
        title=row.title,
        period=say_period(row.period),
        group=group,
        done=_number(row.done),
        needed=_number(row.needed),
        unit=row.unit,
    )
    return said + (PLANNED.format(planned=_number(row.planned)) if row.planned else "")


def _of(rows: Iterable[Row], state: Standing) -> Iterator[Row]:
    return (row for row in rows if row.state is state)


def _number(value: float) -> str:
    return f"{value:g}"
