"""The sentences of an eligibility result: written once, for the chat card, the command line and the paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import TAIPEI
from knowledge.deadlines.dates import LAST_MINUTE
from knowledge.deadlines.engine import Due
from knowledge.deadlines.engine import State as DueState
from knowledge.eligibility.engine import (
    Facts,
    Finding,
    Result,
    State,
    Sum,
    Told,
    Verdict,
    questions_ahead,
    world_of,
)
from knowledge.eligibility.facts import say_answer
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.moments import say_date
from knowledge.eligibility.possible import NO, truth
from knowledge.eligibility.whatif import VERDICT_WORDS, nearest
from knowledge.schema import Programme

MARKS = {State.PASS: "✓", State.FAIL: "✗", State.UNKNOWN: "？", State.NOT_APPLICABLE: "－"}
UNANSWERED = "還沒回答"
APPLY = "apply"
"""Key of the deadline of applying, the same in every programme."""
_DUE_WORDS = {
    DueState.DUE_TODAY: "今天截止",
    DueState.OVERDUE: "已逾期",
    DueState.DONE: "已完成",
    DueState.PASSED: "已過",
}
_ORDER = (State.FAIL, State.UNKNOWN, State.PASS, State.NOT_APPLICABLE)


@dataclass(frozen=True)
class Open:
    """A question without an answer that still matters."""

    question: Question
    unsure: bool
    """The person said 「不確定」; else it was not answered at all."""
    decisive: bool
    """Whether the verdict or an amount waits for it."""


def local(now: datetime) -> datetime:
    """The moment as wall time in Taipei; one without a zone is that already."""
    return now if now.tzinfo is None else now.astimezone(TAIPEI).replace(tzinfo=None)


def conclusion(result: Result) -> str:
    """The verdict and what it rests on, in one sentence."""
    word = VERDICT_WORDS[result.verdict]
    if result.verdict is Verdict.INELIGIBLE:
        return f"{word}：有 {len(result.failing)} 項條件沒有達成。"
    if result.verdict is Verdict.ELIGIBLE:
        return f"{word}：{len(of_state(result, State.PASS))} 項條件都達成。"
    if not result.missing:
        return f"{word}：還有 {len(of_state(result, State.UNKNOWN))} 項條件判斷不出來。"
    return f"{word}：還有 {len(result.missing)} 件事要先確認。"


def too_late(programme: Programme, dues: Iterable[Due], today: date) -> str:
    """Said where the edition's time is over, or the day of applying has gone by; else empty."""
    if today > programme.valid_until:
        return f"這是 {programme.year_label}的規定，該年度已結束；要申請新年度，請以新公告為準。"
    for due in dues:
        if due.key == APPLY and due.due is not None and due.state is DueState.PASSED:
            return f"申請期限（{_day(due.due)}）已過，能不能補件請洽主辦單位。"
    return ""


def of_state(result: Result, state: State) -> list[Finding]:
    """The findings in this state, in the order of the document."""
    return [finding for finding in result.findings if finding.state is state]


def by_state(result: Result) -> list[Finding]:
    """What fails, what is open, what passes, what does not apply."""
    return [finding for state in _ORDER for finding in of_state(result, state)]


def advice(checklist: Checklist, facts: Facts, finding: Finding) -> str:
    """What one number would mend: 「學生人數再增加 1 人即可（12 人）。」; empty where no single one does."""
    mend = nearest(checklist, facts, finding.key) if finding.state is State.FAIL else None
    return mend.text if mend else ""


def caution_of(checklist: Checklist, key: str) -> str:
    """What the source leaves open about a rule; empty where it is plain."""
    return next(rule.caution for rule in checklist.rules if rule.key == key)


def without_caution(checklist: Checklist, finding: Finding) -> str:
    """The finding's text alone."""
    return finding.text.removesuffix(caution_of(checklist, finding.key))


def rule_line(finding: Finding, text: str, mend: str, cite: str) -> str:
    """「✗ 修課人數：…。→ 再增加 1 人即可。〔柒/一〕」"""
    named = text if text.startswith(f"{finding.title}：") else f"{finding.title}：{text}"
    return "".join((MARKS[finding.state], " ", named, f"→ {mend}" if mend else "", cite))


def cited(sections: Sequence[str], most: int = 99) -> str:
    """「〔柒/一、捌/二〕」, with 「等」 where there are more; empty without sections."""
    if not sections:
        return ""
    return f"〔{'、'.join(sections[:most])}{'等' if len(sections) > most else ''}〕"


