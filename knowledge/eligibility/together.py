"""「我們學校可以申請哪些計畫」: a school's stable facts are asked once, and every programme is judged by them.

Each programme's own checklist and engine decide; here answers are only handed on. What an answer does not settle stays
unknown, so that no programme is ruled out by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from knowledge.eligibility.engine import (
    Facts,
    Finding,
    Result,
    State,
    Sum,
    Told,
    Verdict,
    check,
    questions_ahead,
    verdict_of,
    world_of,
)
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.possible import EITHER, NO, YES, Span, World, live, truth
from knowledge.eligibility.school import Giving, SchoolQuestions, Share
from knowledge.eligibility.tree import Kind, Value, names

_BEST_FIRST = (Verdict.ELIGIBLE, Verdict.INCOMPLETE, Verdict.INELIGIBLE)


@dataclass(frozen=True)
class Standing:
    """How a school stands with one edition of a programme."""

    checklist: Checklist
    facts: Facts
    """What the shared answers give to the checklist; an interview about this programme begins with them."""
    result: Result
    """`engine.check` of these facts."""
    own: Result
    """What the programme's rules and notes in school.yaml say of the shared answers."""
    questions_left: int
    """At most so many questions remain; 0 for an ineligible school."""
    past: bool = False
    """Whether the caller said that this edition's validity has passed."""

    @property
    def programme(self) -> str:
        """Slug of the programme."""
        return self.checklist.programme

    @property
    def edition(self) -> str:
        """Which edition of it."""
        return self.checklist.edition

    @property
    def id(self) -> str:
        """`slug/edition`, as `schema.Programme.id`."""
        return f"{self.programme}/{self.edition}"

    @property
    def verdict(self) -> Verdict:
        """The worse of the two: a rule may fail, or be open, in the checklist or in school.yaml."""
        return max(self.own.verdict, self.result.verdict, key=_BEST_FIRST.index)

    @property
    def outside(self) -> tuple[Finding, ...]:
        """Failing rules that need no checklist: the school itself is not whom the programme is for."""
        return _failing(self.own)

    @property
    def notes(self) -> tuple[Told, ...]:
        """What a school of this kind should know."""
        return self.own.priorities

    @property
    def failing(self) -> tuple[Finding, ...]:
        """Every rule that fails, with its words and citations."""
        return (*_failing(self.own), *_failing(self.result))

    @property
    def sums(self) -> tuple[Sum, ...]:
        """Amounts; one that is not `known` spans all that may still be answered and is no promise.

        None for an ineligible school: in a list of programmes they would read as within reach.
        """
        return () if self.verdict is Verdict.INELIGIBLE else self.result.sums


def facts_for(school: SchoolQuestions, programme: str, answers: Facts) -> dict[str, Value]:
    """What these shared answers say to a programme's checklist; a fact that they leave open is not there."""
    share = school.shares.get(programme)
    if share is None:
        return {}
    world = world_of(school.sheet, answers)
    found = ((giving.fact, _given(school, giving, answers, world)) for giving in share.givings)
    return {fact: value for fact, value in found if value is not None}


def shared_ahead(
    school: SchoolQuestions,
    checklists: Iterable[Checklist],
    answers: Facts,
    unsure: frozenset[str] = frozenset(),
) -> tuple[Question, ...]:
    """Every shared question, in order, that can still change verdict, amounts or priorities of a programme.

    A programme that has failed asks for nothing.
    """
    world = world_of(school.sheet, answers)
    keys = set[str]().union(*(_waited(school, each, answers, unsure, world) for each in checklists))
    for question in reversed(school.questions):  # a guard's questions stand earlier and may be guarded themselves
        if question.key in keys and question.only_if is not None:
            first = live(question.only_if, world, unsure)
            if truth(question.only_if, world) != YES and not first:
                keys.discard(question.key)
            keys |= first if question.key in keys else set()
    return tuple(question for question in school.questions if question.key in keys)


def standings(school: SchoolQuestions, checklists: Iterable[Checklist], answers: Facts) -> tuple[Standing, ...]:
    """How the school stands with each of these programmes, the most promising first.

    Args:
        checklists: one a programme, the newest: those are what school.yaml was held against.
    """
    return ranked(_standing(school, checklist, answers) for checklist in checklists)


def ranked(found: Iterable[Standing], past: frozenset[str] = frozenset()) -> tuple[Standing, ...]:
    """The same, marked and sorted: current before past, then eligible, open (fewer questions left first), ineligible.

    Args:
        past: ids (`slug/edition`) of the editions whose validity has passed.
    """
    return tuple(sorted((replace(each, past=each.id in past) for each in found), key=_rank))


