"""「我們學校可以申請哪些計畫」: what all programmes ask of a school is asked once, then they are ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from bot.messages import Card, Choice, Message
from bot.store.runs import Run
from handlers.checklist.checklists import MINE, Checklists, still_fits
from handlers.checklist.form import Sheetlike
from handlers.choices import MENU, label
from handlers.desk import Desk
from handlers.forms.form import Field, Form
from handlers.forms.words import Verb, button
from knowledge.eligibility.engine import Verdict
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.school import SchoolQuestions
from knowledge.eligibility.school_reading import load_school
from knowledge.eligibility.together import Standing, ranked, shared_ahead, standings
from knowledge.schema import Programme

NAME = "survey"
HEADING = "可以申請哪些計畫"
OPENING = "我先問幾題各計畫都會問到的，再告訴您哪些可以申請；不知道的就答「不確定」。"
HEAD = {True: "依目前的回答，這些計畫還有機會：", False: "依目前的回答，收錄的計畫都有條件不符："}
FINISHED = "{place}. {name}：符合"
OPEN = "{place}. {name}：還沒有不符合的條件，再答約 {left} 題就知道"
FAILS = "✗ {name}：不符合。{why}"
PAST = "（{year}的規定，該年度已結束，僅供參考）"
RULES_CHANGED = "學校基本資料的題目更新過，{kept}"
CHECK = "檢核{name}"


class SurveyForm(Sheetlike):
    """The questions about a school that several programmes share."""

    def __init__(self, school: SchoolQuestions, checklists: tuple[Checklist, ...]) -> None:
        super().__init__(HEADING, school.questions, {})
        self.school = school
        self.checklists = checklists

    def ahead(self, run: Run) -> tuple[Field, ...]:
        """Shared questions that can still change something for a programme that has not failed."""
        return self.fields(shared_ahead(self.school, self.checklists, self.facts(run), frozenset(run.unsure)))

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        """Nothing beside the ranking, which is shown in any case."""
        return ()


class Survey:
    """One form for all programmes."""

    name = NAME

    def __init__(self, checklists: Checklists) -> None:
        self._checklists = checklists
        newest: Mapping[str, Checklist] = checklists.newest
        self.form = SurveyForm(load_school(), tuple(newest.values()))

    def form_of(self, run: Run, today: date | None = None) -> SurveyForm:
        """There is one."""
        return self.form

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        """A run whose file was changed since goes on under the new one."""
        fingerprint = self.form.school.fingerprint
        if run.fingerprint == fingerprint:
            return run, ""
        sheet = self.form.school.sheet
        answers = {key: value for key, value in run.answers.items() if still_fits(sheet, key, value)}
        order = tuple(key for key in run.order if key in answers or key in run.unsure)
        kept = (
            f"有 {len(run.answers) - len(answers)} 題要請您再答一次。" if answers != run.answers else "答案都還適用。"
        )
        renewed = replace(run, fingerprint=fingerprint, answers=answers, order=order)
        return renewed, RULES_CHANGED.format(kept=kept)

    def opening(self, form: Form) -> str:
        """What is said before the first question."""
        return OPENING

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """Rank the programmes."""
        return run, (self.card(run, desk),)

    def card(self, run: Run, desk: Desk) -> Message:
        """The ranking, with a way into the checklist of each programme that is still possible."""
        found = self.standings(run, desk)
        possible = [each for each in found if each.verdict is not Verdict.INELIGIBLE]
        lines = [HEAD[bool(possible)], *self._lines(found, possible)]
        picks = tuple(
            Choice(label(CHECK.format(name=self._name(each))), f"c:from:{run.id}:{each.programme}") for each in possible
        )
        asides = (button(run, Verb.EDIT), button(run, Verb.RESTART), Choice(MINE, "c:mine", aside=True), MENU)
        return Card(HEADING, "\n".join(lines), self._source(found), choices=(*picks, *asides))

    def standings(self, run: Run, desk: Desk) -> tuple[Standing, ...]:
        """How the school stands with each programme, current editions first."""
        found = standings(self.form.school, self.form.checklists, self.form.facts(run))
        today = desk.local.date()
        past = (each.id for each in found if self._programme(each).valid_until < today)
        return ranked(found, frozenset(past))

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """Nothing is supposed of a ranking."""
        return None

    def _lines(self, found: tuple[Standing, ...], possible: list[Standing]) -> Iterator[str]:
        for place, each in enumerate(possible, 1):
            words = FINISHED if each.verdict is Verdict.ELIGIBLE else OPEN
            yield words.format(place=place, name=self._name(each), left=each.questions_left) + self._past(each)
            for told in (*each.notes, *each.result.priorities):
                yield f"　※ {told.text}"
        for each in found:
            if each.verdict is Verdict.INELIGIBLE:
                why = "".join(finding.text for finding in each.failing[:1])
                yield FAILS.format(name=self._name(each), why=why) + self._past(each)

    def _source(self, found: tuple[Standing, ...]) -> str:
        failing = (
            f"{self._name(each)} {'、'.join(dict.fromkeys(s for f in each.failing[:1] for s in f.cite))}"
            for each in found
            if each.failing
        )
        line = "；".join(failing)
        return f"依據：{line}" if line else ""

    def _past(self, each: Standing) -> str:
        return PAST.format(year=self._programme(each).year_label) if each.past else ""

    def _programme(self, each: Standing) -> Programme:
        return self._checklists.base.programme(each.programme, each.edition)

    def _name(self, each: Standing) -> str:
        return self._programme(each).short_name
