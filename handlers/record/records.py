"""Records as a kind of form: when all is said there is a card, and nothing is stored before it is confirmed."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.messages import Choice, Message, Text
from bot.store import history, records, runs
from bot.store.access import Scope, scope_of
from bot.store.records import Conflict
from bot.store.runs import FINISHED, OPEN, Run
from bot.store.stored_record import DELETED, DONE, PLANNED, StoredRecord
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.forms.form import Form
from handlers.forms.words import AGREED, DECLINED, Verb, button
from handlers.record import card, draft, intents, sayings
from handlers.record.form import TITLES, RecordForm, extras
from handlers.record.needs import Needs, load_needs
from handlers.record.reading import is_whole_line
from knowledge.answering.normalise import squash
from knowledge.requirements.records import Kind
from knowledge.spoken import intent, letters
from knowledge.spoken.changes import apply_change

NAME = "record"
READY, SAVED, DROPPED = "ready", "saved", "dropped"
"""Outcomes of a run: a card is shown; it was stored; it was given up."""

LONGEST_CHANGE = 40
_CHANGES = re.compile("改|換成|更正|調整")


async def _nothing(record_id: str, desk: Desk) -> tuple[Choice, ...]:
    return ()


class Records:
    """The kind."""

    name = NAME

    def __init__(self, offers: Callable[[str, Desk], Awaitable[tuple[Choice, ...]]] = _nothing) -> None:
        """`offers`: what to offer beside a stored record, such as attaching photos that were just sent."""
        self._offers = offers
        self._needs: Mapping[tuple[str, str], Needs] = load_needs()
        self._unknown = Needs(None)

    def form_of(self, run: Run, today: date) -> RecordForm:
        """The form of a run, for the programme of its school."""
        return RecordForm(run, self.needs(run.answers), today)

    def needs(self, answers: Mapping[str, Any]) -> Needs:
        """What counting depends on in the programme that the record is for."""
        place = answers.get("_schools", {}).get(answers.get("school", ""), {})
        return self._needs.get((place.get("programme", ""), place.get("edition", "")), self._unknown)

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        """A record has no file that could change under it."""
        return run, ""

    def opening(self, form: Form) -> str:
        """Nothing: the first question says it."""
        return ""

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """All is said: show what was understood. A deliverable has no time, whatever was said before."""
        answers = dict(run.answers)
        if answers["kind"] == Kind.DELIVERABLE.value:
            answers.pop("time", None)
        else:
            answers.pop("deliverable", None)
        order = tuple(key for key in run.order if key in answers or key in run.unsure)
        order = _with(
            order, (*self.needs(answers).fields(answers["kind"]), *extras(answers["kind"]))
        )  # to be filled in
        ready = replace(run, answers=answers, order=order, outcome=READY, state=FINISHED)
        return ready, (await self.shown(ready, desk),)

    async def shown(self, run: Run, desk: Desk) -> Message:
        """The card of a run that waits for confirmation; its buttons are of the revision that is stored next."""
        answers, form = run.answers, self.form_of(run, desk.local.date())
        scope = await scope_of(desk.tx, await desk.person())
        alike = await self._alike(scope, answers, desk)
        notes = [card.warning(found, scope.person) for found in alike]
        revision = run.revision + 1
        choices = [Choice("確認", f"r:save:{run.id}:{revision}"), button(run, Verb.EDIT, aside=False)]
        choices += [
            Choice("併入這一筆", f"r:join:{run.id}:{found.record.id}")
            for found in alike[:1]
            if found.likeness is history.Likeness.DUPLICATE and found.record.created_by != scope.person
        ]
        choices.append(Choice("取消", f"r:drop:{run.id}"))
        decisive = self.needs(answers).fields(answers["kind"])
        planned = draft.is_planned(answers, desk.local)
        return card.draft_card(run, form, planned=planned, decisive=decisive, notes=notes, choices=choices)

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """Words about the card: 「確認」, 「改成三點」, 「取消」. Before there is a card only changes can be meant."""
        is_open, word = run.state == OPEN, squash(text)
        if _means_another(run, text, desk):
            return None
        if is_open and word in AGREED:
            return run, (Text(sayings.NOT_YET),)
        if is_open:
            return self._changed(run, text, desk)
        if run.outcome == SAVED and len(text) <= LONGEST_CHANGE and _CHANGES.search(letters.fold(text)):
            return await self._saved_changed(run, text, desk)
        if run.outcome != READY:
            return None
        if word not in AGREED | DECLINED:
            return self._changed(run, text, desk)
        done, said = await self.save(run, desk) if word in AGREED else self.dropped(run)
        following = self.next_of(run, done, desk)
        if following is None:
            return done, said
        await runs.save(desk.tx, replace(done, touched_by=desk.conversation_id), desk.at)
        another, more = following
        return another, (*said, *more)

    def _changed(self, run: Run, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """The run, open again, with what the words change; None where they are about something else."""
        meant = len(text) <= LONGEST_CHANGE and bool(_CHANGES.search(letters.fold(text)))
        asks = intent.is_question(letters.fold(text), whole=False)
        is_another = is_whole_line if run.state == OPEN else draft.names_another
        if not meant and (asks or is_another(text, desk.local)):
            return None
        before = draft.to_draft(run.answers)
        after = apply_change(before, letters.tidy(text), desk.local)
        if after is None:
            return (run, (Text(sayings.NO_CHANGE, (button(run, Verb.EDIT),)),)) if meant and not asks else None
        was = draft.of_draft(before)
        new = {key: value for key, value in draft.of_draft(after).items() if was.get(key) != value}
        if not new and not meant:
            return None
        answers = {**run.answers, **new}
        unsure = tuple(key for key in run.unsure if key not in new)
        renewed = replace(run, answers=answers, unsure=unsure, order=_with(run.order, new), asked="", outcome="")
        if run.state != OPEN:
            return replace(renewed, state=OPEN), ()
        form = self.form_of(renewed, desk.local.date())
        noted = "、".join(f"{TITLES[key]} {form.say(key, value)}" for key, value in new.items())
        return renewed, (Text(sayings.NOTED.format(noted=noted)),) if new else ()

    async def _saved_changed(self, run: Run, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """「人數改 8 人」 right after a record was stored: the card of that change."""
        scope = await scope_of(desk.tx, await desk.person())
        record = await records.get(desk.tx, scope, run.answers["_record"])
        if record is None or record.state == DELETED:
            return None
        found = self._changed(of_stored(run, record), text, desk)
        return None if found is None or found[1] else found

    def dropped(self, run: Run) -> tuple[Run, tuple[Message, ...]]:
        """Give the card up."""
        answers = {key: value for key, value in run.answers.items() if key != "_queue"}
        return replace(run, outcome=DROPPED, answers=answers), (Text(sayings.DROPPED, (MENU,)),)

    def next_of(self, run: Run, done: Run, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """The next of several records that one message held, once this one is stored or given up (`done`)."""
        queue: list[dict[str, Any]] = list(run.answers.get("_queue", ()))
        if done.outcome not in (SAVED, DROPPED) or not queue:
            return None
        first, *rest = queue
        doubts = first.get("_doubts", ())
        known = {key: value for key, value in first.items() if key != "_doubts"}
        answers = {"_schools": run.answers["_schools"], "school": run.answers["school"], **known}
        if rest:
            answers["_queue"] = rest
        order = tuple(key for key in known if not key.startswith("_"))
        following = Run(runs.new_id(), run.person, NAME, "", "", "", desk.conversation_id, answers=answers, order=order)
        return following, (Text(sayings.NEXT_ONE), *map(Text, card.doubts(doubts)))

    async def save(self, run: Run, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """Store what is on the card."""
        answers = run.answers
        scope = await scope_of(desk.tx, await desk.person())
        state = PLANNED if draft.is_planned(answers, desk.local) else DONE
        fields = draft.fields_of(answers)
        if "_record" not in answers:
            stored = await records.create(
                desk.tx, scope, answers["school"], fields, channel=desk.channel, now=desk.at, state=state
            )
            said = sayings.SAVED_PLAN if state == PLANNED else sayings.SAVED
        else:
            found = await records.change(
                desk.tx, scope, answers["_record"], answers["_version"], fields,
                channel=desk.channel, now=desk.at, state=state,
            )  # fmt: skip
            if isinstance(found, Conflict):
                return await self._conflict(run, found.current, scope, desk)
            stored, said = found, sayings.CHANGED
        if stored is None:
            return run, (Text(sayings.NO_ACCESS, (MENU,)),)
        saved = replace(of_stored(run, stored), outcome=SAVED)
        offered = await self._offers(stored.id, desk)
        return saved, (Text(said.format(line=card.line(stored)), (*offered, *after(stored))),)

    async def _conflict(
        self, run: Run, current: StoredRecord, scope: Scope, desk: Desk
    ) -> tuple[Run, tuple[Message, ...]]:
        """Somebody came first: say what it is now and where that differs, and let the person decide."""
        if current.state == DELETED:
            return run, (deleted(current),)
        newest = (await history.versions(desk.tx, scope, current.id))[-1]
        who = "您在另一個裝置" if newest.person == scope.person else f"被{newest.name or card.SOMEBODY}"
        form, now = self.form_of(run, desk.local.date()), draft.of_record(current)
        differing = "\n".join(card.differences(form, now, run.answers))
        said = Text(sayings.CONFLICT.format(who=who, line=card.line(current), differing=differing))
        again = replace(run, answers={**run.answers, "_version": current.version})
        return again, (said, await self.shown(again, desk))

    async def _alike(self, scope: Scope, answers: Mapping[str, Any], desk: Desk) -> list[history.Similar]:
        fields = draft.fields_of(answers)
        return await history.similar(desk.tx, scope, answers["school"], fields, but_not=answers.get("_record", ""))


def after(record: StoredRecord) -> tuple[Choice, ...]:
    """What can be done with a record."""
    return (
        Choice("再記一筆", "r:new", aside=True),
        Choice("進度", "p:show", aside=True),
        Choice("看附件", f"v:show:{record.id}", aside=True),
        Choice("修改這筆", f"r:edit:{record.id}", aside=True),
        Choice("刪掉這筆", f"r:delete:{record.id}", aside=True),
        Choice("複製這筆", f"r:copy:{record.id}", aside=True),
        MENU,
    )


def of_stored(run: Run, record: StoredRecord) -> Run:
    """The run as the form of a record that is stored: whatever is changed in it from now on changes that record."""
    answers = {**draft.of_record(record), "_schools": run.answers["_schools"]}
    order = tuple(key for key in answers if not key.startswith("_") and key != "school")
    return replace(
        run, answers={**answers, "_record": record.id, "_version": record.version}, order=order, unsure=(), asked=""
    )


def deleted(record: StoredRecord) -> Text:
    """Say that a record is deleted, and offer to restore it."""
    restore = Choice("復原", f"r:restore:{record.id}:{record.version}", aside=True)
    return Text(sayings.IS_DELETED.format(line=card.line(record)), (restore, MENU))


def _means_another(run: Run, text: str, desk: Desk) -> bool:
    """Whether the words name a stored record, by its day or as the last one, rather than change the card in hand."""
    asked = intents.read(text, desk.local)
    if asked is None or asked.what not in (intents.EDIT, intents.COPY, intents.DELETE):
        return False
    return asked.day is not None or run.outcome == SAVED


def _with(order: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return (*order, *(key for key in new if key not in order))
