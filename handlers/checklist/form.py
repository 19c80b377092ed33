"""Questions of a checklist, or those about a school, as a form that the dialogue engine fills in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.store.runs import Run
from handlers.choices import typed_number
from handlers.forms.form import Field, Reply
from knowledge.eligibility.facts import FactsError, read_answer, say_answer, write_answer
from knowledge.eligibility.model import Question
from knowledge.eligibility.replies import read_reply
from knowledge.eligibility.tree import Kind, Value

YES_NO = {"yes": "是", "no": "否"}
_HOW = {
    Kind.NUMBER: "請打數字（{unit}）。",
    Kind.HOURS: "請打時數，可以有半小時，例如 7.5。",
    Kind.DATE: "請打日期，例如 114/6/15、6月15日、明天。",
    Kind.DATETIME: "請打日期和時間，例如 105/10/28 17:00。",
    Kind.YESNO: "請回答「是」或「否」。",
    Kind.CHOICE: "請點選，或打選項的號碼。",
}
NEAR = 12
IMPOSSIBLE = "這個答案超出可能的範圍。{how}"


class Sheetlike:
    """What is the same for every form made of `Question` objects."""

    numbered = True

    def __init__(self, heading: str, questions: tuple[Question, ...], whys: Mapping[str, str]) -> None:
        self.heading = heading
        self._questions = {question.key: question for question in questions}
        self._fields = {question.key: field_of(question, whys.get(question.key, "")) for question in questions}

    def field(self, key: str) -> Field | None:
        """The field of this key; None where the form has none."""
        return self._fields.get(key)

    def fields(self, questions: tuple[Question, ...]) -> tuple[Field, ...]:
        """These questions as fields."""
        return tuple(self._fields[question.key] for question in questions)

    def read(self, key: str, text: str, now: datetime) -> Reply:
        """What someone typed, as an answer to a question."""
        question = self._questions[key]
        place = typed_number(text)
        if question.kind is Kind.YESNO and place in (1, 2):  # 「是」 and 「否」 are shown with their numbers
            return Reply(True, place == 1)
        found = read_reply(question, text, now)
        if found.problem:
            return Reply(problem=found.problem)
        return Reply() if found.value is None else Reply(True, write_answer(question, found.value))

    def accept(self, key: str, value: Any) -> Reply:
        """An answer as a button carries it."""
        question = self._questions[key]
        if question.kind is Kind.YESNO and isinstance(value, str):
            value = {"yes": True, "no": False}.get(value)
        try:
            return Reply(True, write_answer(question, read_answer(question, value)))
        except FactsError:
            how = self._fields[key].how
            return Reply(problem=IMPOSSIBLE.format(how=how))

    def say(self, key: str, value: Any) -> str:
        """An answer in words."""
        question = self._questions[key]
        return say_answer(question, read_answer(question, value))

    def facts(self, run: Run) -> dict[str, Value]:
        """The answers of a run as the engine takes them; what the form can't read any more is not there."""
        found = {}
        for key, value in run.answers.items():
            question = self._questions.get(key)
            try:
                if question is not None:
                    found[key] = read_answer(question, value)
            except FactsError:
                continue
        return found


def field_of(question: Question, cited: str = "") -> Field:
    """A question as a field. `cited`: where the rules stand that need it."""
    options = YES_NO if question.kind is Kind.YESNO else dict(question.options)
    why = "\n".join(part for part in (f"為什麼問「{question.title}」：{question.why}", cited) if part)
    return Field(
        question.key,
        question.title,
        question.ask,
        "" if question.kind is Kind.SEVERAL else how_of(question),
        why,
        question.unsure,
        options,
        several=question.kind is Kind.SEVERAL,
    )


def how_of(question: Question) -> str:
    """How to answer; the bounds are worth saying only where they are near each other."""
    near = question.kind is Kind.NUMBER and question.high - question.low <= NEAR
    return _HOW[question.kind].format(unit=f"{question.low} 到 {question.high}" if near else question.unit)