def amount(each: Sum) -> str:
    """「120,000 元」, or the range that is left: 「0～600,000 元，待確認」."""
    if each.known:
        return f"{each.low:,} {each.unit}"
    if each.low == each.high:
        return f"{each.low:,} {each.unit}，適用與否待確認"
    return f"{each.low:,}～{each.high:,} {each.unit}，待確認"


def sum_line(each: Sum, cite: str) -> str:
    """「補助上限：120,000 元。30 萬元 × 40％。〔柒/一〕」"""
    return f"{each.title}：{amount(each)}。{each.text}{cite}"


def told_line(told: Told, cite: str) -> str:
    """「※ 偏遠地區學校優先考量。〔伍/五〕」"""
    return f"※ {told.text}{cite}"


def open_questions(checklist: Checklist, facts: Facts, unsure: frozenset[str], result: Result) -> list[Open]:
    """What is still to be confirmed, in asking order.

    After a fail the verdict stands: then only what the person was unsure of is worth a line.
    """
    failed = result.verdict is Verdict.INELIGIBLE
    ahead = questions_ahead(checklist, facts, go_on=failed)
    return [
        Open(question, question.key in unsure, decisive=question.key in result.missing)
        for question in ahead
        if question.key in unsure or question.key in result.missing
    ]


def open_line(each: Open) -> str:
    """「財力級次：請問縣市政府主計單位。」; says of a question that it was not answered, or decides nothing."""
    noted = [] if each.unsure else [UNANSWERED]
    noted += [] if each.decisive else ["不影響結論"]
    aside = f"（{'，'.join(noted)}）" if noted else ""
    return f"{each.question.title}{aside}：{each.question.unsure}"


def given(checklist: Checklist, facts: Facts) -> list[tuple[Question, str]]:
    """The answers that count, in words; an answer whose question does not belong to this case is left out."""
    world = world_of(checklist, facts)
    counted = [q for q in checklist.questions if q.only_if is None or truth(q.only_if, world) != NO]
    return [(question, _brief(question, facts)) for question in counted if question.key in facts]


def _brief(question: Question, facts: Facts) -> str:
    """An answer in words; of a long list of which most was picked, what is absent."""
    value, every = facts[question.key], question.options
    if not isinstance(value, frozenset) or len(every) < 6:
        return say_answer(question, value)
    if len(value) == len(every):
        return f"{len(every)} 項全部"
    if len(value) <= len(every) // 2:
        return say_answer(question, value)
    absent = "、".join(label for key, label in every.items() if key not in value)
    return f"{len(every)} 項中的 {len(value)} 項，缺：{absent}"


def due_day(due: Due, names: Mapping[str, Question]) -> str:
    """「2025年5月5日（一）17:00」, without the hour at the end of a day; what the date waits for where it does.

    Args:
        names: the facts that dates depend on, `Deadlines.by_fact`.
    """
    if due.due is None and due.state is DueState.PASSED:
        return _DUE_WORDS[due.state]
    if due.due is None:
        waiting = "、".join(names[key].title for key in due.needs if key in names)
        return f"日期要看{waiting}，待確認" if waiting else "日期待確認"
    moved = f"（原訂 {_day(due.moved_from)}）" if due.moved_from else ""
    return _day(due.due) + moved


def due_line(due: Due, names: Mapping[str, Question], cite: str, *, noted: bool = True) -> str:
    """「申請截止：2025年5月5日（一），已過。〔伍/一〕」"""
    word = f"，{due_word(due)}" if due_word(due) else ""
    note = f"{due.note.rstrip('。')}。" if noted and due.note else ""
    return f"{due.title}：{due_day(due, names)}{word}。{note}{cite}"


def passed_line(dues: Sequence[Due]) -> str:
    """「已過：送出申請 2025年5月5日（一）、計畫結束。」"""
    named = (f"{due.title} {_day(due.due)}" if due.due else due.title for due in dues)
    return f"已過：{'、'.join(named)}。"


def due_word(due: Due) -> str:
    """「已逾期」; empty of a day that is still to come, and where `due_day` says it already."""
    told = due.due is None and due.state is DueState.PASSED
    return "" if told else _DUE_WORDS.get(due.state, "")


def _day(at: datetime) -> str:
    day = say_date(at.toordinal())
    return day if at.time() == LAST_MINUTE else f"{day}{at:%H:%M}"


def titles(findings: Iterable[Finding]) -> str:
    """「修課人數、課程類別」"""
    return "、".join(finding.title for finding in findings)
