"""The account as a capability: which words, buttons and links lead to what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Choice, Incoming, Text
from bot.store.access import Role
from bot.store.people import INVITE
from handlers import menu, smalltalk
from handlers.account import codes, console, intents, joining, linking, privacy, schools, staff, words
from handlers.account.codes import Code
from handlers.account.intents import Wish
from handlers.checklist import intents as checklist_intents
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.forms.words import WORDS as FORM_WORDS
from knowledge.answering.normalise import squash
from knowledge.schema import Base

_OF_SCHOOL = re.compile(r"(邀請|成員)\s+(\S.{1,79})")
_ROLES = frozenset(role.value for role in Role)


class Account:
    """Identity in private chats; `in_group` is all that a group may ask.

    Args:
        base: names of programmes.
        address: the root of our own pages, for links to files.
        more: buttons of other capabilities for whoever has just joined a school.
    """

    prefix = "a"

    def __init__(self, base: Base, address: str, more: Sequence[Choice] = ()) -> None:
        self._names = {squash(name): each.slug for each in base.programmes for name in (*each.names, each.short_name)}
        self._joining = joining.Joining(base, self._is_other, more)
        self._schools = schools.Schools(base)
        self._staff = staff.Staff(base)
        self._privacy = privacy.Privacy(base, address)
        self._address = address

    async def insists(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What comes before a form in hand: codes, an answer that is awaited, and what is never an answer to a form."""
        awaiting, state = state.awaiting, replace(state, awaiting="")
        if code := codes.read(text):
            return await self._use(state, code, desk)
        wish = intents.read(text)
        if awaiting == privacy.FORGET and wish is Wish.FORGET_NOW:
            return await self._privacy.forget(desk)
        if awaiting == privacy.FORGET and squash(text) in _NOES:
            return await self.act(state, "unforget", desk)
        if awaiting == joining.NAME and (turn := await self._joining.hear_name(state, text, desk)):
            return turn
        return await self._do(state, wish, desk) if wish in intents.WHATEVER_IS_IN_HAND else None

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words ask for; None where they are about something else."""
        if (code := codes.read(text)) is not None:
            return await self._use(state, code, desk)
        if named := _OF_SCHOOL.fullmatch(text.strip()):
            ask = self._staff.invite if named[1] == "邀請" else self._staff.members
            return await ask(state, desk, named[2].strip())
        wish = intents.read(text)
        return await self._do(state, wish, desk) if wish else None

    async def in_group(self, state: State, text: str, desk: Desk) -> Turn | None:
        """A code is void once a group has seen it; all else is for a private chat."""
        if (code := codes.read(text)) is not None:
            return await self._joining.burn(state, code.purpose, code.text, desk)
        return Turn(state, (Text(words.IN_PRIVATE),)) if intents.read(text) else None

    async def followed(self, state: State, incoming: Incoming, desk: Desk) -> Turn | None:
        """The person came through a link; None where it carries no code."""
        code = codes.from_payload(incoming.text)
        if code is None:
            return None
        if incoming.in_group:
            return await self._joining.burn(state, code.purpose, code.text, desk)
        turn = await self._use(state, code, desk)
        return turn if state.welcomed else replace(turn, messages=(Text(joining.INTRODUCTION), *turn.messages))

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `a:`; None for what is none of ours."""
        verb, *given = rest.split(":")
        match verb, given:
            case "skip", []:
                return await self._joining.skip(state, desk)
            case "use", [place]:
                return await self._schools.use(state, place, desk)
            case "leave", [place]:
                return await self._schools.ask_leave(state, place, desk)
            case "leave!", [place]:
                return await self._schools.leave_now(state, place, desk)
            case "link", [code]:
                return await linking.join(state, code, desk)
            case "unlink", [mark]:
                return await linking.unlink(state, mark, desk)
            case (("invite" | "members" | "remove" | "remove!"), [_, *_]):
                return await self._of_staff(state, verb, given, desk)
            case _, [] if verb in _REPLIES:
                return Turn(state, (Text(_REPLIES[verb], (MENU,)),))
            case _, [] if verb in _BUTTONS:
                return await self._do(state, Wish(verb), desk)
        return None

    async def _of_staff(self, state: State, verb: str, given: list[str], desk: Desk) -> Turn | None:
        match verb, given:
            case "invite", [place]:
                return await self._staff.invite_to(state, place, desk)
            case "invite", [target, role] if role in _ROLES:
                return await self._staff.give_code(state, target, Role(role), desk)
            case "members", [place]:
                return await self._staff.members_of(state, place, desk)
            case "remove", [place, person]:
                return await self._staff.ask_remove(state, place, person, desk)
            case "remove!", [place, person]:
                return await self._staff.remove(state, place, person, desk)
        return None

    async def _use(self, state: State, code: Code, desk: Desk) -> Turn:
        if code.purpose == INVITE:
            return await self._joining.join(state, code.text, desk)
        return await linking.hear_code(state, code.text, desk)

    async def _do(self, state: State, wish: Wish, desk: Desk) -> Turn | None:
        match wish:
            case Wish.SCHOOLS:
                return await self._schools.show(state, desk)
            case Wish.JOIN:
                return Turn(state, (Text(joining.HOW_TO_JOIN, (MENU,)),))
            case Wish.INVITE:
                return await self._staff.invite(state, desk)
            case Wish.MEMBERS:
                return await self._staff.members(state, desk)
            case Wish.LEAVE:
                return await self._schools.leave(state, desk)
        return await self._of_person(state, wish, desk)

    async def _of_person(self, state: State, wish: Wish, desk: Desk) -> Turn | None:
        """What is about the person rather than a school."""
        match wish:
            case Wish.LINK:
                return await linking.show_code(state, desk)
            case Wish.UNLINK:
                return await linking.which_to_unlink(state, desk)
            case Wish.RENAME:
                return await self._joining.rename(state, desk)
            case Wish.DATA:
                return await self._privacy.data(state, desk)
            case Wish.CONSOLE:
                return await console.link(state, desk, self._address)
        return await self._privacy.explain(state, desk)  # 「確認刪除」 too, where nothing was explained just before

    def _is_other(self, text: str) -> bool:
        """Whether words mean something elsewhere, so that they are nobody's name."""
        word = squash(text)
        known = word in menu.WORDS or word in FORM_WORDS or word in intents.WORDS or word in self._names
        return known or smalltalk.reply(text) is not None or checklist_intents.read(text, self._names) is not None


_REPLIES = {
    "stay": schools.STAYED,
    "keep": staff.KEPT,
    "unlinked": linking.NOT_DONE,
    "unforget": privacy.NOT_DONE,
}
"""What a button says that does nothing."""
_BUTTONS = frozenset(wish.value for wish in Wish) - {Wish.FORGET_NOW}
_NOES = frozenset(map(squash, ("取消", "不刪除", "不刪", "不要", "不用", "算了", "先不要")))
