"""Takes a person through a form: one message in, the next question or the result out.

Whatever was answered is kept, by whatever device. A button carries its run and its question: an old one is recognised
and never writes silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.messages import Message, Text
from bot.store import runs
from bot.store.runs import FINISHED, LEFT, OPEN, Run
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.forms import sayings, screen
from handlers.forms.form import Field, FormKind, Reply
from handlers.forms.sheet import Sheet
from handlers.forms.words import BARE, VAGUE, WORDS, Tap, Verb, button
from knowledge.answering.normalise import squash

AFTER_THE_END = frozenset({Verb.EDIT, Verb.RESTART, Verb.GO_ON, Verb.BACK})
"""What can still be done with a finished form; other words then mean what they mean elsewhere."""


class Interview:
    """The engine. `kinds`: every kind of form there is."""

    def __init__(self, kinds: Iterable[FormKind]) -> None:
        self._kinds: Mapping[str, FormKind] = {kind.name: kind for kind in kinds}

    async def current(self, state: State, desk: Desk) -> Sheet | None:
        """What this conversation is at; None where it is at nothing that can go on."""
        return await self._sheet_of(state.run, desk) if state.run else None

    async def begin(self, state: State, run: Run, desk: Desk, *before: Message) -> Turn:
        """Start a new run, or take one up again."""
        sheet = self._sheet(run, desk)
        if sheet is None:
            return Turn(state, (*before, Text(sayings.NO_FORM)))
        renewed, note = sheet.kind.renewed(sheet.run, sheet.form)
        sheet = replace(sheet, run=renewed, note=note)
        opening = "" if run.order else sheet.kind.opening(sheet.form)
        first = (Text(opening),) if opening else ()
        return await self._go_on(state, sheet.with_run(state=OPEN), desk, *before, *first)

    async def resume(self, state: State, desk: Desk) -> Turn:
        """Take up what was last left or is still open, in whatever channel it was begun."""
        person = await desk.person()
        waiting = await runs.of_person(desk.tx, person, state=OPEN, limit=1)
        waiting += await runs.of_person(desk.tx, person, state=LEFT, limit=1)
        if not waiting:
            return Turn(state, (Text(sayings.NOTHING_OPEN),))
        return await self.begin(state, max(waiting, key=lambda run: run.updated_at), desk)

    async def hear(self, state: State, sheet: Sheet, text: str, desk: Desk) -> Turn | None:
        """What someone typed while a form is on the screen; None where it is about something else."""
        field = sheet.form.field(state.on_screen) if state.on_screen and sheet.is_open else None
        labels = {squash(label) for label in field.options.values()} if field else set()
        word = squash(text)
        verb = None if word in labels else WORDS.get(word)
        if verb and (sheet.is_open or _means_the_finished(state, sheet.run, verb)):
            about = field.key if field and verb is not Verb.EDIT else ""  # 「修改」 is about the earlier answers
            return await self._do(state, sheet, Tap(sheet.run.id, verb, about), desk)
        if not sheet.is_open:
            return await self._after_the_end(state, sheet, text, desk)
        if field is None:
            return None
        reply = sheet.form.read(field.key, text, desk.local)
        if reply.problem:
            return _ask(state, sheet, Text(reply.problem))
        if not reply.answered:
            return self.misread(state, sheet) if word in BARE else await self._beside(state, sheet, text, desk)
        if state.seen != sheet.run.revision and sheet.run.touched_by != desk.conversation_id:
            return _ask(state, sheet, Text(sayings.ELSEWHERE))
        return await self._answer(state, sheet, field, reply, desk)

    async def _beside(self, state: State, sheet: Sheet, text: str, desk: Desk) -> Turn | None:
        """Words that don't answer the question, and may still be about the form."""
        found = await sheet.kind.hear(sheet.run, sheet.form, text, desk)
        if found is None:
            return None
        run, messages = found
        if run == sheet.run:
            return _ask(state, sheet, *messages)
        return await self._go_on(state, replace(sheet, run=run), desk, *messages)

    async def _after_the_end(self, state: State, sheet: Sheet, text: str, desk: Desk) -> Turn | None:
        if squash(text) in VAGUE and not _was_shown_last(state, sheet.run):
            return None
        found = await sheet.kind.hear(sheet.run, sheet.form, text, desk)
        if found is None:
            return None
        run, messages = found
        if run == sheet.run:
            return Turn(state, (*sheet.notes, *messages))
        if run.id != sheet.run.id or run.state == OPEN:  # what comes next of several, or the same taken up again
            return await self.begin(state, run, desk, *sheet.notes, *messages)
        revision = await runs.save(desk.tx, replace(run, touched_by=desk.conversation_id), desk.at)
        return Turn(replace(state, seen=revision), (*sheet.notes, *messages))

    async def tap(self, state: State, tap: Tap, desk: Desk) -> Turn:
        """A button of a form, new or old."""
        sheet = await self._sheet_of(tap.run, desk)
        if sheet is None:
            return Turn(replace(state, run=""), (Text(sayings.GONE),))
        return await self._do(state, sheet, tap, desk)

    def ask_again(self, turn: Turn, sheet: Sheet) -> Turn:
        """After something else was answered: the same question once more, in the same reply.

        Where the reply offers choices of its own, their numbers must mean them: then only the way back is offered.
        """
        if not sheet.is_open or not turn.messages:
            return turn
        if any(not choice.aside for message in turn.messages for choice in message.choices):
            *rest, last = turn.messages
            last = replace(last, choices=(*last.choices, button(sheet.run, Verb.RESUME)))
            return replace(turn, state=replace(turn.state, on_screen=""), messages=(*sheet.notes, *rest, last))
        asked = _ask(turn.state, sheet, *turn.messages)
        return replace(turn, state=asked.state, messages=asked.messages)

    def misread(self, state: State, sheet: Sheet) -> Turn:
        """Words that are neither an answer nor a question that can be answered."""
        field = sheet.next
        how = field.how if field and field.how else sayings.HOW
        return _ask(state, sheet, Text(sayings.MISREAD.format(how=how)))

    async def _do(self, state: State, sheet: Sheet, tap: Tap, desk: Desk) -> Turn:
        """A verb that is about the form as a whole, else one about a question."""
        match tap.verb:
            case Verb.EDIT:
                return await self._edit(state, sheet, tap.key, desk)
            case Verb.RESUME:
                picked = () if sheet.run.asked else sheet.run.picked
                return await self._go_on(state, sheet.with_run(state=OPEN, asked="", picked=picked), desk)
            case Verb.RESTART:
                return await self._start_over(state, sheet, desk)
            case Verb.GO_ON:
                return await self._go_on(state, sheet.with_run(go_on=True, state=OPEN), desk)
            case Verb.LEAVE:
                return await self._leave(state, sheet, desk)
        if not sheet.is_open:
            return await self._closed(state, sheet, tap, desk)
        field = sheet.form.field(tap.key) if tap.key else sheet.next
        if field is None:
            return _ask(state, sheet, Text(sayings.OUTDATED))
        return await self._to_question(state, sheet, field, tap, desk)

    async def _edit(self, state: State, sheet: Sheet, key: str, desk: Desk) -> Turn:
        run = sheet.run
        if key:
            return await self._ask_out_of_turn(state, sheet, key, desk)
        if not run.order:
            return _ask(state, sheet, Text(sayings.NOTHING_ANSWERED))
        shown = replace(state, run=run.id, seen=run.revision, on_screen="")
        return Turn(shown, (screen.answers(sheet.form, run),))

    async def _closed(self, state: State, sheet: Sheet, tap: Tap, desk: Desk) -> Turn:
        """A verb about a question of a form that is not open."""
        run, done = sheet.run, sheet.run.state == FINISHED
        if done and tap.verb is Verb.BACK and not tap.key:  # typed under the result; a button would be an old one
            return await self._back(state, sheet, desk)
        again = button(run, Verb.EDIT if done else Verb.RESUME)
        said = Text(sayings.FINISHED_ALREADY if done else sayings.NOT_OPEN, (again,))
        return Turn(replace(state, run=run.id, on_screen=""), (said,))

    async def _to_question(self, state: State, sheet: Sheet, field: Field, tap: Tap, desk: Desk) -> Turn:
        """A verb that is about one question, which may not be the one that is asked now."""
        match tap.verb:
            case Verb.BACK:
                return await self._back(state, sheet, desk)
            case Verb.WHY:
                why = field.why or sayings.NO_WHY.format(title=field.title)
                return _ask(state, sheet, Text(why))
        if sheet.next is None or field.key != sheet.next.key:
            return _late(state, sheet, field, tap)
        match tap.verb:
            case Verb.UNSURE if field.optional:
                return await self._go_on(state, sheet.unsure(field.key), desk)
            case Verb.UNSURE if field.unsure:
                said = Text(sayings.NOTED_UNSURE.format(title=field.title, hint=field.unsure))
                return await self._go_on(state, sheet.unsure(field.key), desk, said)
            case Verb.UNSURE:
                return _ask(state, sheet, Text(sayings.NO_UNSURE))
            case Verb.TICK if tap.option in field.options:
                picked = sheet.run.picked
                without = tuple(key for key in picked if key != tap.option)
                ticked = without if tap.option in picked else (*picked, tap.option)
                return await self._go_on(state, sheet.with_run(picked=ticked), desk)
            case Verb.DONE:
                chosen = [key for key in field.options if key in sheet.run.picked]
                reply = sheet.form.accept(field.key, chosen) if chosen else Reply(problem=sayings.PICK_FIRST)
                return await self._answer(state, sheet, field, reply, desk)
            case Verb.ANSWER:
                return await self._answer(state, sheet, field, sheet.form.accept(field.key, tap.option), desk)
        return _ask(state, sheet, Text(sayings.OUTDATED))

    async def _answer(self, state: State, sheet: Sheet, field: Field, reply: Reply, desk: Desk) -> Turn:
        if not reply.answered:
            return _ask(state, sheet, Text(reply.problem or sayings.OUTDATED))
        after = sheet.answered(field.key, reply.value)
        return await self._go_on(state, after, desk, *after.told(sheet.run, field))

    async def _back(self, state: State, sheet: Sheet, desk: Desk) -> Turn:
        run = sheet.run
        place = run.order.index(run.asked) if run.asked in run.order else len(run.order)
        if place == 0:
            return _ask(state, sheet, Text(sayings.FIRST))
        return await self._ask_out_of_turn(state, sheet, run.order[place - 1], desk)

    async def _ask_out_of_turn(self, state: State, sheet: Sheet, key: str, desk: Desk) -> Turn:
        if sheet.form.field(key) is None:
            return _ask(state, sheet, Text(sayings.OUTDATED))
        answer = sheet.run.answers.get(key)
        picked = tuple(answer) if isinstance(answer, list) else ()
        return await self._go_on(state, sheet.with_run(asked=key, picked=picked, state=OPEN), desk)

    async def _leave(self, state: State, sheet: Sheet, desk: Desk) -> Turn:
        run = sheet.run
        if sheet.is_open:
            await runs.save(desk.tx, replace(run, state=LEFT, asked="", touched_by=desk.conversation_id), desk.at)
        kept = sayings.KEPT.format(count=len(run.order)) if run.order else ""
        said = Text(sayings.LEFT_FORM.format(kept=kept), (button(run, Verb.RESUME),))
        return Turn(replace(state, run="", on_screen="", offered=()), (said,))

    async def _start_over(self, state: State, sheet: Sheet, desk: Desk) -> Turn:
        run = sheet.run
        if sheet.is_open:
            await runs.save(desk.tx, replace(run, state=LEFT, asked="", touched_by=desk.conversation_id), desk.at)
        fresh = Run(
            runs.new_id(), run.person, run.form, run.programme, run.edition, run.fingerprint, desk.conversation_id,
            answers={key: value for key, value in run.answers.items() if key not in run.order},  # was never asked
        )  # fmt: skip
        return await self.begin(state, fresh, desk, Text(sayings.STARTED_OVER))

    async def _go_on(self, state: State, sheet: Sheet, desk: Desk, *before: Message) -> Turn:
        """Store the run and ask what is next, or finish."""
        run = replace(sheet.run, touched_by=desk.conversation_id)
        messages: tuple[Message, ...] = ()
        if sheet.next is None:
            run, messages = await sheet.kind.finish(replace(run, state=FINISHED), sheet.form, desk)
        revision = await runs.save(desk.tx, run, desk.at)
        stored = replace(sheet, run=replace(run, revision=revision))
        if stored.is_open:
            return _ask(state, stored, *before, *messages)
        said = (*sheet.notes, *before, *messages)
        return Turn(replace(state, run=run.id, seen=revision, on_screen="", offered=(), focus=None), said)

    async def _sheet_of(self, run_id: str, desk: Desk) -> Sheet | None:
        run = await runs.get(desk.tx, run_id, await desk.person())
        sheet = self._sheet(run, desk) if run else None
        if sheet is None:
            return None
        renewed, note = sheet.kind.renewed(sheet.run, sheet.form)
        if renewed == sheet.run:
            return sheet
        if renewed.state == FINISHED:  # kept as it is until something is done with it, so that the note is said then
            return replace(sheet, run=renewed, note=note)
        revision = await runs.save(desk.tx, renewed, desk.at)
        return replace(sheet, run=replace(renewed, revision=revision), note=note)

    def _sheet(self, run: Run, desk: Desk) -> Sheet | None:
        kind = self._kinds.get(run.form)
        form = kind.form_of(run, desk.local.date()) if kind else None
        return Sheet(run, form, kind) if kind and form else None


