"""Decides who answers: by the kind of event, then a choice, a global word, small talk, else a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.clock import epoch_ms
from bot.messages import Choice, Incoming, Kind, Message, Text
from handlers import choices, feedback, menu, smalltalk
from handlers.ask import Ask, Asks, new_question_id
from handlers.choices import MENU
from handlers.dialogue import State, Turn
from knowledge.answering.asked import FOCUS_MS
from knowledge.answering.normalise import LONGEST, squash

FILE = "檔案、圖片、貼圖和語音我都打不開。請把想問的打成文字傳給我。"
FILE_BESIDE = "附上的檔案我打不開，只看文字回答："
ONLY_NAME = "我在。請在提到我的同一則訊息裡，接著打您的問題。"
NO_SUCH_NUMBER = "沒有這個號碼。請選 1 到 {count}，或直接打字提問。"
NOTHING_OFFERED = "目前沒有編號可以選。請直接打字提問，或輸入「選單」。"


class Router:
    """Turns one message of a conversation into what it brings about.

    Args:
        answerer: answers questions from the knowledge base.
        new_id: gives each question its id.
        retention_days: how long questions are kept; said in the welcome.
    """

    def __init__(
        self,
        answerer: Asks,
        *,
        new_id: Callable[[], str] = new_question_id,
        retention_days: int = menu.RETENTION_DAYS,
    ) -> None:
        self._base = answerer.base
        self._ask = Ask(answerer, new_id)
        self._menu = menu.Menu(answerer.base, retention_days)
        self._names = {
            squash(name): programme.slug
            for programme in answerer.base.programmes
            for name in (*programme.names, programme.short_name)
        }

    def handle(self, state: State, incoming: Incoming, now: datetime) -> Turn:
        """What to say, to remember and to write down. Fails on nothing that a person sends."""
        turn = self._by_kind(state, incoming, now)
        return replace(turn, state=choices.remember(turn.state, turn.messages))

    def _by_kind(self, state: State, incoming: Incoming, now: datetime) -> Turn:
        if incoming.kind is Kind.LEAVE:
            return Turn(State())  # whoever comes back is welcomed as new
        if incoming.kind is Kind.UNSEND:
            return Turn(state)
        if incoming.kind is Kind.JOIN:
            return self._menu.welcome(state, replace(incoming, in_group=True))
        if not incoming.addressed:
            return Turn(state)
        match incoming.kind:
            case Kind.FOLLOW:
                return self._menu.welcome(state, incoming)
            case Kind.CHOICE:
                return self._act(state, incoming.action, incoming, now)
            case Kind.FILE:
                return self._file(state, incoming, now)
            case _:
                return self._words(state, incoming, now)

    def _file(self, state: State, incoming: Incoming, now: datetime) -> Turn:
        if not incoming.text.strip():
            return _say(state, FILE)
        turn = self._words(state, incoming, now)
        return replace(turn, messages=(Text(FILE_BESIDE), *turn.messages))

    def _words(self, state: State, incoming: Incoming, now: datetime) -> Turn:
        text = incoming.text.strip()
        if incoming.in_group and not text:
            return _say(state, ONLY_NAME)
        # Before anything else, because the sign of a choice may be an emoji: 「2️⃣」.
        chosen = choices.resolve(text, state.offered, self._names) if len(text) <= LONGEST else None
        if chosen is not None:
            return self._act(state, chosen.action, incoming, now)
        word = menu.WORDS.get(squash(text))
        if word and (turn := self._menu.open(word, state)):
            return turn
        if opinion := feedback.typed(state, text):
            return feedback.give(state, *opinion, self._base)
        slug = choices.programme_named(text, self._names)
        if slug and not _is_under_way(state, now):
            return self._menu.programme(slug, state, now)
        line = smalltalk.unreadable(text) or smalltalk.reply(text) or _about_number(state, text)
        if line:
            return _say(state, line)
        return self._ask.question(state, replace(incoming, text=text), now)

    def _act(self, state: State, action: str, incoming: Incoming, now: datetime) -> Turn:
        """Do what a choice carries. It may be old, of another release, or made up: then say so kindly."""
        kind, _, rest = action.partition(":")
        turn: Turn | None = None
        match kind:
            case "e":
                turn = self._ask.entry(state, rest, incoming, now)
            case "fb":
                question_id, _, opinion = rest.partition(":")
                turn = feedback.give(state, question_id, opinion, self._base)
            case "none":
                turn = feedback.give(state, rest, "none_of_these", self._base)
            case "m":
                turn = self._menu.open(rest, state)
            case "q" if rest.strip():
                turn = self._ask.question(state, replace(incoming, text=rest), now)
        return turn or _say(state, feedback.UNKNOWN, MENU)


def _say(state: State, text: str, *offered: Choice) -> Turn:
    messages: tuple[Message, ...] = (Text(text, offered),)
    return Turn(state, messages)


def _is_under_way(state: State, now: datetime) -> bool:
    """Whether something was just asked, so that the mere name of a programme asks the same of that one."""
    focus = state.focus
    return focus is not None and focus.question != "" and epoch_ms(now) - focus.at <= FOCUS_MS


def _about_number(state: State, text: str) -> str | None:
    """What to say to a number that names no choice; None where the text is no such number."""
    if choices.typed_number(text) is None:
        return None
    count = len(choices.numbered(state.offered))
    return NO_SUCH_NUMBER.format(count=count) if count else NOTHING_OFFERED
