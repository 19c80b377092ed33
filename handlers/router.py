"""Decides who answers: by the kind of event, then the form in hand, a choice, a global word, else a question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.clock import epoch_ms
from bot.messages import Choice, Incoming, Kind, Message, Text
from handlers import choices, feedback, menu, smalltalk
from handlers.account.account import Account
from handlers.ask import Ask, Asks, new_question_id
from handlers.calendar import SUBSCRIBE, Calendar
from handlers.capability import Capability
from handlers.checklist import intents
from handlers.checklist.checklists import Checklists
from handlers.checklist.eligibility import Eligibility
from handlers.checklist.survey import Survey
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import KeepQuestion, State, Turn
from handlers.evidence import EvidenceDesk
from handlers.export import Export
from handlers.facts.asking import Asking
from handlers.facts.kind import SchoolFacts
from handlers.forms.interview import Interview
from handlers.forms.sheet import Sheet
from handlers.forms.words import WORDS, Verb, read_tap
from handlers.progress import Progress
from handlers.record.log import Log
from handlers.record.records import Records
from handlers.reminders import Reminders
from handlers.reminders_beside import COUNTED, beside
from knowledge.answering.asked import FOCUS_MS
from knowledge.answering.model import Focus
from knowledge.answering.normalise import LONGEST, squash

FILE = "貼圖、語音和位置我打不開。請把想問的打成文字傳給我。"
FILE_BESIDE = "附上的我打不開，只看文字回答："
LARGEST_FILE = 10 * 1024 * 1024
ONLY_NAME = "我在。請在提到我的同一則訊息裡，接著打您的問題。"
IN_PRIVATE = "這要用到貴校的資料，請到和我的一對一聊天裡做，我在這裡不記錄。"

JOINED = (
    Choice("記錄", "r:new", aside=True),
    Choice("進度", "p:show", aside=True),
    Choice("期限", "d:list", aside=True),
    SUBSCRIBE,
)
"""What somebody who has just joined a school is offered."""
_OURS = ("f:", "c:", "r:", "s:")
"""What the actions of forms and checklists begin with."""
_QUESTION = re.compile(r"[?？嗎呢]|什麼|多少|怎麼|如何|哪|幾|為何|為什麼|是否|可不可以|能不能|可以|規定|意思|誰|何時")


class Router:
    """Turns one message of a conversation into what it brings about.

    Args:
        answerer: answers questions from the knowledge base.
        new_id: gives each question its id.
        retention_days: how long questions are kept; said in the welcome.
        address: the root of our own pages, for links to files.
        largest_file: bytes of the largest photo or file that is taken.
    """

    def __init__(
        self,
        answerer: Asks,
        *,
        checklists: Checklists | None = None,
        new_id: Callable[[], str] = new_question_id,
        retention_days: int = menu.RETENTION_DAYS,
        address: str = "",
        largest_file: int = LARGEST_FILE,
    ) -> None:
        self._base = answerer.base
        self._ask = Ask(answerer, new_id)
        self._menu = menu.Menu(answerer.base, retention_days)
        self._names = {
            squash(name): programme.slug
            for programme in answerer.base.programmes
            for name in (*programme.names, programme.short_name)
        }
        known = checklists or Checklists(answerer.base)
        self._evidence = EvidenceDesk(address, largest_file)
        around, kind, asked = Survey(known), Records(self._evidence.offered_for), SchoolFacts()
        self._interview = Interview((known, around, kind, asked))
        self._eligibility = Eligibility(known, around, self._interview, address)
        self._account = Account(answerer.base, address, JOINED)
        capabilities: tuple[Capability, ...] = (
            self._account,
            Calendar(address),
            Reminders(answerer.base),  # before Log: 「提醒時間 08:30」 looks like a line of log
            Asking(answerer.base, asked, self._interview),
            Log(answerer.base, kind, self._interview),
            Progress(answerer.base),
            Export(answerer.base, address),
            self._evidence,
        )
        self._capabilities = {each.prefix: each for each in capabilities}

    async def handle(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """What to say, to remember and to write down. Fails on nothing that a person sends."""
        turn = await self._by_kind(state, incoming, desk)
        if incoming.channel == COUNTED and turn.messages and not incoming.in_group and not turn.state.on_screen:
            turn = replace(turn, messages=(*turn.messages, *await beside(desk, incoming.event_id, self._base)))
        return replace(turn, state=choices.remember(turn.state, turn.messages))

    async def _by_kind(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
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
                return await self._account.followed(state, incoming, desk) or self._menu.welcome(state, incoming)
            case Kind.CHOICE:
                return await self._tapped(state, incoming, desk)
            case Kind.FILE:
                return await self._file(state, incoming, desk)
            case _:
                return await self._words(state, incoming, desk)

    async def _file(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        taken = await self._evidence.received(state, incoming, desk)
        if not incoming.text.strip():
            return taken or _say(state, FILE)
        if taken is None:
            turn = await self._words(state, incoming, desk)
            return replace(turn, messages=(Text(FILE_BESIDE), *turn.messages))
        turn = await self._words(taken.state, incoming, desk)
        return replace(turn, messages=(*taken.messages, *turn.messages))

    async def _words(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        text = incoming.text.strip()
        if incoming.in_group:
            if turn := await self._account.in_group(state, text, desk):
                return turn
            return await self._other_words(state, incoming, text, desk) if text else _say(state, ONLY_NAME)
        if turn := await self._account.insists(state, text, desk):
            return await self._back_to_form(turn, state, desk)
        return await self._private_words(replace(state, awaiting=""), incoming, text, desk)

    async def _private_words(self, state: State, incoming: Incoming, text: str, desk: Desk) -> Turn:
        sheet = await self._interview.current(state, desk)
        if sheet is None:
            if WORDS.get(squash(text)) is Verb.RESUME:
                return await self._interview.resume(state, desk)
            return await self._other_words(replace(state, run="", on_screen=""), incoming, text, desk)
        heard = await self._interview.hear(self._at_question(state, sheet, text), sheet, text, desk)
        if heard is not None:
            return heard
        chosen = self._chosen(state, text)
        if chosen and chosen.action.startswith(_OURS):
            return await self._act(state, chosen.action, incoming, desk)
        if not sheet.is_open and (turn := await self._after_the_end(state, sheet, text, desk)):
            return turn
        turn = await self._other_words(_about(state, sheet, desk), incoming, text, desk)
        if turn.state.run != state.run:
            return turn  # another form was begun
        if sheet.is_open and state.on_screen and _knows_nothing(turn) and not _QUESTION.search(text):
            return self._interview.misread(state, sheet)
        return self._interview.ask_again(turn, sheet)

    async def _after_the_end(self, state: State, sheet: Sheet, text: str, desk: Desk) -> Turn | None:
        if WORDS.get(squash(text)) is Verb.RESUME:
            return await self._interview.resume(state, desk)
        return await self._eligibility.of_result(state, sheet.run, text, desk)

    def _chosen(self, state: State, text: str) -> Choice | None:
        return choices.resolve(text, state.offered, self._names) if len(text) <= LONGEST else None

    def _at_question(self, state: State, sheet: Sheet, text: str) -> State:
        """The state with the form's question back on the screen, where something else was shown since.

        Not where the words may mean what was shown: a number, a choice, an opinion.
        """
        if state.on_screen or not sheet.is_open or sheet.next is None:
            return state
        if choices.typed_number(text) is not None or self._chosen(state, text) or feedback.typed(state, text):
            return state
        return replace(state, on_screen=sheet.next.key)

    async def _other_words(self, state: State, incoming: Incoming, text: str, desk: Desk) -> Turn:
        """Words that are no answer to a form's question."""
        # Before anything else, because the sign of a choice may be an emoji: 「2️⃣」.
        chosen = self._chosen(state, text)
        if chosen is not None:
            return await self._act(state, chosen.action, incoming, desk)
        word = menu.WORDS.get(squash(text))
        if word and (turn := self._menu.open(word, state)):
            return turn
        if opinion := feedback.typed(state, text):
            return feedback.give(state, *opinion, self._base)
        if not incoming.in_group and (turn := await self._of_capability(state, text, desk)):
            return turn
        if intent := intents.read(text, self._names):
            if incoming.in_group:
                return _say(state, IN_PRIVATE)
            return await self._eligibility.wanted(state, intent, desk)
        slug = choices.programme_named(text, self._names)
        if slug and not _is_under_way(state, desk.now):
            return self._menu.programme(slug, state, desk.now)
        line = smalltalk.unreadable(text) or smalltalk.reply(text) or choices.about_number(state, text)
        if line:
            return _say(state, line)
        return self._ask.question(state, replace(incoming, text=text), desk.now)

    async def _of_capability(self, state: State, text: str, desk: Desk) -> Turn | None:
        for capability in self._capabilities.values():
            turn = await capability.wanted(state, text, desk)
            if turn is not None:
                return turn
        return None

    async def _tapped(self, state: State, incoming: Incoming, desk: Desk) -> Turn:
        """A button. One that has nothing to do with the form in hand is a digression from it."""
        state = replace(state, awaiting="")
        if incoming.in_group or incoming.action.startswith(_OURS):
            return await self._act(state, incoming.action, incoming, desk)
        turn = await self._act(state, incoming.action, incoming, desk)
        return await self._back_to_form(turn, state, desk)

    async def _back_to_form(self, turn: Turn, before: State, desk: Desk) -> Turn:
        """After a digression the form in hand asks again, unless something else waits for an answer."""
        if turn.state.awaiting or turn.state.run != before.run:
            return turn
        sheet = await self._interview.current(turn.state, desk)
        return self._interview.ask_again(turn, sheet) if sheet else turn

    async def _act(self, state: State, action: str, incoming: Incoming, desk: Desk) -> Turn:
        """Do what a choice carries. It may be old, of another release, or made up: then say so kindly."""
        kind, _, rest = action.partition(":")
        if kind in ("f", "c", *self._capabilities):
            if incoming.in_group:
                return _say(state, IN_PRIVATE)
            turn = await self._act_for_person(state, kind, rest, desk)
        else:
            turn = self._act_on_knowledge(state, kind, rest, incoming, desk)
        return turn or _say(state, feedback.UNKNOWN, MENU)

    async def _act_for_person(self, state: State, kind: str, rest: str, desk: Desk) -> Turn | None:
        match kind:
            case "f":
                tap = read_tap(f"f:{rest}")
                return await self._interview.tap(state, tap, desk) if tap else None
            case "c":
                return await self._eligibility.act(state, rest, desk)
        return await self._capabilities[kind].act(state, rest, desk)

    def _act_on_knowledge(self, state: State, kind: str, rest: str, incoming: Incoming, desk: Desk) -> Turn | None:
        match kind:
            case "e":
                return self._ask.entry(state, rest, incoming, desk.now)
            case "fb":
                question_id, _, opinion = rest.partition(":")
                return feedback.give(state, question_id, opinion, self._base)
            case "none":
                return feedback.give(state, rest, "none_of_these", self._base)
            case "m":
                return self._menu.open(rest, state)
            case "q" if rest.strip():
                return self._ask.question(state, replace(incoming, text=rest), desk.now)
        return None


def _say(state: State, text: str, *offered: Choice) -> Turn:
    messages: tuple[Message, ...] = (Text(text, offered),)
    return Turn(state, messages)


def _is_under_way(state: State, now: datetime) -> bool:
    """Whether something was just asked, so that the mere name of a programme asks the same of that one."""
    focus = state.focus
    return focus is not None and focus.question != "" and epoch_ms(now) - focus.at <= FOCUS_MS


def _about(state: State, sheet: Sheet, desk: Desk) -> State:
    """The state for a question in between: one that names no programme is about the form's."""
    programme = sheet.run.programme
    if not programme or (state.focus and state.focus.programme == programme):
        return state
    return replace(state, focus=Focus(programme, entry="", question="", at=desk.at))


def _knows_nothing(turn: Turn) -> bool:
    """Whether the words were taken for a question of which nothing at all is known."""
    return any(isinstance(each, KeepQuestion) and each.status == "refused" and not each.entry for each in turn.effects)
