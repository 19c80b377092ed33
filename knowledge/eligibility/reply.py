"""What a reply to a question comes to: a value, a problem to tell, or nothing; and the sentences for problems."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.eligibility.facts import say_number
from knowledge.eligibility.model import Question
from knowledge.eligibility.tree import Value


@dataclass(frozen=True, slots=True)
class Reading:
    """At most one of both is there; neither where the text is no answer to this question."""

    value: Value | None = None
    problem: str = ""
    """One sentence: what is wrong, and how to answer."""

    @property
    def nothing(self) -> bool:
        """Whether the text is no answer, so that it is to be understood otherwise."""
        return self.value is None and not self.problem


NOTHING = Reading()


def wrong(sentence: str) -> Reading:
    """A reply that means to answer, and can't be taken."""
    return Reading(problem=sentence)


def within(question: Question, value: int) -> Reading:
    """The number, unless it lies outside what is possible."""
    if question.low <= value <= question.high:
        return Reading(value)
    return beyond(question, negative=value < 0)


def beyond(question: Question, *, negative: bool = False) -> Reading:
    """A number that can't be."""
    why = "不能是負數，" if negative else ""
    return wrong(f"「{question.title}」{why}要在 {bounds(question)}之間，請再輸入一次。")


def bounds(question: Question) -> str:
    """「1 到 5 級」."""
    low, high = say_number(question, question.low), say_number(question, question.high)
    return f"{low.removesuffix(question.unit or '小時').strip()} 到 {high}"


def named(labels: list[str]) -> Reading:
    """Two options or more."""
    shown = "還是".join(f"「{label}」" for label in labels[:3])
    return wrong(f"您說的是{shown}？請選一個。")
