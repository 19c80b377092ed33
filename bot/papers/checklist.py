"""An eligibility result on one page, to hand to the principal: answers, rules, amounts, what is open, signatures.

However much there is to say, it is one page: the letters grow smaller only so far as they can still be read, then
what passes is told together, then what is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import regex

from bot.papers.sheet import HEIGHT, Block, Cell, Grid, Line, draw, height, printable
from handlers.checklist import phrases
from knowledge.deadlines.engine import Due
from knowledge.eligibility.engine import Facts, Finding, Result, State, check
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.whatif import STATE_WORDS
from knowledge.schema import Base, Programme

FOOTNOTE = "本表由學伴依公告文件整理，正式規定以公文為準。"
LONGEST_SCHOOL = 40
"""Letters of a school's name; no school has more."""
SIGNATURES = ("承辦人", "主任", "校長")
_NUMERALS = "一二三四五六"
_NO_NAMES: Mapping[str, Question] = MappingProxyType({})


@dataclass(frozen=True)
class _Plan:
    size: float
    cautions: bool = True
    """Whether rules that pass are told with what the source leaves open."""
    passing: bool = True
    """Whether each rule that passes has its own row."""
    notes: bool = True
    """Whether deadlines are told with what must be known beside the date."""
    unknown: bool = True
    """Whether each rule that is open has its own row; the questions behind it are told all the same."""
    opened: bool = True
    """Whether those questions are told with how to find out."""


PLANS = (
    *(_Plan(size) for size in (11, 10.5, 10, 9.5)),
    *(_Plan(size, cautions=False) for size in (10, 9.5, 9)),
    *(_Plan(size, cautions=False, notes=False) for size in (9.5, 9, 8.5)),
    *(_Plan(size, cautions=False, passing=False) for size in (9.5, 9)),
    *(_Plan(size, cautions=False, passing=False, notes=False) for size in (9.5, 9)),
    *(_Plan(size, cautions=False, passing=False, unknown=False) for size in (10, 9.5, 9)),
    *(_Plan(size, cautions=False, passing=False, notes=False, unknown=False) for size in (9.5, 9, 8.5)),
    *(_Plan(size, False, False, False, False, False) for size in (9, 8.5, 8, 7.5, 7)),
)
"""What is tried, in this order, until it fits."""


def checklist_paper(
    base: Base,
    checklist: Checklist,
    facts: Facts,
    unsure: frozenset[str],
    dues: Sequence[Due],
    now: datetime,
    school: str = "",
    *,
    due_facts: Mapping[str, Question] = _NO_NAMES,
) -> bytes:
    """The result as a Word file of one A4 page.

    Args:
        unsure: questions that were answered with 「不確定」.
        dues: the deadlines that follow.
        now: aware, or wall time in Taipei; the day of the check.
        school: as a person typed it; nothing but text, whatever is in it.
        due_facts: the facts that dates depend on, `Deadlines.by_fact`.
    """
    programme = base.programme(checklist.programme, checklist.edition)
    result = check(checklist, facts)
    moment = phrases.local(now)
    content = _Content(programme, checklist, facts, unsure, tuple(dues), due_facts, result, moment.date(), school)
    plan, blocks = _fitting(content)
    title = f"{programme.short_name}（{programme.year_label}）申請條件檢核表"
    return draw(blocks, plan.size, title, moment)


def _fitting(content: _Content) -> tuple[_Plan, list[Block]]:
    """The most readable plan that fits on the page; the last one where none does."""
    for plan in PLANS:
        blocks = list(content.blocks(plan))
        if height(blocks, plan.size) <= HEIGHT:
            break
    return plan, blocks


