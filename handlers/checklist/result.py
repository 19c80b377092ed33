"""The cards of an eligibility result: the verdict, rule by rule, why, what changed, and what was kept.

The result's card must stay readable on a phone: what would make it long is folded away step by step, never cut, and
「逐條看」 shows all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from bot.messages import Card, Choice
from handlers.ask import source_line
from handlers.checklist import phrases
from handlers.checklist.phrases import Open, cited
from knowledge.answering.model import Citation
from knowledge.deadlines.engine import Due
from knowledge.deadlines.engine import State as DueState
from knowledge.eligibility.engine import Facts, Finding, Result, State, Verdict, check
from knowledge.eligibility.facts import UNFILLED, say_answer
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.moments import say_date
from knowledge.eligibility.whatif import VERDICT_WORDS, difference
from knowledge.schema import Base, Programme

READABLE = 900
"""Characters of a card's text that a phone shows without much scrolling."""
LONGEST_SOURCE = 200
"""Characters; LINE shows 500 of a source."""
DETAIL = "逐條看"
_NO_NAMES: Mapping[str, Question] = MappingProxyType({})


@dataclass(frozen=True)
class _Folding:
    """How much of each part is written out."""

    notes: bool = True
    """What must be known beside a deadline."""
    cautions: bool = True
    """What the source leaves open about a failing rule."""
    passing: bool = True
    """Titles of the rules that pass, or only their number."""
    most: int = 99
    """Failing rules and open questions that are written out; the others are named."""


_FOLDINGS = (
    _Folding(),
    _Folding(notes=False),
    _Folding(notes=False, cautions=False),
    _Folding(notes=False, cautions=False, passing=False, most=8),
    _Folding(notes=False, cautions=False, passing=False, most=5),
)


@dataclass(frozen=True)
class KeptRun:
    """One line of 「我的檢核」."""

    programme: str
    """Its short name."""
    year_label: str
    verdict: Verdict
    on: date
    """The day of the last answer, in Taipei."""
    unanswered: int
    """Questions that are still to be confirmed."""
    half_way: bool = False
    """Whether it was not taken to its end."""


def result_card(
    base: Base,
    checklist: Checklist,
    facts: Facts,
    unsure: frozenset[str],
    dues: Sequence[Due],
    now: datetime,
    *,
    due_facts: Mapping[str, Question] = _NO_NAMES,
    choices: tuple[Choice, ...] = (),
) -> Card:
    """The result: conclusion, what fails and mends it, what is to be confirmed, amounts, deadlines, sources.

    Args:
        unsure: questions that were answered with 「不確定」.
        dues: the deadlines that follow, as `knowledge.deadlines` resolved them.
        due_facts: the facts that dates depend on, `Deadlines.by_fact`: names what a date waits for.
        now: aware, or wall time in Taipei; decides whether the edition is over.
    """
    telling = _Telling(checklist, facts, unsure, tuple(dues), due_facts, check(checklist, facts))
    programme = base.programme(checklist.programme, checklist.edition)
    note = phrases.too_late(programme, dues, phrases.local(now).date())
    for folding in _FOLDINGS:
        text = "\n".join(telling.text(folding, note))
        if len(text) <= READABLE:
            break
    return Card(_title(programme), text, _source(base, checklist, telling.sections()), telling.word, choices)


def detail_card(base: Base, checklist: Checklist, facts: Facts, *, choices: tuple[Choice, ...] = ()) -> Card:
    """Every rule with its state, its reason, its caution and all its sections."""
    result = check(checklist, facts)
    lines = [phrases.conclusion(result)]
    for finding in phrases.by_state(result):
        mend = phrases.advice(checklist, facts, finding)
        lines.append(phrases.rule_line(finding, finding.text, mend, cited(finding.cite)))
    programme = base.programme(checklist.programme, checklist.edition)
    source = f"依據：{programme.source}"
    return Card(f"{_title(programme)}：{DETAIL}", "\n".join(lines), source, VERDICT_WORDS[result.verdict], choices)


def difference_card(
    checklist: Checklist,
    before: Facts,
    after: Facts,
    *,
    title: str = "改了之後",
    choices: tuple[Choice, ...] = (),
) -> Card:
    """What other answers change, for 「如果…」 and for corrections; the answers that differ come first."""
    found = difference(checklist, before, after)
    lines = ["結論、條件和金額都沒有改變。"] if found.nothing else [f"▪ {line}" for line in found.lines]
    new = check(checklist, after)
    old = {finding.key: finding.state for finding in check(checklist, before).findings}
    changed = [finding.cite for finding in new.findings if finding.state is not old[finding.key]]
    sections = dict.fromkeys(section for cite in changed for section in cite)
    source = f"依據：{'、'.join(sections)}" if sections else ""
    text = "\n".join([*_changed_answers(checklist, before, after), *lines])
    return Card(title, text, source, VERDICT_WORDS[new.verdict], choices)


def run_line(run: KeptRun) -> str:
    """One line of 「我的檢核」, which is the label of the choice that opens it."""
    day = say_date(run.on.toordinal())
    name = f"{run.programme}（{run.year_label}）"
    if run.half_way:
        return f"{name}：做到一半，{day}"
    rest = f"，還有 {run.unanswered} 題沒有答案" if run.unanswered else ""
    return f"{name}：{VERDICT_WORDS[run.verdict]}{rest}，{day}"