def carry_over(school: SchoolQuestions, from_programme: str, facts: Facts) -> dict[str, Value]:
    """Answers to shared questions that the facts of one programme settle, so that they need not be asked again.

    Only what follows: where two kinds of school would have given the same facts, the question stays open.
    """
    share = school.shares.get(from_programme)
    if share is None:
        return {}
    copied = {giving.source: facts[giving.fact] for giving in share.givings if _copies(school, giving, facts)}
    sure = _common(list(_fitting(school, share, facts)))
    answers = {**copied, **sure}
    world = world_of(school.sheet, answers)
    guarded = {q.key for q in school.questions if q.only_if is not None and truth(q.only_if, world) == NO}
    return {q.key: answers[q.key] for q in school.questions if q.key in answers and q.key not in guarded}


def _standing(school: SchoolQuestions, checklist: Checklist, answers: Facts) -> Standing:
    facts = facts_for(school, checklist.programme, answers)
    share = school.shares.get(checklist.programme, Share((), school.sheet))
    own, result = check(share.own, answers), check(checklist, facts)
    ahead = {question.key for question in questions_ahead(checklist, facts)}
    beside = set(own.missing) - {giving.source for giving in share.givings if giving.fact in ahead}
    failed = Verdict.INELIGIBLE in (own.verdict, result.verdict)
    return Standing(checklist, facts, result, own, 0 if failed else len(ahead) + len(beside))


def _failing(result: Result) -> tuple[Finding, ...]:
    return tuple(finding for finding in result.findings if finding.state is State.FAIL)


def _rank(standing: Standing) -> tuple[bool, int, int, int, str, str]:
    return (
        standing.past,
        _BEST_FIRST.index(standing.verdict),
        standing.questions_left,
        len(standing.failing),
        standing.programme,
        standing.edition,
    )


def _given(school: SchoolQuestions, giving: Giving, answers: Facts, world: World) -> Value | None:
    answer, guard = answers.get(giving.source), school.question(giving.source).only_if
    sure = all(truth(condition, world) == YES for condition in (guard, giving.when) if condition is not None)
    return giving.image(answer) if sure and answer is not None else None


def _waited(
    school: SchoolQuestions, checklist: Checklist, answers: Facts, unsure: frozenset[str], world: World
) -> frozenset[str]:
    """Shared questions that this programme still waits for."""
    share = school.shares.get(checklist.programme)
    facts = facts_for(school, checklist.programme, answers)
    verdicts = (verdict_of(checklist, facts), verdict_of(share.own, answers) if share else Verdict.ELIGIBLE)
    if share is None or Verdict.INELIGIBLE in verdicts:
        return frozenset()
    ahead = {question.key for question in questions_ahead(checklist, facts)}
    of_rules = (live(rule.holds, world, unsure) for rule in share.own.rules)
    of_facts = (_lacks(giving, answers, unsure, world) for giving in share.givings if giving.fact in ahead)
    return frozenset[str]().union(*of_rules, *of_facts)


def _lacks(giving: Giving, answers: Facts, unsure: frozenset[str], world: World) -> frozenset[str]:
    """Shared questions without which a fact that can still be given is not given."""
    condition = YES if giving.when is None else truth(giving.when, world)
    first = frozenset[str]() if giving.when is None else live(giving.when, world, unsure)
    answer = answers.get(giving.source)
    settled = condition == NO or (condition == EITHER and not first)
    if settled or giving.source in unsure or (answer is not None and giving.image(answer) is None):
        return frozenset()
    return first if answer is not None else first | {giving.source}


def _copies(school: SchoolQuestions, giving: Giving, facts: Facts) -> bool:
    """Whether a fact is itself the answer to a shared question, and no answer that can be listed."""
    question, value = school.question(giving.source), facts.get(giving.fact)
    if giving.values is not None or value is None or _listed(question):
        return False
    possible = question.possible
    return not isinstance(possible, Span) or (isinstance(value, int) and possible.low <= value <= possible.high)


def _listed(question: Question) -> list[Value]:
    """Every answer, where there are few; empty for numbers, moments and sets."""
    if question.kind is Kind.YESNO:
        return [True, False]
    return list(question.options) if question.kind is Kind.CHOICE else []


def _fitting(school: SchoolQuestions, share: Share, facts: Facts) -> Iterator[dict[str, Value]]:
    """Every way to answer the listed questions that contradicts none of these facts."""
    read = {giving.source for giving in share.givings} | names(*(giving.when for giving in share.givings))
    questions = [question for question in school.questions if question.key in read and _listed(question)]
    for values in product(*map(_listed, questions)):
        answers = dict(zip((question.key for question in questions), values, strict=True))
        given = facts_for(school, share.own.programme, answers)
        if all(facts.get(fact, value) == value for fact, value in given.items()):
            yield answers


def _common(sheets: list[dict[str, Value]]) -> Mapping[str, Value]:
    """What all of these say alike; nothing where there is none."""
    if not sheets:
        return {}
    return {key: value for key, value in sheets[0].items() if all(sheet[key] == value for sheet in sheets)}
