"""Conditions of the checklists judged by us and by two expression engines, in one run on the same answers.

The peers get our own parsed conditions, written in their languages, compiled once, and the answers as plain values. All
sheets are complete, since the peers know true and false only: what we do besides with answers that are missing (what is
still open, what to ask next) has no peer and stands in rows of its own. A run in which a peer judges one condition
otherwise than we do stops there.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.eligibility.engine import Facts, check, questions_ahead, world_of
from knowledge.eligibility.loader import available, load_checklist
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.possible import YES, truth
from knowledge.eligibility.tree import (
    All,
    Arithmetic,
    Compare,
    Const,
    Count,
    Extreme,
    If,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Picked,
)
from knowledge.eligibility.tree import Any as AnyOf
from tests.knowledge.eligibility.sheets import random_sheets

SHEETS = 200
ROUNDS = 7
SEED = 3

Sheet = dict[str, Any]
"""Answers as a peer takes them: plain values, lists where ours are sets."""
Judge = Callable[[Sheet], list[bool]]
"""From a complete sheet to whether each rule of a checklist holds."""
Make = Callable[[Checklist], Judge]


@dataclass(frozen=True)
class Language:
    """How a condition is written for a peer; both take Python's signs and words, apart from these."""

    whole_division: str
    condition: str
    extreme: str
    several: tuple[str, str]

    def write(self, node: Node) -> str:
        """The condition or value, every part in parentheses."""
        return f"({self._write(node)})"

    def _write(self, node: Node) -> str:
        match node:
            case Const(value, kind):
                return _literal(value) if kind is not Kind.YESNO else str(value).lower()
            case Name(name, _):
                return name
            case Not(item):
                return f"not {self.write(item)}"
            case All(items):
                return " and ".join(map(self.write, items))
            case AnyOf(items):
                return " or ".join(map(self.write, items))
            case Compare(sign, left, right):
                return f"{self.write(left)} {sign} {self.write(right)}"
            case OneOf(item, options):
                start, end = self.several
                return f"{self.write(item)} in {start}{', '.join(map(_literal, sorted(options, key=str)))},{end}"
            case Picked(option, item):
                return f"{option!r} in {item.name}"
        return self._number(node)

    def _number(self, node: Node) -> str:
        match node:
            case Count(item):
                return f"len({item.name})"
            case Arithmetic("//", left, right, _):
                return self.whole_division.format(self.write(left), self.write(right))
            case Arithmetic(sign, left, right, _):
                return f"{self.write(left)} {sign} {self.write(right)}"
            case Extreme(largest, items, _):
                inside = ", ".join(map(self.write, items))
                return ("max" if largest else "min") + self.extreme.format(inside)
            case If(condition, then, other, _):
                return self.condition.format(*map(self.write, (condition, then, other)))
        raise AssertionError(f"{type(node).__name__} is no number")


PYTHON = Language("{0} // {1}", "{1} if {0} else {2}", "({0})", ("(", ")"))
ZEN = Language("floor({0} / {1})", "{0} ? {1} : {2}", "([{0}])", ("[", "]"))


def _literal(value: object) -> str:
    return repr(value)


def xueban(checklist: Checklist) -> Judge:
    """Our own engine, with the building of what it knows of a sheet."""
    conditions = [rule.holds for rule in checklist.rules]

    def judge(facts: Sheet) -> list[bool]:
        world = world_of(checklist, facts)
        return [truth(condition, world) == YES for condition in conditions]

    return judge


def simple_eval(checklist: Checklist) -> Judge:
    """simpleeval, its trees parsed once."""
    from simpleeval import EvalWithCompoundTypes  # type: ignore[import-untyped]

    evaluator = EvalWithCompoundTypes(functions={"len": len, "min": min, "max": max})
    evaluator.names = {"true": True, "false": False}
    texts = [PYTHON.write(rule.holds) for rule in checklist.rules]
    parsed = [(text, evaluator.parse(text)) for text in texts]

    def judge(facts: Sheet) -> list[bool]:
        evaluator.names = facts
        return [bool(evaluator.eval(text, previously_parsed=tree)) for text, tree in parsed]

    return judge


def zen(checklist: Checklist) -> Judge:
    """GoRules' zen-engine, its expressions compiled once; it is written in Rust."""
    from zen import compile_expression

    compiled = [compile_expression(ZEN.write(rule.holds)) for rule in checklist.rules]

    def judge(facts: Sheet) -> list[bool]:
        return [bool(expression.evaluate(facts)) for expression in compiled]

    return judge


