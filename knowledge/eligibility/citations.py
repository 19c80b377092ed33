"""Holds a checklist against its source: each section that it cites is there, and says the figures it is cited for.

Figures stand in the words of rules, amounts and priorities, and in their conditions: a bound that an answer is compared
with, a sum of money. Questions cite nothing, so that what they give as their reason may stand anywhere in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge import figures
from knowledge.eligibility.facts import say_number
from knowledge.eligibility.loader import available, load_checklist
from knowledge.eligibility.model import Amount, Checklist, Priority, Question, Rule
from knowledge.eligibility.moments import DAY, say_date
from knowledge.eligibility.tree import Compare, Const, Kind, Name, Node, children, walk
from knowledge.lint import unsupported
from knowledge.outline import Outline, load_outline
from knowledge.schema import Base, Problem, Programme

MONEY = 1_000
"""From here on a number of an amount is money that the source names; smaller ones reckon (percent, a first course)."""

Citing = Rule | Amount | Priority


def lint_checklists(base: Base, sources: Path | None = None, root: Path | None = None) -> list[Problem]:
    """What can't be right in the citations of all checklists.

    Args:
        base: the knowledge base; each checklist belongs to a programme of it.
        sources: folder of the source texts, `<slug>.txt`. Without it a citation must be one that an entry of the same
            edition has too, since nothing else knows the labels.
        root: folder of the base, where the checklists are; default the packaged one.

    Raises:
        FileNotFoundError: a programme's source text is not in `sources`.
        KnowledgeError: a checklist or an outline.yaml can't be read.
    """
    problems: list[Problem] = []
    folders = () if root is None else (root / "programmes",)
    for slug, edition in available(*folders):
        checklist = load_checklist(slug, edition, *folders)
        programme = next((p for p in base.programmes if p.id == f"{slug}/{edition}"), None)
        if programme is None:
            problems.append(Problem(checklist.questions[0].file, 1, f"the base has no programme {slug}/{edition}"))
        elif sources is None:
            problems += uncited_labels(checklist, programme)
        else:
            problems += against_source(checklist, programme, load_outline(programme, sources, root))
    return sorted(problems)


def uncited_labels(checklist: Checklist, programme: Programme) -> Iterator[Problem]:
    """Citations that no entry of the edition has."""
    known = {path for item in programme.items for path in item.cite}
    for item in _citing(checklist):
        for path in item.cite:
            if path not in known:
                yield _problem(item, f"no entry of {programme.id} cites {path!r}; expected a label of its entries")


def against_source(checklist: Checklist, programme: Programme, outline: Outline) -> Iterator[Problem]:
    """Citations that the source does not have, and figures that do not stand where they are cited from."""
    taken: list[Node] = []
    for item in _citing(checklist):
        missing = [path for path in item.cite if outline.find(path) is None]
        for path in missing:
            yield _problem(item, f"the source has no section {path!r}; expected one of its labels")
        if not missing:
            for message in _unsupported(item, checklist, programme, outline, taken):
                yield _problem(item, message)
        if isinstance(item, Amount):
            taken.append(item.value)
    for question in checklist.questions:
        for message in unsupported(figures.in_answer(question.why), (), programme, outline):
            yield _problem(question, message)


def _citing(checklist: Checklist) -> tuple[Citing, ...]:
    return (*checklist.amounts, *checklist.rules, *checklist.priorities)


def _unsupported(
    item: Citing, checklist: Checklist, programme: Programme, outline: Outline, taken: list[Node]
) -> Iterator[str]:
    """`taken`: values of amounts that stand earlier and are checked where they stand, with their own citations."""
    said = figures.in_answer("；".join(_words(item)))
    yield from unsupported(said, item.cite, programme, outline)
    bounds = figures.in_answer("；".join(_bounds(item, checklist)))
    told = {figure.value for figure in said.counts}  # perhaps in another unit: what we count as visits are days there
    beyond = frozenset(figure for figure in bounds.counts if figure.value not in told)
    yield from unsupported(figures.Figures(beyond, bounds.days - said.days), item.cite, programme, outline)
    if isinstance(item, Amount):
        for money in sorted(set(_money(item.value, taken))):
            if not _granted(money, item.cite, outline):
                where = "、".join(item.cite)
                yield f"{money:,} stands nowhere in {where}; expected a sum of the cited sections, or half of one"


def _words(item: Citing) -> Iterator[str]:
    """Its sentences; what is filled in comes from the answers or from amounts."""
    match item:
        case Rule():
            texts = [item.title, item.fail, item.passed, item.caution]
        case Amount():
            texts = [item.title, item.explain]
        case Priority():
            texts = [item.title, item.text]
    for text in texts:
        yield re.sub(r"\{[^{}]*\}", "；", text)


def _bounds(item: Citing, checklist: Checklist) -> Iterator[str]:
    """What answers are compared with, said as the question says its answers."""
    nodes = [item.when] + ([item.needs] if isinstance(item, Rule) else [])
    for at in (at for node in nodes if node is not None for at in walk(node)):
        match at:
            case Compare(_, Name(key, _), Const() as bound) | Compare(_, Const() as bound, Name(key, _)):
                yield _said(checklist.question(key), bound)


def _said(question: Question, bound: Const) -> str:
    assert isinstance(bound.value, int)
    match bound.kind:
        case Kind.DATE:
            return say_date(bound.value)
        case Kind.DATETIME:  # the source says 「下午 5 時」 or 「17 時」, which the words of the rule are held to
            return say_date(bound.value // DAY)
    return say_number(question, bound.value)


def _money(node: Node, taken: list[Node]) -> Iterator[int]:
    if any(node is known for known in taken):
        return
    if isinstance(node, Const) and node.kind is Kind.NUMBER and isinstance(node.value, int) and node.value >= MONEY:
        yield node.value
    for child in children(node):
        yield from _money(child, taken)


def _granted(money: int, cited: tuple[str, ...], outline: Outline) -> bool:
    text = "\n".join(outline.context(path) or "" for path in cited)
    held = figures.in_source(text)
    halved = "減半" in text or "二分之一" in text
    sums = [figures.in_answer(f"{value}元") for value in ([money, 2 * money] if halved else [money])]
    return any(held.hold(figure) for found in sums for figure in found.counts)


def _problem(item: Citing | Question, message: str) -> Problem:
    return Problem(item.file, item.line, f"{item.key}: {message}")
