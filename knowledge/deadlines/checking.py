"""What the parts of a deadlines.yaml owe to each other: no fact unread, no duty twice, no example broken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from knowledge.deadlines.dates import Fixed, MomentError, parse_fixed
from knowledge.deadlines.engine import Due, resolve
from knowledge.deadlines.facts import FactsError
from knowledge.deadlines.model import Deadline, Deadlines, Example
from knowledge.schema import Problem


def problems_of(deadlines: Deadlines) -> list[Problem]:
    """Everything that can't be right in a file that could be read, in the order of lines."""
    found = [*_unread(deadlines), *_together(deadlines)]
    return sorted(found or _broken_examples(deadlines))


def _unread(deadlines: Deadlines) -> Iterator[Problem]:
    dates = {each.due.fact for each in deadlines.deadlines if not isinstance(each.due, Fixed)}
    choices = {fact for each in deadlines.deadlines for fact in each.when}
    for fact in deadlines.facts:
        if fact.key not in dates | choices:
            yield Problem(fact.file, fact.line, f"no deadline reads `{fact.key}`")


def _together(deadlines: Deadlines) -> Iterator[Problem]:
    """Two of one key must never apply together: one fact, decided differently."""
    for one, other in combinations(deadlines.deadlines, 2):
        if one.key == other.key and not _exclude(one, other):
            message = f"`{other.key}` stands in line {one.line} too, and both may apply; expected different `when`"
            yield Problem(other.file, other.line, message)


def _exclude(one: Deadline, other: Deadline) -> bool:
    return any(fact in other.when and other.when[fact] != wanted for fact, wanted in one.when.items())


def _broken_examples(deadlines: Deadlines) -> Iterator[Problem]:
    for example in deadlines.examples:
        try:
            rows = {row.key: row for row in resolve(deadlines, example.facts, example.now)}
            yield from _differences(example, rows)
        except (FactsError, MomentError) as error:
            yield _broken(example, str(error))


def _differences(example: Example, rows: dict[str, Due]) -> Iterator[Problem]:
    for key, text in example.due.items():
        wanted = None if text is None else parse_fixed(str(text))
        if key not in rows:
            yield _broken(example, f"`{key}` is not listed")
        elif rows[key].due != wanted:
            yield _broken(example, f"`{key}` is due {rows[key].due or 'at no day yet'}")
    for key, state in example.states.items():
        found = rows[key].state.value if key in rows else "not listed"
        if found != state:
            yield _broken(example, f"`{key}` is {found}")
    for key in example.absent:
        if key in rows:
            yield _broken(example, f"`{key}` is listed")


def _broken(example: Example, message: str) -> Problem:
    return Problem(example.file, example.line, f"example {example.name!r}: {message}")
