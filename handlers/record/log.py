"""Where records begin and are found again: a line of chat, guided entry, the list, one record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.messages import Choice, Message, Text
from bot.store import records, runs
from bot.store.access import Enrolment, Scope, scope_of
from bot.store.records import Conflict
from bot.store.runs import Run
from bot.store.stored_record import DELETED, DONE, StoredRecord
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.forms.interview import Interview
from handlers.forms.words import Verb, button
from handlers.record import card, draft, intents, listing, sayings
from handlers.record.form import say_day
from handlers.record.records import DROPPED, NAME, READY, SAVED, Records, after, deleted, of_stored
from knowledge.answering.normalise import squash
from knowledge.schema import Base
from knowledge.spoken import letters
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Reading
from knowledge.spoken.splitting import beyond, split_lines

MOST_AT_ONCE = 6
_CONFIRM = frozenset(map(squash, ("確認", "儲存", "存檔", "送出")))


class Log:
    """The capability as a whole."""

    prefix = "r"

    def __init__(self, base: Base, kind: Records, interview: Interview) -> None:
        self._base = base
        self._kind = kind
        self._interview = interview

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words about records ask for, or the record that a line is; None where it is neither."""
        whole, text = letters.tidy_whole(text), letters.tidy(text)
        if action := intents.answered(state, text):
            return await self.act(state, action.removeprefix("r:"), desk)
        if squash(text) in _CONFIRM:
            return await self._waiting(state, desk)
        intent = intents.read(text, desk.local)
        if intent is None:
            return await self._line(state, whole, desk)
        scope = await self._scope(desk)
        if not scope.writable:
            return Turn(state, (Text(sayings.NOT_MEMBER, (MENU,)),))
        match intent.what:
            case intents.NEW:
                return await self._begin(state, {"_guided": True}, scope, desk)
            case intents.LIST:
                year, month = intent.month or (desk.local.year, desk.local.month)
                return await self._list(state, scope, year, month, desk)
        return await self._pick(state, intent, scope, desk)

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `r:`; None for what is none of ours."""
        verb, _, argument = rest.partition(":")
        scope = await self._scope(desk)
        match verb:
            case "new":
                if not scope.writable:
                    return Turn(state, (Text(sayings.NOT_MEMBER, (MENU,)),))
                return await self._begin(state, {"_guided": True}, scope, desk)
            case "save" | "drop" | "join" | "card":
                run_id, _, more = argument.partition(":")
                return await self._of_run(state, verb, run_id, more, scope, desk)
            case "month":
                year, _, month = argument.partition("-")
                if not re.fullmatch(r"(?:199|20\d|21\d)\d", year) or not re.fullmatch("1[0-2]|[1-9]", month):
                    return None
                return await self._list(state, scope, int(year), int(month), desk)
        record_id, _, version = argument.partition(":")
        record = await records.get(desk.tx, scope, record_id)
        if record is None:
            return Turn(state, (Text(sayings.GONE, (MENU,)),))
        return await self._of_record(state, verb, record, version, scope, desk)

    async def _line(self, state: State, text: str, desk: Desk) -> Turn | None:
        parts = split_lines(text, desk.local)
        reading = parse_line(text, desk.local)
        if not reading.is_log:  # a question, or a record with a question beside it
            parts_held = [part for part in parts if part.is_log and _is_whole(part)]
            if not parts_held:
                return None
            reading = parts_held[0]
        scope = await self._scope(desk)
        if not scope.writable:
            sure = reading.draft.kind and reading.draft.starts_at and reading.draft.minutes
            return Turn(state, (Text(sayings.NOT_MEMBER, (MENU,)),)) if sure else None
        if not _is_whole(reading) and await self._is_open(state, scope, desk):
            return None  # a word about the record in hand rather than another one
        first, *rest = [part for part in parts if part.is_log][:MOST_AT_ONCE] or [reading]
        too_far = beyond(text)
        unread = [part.said for part in parts if part.said not in ("", too_far) and part not in (first, *rest)]
        answers = draft.of_reading(first, text)
        if rest:
            answers["_queue"] = [{**draft.of_reading(each), "_doubts": _doubts(each)} for each in rest]
        said = [Text(sayings.SEVERAL_ONES.format(count=1 + len(rest)))] if rest else []
        said += [Text(sayings.UNREAD.format(said=each[:60])) for each in unread]
        said += [Text(sayings.TOO_LONG.format(said=too_far[:20]))] if too_far else []
        said += [Text(each) for each in card.doubts(_doubts(first))]
        return await self._begin(state, answers, scope, desk, *said, text=text)

    async def _is_open(self, state: State, scope: Scope, desk: Desk) -> bool:
        run = await runs.get(desk.tx, state.run, scope.person) if state.run else None
        return run is not None and run.form == NAME and run.state == runs.OPEN

    async def _begin(
        self, state: State, answers: Mapping[str, Any], scope: Scope, desk: Desk, *before: Message, text: str = ""
    ) -> Turn:
        """A new run with what is known already. `text`: where a school may be named."""
        places = self._places(scope)
        known = {"_schools": places, **answers}
        if len(places) == 1:
            known["school"] = next(iter(places))
        elif "school" not in known and (
            school := _named(places, text) or (state.enrolment in places and state.enrolment)
        ):
            known["school"] = school
        is_given = len(places) == 1 or "_record" in known
        order = tuple(key for key in known if not key.startswith("_") and not (key == "school" and is_given))
        before = (*await self._left_behind(state, scope, desk), *before)
        run = Run(runs.new_id(), scope.person, NAME, "", "", "", desk.conversation_id, answers=known, order=order)
        return await self._interview.begin(state, run, desk, *before)

    async def _left_behind(self, state: State, scope: Scope, desk: Desk) -> tuple[Message, ...]:
        """Word of a record that was not confirmed before this one was begun: it is kept, and can be gone back to."""
        run = await runs.get(desk.tx, state.run, scope.person) if state.run else None
        if run is None or run.form != NAME or run.outcome in (SAVED, DROPPED):
            return ()
        return (Text(sayings.UNCONFIRMED, (Choice("看上一筆", f"r:card:{run.id}", aside=True),)),)

    async def _of_run(self, state: State, verb: str, run_id: str, more: str, scope: Scope, desk: Desk) -> Turn:
        run = await runs.get(desk.tx, run_id, scope.person)
        if run is None or run.form != NAME:
            return Turn(state, (Text(sayings.GONE, (MENU,)),))
        at_it = replace(state, run=run.id, seen=run.revision, on_screen="")
        if run.outcome in (SAVED, DROPPED):
            edit = () if run.outcome == SAVED else (button(run, Verb.EDIT),)
            said = sayings.ALREADY_SAVED if run.outcome == SAVED else sayings.ALREADY_DROPPED
            return Turn(at_it, (Text(said, (*edit, MENU)),))
        if run.outcome != READY:
            return await self._interview.begin(state, run, desk)
        if verb == "card" or (verb == "save" and more != str(run.revision)):
            shown = await self._kind.shown(replace(run, revision=run.revision - 1), desk)
            return Turn(at_it, (shown,) if verb == "card" else (Text(sayings.STALE), shown))
        return await self._settle(at_it, verb, run, more, scope, desk)

    async def _settle(self, state: State, verb: str, run: Run, more: str, scope: Scope, desk: Desk) -> Turn:
        """What a button of the card as it is now brings about."""
        done, said = run, tuple[Message, ...]()
        match verb:
            case "save":
                done, said = await self._kind.save(run, desk)
            case "drop":
                done, said = self._kind.dropped(run)
            case "join":
                done, said = await self._join(run, more, scope, desk)
        if done != run:
            revision = await runs.save(desk.tx, replace(done, touched_by=desk.conversation_id), desk.at)
            state = replace(state, seen=revision, enrolment=str(run.answers.get("school", "")))
        following = self._kind.next_of(run, done, desk)
        if following is None:
            return Turn(state, said)
        another, words = following
        return await self._interview.begin(state, another, desk, *said, *words)

    async def _waiting(self, state: State, desk: Desk) -> Turn | None:
        """「確認」 where no card is in hand: show the card that waits elsewhere; nothing is stored yet."""
        scope = await self._scope(desk)
        if not scope.writable:
            return None
        found = await runs.of_person(desk.tx, scope.person, form=NAME, limit=1)
        if not found or found[0].outcome != READY or found[0].state != runs.FINISHED:
            return Turn(state, (Text(sayings.NOTHING_WAITS, (MENU,)),))
        return await self._of_run(state, "card", found[0].id, "", scope, desk)

    async def _join(self, run: Run, record_id: str, scope: Scope, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        joined = await records.join(desk.tx, scope, record_id, channel=desk.channel, now=desk.at)
        if not isinstance(joined, StoredRecord):
            return run, (Text(sayings.GONE, (MENU,)),)
        said = Text(sayings.JOINED.format(line=card.line(joined)), after(joined))
        return replace(of_stored(run, joined), outcome=SAVED), (said,)

    async def _of_record(
        self, state: State, verb: str, record: StoredRecord, version: str, scope: Scope, desk: Desk
    ) -> Turn | None:
        if record.state == DELETED and verb in ("show", "edit", "delete"):
            return Turn(state, (deleted(record),))
        match verb:
            case "show":
                return Turn(state, (Text(card.line(record), after(record)),))
            case "edit":
                answers = {**draft.of_record(record), "_record": record.id, "_version": record.version}
                return await self._begin(state, answers, scope, desk)
            case "copy":
                answers = {
                    key: value for key, value in draft.of_record(record).items() if key not in ("day", "_planned")
                }
                return await self._begin(state, answers, scope, desk)
            case "delete":
                state = replace(state, focus=None)  # a bare yes is about this now
                sure = Choice("確定刪除", f"r:delete!:{record.id}:{record.version}")
                keep = Choice("不刪", f"r:show:{record.id}")
                return Turn(state, (Text(sayings.CONFIRM_DELETE.format(line=card.line(record)), (sure, keep)),))
            case "delete!" | "restore" | "held" | "unheld":
                return await self._change(state, verb, record, version, scope, desk)
        return None

    async def _change(
        self, state: State, verb: str, record: StoredRecord, version: str, scope: Scope, desk: Desk
    ) -> Turn:
        """One tap that changes a stored record, as long as it is the version that was shown."""
        expected = int(version) if version.isdecimal() and len(version) < 9 else 0
        how: dict[str, Any] = {"channel": desk.channel, "now": desk.at}
        match verb:
            case "restore":
                found = await records.restore(desk.tx, scope, record.id, expected, **how)
            case "held":
                found = await records.change(desk.tx, scope, record.id, expected, {}, state=DONE, **how)
            case _:
                found = await records.delete(desk.tx, scope, record.id, expected, **how)
        if found is None:
            return Turn(state, (Text(sayings.GONE, (MENU,)),))
        if isinstance(found, Conflict):
            return Turn(state, (Text(sayings.NOT_LATEST.format(line=card.line(found.current)), (MENU,)),))
        said = {
            "restore": sayings.RESTORED,
            "held": sayings.HELD_YES,
            "unheld": sayings.HELD_NO,
        }.get(verb, sayings.DELETED)
        undo = (Choice("復原", f"r:restore:{found.id}:{found.version}", aside=True), MENU)
        choices = undo if verb in ("delete!", "unheld") else after(found)
        return Turn(state, (Text(said.format(line=card.line(found)), choices),))

    async def _pick(self, state: State, intent: intents.Intent, scope: Scope, desk: Desk) -> Turn:
        """Find the record that is meant: the last one, or those of a day."""
        if intent.day is None:
            last = await records.last_own(desk.tx, scope)
            found = [last] if last else []
        else:
            found = [
                record
                for place in scope.writable
                for record in await records.on_day(desk.tx, scope, place.id, intent.day)
            ]
        if not found:
            nothing = sayings.NONE_ON_DAY.format(day=say_day(intent.day)) if intent.day else sayings.NOTHING_YET
            return Turn(state, (Text(nothing, (MENU,)),))
        if len(found) == 1:
            turn = await self._of_record(state, intent.what, found[0], "", scope, desk)
            assert turn is not None
            return turn
        picks = tuple(Choice(card.line(record), f"r:{intent.what}:{record.id}") for record in found)
        return Turn(state, (Text(sayings.WHICH_RECORD, (*picks, MENU)),))

    async def _list(self, state: State, scope: Scope, year: int, month: int, desk: Desk) -> Turn:
        return Turn(replace(state, focus=None), await listing.month(scope, self._places(scope), year, month, desk))

    async def _scope(self, desk: Desk) -> Scope:
        return await scope_of(desk.tx, await desk.person())

    def _places(self, scope: Scope) -> dict[str, dict[str, str]]:
        return {each.id: self._place(each) for each in scope.writable}

    def _place(self, enrolment: Enrolment) -> dict[str, str]:
        programme = self._base.programme(enrolment.programme, enrolment.edition)
        return {
            "label": f"{enrolment.school}・{programme.short_name}",
            "programme": enrolment.programme,
            "edition": enrolment.edition,
        }


def _is_whole(reading: Reading) -> bool:
    said = reading.draft
    return bool(said.kind) and said.starts_at is not None and bool(said.minutes or said.deliverable)


def _doubts(reading: Reading) -> list[str]:
    return [reading.reasons[field] for field in reading.ask if field in reading.reasons]


def _named(places: Mapping[str, Mapping[str, str]], text: str) -> str:
    """The one place whose school a line names; empty where it names none, or one with several programmes."""
    said = squash(text)
    named = [each for each, place in places.items() if squash(place["label"].split("・")[0]) in said]
    return named[0] if len(named) == 1 else ""
