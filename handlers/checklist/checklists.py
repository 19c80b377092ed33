"""Eligibility checklists as a kind of form: one run takes a person to a verdict on one programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.clock import TAIPEI
from bot.messages import Choice, Message, Text
from bot.store.runs import FINISHED, Run
from handlers.checklist import result
from handlers.checklist.form import Sheetlike
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.forms.form import Field, Form
from handlers.forms.words import Verb, button
from knowledge.deadlines.engine import Due, resolve
from knowledge.deadlines.loader import load_deadlines
from knowledge.eligibility.engine import Verdict, check, questions_ahead
from knowledge.eligibility.facts import FactsError, read_answer, say_answer
from knowledge.eligibility.loader import available, load_checklist
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.supposing import Change, suppose
from knowledge.eligibility.tree import names
from knowledge.eligibility.whatif import difference
from knowledge.schema import Base

NAME = "checklist"
MOST_CITED = 3
OPENING = (
    "我們來看貴校能不能申請「{name}」（{year}）。我一題一題問，通常不用全部答完；不知道的就答「不確定」，"
    "中間可以問規定、改前面的答案，或先停下來下次再做。"
)
RULES_CHANGED = "這份檢核的規則在您上次作答後更新過，我已改用新的規則；{kept}"
ALL_KEPT = "您的答案都還適用。"
SOME_ASKED_AGAIN = "其中 {count} 題要請您再答一次。"
WHICH = "您想改的是哪一個：{titles}？請再說一次，例如「如果{title}改成…」。"
NO_CHANGE = "您目前的答案就是這樣，沒有改變。"
SUPPOSED = "如果{what}"
PAPER = "給校長的 Word"
MINE = "我的檢核"


class ChecklistForm(Sheetlike):
    """The questions of one programme's edition."""

    def __init__(self, checklist: Checklist, heading: str) -> None:
        super().__init__(heading, checklist.questions, _whys(checklist))
        self.checklist = checklist

    def ahead(self, run: Run) -> tuple[Field, ...]:
        """Questions that can still change verdict, amounts or priorities."""
        return self.fields(questions_ahead(self.checklist, self.facts(run), frozenset(run.unsure), go_on=run.go_on))

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        """What the correction changes in verdict, rules and amounts."""
        return difference(self.checklist, self.facts(before), self.facts(after)).lines


