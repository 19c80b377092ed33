"""Where the facts of a school are opened: by words, by a button at one fact, by a line that states one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.messages import Choice, Text
from bot.store import enrolments, facts, people, runs
from bot.store.access import Enrolment, Scope, scope_of
from bot.store.facts import FactsError
from bot.store.runs import FINISHED
from handlers.choices import LONGEST_ACTION, MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.facts import card, intents, sayings
from handlers.facts.form import needed, stated
from handlers.facts.kind import DROPPED, NAME, READY, SAVED, SchoolFacts, begin
from handlers.forms.interview import Interview
from knowledge.facts.judging import missing, read_fact
from knowledge.facts.loader import load_sheet
from knowledge.facts.model import Sheet
from knowledge.facts.spoken import Stated, read_facts
from knowledge.schema import Base
from knowledge.spoken import letters
from scheduler import wording


class Asking:
    """The capability."""

    prefix = "s"

    def __init__(self, base: Base, kind: SchoolFacts, interview: Interview) -> None:
        self._base = base
        self._kind = kind
        self._interview = interview
        self._sheets = [load_sheet(each.slug, each.edition) for each in base.programmes]
        every = [fact for sheet in self._sheets for fact in sheet.facts]
        self._names = frozenset(letters.fold(name) for fact in every for name in (fact.title, *fact.names))

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words about facts ask for, or the card of the facts that a line states; None where it is neither."""
        if intents.opens(text):
            return await self._open(state, desk)
        folded = letters.fold(text)
        if not any(name in folded for name in self._names):
            return None  # most of what is typed; it costs nothing
        person = await people.find(desk.tx, desk.conversation_id)
        scope = await scope_of(desk.tx, person) if person else None
        if scope is None or not scope.writable:
            return None
        named = [place for place in scope.writable if letters.fold(place.school) in folded]
        found = [(place, lines) for place in named or scope.writable if (lines := _said(place, text, desk.local))]
        if found:
            return await self._stated(state, scope, found, desk)
        return await self._one(state, scope, text, desk)

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `s:`; None for what is none of ours."""
        verb, *given = rest.split(":")
        scope = await scope_of(desk.tx, await desk.person())
        match verb, given:
            case "open", []:
                return await self._open(state, desk)
            case (("show" | "fill"), [place_id]):
                place = await enrolments.get(desk.tx, scope, place_id)
                if place is None:
                    return _gone(state)
                return await self._fill(state, scope, place, desk, anyhow=verb == "show")
            case "ask", [place_id, key]:
                return await self._ask(state, scope, place_id, key, desk)
            case "put", [place_id, said]:
                return await self._put(state, scope, place_id, said, desk)
            case (("save" | "drop"), [run_id, *more]):
                return await self._of_run(state, verb, run_id, more, desk)
        return None

    async def _open(self, state: State, desk: Desk) -> Turn:
        """The form of the person's school; where there are several, ask which."""
        scope = await scope_of(desk.tx, await desk.person())
        places = [place for place in scope.writable if load_sheet(place.programme, place.edition).facts]
        if not scope.writable:
            return Turn(state, (Text(sayings.NOT_MEMBER, (MENU,)),))
        if not places:
            name = self._label(scope.writable[0])
            return Turn(state, (Text(sayings.NOTHING_NEEDED.format(programme=name), (MENU,)),))
        if len(places) == 1:
            return await self._fill(state, scope, places[0], desk)
        picks = tuple(Choice(label(self._label(place)), f"s:fill:{place.id}") for place in places)
        return Turn(state, (Text(sayings.WHICH, (*picks, MENU)),))

    async def _fill(self, state: State, scope: Scope, place: Enrolment, desk: Desk, *, anyhow: bool = False) -> Turn:
        """Ask what is missing; where nothing is, or the person may only look, show what is known. `anyhow`: show it."""
        sheet, derived = await self._known(scope, place, desk)
        if not sheet.facts:
            return Turn(state, (Text(sayings.NOTHING_NEEDED.format(programme=self._label(place)), (MENU,)),))
        known, may = stated(sheet, place.facts), scope.may_manage(place)
        open_ones = missing(sheet, {**derived, **known}, needed(sheet, {**derived, **known}, desk.local))
        state = replace(state, enrolment=place.id)
        if anyhow or not open_ones or not may:
            shown = card.overview(sheet, self._label(place), place.id, known, derived, desk.local, may=may)
            return Turn(replace(state, on_screen=""), (shown,))
        run = begin(place, self._label(place), scope.person, desk.conversation_id, derived)
        opening = Text(sayings.OPENING.format(count=len(open_ones)))
        return await self._interview.begin(state, run, desk, opening)

    async def _one(self, state: State, scope: Scope, text: str, desk: Desk) -> Turn | None:
        """「修改核定日期」: the form at that fact."""
        places = [(place, load_sheet(place.programme, place.edition)) for place in scope.writable]
        found = [(place, key) for place, sheet in places if (key := intents.wanted_fact(sheet.facts, text))]
        if not found:
            return None
        if len(found) == 1:
            return await self._ask(state, scope, found[0][0].id, found[0][1], desk)
        picks = tuple(Choice(label(self._label(place)), f"s:ask:{place.id}:{key}") for place, key in found)
        return Turn(state, (Text(sayings.WHICH, (*picks, MENU)),))

    async def _ask(self, state: State, scope: Scope, place_id: str, key: str, desk: Desk) -> Turn:
        """The form at one fact, known or not."""
        place = await enrolments.get(desk.tx, scope, place_id)
        sheet = load_sheet(place.programme, place.edition) if place else None
        if place is None or sheet is None or key not in sheet.by_key:
            return _gone(state)
        if not scope.may_manage(place):
            return _not_allowed(state, place)
        _, derived = await self._known(scope, place, desk)
        run = begin(place, self._label(place), scope.person, desk.conversation_id, derived, only=key)
        return await self._interview.begin(replace(state, enrolment=place.id), run, desk, Text(sayings.ASK_ONE))

    async def _stated(
        self, state: State, scope: Scope, found: Sequence[tuple[Enrolment, Sequence[Stated]]], desk: Desk
    ) -> Turn:
        """The card of what a line states; where it may be about several schools, ask which."""
        own = [(place, lines) for place, lines in found if scope.may_manage(place)]
        if not own:
            return _not_allowed(state, found[0][0])
        if len(own) == 1:
            return await self._card(state, scope, *own[0], desk)
        actions = [(place, f"s:put:{place.id}:{_packed(lines)}") for place, lines in own]
        if problem := next((each.problem for _, lines in own for each in lines if each.problem), ""):
            return Turn(state, (Text(problem, (MENU,)),))
        if any(len(action.encode()) > LONGEST_ACTION for _, action in actions):
            return Turn(state, (Text(sayings.ONE_AT_A_TIME, (MENU,)),))
        picks = tuple(Choice(label(self._label(place)), action) for place, action in actions)
        return Turn(state, (Text(sayings.WHICH_OF_LINE, (*picks, MENU)),))

    async def _put(self, state: State, scope: Scope, place_id: str, said: str, desk: Desk) -> Turn | None:
        """The school that a line was about."""
        place, lines = await enrolments.get(desk.tx, scope, place_id), _unpacked(said)
        if place is None or not lines:
            return _gone(state) if lines else None
        if not scope.may_manage(place):
            return _not_allowed(state, place)
        return await self._card(state, scope, place, lines, desk)

    async def _card(self, state: State, scope: Scope, place: Enrolment, lines: Sequence[Stated], desk: Desk) -> Turn:
        sheet, derived = await self._known(scope, place, desk)
        fill = card.fill_buttons(
            place.id, (sheet.by_key[each.key] for each in lines if each.key in sheet.by_key), {}, most=2
        )
        if problem := next((each.problem for each in lines if each.problem), ""):
            return Turn(state, (Text(problem, (*fill, MENU)),))
        run = begin(place, self._label(place), scope.person, desk.conversation_id, derived, only=lines[0].key)
        answers = dict(run.answers)
        for each in lines:
            try:
                answers[each.key] = read_fact(sheet, each.key, each.value, {**derived, **stated(sheet, answers)})
            except FactsError as error:
                return Turn(state, (Text(str(error), (*fill, MENU)),))
        order = tuple(dict.fromkeys((*run.order, *(each.key for each in lines))))
        told = replace(run, answers=answers, order=order, asked="")
        return await self._interview.begin(replace(state, enrolment=place.id), told, desk)

    async def _of_run(self, state: State, verb: str, run_id: str, more: Sequence[str], desk: Desk) -> Turn:
        """A button of a card, new or old."""
        run = await runs.get(desk.tx, run_id, await desk.person())
        if run is None or run.form != NAME:
            return _gone(state)
        at_it = replace(state, run=run.id, seen=run.revision, on_screen="")
        if run.outcome in (SAVED, DROPPED):
            said = sayings.ALREADY_SAVED if run.outcome == SAVED else sayings.ALREADY_DROPPED
            return Turn(at_it, (Text(said, (MENU,)),))
        if run.outcome != READY or run.state != FINISHED:
            return await self._interview.begin(state, run, desk)
        if verb == "save" and [*more] != [str(run.revision)]:
            form = self._kind.form_of(run, desk.local.date())
            return Turn(at_it, (Text(sayings.STALE), card.draft(replace(run, revision=run.revision - 1), form)))
        done, said_then = await self._kind.save(run, desk) if verb == "save" else self._kind.dropped(run)
        if done != run:
            revision = await runs.save(desk.tx, replace(done, touched_by=desk.conversation_id), desk.at)
            at_it = replace(at_it, seen=revision)
        return Turn(at_it, said_then)

    async def _known(self, scope: Scope, place: Enrolment, desk: Desk) -> tuple[Sheet, dict[str, str]]:
        """The sheet of a school, and what its records tell."""
        derived = await facts.derived_facts(desk.tx, scope, [place], desk.now)
        return load_sheet(place.programme, place.edition), derived.get(place.id, {})

    def _label(self, place: Enrolment) -> str:
        return wording.place_name(self._base, place)


def _said(place: Enrolment, text: str, now: datetime) -> tuple[Stated, ...]:
    """The facts of a school that a message states; the school may be named in it."""
    said = letters.fold(text).replace(letters.fold(place.school), "", 1)
    return read_facts(load_sheet(place.programme, place.edition).facts, said, now)


def _packed(lines: Sequence[Stated]) -> str:
    return ",".join(f"{each.key}={json.dumps(each.value)}" for each in lines)


def _unpacked(said: str) -> tuple[Stated, ...]:
    """What `_packed` wrote; nothing where anybody else did."""
    found: dict[str, Any] = {}
    for part in said.split(","):
        key, _, value = part.partition("=")
        try:
            found[key] = json.loads(value)
        except ValueError:
            return ()
    return tuple(Stated(key, value) for key, value in found.items())


def _gone(state: State) -> Turn:
    return Turn(state, (Text(sayings.GONE, (MENU,)),))


def _not_allowed(state: State, place: Enrolment) -> Turn:
    look = Choice("看學校資料", f"s:show:{place.id}", aside=True)
    return Turn(state, (Text(sayings.NOT_ALLOWED, (look, MENU)),))
