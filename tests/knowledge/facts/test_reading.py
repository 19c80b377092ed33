"""A fact in a file is read whole, or refused with its line."""

from __future__ import annotations

import pytest

from knowledge.eligibility.fields import FieldReader
from knowledge.eligibility.tree import Kind
from knowledge.facts.model import Derived, Fact, Which
from knowledge.facts.reading import FACT, FactReader
from knowledge.reading import Field
from knowledge.schema import Problem

SOWN = """facts:
  - {key: tilled_on, title: 整地日, ask: 哪天整地？, type: date, why: 種之前。, unsure: 問農場。}
  - key: sown_on
    title: 播種日
    names: [下種日]
    ask: 哪天播種？
    type: date
    why: 收成日從這天算。
    unsure: 看日誌。
    first_of: sowing
    not_before: tilled_on
  - {key: acres, title: 面積, ask: 幾畝？, type: number, min: 1, max: 9, unit: 畝, why: 算種子。, unsure: 看地籍。}
  - {key: rented, title: 租的, ask: 地是租的嗎？, type: yesno, why: 算租金。, unsure: 看契約。}
"""


def read(text: str) -> tuple[list[Fact], list[Problem]]:
    problems: list[Problem] = []
    reader = FieldReader("toy.yaml", problems)
    top = reader.document(text.encode(), {"facts": Field("records")})
    assert top is not None
    facts = FactReader(reader, (Kind.DATE, Kind.NUMBER, Kind.YESNO, Kind.CHOICE))
    return [facts.read(record) for record in reader.records(top.values["facts"], FACT)], problems


def test_everything_that_is_written_is_read() -> None:
    (_, sown, acres, rented), problems = read(SOWN)
    assert problems == []
    assert (sown.derived, sown.not_before, sown.names) == (Derived(Which.FIRST, "sowing"), "tilled_on", ("下種日",))
    assert (acres.kind, acres.low, acres.high, acres.unit) == (Kind.NUMBER, 1, 9, "畝")
    assert (rented.kind, rented.derived) == (Kind.YESNO, None)


@pytest.mark.parametrize(
    ("was", "now", "because"),
    [
        ("type: yesno", "type: hours", "expected date or number or yesno or choice"),
        ("title: 播種日", "title: 播種的那一天到底是哪一個好日子", "`title` is long"),
        ("key: sown_on", "key: Sown On", "`key` is"),
        ("key: sown_on", "key: tilled_on", "stands twice"),
        ("min: 1, max: 9", "min: 9, max: 1", "`max` lies below `min`"),
        ("unit: 畝, ", "", "needs `unit`"),
        ("not_before: tilled_on", "not_before: reaped_on", "`not_before` is 'reaped_on'"),
        ("first_of: sowing", "first_of: sowing\n    last_of: sowing", "expected one, of a date"),
        ("unsure: 看契約。", "unsure: 看契約。, first_of: sowing", "expected one, of a date"),
    ],
)
def test_what_cant_be_right_is_named(was: str, now: str, because: str) -> None:
    assert was in SOWN
    _, problems = read(SOWN.replace(was, now))
    assert any(because in str(problem) for problem in problems), problems