def _means_the_finished(state: State, run: Run, verb: Verb) -> bool:
    """Whether a word is about the finished form; 「重新開始」 means it only while its result is what was shown last."""
    shown = any(choice.action == button(run, Verb.EDIT).action for choice in state.offered)
    return verb is Verb.EDIT or (verb in AFTER_THE_END and shown)


def _was_shown_last(state: State, run: Run) -> bool:
    """Whether the result of this run is on the screen, and no question was answered since."""
    return state.focus is None and any(f":{run.id}" in choice.action for choice in state.offered)


def _ask(state: State, sheet: Sheet, *before: Message) -> Turn:
    """Ask what is asked now. `before` is said first."""
    run = sheet.run
    field = sheet.next if sheet.is_open else None
    said = (*sheet.notes, *before)
    if field is None:
        return Turn(replace(state, run=run.id, seen=run.revision, on_screen=""), said)
    asked = replace(state, run=run.id, seen=run.revision, on_screen=field.key, offered=())
    return Turn(asked, (*said, screen.question(sheet.form, run, field, sheet.ahead)))


def _late(state: State, sheet: Sheet, field: Field, tap: Tap) -> Turn:
    """A button of a question that is not the one asked now: a second tap, or an old message."""
    run = sheet.run
    if field.key not in run.answers:
        return _ask(state, sheet, Text(sayings.OUTDATED))
    same = tap.verb is Verb.ANSWER and run.answers[field.key] == sheet.form.accept(field.key, tap.option).value
    words = sayings.SAME if same else sayings.ALREADY
    answer = screen.answer(sheet.form, run, field.key)
    return _ask(state, sheet, Text(words.format(title=field.title, answer=answer)))
