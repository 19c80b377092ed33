"""How facts are shown: all of a school's, and those that wait for a confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.messages import Card, Choice
from bot.store.runs import Run
from handlers.choices import MENU, label
from handlers.facts import sayings
from handlers.facts.form import FactsForm, changed, needed, say_fact, stated
from handlers.forms.words import Verb, button
from knowledge.deadlines.engine import Due
from knowledge.facts.deriving import contradictions
from knowledge.facts.judging import doubts, missing
from knowledge.facts.model import Fact, Sheet
from knowledge.requirements.engine import Progress
from scheduler import digest, wording
from scheduler.matters import Matter

MOST_BUTTONS = 8


def draft(run: Run, form: FactsForm) -> Card:
    """What would be stored, to be confirmed; the button is of the revision that is stored next."""
    before, new = run.answers.get("_known", {}), changed(form.sheet, run)
    lines = [_line(form.sheet.by_key[key], new[key], before.get(key)) for key in form.sheet.by_key if key in new]
    odd = [each for key, value in new.items() if value is not None for each in doubts(form.sheet, key, value)]
    now = stated(form.sheet, run.answers)
    odd += contradictions(form.sheet, {key: now[key] for key in new if key in now}, run.answers.get("_derived", {}))
    lines += [sayings.ODD.format(doubt=each) for each in odd]
    choices = (
        Choice("確認", f"s:save:{run.id}:{run.revision + 1}"),
        button(run, Verb.EDIT, aside=False),
        Choice("取消", f"s:drop:{run.id}"),
    )
    return Card(f"{form.heading}：{sayings.CARD}", "\n".join(lines), status=sayings.CHECK, choices=choices)


def _line(fact: Fact, value: Any, before: Any) -> str:
    was = "" if before is None else say_fact(fact, before)
    if value is None:
        return sayings.TAKEN_BACK.format(title=fact.title, before=was)
    words = sayings.LINE_CHANGED if was else sayings.LINE
    return words.format(title=fact.title, value=say_fact(fact, value), before=was)


def said(sheet: Sheet, new: Mapping[str, Any]) -> str:
    """「核定日期 2025年9月15日（一）、核心教師人數 8 位」"""
    values = {key: sayings.EMPTY if value is None else say_fact(sheet.by_key[key], value) for key, value in new.items()}
    return "、".join(f"{sheet.by_key[key].title} {value}" for key, value in values.items())


def overview(
    sheet: Sheet, school: str, place: str, known: Mapping[str, Any], derived: Mapping[str, Any], now: datetime,
    *, may: bool,
) -> Card:  # fmt: skip
    """All facts of a school. `place`: the enrolment's id; `may`: whether the person may change them."""
    all_known = {**derived, **known}
    wanted = needed(sheet, all_known, now)
    open_ones = missing(sheet, all_known, wanted)
    lines = [_shown(fact, known, derived, wanted) for fact in sheet.facts]
    lines += [sayings.ODD.format(doubt=each) for each in contradictions(sheet, known, derived)]
    lines += [] if may else [sayings.NOT_ALLOWED]
    first = {fact.key: fact for fact in (*open_ones, *sheet.facts)}
    picks = fill_buttons(place, first.values(), all_known, most=MOST_BUTTONS) if may else ()
    status = sayings.INCOMPLETE if open_ones else sayings.COMPLETE
    return Card(
        sayings.SHEET.format(school=school), "\n".join(lines), status=status,
        choices=(*picks, digest.LIST, digest.SETTINGS, MENU),
    )  # fmt: skip


def fill_buttons(place: str, facts: Iterable[Fact], known: Mapping[str, Any], *, most: int) -> tuple[Choice, ...]:
    """Buttons that open the form at a fact."""
    found = [
        Choice(label(f"{'修改' if fact.key in known else '填'}{fact.title}"), f"s:ask:{place}:{fact.key}")
        for fact in facts
    ]
    return tuple(found[:most])


def _shown(fact: Fact, known: Mapping[str, Any], derived: Mapping[str, Any], wanted: frozenset[str]) -> str:
    if fact.key in known:
        return sayings.STATED.format(title=fact.title, value=say_fact(fact, known[fact.key]))
    if fact.key in derived:
        return sayings.DERIVED.format(title=fact.title, value=say_fact(fact, derived[fact.key]))
    words = sayings.MISSING if fact.key in wanted else sayings.NOT_NEEDED
    return words.format(title=fact.title, unsure=fact.unsure)


def following(before: Sequence[Matter], after: Sequence[Matter], now: datetime) -> str:
    """Which dates and duties follow from what was stored. `now`: local."""
    lines = list(_dates(before, after, now)) + list(_duties(before, after))
    return "\n".join([sayings.FOLLOWS, *lines]) if lines else sayings.NOTHING_FOLLOWS


def _dates(before: Sequence[Matter], after: Sequence[Matter], now: datetime) -> Iterator[str]:
    was = {each.subject: each.what.due for each in before if isinstance(each.what, Due)}
    for each in after:
        if isinstance(each.what, Due) and each.what.due != was.get(each.subject):
            yield f"・{wording.of_due(each.what, now)}"


def _duties(before: Sequence[Matter], after: Sequence[Matter]) -> Iterator[str]:
    was, now = (
        {each.subject: each.what.title for each in many if isinstance(each.what, Progress)} for many in (before, after)
    )
    yield from (sayings.COUNTED.format(title=title) for subject, title in now.items() if subject not in was)
    yield from (sayings.NOT_COUNTED.format(title=title) for subject, title in was.items() if subject not in now)