class Checklists:
    """All checklists there are, newest edition and older ones."""

    name = NAME

    def __init__(self, base: Base) -> None:
        self.base = base
        self._forms = {edition: self._form(*edition) for edition in available()}
        self._deadlines = {edition: load_deadlines(*edition) for edition in self._forms}

    @property
    def newest(self) -> Mapping[str, Checklist]:
        """The newest checklist of each programme."""
        slugs = dict.fromkeys(slug for slug, _ in self._forms)
        return {slug: load_newest(self._forms, slug).checklist for slug in slugs}

    def form_of(self, run: Run, today: date | None = None) -> ChecklistForm | None:
        """The form of a run's own edition; none of another is put in its place."""
        return self._forms.get((run.programme, run.edition))

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        """A run whose file was changed since goes on under the new one, and that is said."""
        assert isinstance(form, ChecklistForm)
        if run.fingerprint == form.checklist.fingerprint:
            return run, ""
        answers = {key: value for key, value in run.answers.items() if still_fits(form.checklist, key, value)}
        lost = len(run.answers) - len(answers)
        order = tuple(key for key in run.order if key in answers or key in run.unsure)
        kept = SOME_ASKED_AGAIN.format(count=lost) if lost else ALL_KEPT
        fresh = replace(run, fingerprint=form.checklist.fingerprint, answers=answers, order=order)
        if run.state == FINISHED:
            fresh = replace(fresh, outcome=check(form.checklist, form.facts(fresh)).verdict.value)
        return fresh, RULES_CHANGED.format(kept=kept)

    def opening(self, form: Form) -> str:
        """What is said before the first question."""
        assert isinstance(form, ChecklistForm)
        programme = self.base.programme(form.checklist.programme, form.checklist.edition)
        return OPENING.format(name=programme.short_name, year=programme.year_label)

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """The verdict is clear: tell it, and keep it."""
        assert isinstance(form, ChecklistForm)
        finished = replace(run, outcome=check(form.checklist, form.facts(run)).verdict.value)
        return finished, (self.card(finished, form, desk),)

    def card(self, run: Run, form: ChecklistForm, desk: Desk) -> Message:
        """The result of a run."""
        return result.result_card(
            self.base,
            form.checklist,
            form.facts(run),
            frozenset(run.unsure),
            self.dues(run, desk.now),
            desk.now,
            due_facts=self.due_facts(run),
            choices=self.choices(run, form),
        )

    def choices(self, run: Run, form: ChecklistForm) -> tuple[Choice, ...]:
        """What can be done with a result."""
        more = [button(run, Verb.GO_ON)] if self._can_go_on(run, form) else []
        return (
            *more,
            button(run, Verb.EDIT),
            Choice(result.DETAIL, f"c:detail:{run.id}", aside=True),
            Choice(PAPER, f"c:paper:{run.id}", aside=True),
            button(run, Verb.RESTART),
            Choice(MINE, "c:mine", aside=True),
            MENU,
        )

    def dues(self, run: Run, now: datetime) -> Sequence[Due]:
        """The deadlines that follow from the answers. `now` is aware."""
        local = now.astimezone(TAIPEI).replace(tzinfo=None)
        return resolve(self._deadlines[run.programme, run.edition], dict(run.answers), local, strict=False)

    def due_facts(self, run: Run) -> Mapping[str, Question]:
        """The facts that those deadlines depend on, to name what a date waits for."""
        return self._deadlines[run.programme, run.edition].by_fact

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """「如果改成全線上呢」: the difference that another answer would make."""
        assert isinstance(form, ChecklistForm)
        facts = form.facts(run)
        found = suppose(form.checklist, facts, text, desk.local)
        if found is None:
            return None
        choices = self.choices(run, form)
        if found.problem:
            return run, (Text(found.problem, choices),)
        if found.candidates:
            titles = "、".join(question.title for question in found.candidates)
            return run, (Text(WHICH.format(titles=titles, title=found.candidates[0].title), choices),)
        if found.unchanged:
            return run, (Text(NO_CHANGE, choices),)
        title = SUPPOSED.format(what="、".join(map(_supposed, found.changes)))
        after = found.applied(facts)
        return run, (result.difference_card(form.checklist, facts, after, title=title, choices=choices),)

    def _form(self, slug: str, edition: str) -> ChecklistForm:
        programme = self.base.programme(slug, edition)
        return ChecklistForm(load_checklist(slug, edition), f"{programme.short_name}（{programme.year_label}）")

    def _can_go_on(self, run: Run, form: ChecklistForm) -> bool:
        return run.outcome == Verdict.INELIGIBLE.value and not run.go_on and bool(form.ahead(replace(run, go_on=True)))


def load_newest(forms: Mapping[tuple[str, str], ChecklistForm], slug: str) -> ChecklistForm:
    """The newest edition's form of a programme."""
    return forms[max((each for each in forms if each[0] == slug), key=lambda each: (len(each[1]), each[1]))]


def _supposed(change: Change) -> str:
    return f"{change.question.title}是「{say_answer(change.question, change.after)}」"


def still_fits(checklist: Checklist, key: str, value: object) -> bool:
    """Whether a kept answer is one that the checklist as it is now can read."""
    question = checklist.by_key.get(key)
    if question is None:
        return False
    try:
        read_answer(question, value)
    except FactsError:
        return False
    return True


def _whys(checklist: Checklist) -> dict[str, str]:
    """Where the rules, amounts and priorities stand that read each question."""
    found: dict[str, dict[str, None]] = {question.key: {} for question in checklist.questions}
    nodes = [(names(rule.holds), rule.cite) for rule in checklist.rules]
    nodes += [(names(amount.when, amount.value), amount.cite) for amount in checklist.amounts]
    nodes += [(names(priority.when), priority.cite) for priority in checklist.priorities]
    for read, cite in nodes:
        for key in read:
            found[key] |= dict.fromkeys(cite)
    return {key: _cited(list(sections)) for key, sections in found.items()}


def _cited(sections: list[str]) -> str:
    more = "等" if len(sections) > MOST_CITED else ""
    return f"依據：{'、'.join(sections[:MOST_CITED])}{more}" if sections else ""
