"""Facts of a school as a kind of form: once nothing more is to be asked there is a card, and nothing is stored before
it is confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.messages import Choice, Message, Text
from bot.store import facts, runs
from bot.store.access import Enrolment, scope_of
from bot.store.facts import Clash, FactsError
from bot.store.runs import FINISHED, OPEN, Run
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.facts import card, sayings
from handlers.facts.form import FactsForm, changed, needed, stated
from handlers.forms.form import Form
from handlers.forms.words import AGREED, DECLINED
from knowledge.answering.normalise import squash
from knowledge.eligibility.tree import Kind
from knowledge.facts.judging import missing, read_fact
from knowledge.facts.loader import load_sheet
from knowledge.facts.spoken import Stated, read_facts
from scheduler import digest, matters

NAME = "facts"
READY, SAVED, DROPPED = "ready", "saved", "dropped"
"""Outcomes of a run: a card is shown; it was stored; there is nothing to store, or it was given up."""
MOST_OFFERED = 2
_CHANGE = re.compile(r"(?:不對[，,]?)?(?:應該是|應該|改成|改為|改到|更正為|換成|改)\s*(?P<value>.{1,30})")


class SchoolFacts:
    """The kind."""

    name = NAME

    def form_of(self, run: Run, today: date) -> FactsForm:
        """The form of a run, for the edition of its school."""
        return FactsForm(run, load_sheet(run.programme, run.edition), today)

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        """What the edition asks for no more is left out when it is read; nothing is to be said of it."""
        return run, ""

    def opening(self, form: Form) -> str:
        """Nothing: what is said first depends on how it was opened."""
        return ""

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """Nothing more to ask: show what would be stored, if there is anything."""
        assert isinstance(form, FactsForm)
        if not changed(form.sheet, run):
            again = Choice(sayings.SHEET.format(school="學校"), f"s:show:{run.answers['_place']}", aside=True)
            return replace(run, outcome=DROPPED, state=FINISHED), (Text(sayings.NOTHING_TO_STORE, (again, MENU)),)
        ready = replace(run, outcome=READY, state=FINISHED)
        return ready, (card.draft(ready, form),)

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """Words about the card: 「確認」, 「取消」; and another fact in a line, before there is a card or after."""
        assert isinstance(form, FactsForm)
        word = squash(text)
        if run.state == OPEN and word in AGREED:
            return run, (Text(sayings.NOT_YET),)
        if run.state != OPEN and run.outcome != READY:
            return None
        if run.state != OPEN and word in AGREED:
            return await self.save(run, desk)
        if run.state != OPEN and word in DECLINED:
            return self.dropped(run)
        return self._stated(run, form, text, desk)

    def _stated(self, run: Run, form: FactsForm, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """The run, open again, with the facts that a line states."""
        lines = read_facts(form.sheet.facts, text, desk.local) or _other_value(run, form, text, desk)
        problem = next((each.problem for each in lines if each.problem), "")
        if not lines or problem:
            return (run, (Text(problem),)) if problem else None
        answers = dict(run.answers)
        for each in lines:
            known = {**answers.get("_derived", {}), **stated(form.sheet, answers)}
            try:
                answers[each.key] = read_fact(form.sheet, each.key, each.value, known)
            except FactsError as error:
                return run, (Text(str(error)),)
        keys = [each.key for each in lines]
        order = (*run.order, *(key for key in keys if key not in run.order))
        unsure = tuple(key for key in run.unsure if key not in keys)
        asked = "" if run.asked in keys else run.asked
        renewed = replace(run, answers=answers, order=order, unsure=unsure, asked=asked, state=OPEN, outcome="")
        if run.state != OPEN:
            return renewed, ()
        noted = card.said(form.sheet, {key: answers[key] for key in keys})
        return renewed, (Text(sayings.NOTED.format(facts=noted)),)

    def dropped(self, run: Run) -> tuple[Run, tuple[Message, ...]]:
        """Give the card up."""
        return replace(run, outcome=DROPPED), (Text(sayings.DROPPED, (MENU,)),)

    async def save(self, run: Run, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """Store what is on the card, and tell what follows from it."""
        form, place_id = self.form_of(run, desk.local.date()), str(run.answers["_place"])
        new, scope = changed(form.sheet, run), await scope_of(desk.tx, await desk.person())
        before = await matters.of(desk.tx, [place_id], desk.now)
        try:
            stored = await facts.set_facts(
                desk.tx, scope, place_id, new,
                channel=desk.channel, now=desk.at, expected=run.answers.get("_known", {}),
            )  # fmt: skip
        except FactsError as error:
            return run, (Text(str(error), (MENU,)),)
        if stored is None:
            return run, (Text(sayings.GONE, (MENU,)),)
        if isinstance(stored, Clash):
            return self._clash(run, form, stored.current)
        after = await matters.of(desk.tx, [place_id], desk.now)
        follows = card.following(before.get(place_id, ()), after.get(place_id, ()), desk.local)
        told = Text(f"{sayings.SAVED.format(facts=card.said(form.sheet, new))}\n{follows}", self._next(run, form, desk))
        saved = replace(run, outcome=SAVED, answers={**run.answers, "_known": dict(stored.facts)})
        return saved, (told,)

    def _next(self, run: Run, form: FactsForm, desk: Desk) -> tuple[Choice, ...]:
        """What can be done after something was stored: fill in what is still missing, look at what follows."""
        place = str(run.answers["_place"])
        known = {**run.answers.get("_derived", {}), **stated(form.sheet, run.answers)}
        open_ones = missing(form.sheet, known, needed(form.sheet, known, desk.local))
        fill = card.fill_buttons(place, open_ones, known, most=MOST_OFFERED)
        return (*fill, digest.LIST, Choice("進度", f"p:show:{place}", aside=True), MENU)

    def _clash(self, run: Run, form: FactsForm, current: Enrolment) -> tuple[Run, tuple[Message, ...]]:
        """Somebody came first: say what it is now, and let the person decide."""
        new = changed(form.sheet, run)
        now = card.said(form.sheet, {key: current.facts.get(key) for key in new})
        again = replace(run, answers={**run.answers, "_known": dict(current.facts)})
        if not changed(form.sheet, again):  # the same was said twice
            return replace(again, outcome=SAVED), (Text(sayings.ALREADY_SAVED, (MENU,)),)
        return again, (Text(sayings.CLASH.format(facts=now)), card.draft(again, form))


def _other_value(run: Run, form: FactsForm, text: str, desk: Desk) -> tuple[Stated, ...]:
    """「改成 12 位」, or another day alone: another value of the one fact on the card; nothing where the words mean no
    such thing. A bare number is the number of a button."""
    new = changed(form.sheet, run)
    if run.outcome != READY or len(new) != 1:
        return ()
    key, found = next(iter(new)), _CHANGE.fullmatch(text.strip())
    if found is None and form.sheet.by_key[key].kind is not Kind.DATE:
        return ()
    reply = form.read(key, found["value"] if found else text, desk.local)
    meant = reply.answered or (found is not None and bool(reply.problem))
    return (Stated(key, reply.value, reply.problem),) if meant else ()


def begin(
    place: Enrolment, label: str, person: str, conversation: str, derived: dict[str, str], *, only: str = ""
) -> Run:
    """A new run with what is known already. `only`: the one fact that is asked, whether it is known or not."""
    sheet = load_sheet(place.programme, place.edition)
    known = stated(sheet, place.facts)
    answers = {**known, "_place": place.id, "_label": label, "_known": dict(place.facts), "_derived": derived}
    if only:
        answers["_only"] = only
    return Run(
        runs.new_id(), person, NAME, place.programme, place.edition, "", conversation,
        answers=answers, order=tuple(known), asked=only if only in known else "",
    )  # fmt: skip
