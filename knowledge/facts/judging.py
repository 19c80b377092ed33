"""Whether a fact can be right: its type, its day beside the programme's days, and beside the other facts.

What can't be right is refused (`read_fact`); what is only odd is told and may stand (`doubts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from knowledge.deadlines.dates import Fixed, Relative
from knowledge.deadlines.engine import WIND_UP
from knowledge.deadlines.model import Deadline, Deadlines
from knowledge.eligibility.facts import FactsError, read_answer, write_answer
from knowledge.eligibility.moments import say_date
from knowledge.eligibility.tree import Kind
from knowledge.facts.loader import deadlines_of
from knowledge.facts.model import Fact, Sheet

__all__ = ["FactsError", "doubts", "missing", "read_fact"]

LEAD = timedelta(days=400)
"""Nothing of an edition happens longer before its first day."""

UNKNOWN = "這個計畫沒有「{key}」這一項資料。"
OUT_OF_TIME = "「{title}」要在 {first}到 {last}之間，才和這一期計畫有關；{day}請再確認。"
BEFORE = "「{title}」（{day}）不能早於「{other}」（{limit}）；兩個日期請再確認。"
EARLY = "照這個日期，「{title}」的期限會是 {due}，比計畫開始的 {first}還早，請再確認日期。"


def read_fact(sheet: Sheet, key: str, value: Any, known: Mapping[str, Any]) -> Any:
    """The value as it is stored, once it is known to be possible.

    Args:
        value: as JSON has it.
        known: the other facts, stated or derived, beside which it must be possible.

    Raises:
        FactsError: it can't be right; one sentence for people.
    """
    fact = sheet.by_key.get(key)
    if fact is None:
        raise FactsError(UNKNOWN.format(key=key[:40]))
    read = read_answer(fact, value)
    if fact.kind is Kind.DATE:
        assert isinstance(read, int)
        day = date.fromordinal(read)
        _within(sheet, fact, day)
        for one, other in _ordered(sheet, fact, known):
            _in_order(one, other, {**known, key: day.isoformat()})
    return write_answer(fact, read)


def doubts(sheet: Sheet, key: str, value: Any) -> tuple[str, ...]:
    """What is odd about a possible value: sentences for people, to be told before it is stored."""
    fact, deadlines = sheet.by_key[key], deadlines_of(sheet.programme, sheet.edition)
    if fact.kind is not Kind.DATE or deadlines is None:
        return ()
    day, first = date.fromisoformat(value), deadlines.valid_from
    found = {
        each.title: each.due.after(day).date()
        for each in deadlines.deadlines
        if isinstance(each.due, Relative) and each.due.fact == key and not _is_early_anyway(deadlines, each)
    }
    return tuple(
        EARLY.format(title=title, due=_say(due), first=_say(first)) for title, due in found.items() if due < first
    )


def missing(sheet: Sheet, known: Mapping[str, Any], needed: frozenset[str]) -> tuple[Fact, ...]:
    """Facts that are needed and not known, in asking order."""
    return tuple(fact for fact in sheet.facts if fact.key in needed and fact.key not in known)


def _within(sheet: Sheet, fact: Fact, day: date) -> None:
    deadlines = deadlines_of(sheet.programme, sheet.edition)
    if deadlines is None:
        return
    first, last = deadlines.valid_from - LEAD, deadlines.last_day + WIND_UP
    if not first <= day <= last:
        told = OUT_OF_TIME.format(title=fact.title, first=_say(first), last=_say(last), day=_say(day))
        raise FactsError(told)


def _ordered(sheet: Sheet, fact: Fact, known: Mapping[str, Any]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of days that this one is part of, the earlier first."""
    if fact.not_before in known:
        yield sheet.by_key[fact.not_before], fact
    for other in sheet.facts:
        if other.not_before == fact.key and other.key in known:
            yield fact, other


def _in_order(earlier: Fact, later: Fact, days: Mapping[str, Any]) -> None:
    limit, day = (date.fromisoformat(days[each.key]) for each in (earlier, later))
    if day < limit:
        told = BEFORE.format(title=later.title, day=_say(day), other=earlier.title, limit=_say(limit))
        raise FactsError(told)


def _is_early_anyway(deadlines: Deadlines, deadline: Deadline) -> bool:
    """Whether it is due before the edition begins in any case, as an application is."""
    cap = deadline.due.cap if isinstance(deadline.due, Relative) else None
    fixed = [each.due.at for each in deadlines.deadlines if each.key == deadline.key and isinstance(each.due, Fixed)]
    return any(at.date() < deadlines.valid_from for at in (*fixed, *([cap] if cap else [])))


def _say(day: date) -> str:
    return say_date(day.toordinal())
