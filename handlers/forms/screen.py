"""How a question of a form is shown: where one stands, what is asked, what can be tapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Choice, Text
from bot.store.runs import Run
from handlers.forms.form import Field, Form
from handlers.forms.words import Verb, button

ANSWERS_SHOWN = 20
"""Earlier answers that can be picked for correction."""
NOT_ANSWERED = "不確定"
NOT_GIVEN = "（未填）"
PASSED_OVER = "略過"
PICK_DAY = "選日期"
SEVERAL = "可以複選：打號碼，例如「1、3」，全部或都沒有也可以直接打；或逐項點選，再按「選好了」。"
WHICH_ANSWER = "要改哪一題？打號碼或點選；不改了就打「繼續作答」。"


def question(form: Form, run: Run, field: Field, ahead: Sequence[Field]) -> Text:
    """The question with its progress: 「第 3 題，約剩 4 題」."""
    lines = [f"〔{form.heading}〕{progress(form, run, field, ahead)}", field.ask]
    if field.key in run.order:
        lines.append(f"目前的答案：{answer(form, run, field.key)}")
    how = SEVERAL if field.several else "" if field.options else field.how
    if how:
        lines.append(how)
    return Text("\n".join(lines), (*_options(run, field), *_asides(run, field)))


def progress(form: Form, run: Run, field: Field, ahead: Sequence[Field]) -> str:
    """Where one stands; how many are left is the most that can still be asked."""
    if field.key in run.order:
        return f"第 {run.order.index(field.key) + 1} 題（修改）" if form.numbered else "修改"
    left = sum(other.key != field.key for other in ahead)
    more = f"約剩 {left} 題" if left else "最後一題"
    return f"第 {len(run.order) + 1} 題，{more}" if form.numbered else more


def answer(form: Form, run: Run, key: str) -> str:
    """An answer in words."""
    if key in run.answers:
        return form.say(key, run.answers[key])
    field = form.field(key)
    return NOT_GIVEN if field and field.optional else NOT_ANSWERED


def answers(form: Form, run: Run) -> Text:
    """The answers so far, each to be picked for correction."""
    fields = [field for key in run.order if (field := form.field(key)) is not None]
    picks = [
        button(run, Verb.EDIT, field.key, label=f"{field.title}：{answer(form, run, field.key)}", aside=False)
        for field in fields[-ANSWERS_SHOWN:]
    ]
    return Text(WHICH_ANSWER, (*picks, button(run, Verb.RESUME)))


def _options(run: Run, field: Field) -> list[Choice]:
    if not field.several:
        return [
            button(run, Verb.ANSWER, field.key, key, label=text, aside=False) for key, text in field.options.items()
        ]
    ticks = [
        button(run, Verb.TICK, field.key, key, label=f"{'☑' if key in run.picked else '☐'} {text}", aside=False)
        for key, text in field.options.items()
    ]
    return [*ticks, button(run, Verb.DONE, field.key)]


def _asides(run: Run, field: Field) -> list[Choice]:
    found = [replace(button(run, Verb.ANSWER, field.key, label=PICK_DAY), picker="date")] if field.day else []
    if field.optional:
        found.append(button(run, Verb.UNSURE, field.key, label=PASSED_OVER))
    elif field.unsure:
        found.append(button(run, Verb.UNSURE, field.key))
    found += [button(run, Verb.WHY, field.key)] if field.why else []
    if run.order:
        found += [button(run, Verb.BACK, field.key), button(run, Verb.EDIT)]
    return [*found, button(run, Verb.LEAVE), *([button(run, Verb.RESTART)] if run.order else [])]