@dataclass(frozen=True)
class _Content:
    programme: Programme
    checklist: Checklist
    facts: Facts
    unsure: frozenset[str]
    dues: tuple[Due, ...]
    due_facts: Mapping[str, Question]
    result: Result
    today: date
    school: str

    def blocks(self, plan: _Plan) -> Iterator[Block]:
        """Everything on the page, from top to bottom."""
        yield from self._head()
        number = iter(_NUMERALS)
        for title, grid in self._parts(plan):
            yield Line(f"{next(number)}、{title}", bold=True, above=5)
            yield grid
        for told in self.result.priorities:
            yield Line(phrases.told_line(told, phrases.cited(told.cite)), above=2)
        yield Line("", scale=0.4)
        yield _signatures()
        day = _roc(self.today)
        yield Line(f"{FOOTNOTE}依據文件：{self.programme.source}。製表日期：{day}。", scale=0.85, above=3)

    def _head(self) -> Iterator[Block]:
        yield Line(f"{self.programme.name}申請條件檢核表", bold=True, centred=True, scale=1.35)
        parts = [self.programme.year_label]
        name = _clipped(" ".join(printable(self.school).split()))
        parts += [f"學校：{name}"] if name else []
        parts.append(f"檢核日期：{_roc(self.today)}")
        yield Line("　".join(parts), centred=True)
        yield Line("", scale=0.3)
        verdict = f"檢核結果　{phrases.conclusion(self.result)}"
        note = phrases.too_late(self.programme, self.dues, self.today)
        rows = [(Cell(verdict, bold=True, shaded=True),), *([(Cell(f"注意：{note}"),)] if note else [])]
        yield Grid((1,), tuple(rows))

    def _parts(self, plan: _Plan) -> Iterator[tuple[str, Grid]]:
        answers = self._answers()
        if answers.rows:
            yield "填答內容", answers
        yield "逐條檢核", self._rules(plan)
        if self.result.sums:
            yield "金額與數量", self._sums()
        opened = self._open(plan)
        if opened is not None:
            yield "待確認事項", opened
        told = self._deadlines(plan)
        if told.rows[1:]:
            yield "期限", told

    def _answers(self) -> Grid:
        """Two pairs a row; a long answer has a row of its own."""
        rows: list[tuple[Cell, ...]] = []
        waiting: tuple[Cell, ...] = ()
        for question, answer in phrases.given(self.checklist, self.facts):
            if len(answer) > 24:
                rows.append((Cell(question.title, shaded=True), Cell(answer, span=3)))
                continue
            waiting += (Cell(question.title, shaded=True), Cell(answer))
            if len(waiting) == 4:
                rows.append(waiting)
                waiting = ()
        if waiting:
            rows.append((waiting[0], Cell(waiting[1].text, span=3)))
        return Grid((20, 30, 20, 30), tuple(rows))

    def _rules(self, plan: _Plan) -> Grid:
        rows = [_header("結果", "條件", "說明", "依據")]
        apart = {State.FAIL: True, State.UNKNOWN: plan.unknown, State.PASS: plan.passing, State.NOT_APPLICABLE: False}
        for state, each_alone in apart.items():
            found = phrases.of_state(self.result, state)
            if found and each_alone:
                rows += [self._rule(finding, plan) for finding in found]
            elif found:
                rows.append(_together(state, found))
        return Grid((10, 22, 48, 20), tuple(rows), header=True)

    def _rule(self, finding: Finding, plan: _Plan) -> tuple[Cell, ...]:
        failing = finding.state is State.FAIL
        text = finding.text
        if finding.state is State.PASS and not plan.cautions:
            text = phrases.without_caution(self.checklist, finding)
        mend = phrases.advice(self.checklist, self.facts, finding)
        words = text.removeprefix(f"{finding.title}：") + (f"改正：{mend}" if mend else "")
        state = Cell(STATE_WORDS[finding.state], bold=failing)
        return state, Cell(finding.title, bold=failing), Cell(words), Cell("、".join(finding.cite))

    def _sums(self) -> Grid:
        rows = [_header("項目", "金額或數量", "計算方式", "依據")]
        for each in self.result.sums:
            words = each.text or "要先確認下列事項才能算出。"
            rows.append((Cell(each.title), Cell(phrases.amount(each)), Cell(words), Cell("、".join(each.cite))))
        return Grid((20, 20, 40, 20), tuple(rows), header=True)

    def _open(self, plan: _Plan) -> Grid | None:
        opened = phrases.open_questions(self.checklist, self.facts, self.unsure, self.result)
        if not opened:
            return None
        if not plan.opened:
            names = "、".join(each.question.title for each in opened)
            return Grid((1,), ((Cell(f"共 {len(opened)} 項：{names}。"),),))
        rows = [_header("項目", "怎麼確認")]
        for each in opened:
            name, _, how = phrases.open_line(each).partition("：")
            rows.append((Cell(name), Cell(how)))
        return Grid((30, 70), tuple(rows), header=True)

    def _deadlines(self, plan: _Plan) -> Grid:
        rows = [_header("項目", "期限", "說明", "依據")]
        for due in self.dues:
            note = due.note if plan.notes else ""
            words = "，".join(part for part in (phrases.due_word(due), note) if part)
            day = phrases.due_day(due, self.due_facts)
            rows.append((Cell(due.title), Cell(day), Cell(words), Cell("、".join(due.cite))))
        return Grid((22, 28, 32, 18), tuple(rows), header=True)


def _header(*names: str) -> tuple[Cell, ...]:
    return tuple(Cell(name, bold=True, shaded=True) for name in names)


def _together(state: State, found: Sequence[Finding]) -> tuple[Cell, ...]:
    sections = dict.fromkeys(section.split("/")[0] for finding in found for section in finding.cite)
    text = f"{len(found)} 項：{phrases.titles(found)}。"
    return Cell(STATE_WORDS[state]), Cell(text, span=2), Cell("、".join(sections))


def _signatures() -> Grid:
    cells = [cell for name in SIGNATURES for cell in (Cell(f"{name}核章", shaded=True), Cell(""))]
    return Grid((12, 21) * len(SIGNATURES), (tuple(cells),), tall=34)


def _roc(day: date) -> str:
    return f"中華民國 {day.year - 1911} 年 {day.month} 月 {day.day} 日"


def _clipped(name: str) -> str:
    letters: list[str] = regex.findall(r"\X", name)
    return name if len(letters) <= LONGEST_SCHOOL else "".join(letters[:LONGEST_SCHOOL]) + "…"
