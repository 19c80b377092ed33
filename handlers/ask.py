"""A question and its answer: looks it up, lays the answer out, keeps the question for curation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.messages import Card, Choice, Incoming, Text
from handlers.choices import MENU, label
from handlers.dialogue import KeepQuestion, State, Turn
from handlers.feedback import choices_about, none_of_these
from knowledge.answering.model import Answer, Citation, Focus, Status
from knowledge.schema import Base

ANSWERED = "查到了"
UNSURE = "想確認一下"
REFUSED = "查不到"
STATUS_WORDS = {Status.ANSWERED: ANSWERED, Status.UNSURE: UNSURE, Status.REFUSED: REFUSED}
GONE = "這一題的內容已經更新，原來的按鈕失效了。請直接打字再問一次。"


class Asks(Protocol):
    """Whoever answers questions from the knowledge base; pure, and ready to answer at once."""

    @property
    def base(self) -> Base:
        """What is known."""
        ...

    def answer(self, question: str, focus: Focus | None = None, now: datetime | None = None) -> Answer:
        """Answer one question; `focus` is what was talked about before."""
        ...

    def entry(self, ref: str, now: datetime | None = None) -> Answer | None:
        """The answer of a suggestion that was tapped; None where it is gone."""
        ...


def new_question_id() -> str:
    """A random id, short enough for a button and not to be guessed."""
    return secrets.token_urlsafe(9)


class Ask:
    """Answers in chat. `new_id` gives each question its id; tests give ids of their own."""

    def __init__(self, asks: Asks, new_id: Callable[[], str] = new_question_id) -> None:
        self._asks = asks
        self._new_id = new_id

    def question(self, state: State, incoming: Incoming, now: datetime) -> Turn:
        """Answer `incoming.text`."""
        answer = self._asks.answer(incoming.text, state.focus, now)
        return self._turn(replace(state, offered=()), incoming, answer, incoming.text)

    def entry(self, state: State, ref: str, incoming: Incoming, now: datetime) -> Turn:
        """Answer a suggestion that was chosen. The other suggestions can still be chosen after it."""
        answer = self._asks.entry(ref, now)
        if answer is None:
            return Turn(state, (Text(GONE, (MENU,)),))
        return self._turn(state, incoming, answer, answer.title)

    def _turn(self, state: State, incoming: Incoming, answer: Answer, text: str) -> Turn:
        question_id = self._new_id()
        keep = KeepQuestion(
            question_id,
            text=text,
            folded=answer.folded,
            status=answer.status.value,
            # A refusal belongs to the programme that was talked about: its office has to mend it.
            programme=answer.programme or (answer.focus.programme if answer.focus else ""),
            entry=answer.ref,
            candidates=tuple(suggestion.ref for suggestion in answer.suggestions),
        )
        card = self._card(answer, question_id, in_group=incoming.in_group)
        return Turn(replace(state, focus=answer.focus, question_id=question_id), (card,), (keep,))

    def _card(self, answer: Answer, question_id: str, *, in_group: bool) -> Card:
        suggested = tuple(Choice(label(s.title), f"e:{s.ref}") for s in answer.suggestions)
        asides = (MENU,) if in_group else _asides(answer, question_id)
        source = source_line(self._asks.base, answer.citations, refused=answer.status is Status.REFUSED)
        return Card(answer.title, answer.text, source, STATUS_WORDS[answer.status], (*suggested, *asides))


def _asides(answer: Answer, question_id: str) -> tuple[Choice, ...]:
    if answer.status is Status.UNSURE:
        return (none_of_these(question_id), MENU) if answer.suggestions else (MENU,)
    # A refusal without an entry is kept for curation as it is: no opinion on it tells more.
    return (*choices_about(question_id), MENU) if answer.ref else (MENU,)


def source_line(base: Base, citations: Sequence[Citation], *, refused: bool = False) -> str:
    """「依據：跨校遠距教學（114 學年度）柒/一/(一)、柒/二」; empty without citations.

    Of a refusal it names what comes nearest, which is no ground for anything.
    """
    sections: dict[tuple[str, str], list[str]] = {}
    for citation in citations:
        sections.setdefault((citation.programme, citation.edition), []).append(citation.section)
    named = (f"{_name(base, *edition)}{'、'.join(found)}" for edition, found in sections.items())
    line = "；".join(named)
    return f"{'相關條文' if refused else '依據'}：{line}" if line else ""


def _name(base: Base, slug: str, edition: str) -> str:
    programme = base.programme(slug, edition)
    return f"{programme.short_name}（{programme.year_label}）"
