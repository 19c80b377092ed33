"""The facts of one school as a form: what a date or duty waits for is asked, what records tell is not.

Answers of a run: facts by their keys, as JSON has them. Keys that begin with `_` are no answers: `_place` (the
enrolment), `_label` (how it is called), `_known` and `_derived` (the facts as they were when it was begun), `_only`
(the one fact that is wanted).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.store.runs import Run
from handlers.checklist.form import Sheetlike
from handlers.forms.form import Field, Reply
from knowledge.deadlines.engine import State, resolve
from knowledge.eligibility.facts import FactsError, read_answer, say_answer
from knowledge.eligibility.tree import Kind
from knowledge.facts.judging import missing, read_fact
from knowledge.facts.loader import deadlines_of
from knowledge.facts.model import Fact, Sheet

HEADING = "學校資料"


class FactsForm(Sheetlike):
    """The form of one run, on a local day."""

    numbered = False

    def __init__(self, run: Run, sheet: Sheet, today: date) -> None:
        super().__init__(str(run.answers.get("_label", HEADING)), sheet.facts, {})
        self.sheet = sheet
        self._run = run
        self._today = today

    def field(self, key: str) -> Field | None:
        """The field of this key; None where the edition has none."""
        found = super().field(key)
        return replace(found, day=True) if found and self.sheet.by_key[key].kind is Kind.DATE else found

    def ahead(self, run: Run) -> tuple[Field, ...]:
        """What is still needed, not known, and not left open by the person."""
        answers, only = run.answers, str(run.answers.get("_only", ""))
        known = {**answers.get("_derived", {}), **stated(self.sheet, answers)}
        wanted = [self.sheet.by_key[only]] if only in self.sheet.by_key else self._missing(known)
        dealt = {*run.unsure, *(key for key in answers if key in self.sheet.by_key)}
        fields = (self.field(fact.key) for fact in wanted if fact.key not in dealt)
        return tuple(field for field in fields if field is not None)

    def read(self, key: str, text: str, now: datetime) -> Reply:
        """What someone typed, as an answer to a question."""
        return self._judged(key, super().read(key, text, now))

    def accept(self, key: str, value: Any) -> Reply:
        """An answer as a button or a calendar carries it."""
        return self._judged(key, super().accept(key, value))

    def say(self, key: str, value: Any) -> str:
        """An answer in words; as it is stored where it can't be read any more."""
        return say_fact(self.sheet.by_key[key], value)

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        """Nothing here: what follows is told once it is stored."""
        return ()

    def _missing(self, known: Mapping[str, Any]) -> tuple[Fact, ...]:
        return missing(self.sheet, known, needed(self.sheet, known, datetime.combine(self._today, time())))

    def _judged(self, key: str, reply: Reply) -> Reply:
        """The answer, refused where it can't be beside the others."""
        if not reply.answered:
            return reply
        answers = self._run.answers
        known = {**answers.get("_derived", {}), **stated(self.sheet, answers)}
        try:
            return Reply(True, read_fact(self.sheet, key, reply.value, known))
        except FactsError as error:
            return Reply(problem=str(error))


def stated(sheet: Sheet, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are facts of the sheet."""
    return {key: value for key, value in answers.items() if key in sheet.by_key}


def changed(sheet: Sheet, run: Run) -> dict[str, Any]:
    """What a run would store: the facts that are others than before; None for what is left open again."""
    before, now = run.answers.get("_known", {}), stated(sheet, run.answers)
    new = {key: value for key, value in now.items() if before.get(key) != value}
    return new | {key: None for key in run.unsure if key in before and key not in now}


def needed(sheet: Sheet, known: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The facts that some date waits for which is not over, and those that duties depend on."""
    deadlines = deadlines_of(sheet.programme, sheet.edition)
    dates = {fact.key for fact in deadlines.facts} if deadlines else set()
    duties = {fact.key for fact in sheet.facts if fact.key not in dates}
    if deadlines is None:
        return frozenset(duties)
    rows = resolve(deadlines, sound(sheet, known), now, strict=False)
    return frozenset(duties | {need for row in rows if row.state is not State.PASSED for need in row.needs})


def sound(sheet: Sheet, known: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can be read."""
    return {key: value for key, value in known.items() if key in sheet.by_key and _reads(sheet.by_key[key], value)}


def say_fact(fact: Fact, value: Any) -> str:
    """A fact in words; as it is stored where it can't be read any more."""
    return say_answer(fact, read_answer(fact, value)) if _reads(fact, value) else str(value)


def _reads(fact: Fact, value: Any) -> bool:
    try:
        read_answer(fact, value)
    except FactsError:
        return False
    return True