def python_itself(checklist: Checklist) -> Judge:
    """Python's own compiled code: what no checked engine reaches, as a measure of the machine."""
    code = [compile(PYTHON.write(rule.holds), "<rule>", "eval") for rule in checklist.rules]
    functions = {"len": len, "min": min, "max": max, "true": True, "false": False}

    def judge(facts: Sheet) -> list[bool]:
        return [bool(eval(one, functions, facts)) for one in code]  # our own checklists, in a benchmark

    return judge


PEERS: Mapping[str, Make] = {"simpleeval": simple_eval, "zen-engine": zen, "Python's eval, compiled": python_itself}


@dataclass(frozen=True)
class Case:
    """A checklist with complete sheets, as we take them and as plain JSON values."""

    checklist: Checklist
    sheets: Sequence[Sheet]
    plain: Sequence[Sheet]


def cases() -> list[Case]:
    """All checklists."""
    found = []
    for slug, edition in available():
        checklist = load_checklist(slug, edition)
        sheets: list[Sheet] = [dict(sheet) for sheet in random_sheets(checklist, SEED, SHEETS)]
        found.append(Case(checklist, sheets, [*map(_plain, sheets)]))
    return found


def _plain(sheet: Facts) -> Sheet:
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in sheet.items()}


def compare(case: Case) -> int:
    """Rules times sheets on which all judges agree.

    Raises:
        RuntimeError: a peer judges a rule otherwise, so that times would compare different work.
    """
    ours = [*map(xueban(case.checklist), case.sheets)]
    for name, make in PEERS.items():
        theirs = [*map(make(case.checklist), case.plain)]
        if theirs != ours:
            raise RuntimeError(f"{name} and we judge {case.checklist.programme} differently")
    return sum(map(len, ours))


def seconds(work: Callable[[Sheet], object], sheets: Sequence[Sheet]) -> float:
    """Time for all sheets once."""
    began = time.perf_counter()
    for sheet in sheets:
        work(sheet)
    return time.perf_counter() - began


def run() -> None:
    """Print the tables."""
    everything = cases()
    judged = sum(map(compare, everything))
    rules = sum(len(case.checklist.rules) for case in everything)
    print(
        f"\nConditions: {rules} rules of {len(everything)} checklists, {SHEETS} complete sheets each, {ROUNDS} rounds;"
    )
    print(f"all engines agree on {judged} judgements. The peers know true and false only, we also what is unknown.")
    _conditions(everything, judged)
    _whole_checks(everything)


def _conditions(everything: Sequence[Case], judged: int) -> None:
    makes: dict[str, Make] = {"xueban": xueban, **PEERS}
    judges = {name: [make(case.checklist) for case in everything] for name, make in makes.items()}
    found: dict[str, list[float]] = {name: [] for name in judges}
    gc.disable()
    for _ in range(ROUNDS):
        for name, each in judges.items():
            pairs = zip(each, everything, strict=True)
            found[name].append(sum(seconds(j, c.sheets if name == "xueban" else c.plain) for j, c in pairs))
    gc.enable()
    print(f"{'':32}{'µs a rule':>11}{'xueban / it':>13}")
    for name, times in found.items():
        ratio = statistics.median(a / b for a, b in zip(found["xueban"], times, strict=True))
        print(f"{name:32}{statistics.median(times) / judged * 1e6:11.2f}{ratio:13.2f}")


def _whole_checks(everything: Sequence[Case]) -> None:
    print(f"{'µs a whole programme':32}{'check':>9}{'half-filled':>13}{'to ask next':>13}{'rules':>7}")
    for case in everything:
        half = [dict([*sheet.items()][::2]) for sheet in case.sheets]
        columns = [*_whole(case.checklist, case.sheets, half)]
        print(f"{case.checklist.programme:32}{columns[0]:9.0f}{columns[1]:13.0f}{columns[2]:13.0f}"
              f"{len(case.checklist.rules):7d}")  # fmt: skip


def _whole(checklist: Checklist, full: Sequence[Sheet], half: Sequence[Sheet]) -> Iterator[float]:
    def checked(facts: Sheet) -> object:
        return check(checklist, facts)

    def asked(facts: Sheet) -> object:
        return questions_ahead(checklist, facts)

    for work, sheets in ((checked, full), (checked, half), (asked, half)):
        yield statistics.median(seconds(work, sheets) for _ in range(ROUNDS)) / len(sheets) * 1e6


if __name__ == "__main__":
    run()
