"""What somebody is told whose question was asked in vain and is answered now."""

from __future__ import annotations

from datetime import date

from bot.messages import Text
from handlers.ask import source_line
from knowledge.answering.model import Answer, Status
from knowledge.schema import Base

QUOTED = 40
"""Characters of the question that are said again."""
ANSWERED = "您 {day} 問的「{question}」現在有答案了：\n{answer}"
LOOKED_UP = "您 {day} 問的「{question}」我們查過了：\n{answer}"


def answered(base: Base, question: str, asked_on: date, today: date, answer: Answer) -> Text:
    """The question, the answer and where it stands.

    Args:
        base: names the source.
        question: as the person wrote it.
        asked_on: the local day on which they did.
        today: the local day.
        answer: what it is answered now; a known gap was looked up, not answered.
    """
    refused = answer.status is Status.REFUSED
    day = f"{asked_on.month}/{asked_on.day}"
    if asked_on.year != today.year:
        day = f"{asked_on.year}/{day}"
    said = (LOOKED_UP if refused else ANSWERED).format(day=day, question=_short(question), answer=answer.text)
    source = source_line(base, answer.citations, refused=refused)
    return Text(f"{said}\n（{source}）" if source else said)


def _short(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…"
