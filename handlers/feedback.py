"""What the asker thinks of an answer: noted once, thanked for in one line."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.messages import Choice, Text
from handlers.choices import MENU
from handlers.dialogue import GiveFeedback, State, Turn
from knowledge.answering.normalise import squash
from knowledge.schema import Base

REMEMBERED = 20
"""Opinions that are remembered, to tell a second tap from a first."""

THANKS = {
    "helpful": "謝謝您，很高興有幫上忙。",
    "other": "謝謝告知，我記下來了。請換個說法再問一次，加上計畫名稱會更準。",
    "outdated": "謝謝提醒，我記下來請維護的人查證。急用的話，請先洽{office}。",
    "none_of_these": ("好的，這一題我記下來，交給維護內容的人了。您可以換個說法再問一次；急著知道的話，請洽{office}。"),
}
ALREADY = "這一題的意見已經記下來了，謝謝您。"
UNKNOWN = "這個按鈕已經失效了，請直接打字提問，或輸入「選單」。"
ANY_OFFICE = "該計畫的承辦單位，或所屬縣市教育局（處）"
LABELS = {"helpful": "有幫助", "other": "不是我要問的", "outdated": "內容過期"}
NONE_OF_THESE = "都不是"

_ID = re.compile(r"[A-Za-z0-9_-]{1,26}")
_TYPED = {
    "helpful": ("有幫助",),
    "other": ("不是我要問的", "不是我要的", "沒幫助", "沒有幫助", "答非所問", "答錯了", "不是這個"),
    "outdated": ("內容過期", "過期了", "這是舊的"),
}
_WORDS = {squash(word): feedback for feedback, words in _TYPED.items() for word in words}
_NONE_PLAINLY = frozenset(map(squash, (NONE_OF_THESE, "以上皆非", "都不對")))
_NONE_WORDS = _NONE_PLAINLY | frozenset(map(squash, ("不是", "都沒有", "沒有", "不對")))


def choices_about(question_id: str) -> tuple[Choice, ...]:
    """The asides under an answer."""
    return tuple(Choice(text, f"fb:{question_id}:{name}", aside=True) for name, text in LABELS.items())


def none_of_these(question_id: str) -> Choice:
    """The aside under suggestions."""
    return Choice(NONE_OF_THESE, f"none:{question_id}", aside=True)


def give(state: State, question_id: str, feedback: str, base: Base) -> Turn:
    """Note an opinion. The same one again is not noted again; another one replaces it.

    An unknown question is no error: nothing is there to be noted at, and nothing happens.
    """
    if feedback not in THANKS or not _ID.fullmatch(question_id):
        return Turn(state, (Text(UNKNOWN, (MENU,)),))
    opinion = f"{question_id}:{feedback}"
    if opinion in state.noted:
        return Turn(state, (Text(ALREADY),))
    others = [noted for noted in state.noted if not noted.startswith(f"{question_id}:")]
    noted = (*others, opinion)[-REMEMBERED:]
    thanks = THANKS[feedback].format(office=_office(state, base))
    return Turn(replace(state, noted=noted), (Text(thanks),), (GiveFeedback(question_id, feedback),))


def typed(state: State, text: str) -> tuple[str, str] | None:
    """Question and opinion of words such as 「沒幫助」, where there is a question that they can be about.

    「都不是」 under an answer instead of suggestions says that the answer is not what was asked for.
    """
    word = squash(text)
    if word in _NONE_WORDS:
        offered = next((c.action for c in state.offered if c.action.startswith("none:")), "")
        if offered:
            return offered.removeprefix("none:"), "none_of_these"
        return (state.question_id, "other") if state.question_id and word in _NONE_PLAINLY else None
    return (state.question_id, _WORDS[word]) if state.question_id and word in _WORDS else None


def _office(state: State, base: Base) -> str:
    if state.focus is None:
        return ANY_OFFICE
    found = (programme.office for programme in base.programmes if programme.slug == state.focus.programme)
    return next(found, ANY_OFFICE)
