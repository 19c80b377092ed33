"""What each part of a requirements file owes to the others: nothing impossible, no example untrue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.eligibility.tree import Kind
from knowledge.requirements.engine import Progress, progress
from knowledge.requirements.model import Count, Example, Requirement, Requirements
from knowledge.requirements.periods import Per
from knowledge.schema import Problem

_COMPARED = ("state", "done", "needed", "planned", "deadline", "unit")


def problems_of(requirements: Requirements) -> list[Problem]:
    """Everything that can't be right in a file that could be read, in the order of lines.

    Examples are tried only where the requirements themselves are in order.
    """
    found = {*_impossible(requirements)}
    return sorted(found or {*_broken_examples(requirements)})


def contradiction(requirements: Requirements, example: Example) -> str:
    """What an example says and the requirements do not; empty where they agree."""
    found = progress(requirements, example.records, example.start, example.end, example.now, example.facts)
    for want in example.expect:
        unknown = set(want) - {"key", "period", "group", *_COMPARED}
        if unknown:
            return f"unknown field {min(unknown)!r}; known are key, period, group, {', '.join(_COMPARED)}"
        rows = [row for row in found if _named(row, want)]
        if len(rows) != 1:
            return f"{len(rows)} rows of {want['key']} {want['period']} {want.get('group', '')}; expected one"
        for name in _COMPARED:
            if name in want and want[name] != _plain(rows[0], name):
                return f"{want['key']} {want['period']}: {name} is {_plain(rows[0], name)!r}, not {want[name]!r}"
    return ""


def _impossible(requirements: Requirements) -> Iterator[Problem]:
    yield from _facts_unlike(requirements)
    earlier: dict[str, Requirement] = {}
    for item in requirements.items:
        if item.needed < 1:
            yield _at(item, "`needed` is 0; expected at least 1")
        if item.each_of and (item.each_of not in earlier or earlier[item.each_of].per is not item.per):
            yield _at(item, f"`each_of` names {item.each_of!r}; expected an earlier requirement of the same `per`")
        if item.instead and (Count.HOURS in (item.count, item.instead.count)) and item.count is not item.instead.count:
            yield _at(item, "hours here and no hours under `instead`, or the reverse; expected one of the two")
        if (item.within_months or item.instead) and item.per is not Per.TOTAL:
            yield _at(item, "`within_months` and `instead` go over the whole span; expected `per: total`")
        if item.instead and not item.within_months:
            yield _at(item, "`instead` without `within_months`; expected both")
        if item.share_of and item.share < 1:
            yield _at(item, "`share` is 0; expected at least 1")
        earlier[item.key] = item


def _facts_unlike(requirements: Requirements) -> Iterator[Problem]:
    """What is read must be asked for, as what it is read as; and nothing is asked for that nothing reads."""
    kinds = {fact.key: fact.kind for fact in requirements.asked}
    for item in requirements.items:
        for fact, kind in ((item.unless, Kind.YESNO), (item.share_of, Kind.NUMBER)):
            if fact and kinds.get(fact) is not kind:
                yield _at(item, f"reads `{fact}`, which is no {kind} among the facts; expected one")
    for asked in requirements.asked:
        if asked.key not in requirements.facts:
            yield Problem(asked.file, asked.line, f"no requirement reads `{asked.key}`")


def _broken_examples(requirements: Requirements) -> Iterator[Problem]:
    for example in requirements.examples:
        message = contradiction(requirements, example)
        if message:
            yield Problem(example.file, example.line, f"example {example.name!r}: {message}")


def untried(requirements: Requirements, examples: Iterable[Example]) -> list[Problem]:
    """Requirements that no example expects to be met, or none to be not met."""
    states: dict[str, set[bool]] = {}
    for example in examples:
        for want in example.expect:
            states.setdefault(want["key"], set()).add(want.get("state") == "met")
    return [
        _at(item, f"`{item.key}` has no example in which it is {'met' if wanted else 'not met'}")
        for item in requirements.items
        for wanted in (True, False)
        if wanted not in states.get(item.key, set())
    ]


def _named(row: Progress, want: Any) -> bool:
    return (row.key, row.period) == (want["key"], want["period"]) and row.group == want.get("group", row.group)


def _plain(row: Progress, name: str) -> Any:
    if name == "state":
        return row.state.value
    return row.deadline.isoformat() if name == "deadline" else getattr(row, name)


def _at(item: Requirement, message: str) -> Problem:
    return Problem(item.file, item.line, message)
