"""From answers to a verdict with reasons: one pure function, whatever order the answers came in.

Resuming, correcting, what-if and digression are all the same: call `check` with other answers. State is nothing but
`{question: answer}` and the edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.eligibility.model import Amount, Checklist, Priority, Question, Rule
from knowledge.eligibility.possible import NO, YES, Fixed, World, live, only, span, truth
from knowledge.eligibility.tree import Node, Value
from knowledge.eligibility.wording import fill

Facts = Mapping[str, Value]
"""Answers by question, as `facts.read_facts` gives them. What is not there is unknown."""


class Verdict(StrEnum):
    """What comes of it."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    """Some rule fails, whatever else is unknown."""
    INCOMPLETE = "incomplete"
    """No rule fails, and a rule or an amount still needs an answer."""


class State(StrEnum):
    """How a rule stands."""

    PASS = "pass"  # nosec B105 # noqa: S105 - a word of the contract
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Finding:
    """What came of one rule."""

    key: str
    title: str
    state: State
    text: str
    cite: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A priority that holds."""

    key: str
    title: str
    text: str
    cite: tuple[str, ...]


@dataclass(frozen=True)
class Sum:
    """An amount: between `low` and `high`, which are equal where it is known."""

    key: str
    title: str
    unit: str
    low: int
    high: int
    text: str
    """How it is computed; only for a known amount."""
    cite: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether nothing that is unknown can change it."""
        return self.low == self.high and bool(self.text)


@dataclass(frozen=True)
class Result:
    """Everything that can be said of these answers."""

    programme: str
    edition: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    """Questions that can still change verdict or amounts, in asking order. Empty after a fail: the verdict stands."""
    sums: tuple[Sum, ...]
    priorities: tuple[Told, ...]

    @property
    def amounts(self) -> dict[str, int]:
        """The known amounts. An ineligible case has them too: a limit that was overstepped is worth knowing."""
        return {each.key: each.low for each in self.sums if each.known}

    @property
    def failing(self) -> tuple[str, ...]:
        """Keys of the rules that fail."""
        return tuple(finding.key for finding in self.findings if finding.state is State.FAIL)


def world_of(checklist: Checklist, facts: Facts) -> World:
    """What is possible for each question under these answers.

    An answer to a question whose guard is false counts as not given: it belongs to another case.
    """
    world = {question.key: question.possible for question in checklist.questions}
    for question in checklist.questions:  # a guard reads earlier questions only
        if question.key in facts and (question.only_if is None or truth(question.only_if, world) != NO):
            world[question.key] = only(facts[question.key])
    return Fixed(world)


def check(checklist: Checklist, facts: Facts) -> Result:
    """The verdict with its reasons. Same answers, same result, in whatever order they were given."""
    world = world_of(checklist, facts)
    states = [rule_state(rule, world) for rule in checklist.rules]
    missing = wanted(checklist, world)
    if State.FAIL in states:
        verdict, missing = Verdict.INELIGIBLE, ()
    elif missing or State.UNKNOWN in states:
        verdict = Verdict.INCOMPLETE
    else:
        verdict = Verdict.ELIGIBLE
    return Result(
        checklist.programme,
        checklist.edition,
        verdict,
        tuple(
            Finding(rule.key, rule.title, state, _text(rule, state, checklist, facts, world), rule.cite)
            for rule, state in zip(checklist.rules, states, strict=True)
        ),
        missing,
        tuple(_sum(amount, checklist, facts, world) for amount in checklist.amounts if _exists(amount, world)),
        tuple(_told(p, checklist, facts, world) for p in checklist.priorities if truth(p.when, world) == YES),
    )


def rule_state(rule: Rule, world: World) -> State:
    """How a rule stands in this world."""
    if rule.when is not None and truth(rule.when, world) == NO:
        return State.NOT_APPLICABLE
    holds = truth(rule.holds, world)
    if holds == YES:
        return State.PASS
    return State.FAIL if holds == NO else State.UNKNOWN


def verdict_of(checklist: Checklist, facts: Facts) -> Verdict:
    """`check(…).verdict` without the words."""
    world = world_of(checklist, facts)
    holds = [truth(rule.holds, world) for rule in checklist.rules]
    if NO in holds:
        return Verdict.INELIGIBLE
    done = all(found == YES for found in holds) and not wanted(checklist, world)
    return Verdict.ELIGIBLE if done else Verdict.INCOMPLETE


def next_question(
    checklist: Checklist, facts: Facts, unsure: frozenset[str] = frozenset(), *, go_on: bool = False
) -> Question | None:
    """What to ask next: the first question, in order, that can still change something; None where nothing can.

    Args:
        unsure: questions answered with 「不確定」: unknown like the unanswered, but not asked again.
        go_on: ask on after a fail, to learn about the other rules.
    """
    ahead = questions_ahead(checklist, facts, unsure, go_on=go_on)
    return ahead[0] if ahead else None


def questions_ahead(
    checklist: Checklist, facts: Facts, unsure: frozenset[str] = frozenset(), *, go_on: bool = False
) -> tuple[Question, ...]:
    """Every question that may still be asked, in order: at most so many are left."""
    world = world_of(checklist, facts)
    failed = any(truth(rule.holds, world) == NO for rule in checklist.rules)
    if failed and not go_on:
        return ()
    keys = _askable(checklist, world, _decisive(checklist, world, unsure), unsure)
    if not failed:
        later = _live(tuple(p.when for p in checklist.priorities), world, unsure)
        keys += tuple(key for key in _askable(checklist, world, later, unsure) if key not in keys)
    return tuple(checklist.question(key) for key in keys)


def wanted(checklist: Checklist, world: World) -> tuple[str, ...]:
    """Questions that can still change a rule or an amount, in asking order."""
    return _askable(checklist, world, _decisive(checklist, world, frozenset()), frozenset())


def _decisive(checklist: Checklist, world: World, unsure: frozenset[str]) -> frozenset[str]:
    """What rules and amounts still depend on."""
    of_rules = _live(tuple(rule.holds for rule in checklist.rules), world, unsure)
    return of_rules.union(*(_live_amount(amount, world, unsure) for amount in checklist.amounts))


def _live_amount(amount: Amount, world: World, unsure: frozenset[str]) -> frozenset[str]:
    guard = YES if amount.when is None else truth(amount.when, world)
    if amount.when is None or guard == YES:
        return live(amount.value, world, unsure)
    first = live(amount.when, world, unsure)
    return first | live(amount.value, world, unsure) if first else first


def _live(nodes: tuple[Node, ...], world: World, unsure: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*(live(node, world, unsure) for node in nodes))


def _askable(checklist: Checklist, world: World, keys: frozenset[str], unsure: frozenset[str]) -> tuple[str, ...]:
    """Of these questions those that are not guarded away, with the questions that their guards wait for."""
    found: set[str] = set()
    for question in reversed(checklist.questions):  # a guard's questions stand earlier and may be guarded themselves
        if question.key not in keys and question.key not in found:
            continue
        found.discard(question.key)
        if question.only_if is None:
            found.add(question.key)
            continue
        guard, first = truth(question.only_if, world), live(question.only_if, world, unsure)
        if guard == YES or first:
            found |= {question.key, *first}
    return tuple(question.key for question in checklist.questions if question.key in found)


def _exists(amount: Amount, world: World) -> bool:
    return amount.when is None or truth(amount.when, world) != NO


def _sum(amount: Amount, checklist: Checklist, facts: Facts, world: World) -> Sum:
    value = span(amount.value, world)
    sure = amount.when is None or truth(amount.when, world) == YES
    known = sure and value.low == value.high
    text = fill(amount.explain, checklist, facts, world) if known else ""
    return Sum(amount.key, amount.title, amount.unit, value.low, value.high, text, amount.cite)


def _told(priority: Priority, checklist: Checklist, facts: Facts, world: World) -> Told:
    return Told(priority.key, priority.title, fill(priority.text, checklist, facts, world), priority.cite)


def _text(rule: Rule, state: State, checklist: Checklist, facts: Facts, world: World) -> str:
    if state is State.NOT_APPLICABLE:
        return f"{rule.title}：不適用。"
    if state is State.UNKNOWN:
        missing = _askable(checklist, world, live(rule.holds, world), frozenset())
        titles = "、".join(checklist.question(key).title for key in missing)
        text = f"{rule.title}：待確認（{titles}）。"
    else:
        text = fill(rule.fail if state is State.FAIL else rule.passed, checklist, facts, world)
    return f"{text}{rule.caution}" if rule.caution else text


def value_of(checklist: Checklist, amount: str, facts: Facts) -> int | None:
    """One amount; None while it is unknown or there is no such amount in this case."""
    world = world_of(checklist, facts)
    found = next(each for each in checklist.amounts if each.key == amount)
    value = span(found.value, world)
    sure = found.when is None or truth(found.when, world) == YES
    return value.low if sure and value.low == value.high else None
