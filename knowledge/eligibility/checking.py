"""What each part of a checklist owes to the others: nothing unread, nothing that can't happen, nothing unfilled."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.eligibility.engine import check, rule_state, world_of
from knowledge.eligibility.facts import FactsError, read_facts
from knowledge.eligibility.model import Amount, Checklist, Example, Priority, Rule
from knowledge.eligibility.possible import World
from knowledge.eligibility.search import UndecidedError, can_be_true
from knowledge.eligibility.tree import All, Node, names
from knowledge.eligibility.wording import unknown_placeholder
from knowledge.schema import Problem


def problems_of(checklist: Checklist) -> list[Problem]:
    """Everything that can't be right in a checklist that could be read, in the order of lines.

    Examples are tried only where the rules themselves are in order.
    """
    found = {*_unread(checklist), *_one_sided(checklist), *_unfilled(checklist)}
    return sorted(found or {*_broken_examples(checklist)})


def uncovered(checklist: Checklist) -> list[Problem]:
    """Rules without a passing or without a failing example."""
    worlds = [world_of(checklist, read_facts(checklist, example.facts)) for example in checklist.examples]
    found = []
    for rule in checklist.rules:
        states = {rule_state(rule, world).value for world in worlds}
        found += [
            Problem(rule.file, rule.line, f"rule `{rule.key}` has no example in which it is a {state}")
            for state in ("pass", "fail")
            if state not in states
        ]
    return found


def _unread(checklist: Checklist) -> Iterator[Problem]:
    read = checklist.decisive | names(*(priority.when for priority in checklist.priorities))
    for question in checklist.questions:
        if question.key not in read:
            yield Problem(question.file, question.line, f"no rule, amount or priority reads `{question.key}`")


def _one_sided(checklist: Checklist) -> Iterator[Problem]:
    world = world_of(checklist, {})
    for rule in checklist.rules:
        passes = rule.needs if rule.when is None else All((rule.when, rule.needs))
        for node, what in ((rule.fails, "fail"), (passes, "pass")):
            if not _possible(node, world):
                yield Problem(rule.file, rule.line, f"rule `{rule.key}` can never {what}")
    for priority in checklist.priorities:
        if not _possible(priority.when, world):
            yield Problem(priority.file, priority.line, f"priority `{priority.key}` can never be told")


def _possible(node: Node, world: World) -> bool:
    try:
        return can_be_true(node, world)
    except UndecidedError:  # too entangled to say; the walk over all states judges it
        return True


def _unfilled(checklist: Checklist) -> Iterator[Problem]:
    for rule in checklist.rules:
        yield from _placeholders(checklist, rule, rule.fail, rule.passed, rule.caution)
    for amount in checklist.amounts:
        yield from _placeholders(checklist, amount, amount.explain)
    for priority in checklist.priorities:
        yield from _placeholders(checklist, priority, priority.text)


def _placeholders(checklist: Checklist, owner: Rule | Amount | Priority, *texts: str) -> Iterator[Problem]:
    for text in texts:
        unknown = unknown_placeholder(text, checklist)
        if unknown is not None:
            yield Problem(owner.file, owner.line, f"placeholder {{{unknown}}} is no question, term or amount")


def _broken_examples(checklist: Checklist) -> Iterator[Problem]:
    rules = {rule.key for rule in checklist.rules}
    amounts = {amount.key for amount in checklist.amounts}
    for example in checklist.examples:
        unknown = [key for key in example.fails or () if key not in rules]
        unknown += [key for key in example.amounts or () if key not in amounts]
        unknown += [key for key in example.missing or () if key not in checklist.by_key]
        if unknown:
            yield Problem(example.file, example.line, f"unknown {unknown[0]!r} in example {example.name!r}")
        message = contradiction(checklist, example)
        if message:
            yield Problem(example.file, example.line, f"example {example.name!r}: {message}")


def contradiction(checklist: Checklist, example: Example) -> str:
    """What an example says and the rules do not; empty where they agree."""
    try:
        result = check(checklist, read_facts(checklist, example.facts))
    except FactsError as error:
        return str(error)
    if result.verdict != example.verdict:
        return f"verdict is {result.verdict} (fails {', '.join(result.failing)}; missing {', '.join(result.missing)})"
    if example.fails is not None and set(example.fails) != set(result.failing):
        return f"failing are {', '.join(result.failing) or 'none'}"
    for key, value in (example.amounts or {}).items():
        if result.amounts.get(key) != value:
            return f"{key} is {result.amounts.get(key)}"
    if example.missing is not None and example.missing != result.missing:
        return f"missing are {', '.join(result.missing) or 'none'}"
    return ""