@dataclass(frozen=True)
class _Telling:
    checklist: Checklist
    facts: Facts
    unsure: frozenset[str]
    dues: tuple[Due, ...]
    due_facts: Mapping[str, Question]
    result: Result

    @property
    def word(self) -> str:
        return VERDICT_WORDS[self.result.verdict]

    def text(self, folding: _Folding, note: str) -> Iterator[str]:
        yield phrases.conclusion(self.result)
        if note:
            yield note
        yield from self._failing(folding)
        yield from self._open(folding)
        yield from self._sums()
        yield from (phrases.told_line(told, cited(told.cite, 1)) for told in self.result.priorities)
        yield from self._dues(folding)
        yield from self._passing(folding)

    def sections(self) -> list[str]:
        """What the card rests on: after a pass every rule, else what fails or is open."""
        wanted = (State.PASS,) if self.result.verdict is Verdict.ELIGIBLE else (State.FAIL, State.UNKNOWN)
        if self.result.verdict is Verdict.INELIGIBLE:
            wanted = (State.FAIL,)
        owners = [finding.cite for state in wanted for finding in phrases.of_state(self.result, state)]
        owners += [each.cite for each in self.result.sums]
        owners += [each.cite for each in self.result.priorities]
        owners += [each.cite for each in self._told_dues()]
        return list(dict.fromkeys(section for cite in owners for section in cite))

    def _failing(self, folding: _Folding) -> Iterator[str]:
        failing = phrases.of_state(self.result, State.FAIL)
        if failing:
            yield "\n【要改正的】"
        for finding in failing[: folding.most]:
            text = finding.text if folding.cautions else phrases.without_caution(self.checklist, finding)
            mend = phrases.advice(self.checklist, self.facts, finding)
            yield phrases.rule_line(finding, text, mend, cited(finding.cite, 1))
        rest = failing[folding.most :]
        if rest:
            yield f"✗ 另有 {len(rest)} 項：{'、'.join(map(self._mended_title, rest))}（請按「{DETAIL}」）"

    def _mended_title(self, finding: Finding) -> str:
        mend = phrases.advice(self.checklist, self.facts, finding)
        return f"{finding.title}（{mend.rstrip('。')}）" if mend else finding.title

    def _open(self, folding: _Folding) -> Iterator[str]:
        opened = phrases.open_questions(self.checklist, self.facts, self.unsure, self.result)
        if opened:
            yield "\n【要確認的】"
        first = sorted(opened, key=_importance)[: folding.most]
        yield from (f"？ {phrases.open_line(each)}" for each in opened if each in first)
        rest = [each for each in opened if each not in first]
        if rest:
            yield f"？ 另有 {len(rest)} 題：{'、'.join(each.question.title for each in rest)}"
        unknown = phrases.of_state(self.result, State.UNKNOWN)
        if unknown and self.result.verdict is Verdict.INELIGIBLE:
            yield f"（另有 {len(unknown)} 項條件還沒判斷：{phrases.titles(unknown)}）"

    def _sums(self) -> Iterator[str]:
        if self.result.sums:
            failed = self.result.verdict is Verdict.INELIGIBLE
            yield "\n【金額與數量】" + ("改正後才適用" if failed else "")
        yield from (phrases.sum_line(each, cited(each.cite, 1)) for each in self.result.sums)

    def _dues(self, folding: _Folding) -> Iterator[str]:
        told = self._told_dues()
        passed = [due for due in self.dues if due.state is DueState.PASSED]
        if told or passed:
            yield "\n【期限】"
        for due in told[: folding.most]:
            yield phrases.due_line(due, self.due_facts, cited(due.cite, 1), noted=folding.notes)
        rest = told[folding.most :]
        if rest:
            yield f"另有 {len(rest)} 項期限：{'、'.join(due.title for due in rest)}"
        if passed:
            yield phrases.passed_line(passed)

    def _told_dues(self) -> list[Due]:
        return [due for due in self.dues if due.state not in (DueState.DONE, DueState.PASSED)]

    def _passing(self, folding: _Folding) -> Iterator[str]:
        passing = phrases.of_state(self.result, State.PASS)
        if not passing:
            return
        noted = sum(1 for each in passing if phrases.caution_of(self.checklist, each.key))
        yield f"\n【符合的】{len(passing)} 項" + (f"：{phrases.titles(passing)}" if folding.passing else "")
        if noted:
            yield f"其中 {noted} 項的規定另有說明，請按「{DETAIL}」。"


def _importance(each: Open) -> tuple[bool, bool]:
    return not each.decisive, not each.unsure


def _title(programme: Programme) -> str:
    return f"{programme.short_name}（{programme.year_label}）申請檢核"


def _source(base: Base, checklist: Checklist, sections: Sequence[str]) -> str:
    """The source line; where many sections would make it long, the chapters that hold them."""
    line = ""
    for named in (sections, tuple(dict.fromkeys(section.split("/")[0] for section in sections))):
        line = source_line(base, [Citation(checklist.programme, checklist.edition, each) for each in named])
        if len(line) <= LONGEST_SOURCE:
            break
    return line


def _changed_answers(checklist: Checklist, before: Facts, after: Facts) -> Iterator[str]:
    for question in checklist.questions:
        was, now = before.get(question.key), after.get(question.key)
        if was != now:
            words = [UNFILLED if value is None else say_answer(question, value) for value in (was, now)]
            yield f"{question.title}：{words[0]} → {words[1]}"
