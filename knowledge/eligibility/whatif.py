"""What would mend a failing rule, and what another answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.eligibility.engine import Facts, Result, State, Verdict, check, rule_state, world_of
from knowledge.eligibility.facts import say_answer
from knowledge.eligibility.model import Checklist, Question, Rule
from knowledge.eligibility.possible import NO, Span, World, truth
from knowledge.eligibility.search import nearest_true
from knowledge.eligibility.tree import Kind, names

VERDICT_WORDS = {Verdict.ELIGIBLE: "符合", Verdict.INELIGIBLE: "不符合", Verdict.INCOMPLETE: "待確認"}
STATE_WORDS = {State.PASS: "符合", State.FAIL: "不符合", State.UNKNOWN: "待確認", State.NOT_APPLICABLE: "不適用"}


@dataclass(frozen=True)
class Mend:
    """The smallest change of one number that makes a failing rule pass and breaks no other."""

    question: Question
    now: int
    then: int

    @property
    def text(self) -> str:
        """「學生人數再增加 1 人即可。」"""
        verb = "再增加" if self.then > self.now else "減少"
        change = abs(self.then - self.now)
        if self.question.kind is Kind.HOURS:
            amount = f"{change // 2}{'.5' if change % 2 else ''} 小時"
        else:
            amount = f"{change:,} {self.question.unit}"
        return f"{self.question.title}{verb} {amount}即可（{say_answer(self.question, self.then)}）。"


def nearest(checklist: Checklist, facts: Facts, rule_key: str) -> Mend | None:
    """The change of one number that mends a failing rule; None where no single number does."""
    rule = next(rule for rule in checklist.rules if rule.key == rule_key)
    world = world_of(checklist, facts)
    if rule_state(rule, world) is not State.FAIL:
        return None
    failing = {other.key for other in checklist.rules if rule_state(other, world) is State.FAIL}
    found = [
        mend
        for key in sorted(names(rule.needs))
        for mend in _mends(checklist, rule, world, checklist.question(key))
        if not _breaks(checklist, facts, mend, failing)
    ]
    return min(found, key=lambda mend: (abs(mend.then - mend.now), mend.question.key), default=None)


def _mends(checklist: Checklist, rule: Rule, world: World, question: Question) -> Iterator[Mend]:
    now = world[question.key]
    if question.kind not in (Kind.NUMBER, Kind.HOURS) or not isinstance(now, Span) or now.low != now.high:
        return
    for within, upward in ((Span(now.low + 1, question.high), True), (Span(question.low, now.low - 1), False)):
        if within.low <= within.high:
            value = nearest_true(rule.needs, world, question.key, within, upward=upward)
            if value is not None:
                yield Mend(question, now.low, value)


def _breaks(checklist: Checklist, facts: Facts, mend: Mend, failing: set[str]) -> bool:
    world = world_of(checklist, {**facts, mend.question.key: mend.then})
    return any(truth(rule.holds, world) == NO for rule in checklist.rules if rule.key not in failing)


@dataclass(frozen=True)
class Difference:
    """What another set of answers changes, as sentences."""

    verdict: tuple[Verdict, Verdict] | None
    lines: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return self.verdict is None and not self.lines


def difference(checklist: Checklist, before: Facts, after: Facts) -> Difference:
    """What changes between two sets of answers: verdict, rules, amounts, and what is asked for."""
    old, new = check(checklist, before), check(checklist, after)
    verdict = None if old.verdict == new.verdict else (old.verdict, new.verdict)
    first = () if verdict is None else (f"結論：{VERDICT_WORDS[old.verdict]} → {VERDICT_WORDS[new.verdict]}",)
    lines = (*first, *_changed_rules(old, new), *_changed_sums(old, new), *_changed_missing(checklist, old, new))
    return Difference(verdict, lines)


def _changed_rules(old: Result, new: Result) -> Iterator[str]:
    for was, now in zip(old.findings, new.findings, strict=True):
        if was.state is not now.state:
            why = f"：{now.text}" if now.state is State.FAIL else ""
            yield f"{now.title}：{STATE_WORDS[was.state]} → {STATE_WORDS[now.state]}{why}"


def _changed_sums(old: Result, new: Result) -> Iterator[str]:
    was, now = ({each.key: each for each in result.sums} for result in (old, new))
    for key in dict.fromkeys((*was, *now)):
        each = now.get(key) or was[key]
        amounts = (old.amounts.get(key), new.amounts.get(key))
        if amounts[0] != amounts[1]:
            words = ["待確認" if amount is None else f"{amount:,} {each.unit}" for amount in amounts]
            yield f"{each.title}：{words[0]} → {words[1]}"


def _changed_missing(checklist: Checklist, old: Result, new: Result) -> Iterator[str]:
    added = [key for key in new.missing if key not in old.missing]
    if added:
        yield f"還要知道：{'、'.join(checklist.question(key).title for key in added)}"
