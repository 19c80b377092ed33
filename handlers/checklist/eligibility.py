"""Where checklists begin and are found again: start one, take one up, list them, show, explain and hand one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.clock import TAIPEI, from_epoch_ms
from bot.messages import Choice, Text
from bot.store import file_links, runs
from bot.store.runs import FINISHED, Run
from handlers.checklist import checklists, intents, result, survey
from handlers.checklist.checklists import ChecklistForm, Checklists
from handlers.checklist.survey import Survey
from handlers.choices import MENU, label
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.forms.interview import Interview
from handlers.forms.words import Verb, button
from knowledge.answering.normalise import squash
from knowledge.eligibility.engine import Verdict, questions_ahead
from knowledge.eligibility.facts import write_answer
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.together import carry_over, facts_for
from knowledge.eligibility.tree import Value

WHICH_PROGRAMME = "要檢核哪一個計畫的資格？"
NOT_SURE_WHICH = "還不知道，幫我找"
NO_CHECKLIST = "這個計畫沒有資格檢核表。"
UNFINISHED = "「{name}」您上次做到一半（答了 {count} 題）。"
CARRIED = "您先前答過的我帶過來了：{answers}。要改的話，隨時打「修改」。"
MOST_LISTED = 8
YOURS = "您做過的檢核，打號碼或點選就可以打開："
NO_RUNS = "您還沒有檢核紀錄。要開始，請說「檢核」加上計畫名稱，或按「新的檢核」。"
NEW = "新的檢核"
PAPER_HERE = "這是檢核結果的 Word 檔（一頁），7 天內都可以下載，請不要轉傳給不相關的人：\n{url}"
NO_RUN = "這份檢核找不到了，可能已經刪除。"
NO_RESULT_YET = "這份檢核還沒做完，做完才有結果可以匯出。"

_TYPED = {
    "detail": (result.DETAIL, "逐條說明", "每一條", "詳細", "看詳細", "細節"),
    "paper": (checklists.PAPER, "word", "匯出", "匯出word", "下載", "下載word", "給校長", "word檔", "匯出檔案"),
    "show": ("結果", "看結果", "檢核結果", "回到結果"),
}
_OF_RESULT = {squash(word): verb for verb, words in _TYPED.items() for word in words}


class Eligibility:
    """The capability as a whole. `address`: the root of our own pages, for links to files."""

    def __init__(self, known: Checklists, around: Survey, interview: Interview, address: str) -> None:
        self._checklists = known
        self._survey = around
        self._interview = interview
        self._address = address

    async def wanted(self, state: State, intent: intents.Intent, desk: Desk) -> Turn:
        """What the words asked for."""
        match intent.what:
            case intents.MINE:
                return await self.mine(state, desk)
            case intents.WHICH:
                return await self.survey(state, desk)
        return await self.start(state, intent.programme, desk) if intent.programme else self.choose(state)

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after `c:`; None for what is none of ours."""
        verb, _, argument = rest.partition(":")
        match verb:
            case "mine":
                return await self.mine(state, desk)
            case "which":
                return await self.survey(state, desk)
            case "choose":
                return self.choose(state)
            case "start":
                return await self.start(state, argument, desk)
            case "fresh":
                return await self.start(state, argument, desk, fresh=True)
            case "from":
                run_id, _, slug = argument.partition(":")
                return await self.start(state, slug, desk, fresh=True, survey_id=run_id)
            case "show" | "detail" | "paper":
                return await self._of_run(state, verb, argument, desk)
        return None

    async def of_result(self, state: State, run: Run, text: str, desk: Desk) -> Turn | None:
        """What a word asks of a finished checklist; None where it is about something else."""
        verb = _OF_RESULT.get(squash(text))
        return await self._of_run(state, verb, run.id, desk) if verb and run.form == checklists.NAME else None

    def choose(self, state: State) -> Turn:
        """Ask which programme is meant."""
        picks = tuple(
            Choice(label(self._checklists.base.programme(slug, each.edition).short_name), f"c:start:{slug}")
            for slug, each in self._checklists.newest.items()
        )
        unknown = Choice(NOT_SURE_WHICH, "c:which")
        at_it = replace(state, on_screen="")
        return Turn(at_it, (Text(WHICH_PROGRAMME, (*picks, unknown, Choice(checklists.MINE, "c:mine", True), MENU)),))

    async def start(self, state: State, slug: str, desk: Desk, *, fresh: bool = False, survey_id: str = "") -> Turn:
        """Begin a checklist, or offer to take up one that was left half way."""
        checklist = self._checklists.newest.get(slug)
        if checklist is None:
            return Turn(state, (Text(NO_CHECKLIST, (MENU,)),))
        person = await desk.person()
        if not fresh and (begun := await self._begun(person, checklist, desk)):
            return self._offer(state, begun)
        answers = await self._known(person, checklist, survey_id, desk)
        run = Run(
            runs.new_id(), person, checklists.NAME, slug, checklist.edition, checklist.fingerprint,
            desk.conversation_id, answers=answers, order=tuple(answers),
        )  # fmt: skip
        form = self._checklists.form_of(run)
        assert form is not None
        said = [Text(self._checklists.opening(form))] if answers else []
        if answers:
            given = "、".join(f"{checklist.question(key).title}「{form.say(key, answers[key])}」" for key in answers)
            said.append(Text(CARRIED.format(answers=given)))
        return await self._interview.begin(state, run, desk, *said)

    async def survey(self, state: State, desk: Desk) -> Turn:
        """Begin to find out which programmes are possible."""
        form = self._survey.form
        run = Run(
            runs.new_id(), await desk.person(), survey.NAME, "", "", form.school.fingerprint, desk.conversation_id
        )
        return await self._interview.begin(state, run, desk)

    async def mine(self, state: State, desk: Desk) -> Turn:
        """Every checklist that was kept, the newest first."""
        found = await runs.of_person(desk.tx, await desk.person(), form=checklists.NAME, limit=MOST_LISTED)
        picks = [
            Choice(result.run_line(self._kept(run, form)), f"c:show:{run.id}")
            for run in found
            if (form := self._checklists.form_of(run)) is not None and (run.order or run.state == FINISHED)
        ]
        said = Text(YOURS if picks else NO_RUNS, (*picks, Choice(NEW, "c:choose", True), MENU))
        return Turn(replace(state, on_screen="") if picks else state, (said,))

    async def _of_run(self, state: State, verb: str, run_id: str, desk: Desk) -> Turn:
        run = await runs.get(desk.tx, run_id, await desk.person())
        form = self._checklists.form_of(run) if run and run.form == checklists.NAME else None
        if run is None or form is None:
            return Turn(state, (Text(NO_RUN, (MENU,)),))
        if run.state != FINISHED:
            if verb == "show":
                return await self._interview.begin(state, run, desk)
            return Turn(state, (Text(NO_RESULT_YET, (button(run, Verb.RESUME),)),))
        run, note = await self._renewed(run, form, desk)
        at_it = replace(state, run=run.id, seen=run.revision, on_screen="")
        match verb:
            case "detail":
                choices = self._checklists.choices(run, form)
                card = result.detail_card(self._checklists.base, form.checklist, form.facts(run), choices=choices)
                return Turn(at_it, (*note, card))
            case "paper":
                return Turn(at_it, (*note, await self._paper(run, form, desk)))
        return Turn(at_it, (*note, self._checklists.card(run, form, desk)))

    async def _renewed(self, run: Run, form: ChecklistForm, desk: Desk) -> tuple[Run, tuple[Text, ...]]:
        """A kept result under the rules as they are now, and what is to be said of that."""
        renewed, note = self._checklists.renewed(run, form)
        if renewed == run:
            return run, ()
        revision = await runs.save(desk.tx, renewed, desk.at)
        return replace(renewed, revision=revision), (Text(note),)

    async def _paper(self, run: Run, form: ChecklistForm, desk: Desk) -> Text:
        url = await self._link(run, desk)
        return Text(PAPER_HERE.format(url=url), self._checklists.choices(run, form))

    async def _link(self, run: Run, desk: Desk) -> str:
        token = await file_links.make(desk.tx, run.person, checklists.NAME, {"run": run.id}, desk.at)
        return f"{self._address}/files/{token}"

    async def _begun(self, person: str, checklist: Checklist, desk: Desk) -> Run | None:
        found = await runs.of_person(desk.tx, person, form=checklists.NAME, programme=checklist.programme, limit=1)
        same = [run for run in found if run.state != FINISHED and run.order and run.edition == checklist.edition]
        return same[0] if same else None

    def _offer(self, state: State, run: Run) -> Turn:
        form = self._checklists.form_of(run)
        assert form is not None
        said = UNFINISHED.format(name=form.heading, count=len(run.order))
        picks = (
            button(run, Verb.RESUME, label="接著做", aside=False),
            Choice("重新開始", f"c:fresh:{run.programme}"),
        )
        return Turn(replace(state, on_screen=""), (Text(said, picks),))

    async def _known(self, person: str, checklist: Checklist, survey_id: str, desk: Desk) -> dict[str, object]:
        """What the school has said already, to the survey or to another programme's checklist."""
        school = self._survey.form.school
        shared: Mapping[str, Value] = {}
        if survey_id:
            run = await runs.get(desk.tx, survey_id, person)
            found = [run] if run and run.form == survey.NAME else []
        else:
            found = await runs.of_person(desk.tx, person, state=FINISHED, limit=1)
        for run in found:
            if run.form == survey.NAME:
                shared = self._survey.form.facts(run)
            elif (form := self._checklists.form_of(run)) is not None:
                shared = carry_over(school, run.programme, form.facts(run))
        facts = facts_for(school, checklist.programme, shared)
        return {
            question.key: write_answer(question, facts[question.key])
            for question in checklist.questions
            if question.key in facts
        }

    def _kept(self, run: Run, form: ChecklistForm) -> result.KeptRun:
        programme = self._checklists.base.programme(run.programme, run.edition)
        open_still = questions_ahead(form.checklist, form.facts(run), go_on=False)
        verdict = Verdict(run.outcome) if run.outcome else Verdict.INCOMPLETE
        return result.KeptRun(
            programme.short_name,
            programme.year_label,
            verdict,
            _day(run.updated_at),
            len(open_still),
            run.state != FINISHED,
        )


def _day(at: int) -> date:
    return from_epoch_ms(at).astimezone(TAIPEI).date()
