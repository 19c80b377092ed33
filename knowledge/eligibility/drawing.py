"""The interview on paper: as text that a change of any number changes, and as a Mermaid diagram for the docs.

Both hold rules and answers, not wording, so that a better sentence changes neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from knowledge.eligibility.engine import State, Verdict, value_of, verdict_of, world_of
from knowledge.eligibility.facts import say_answer, write_answer
from knowledge.eligibility.model import Amount, Checklist, Question
from knowledge.eligibility.possible import NO, Span, truth
from knowledge.eligibility.tree import Const, Kind, Value, names, walk
from knowledge.eligibility.walk import Edge, Spot

_MARKS = {State.PASS: "+", State.FAIL: "✗", State.NOT_APPLICABLE: "−", State.UNKNOWN: "?"}
_ENDS = {Verdict.ELIGIBLE: "✓", Verdict.INELIGIBLE: "✗", Verdict.INCOMPLETE: "?"}


def golden(checklist: Checklist, spots: list[Spot]) -> str:
    """One line an edge, then one line an amount and kind of case."""
    head = f"{checklist.programme}/{checklist.edition}: {len(spots)} states, {sum(len(s.edges) for s in spots)} edges"
    lines = [head, "", *_edges(checklist, spots), "", *_amounts(checklist)]
    return "\n".join(lines) + "\n"


def _edges(checklist: Checklist, spots: list[Spot]) -> Iterator[str]:
    for spot in spots:
        for edge in spot.edges:
            target = spots[edge.target]
            changes = " ".join(_changes(checklist, spot, target))
            where = f"S{target.number:03}" if target.asked else _ENDS[verdict_of(checklist, target.facts)]
            yield f"S{spot.number:03} {edge.question}: {_said(checklist, spot, edge)} → {where} {changes}".rstrip()


def _changes(checklist: Checklist, spot: Spot, target: Spot) -> Iterator[str]:
    for rule, was, now in zip(checklist.rules, spot.rules, target.rules, strict=True):
        if was is not now:
            yield f"{_MARKS[now]}{rule.key}"


def _said(checklist: Checklist, spot: Spot, edge: Edge) -> str:
    question = checklist.question(edge.question)
    if not edge.values:
        return "不確定"
    if question.kind.ordered:
        return ", ".join(_ranges(question, spot, edge))
    if question.kind is Kind.SEVERAL:
        return " | ".join(_picks(question, value) for value in edge.values)
    return ", ".join(str(write_answer(question, value)) for value in edge.values)


def _picks(question: Question, value: Value) -> str:
    assert isinstance(value, frozenset)
    absent = [option for option in question.options if option not in value]
    if not absent:
        return "all"
    if len(absent) <= len(value):
        return f"all but {','.join(absent)}"
    return ",".join(option for option in question.options if option in value) or "none"


def _runs(spot: Spot, edge: Edge) -> Iterator[tuple[int, int]]:
    """First and last of each run of values between which no tried value leads elsewhere."""
    tried = sorted(value for each in spot.edges for value in each.values if isinstance(value, int))
    first = last = None
    for value in tried:
        if value in edge.values:
            first, last = value if first is None else first, value
        elif first is not None and last is not None:
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last


def _ranges(question: Question, spot: Spot, edge: Edge) -> Iterator[str]:
    for first, last in _runs(spot, edge):
        yield str(write_answer(question, first)) + (f"–{write_answer(question, last)}" if last != first else "")


def _amounts(checklist: Checklist) -> Iterator[str]:
    for amount in checklist.amounts:
        read = names(amount.value, amount.when)
        questions = [question for question in checklist.questions if question.key in read]
        lines: dict[str, None] = {}
        for values in product(*(_samples(amount, question) for question in questions)):
            facts = dict(zip((question.key for question in questions), values, strict=True))
            world = world_of(checklist, facts)
            asked = [q for q in questions if q.only_if is None or truth(q.only_if, world) != NO]
            given = " ".join(f"{q.key}={write_answer(q, facts[q.key])}" for q in asked)
            lines[f"{amount.key} {given}: {value_of(checklist, amount.key, facts)}"] = None
        yield from lines


def _samples(amount: Amount, question: Question) -> list[Value]:
    if question.kind is Kind.YESNO:
        return [True, False]
    if question.kind is Kind.CHOICE:
        return list(question.options)
    if question.kind is Kind.SEVERAL:
        return [frozenset(), frozenset(question.options)]
    whole = question.possible
    assert isinstance(whole, Span)
    if whole.high - whole.low < 6:
        return list(range(whole.low, whole.high + 1))
    nodes = [node for node in (amount.value, amount.when) if node is not None]
    written = {at.value for node in nodes for at in walk(node) if isinstance(at, Const) and at.kind is question.kind}
    is_count = question.kind is Kind.NUMBER  # among numbers, large ones are money and no bound of a count
    small = {v for v in written if isinstance(v, int) and not (is_count and v > whole.low + 30)}
    near = {value + step for value in small for step in (-1, 0, 1)} | {whole.low, whole.low + 1, whole.low + 7}
    return [value for value in sorted(near) if whole.low <= value <= whole.high]


def mermaid(checklist: Checklist, spots: list[Spot]) -> str:
    """The questions and the ways between them, as a flowchart; ends are the verdicts."""
    ways: dict[tuple[str, str], dict[str, None]] = {}
    for spot in spots:
        for edge in spot.edges:
            target = spots[edge.target]
            end = target.asked.key if target.asked else verdict_of(checklist, target.facts).value
            ways.setdefault((edge.question, end), {}).update(dict.fromkeys(_labels(checklist, spot, edge)))
    lines = ["flowchart TD"]
    lines += [f'    {question.key}["{question.title}"]' for question in checklist.questions]
    lines += ['    eligible(["符合"])', '    ineligible(["不符合"])']
    lines += [f'    {start} -->|"{_short(labels)}"| {end}' for (start, end), labels in ways.items()]
    return "\n".join(lines)


def _labels(checklist: Checklist, spot: Spot, edge: Edge) -> Iterator[str]:
    question = checklist.question(edge.question)
    if question.kind.ordered:
        for first, last in _runs(spot, edge):
            yield say_answer(question, first) + (f"～{say_answer(question, last)}" if last != first else "")
    elif question.kind is Kind.SEVERAL:
        yield "全部" if edge.values[0] == frozenset(question.options) else "其他選法"
    else:
        yield from (say_answer(question, value) for value in edge.values)


def _short(labels: Iterable[str]) -> str:
    found = list(labels)
    return "、".join(found[:3]) + ("…" if len(found) > 3 else "")


def page(checklist: Checklist, spots: list[Spot]) -> str:
    """A page of the docs: the diagram, the rules and where they are written."""
    rules = "\n".join(f"| {rule.title} | `{rule.key}` | {'、'.join(rule.cite)} |" for rule in checklist.rules)
    return (
        f"# {checklist.programme}（{checklist.edition}）檢核表\n\n"
        f"由 `checklist.yaml` 產生，請勿手改。{len(checklist.questions)} 個問題、{len(spots)} 種狀態。\n\n"
        f"```mermaid\n{mermaid(checklist, spots)}\n```\n\n"
        f"| 條件 | 代號 | 出處 |\n|---|---|---|\n{rules}\n"
    )
