"""A run with its form: what is asked now, and what another answer makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Message, Text
from bot.store.runs import OPEN, Run
from handlers.forms import sayings, screen
from handlers.forms.form import Field, Form, FormKind


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the engine works on."""

    run: Run
    form: Form
    kind: FormKind
    note: str = ""
    """What has to be said first, whatever comes: the form was changed meanwhile."""

    @property
    def is_open(self) -> bool:
        """Whether it is being filled in."""
        return self.run.state == OPEN

    @property
    def notes(self) -> tuple[Message, ...]:
        """The note as a message, where there is one."""
        return (Text(self.note),) if self.note else ()

    @property
    def ahead(self) -> tuple[Field, ...]:
        """Questions that may still be asked."""
        return self.form.ahead(self.run)

    @property
    def next(self) -> Field | None:
        """What is asked now: the question to be corrected, else the first that is still open."""
        if self.run.asked and (field := self.form.field(self.run.asked)):
            return field
        ahead = self.ahead
        return ahead[0] if ahead else None

    def with_run(self, **changes: Any) -> Sheet:
        """The same with the run changed."""
        return replace(self, run=replace(self.run, **changes))

    def answered(self, key: str, value: Any) -> Sheet:
        """With this answer, whether the first to its question or another one."""
        run = self.run
        unsure = tuple(other for other in run.unsure if other != key)
        return self._dealt_with(key, answers={**run.answers, key: value}, unsure=unsure)

    def unsure(self, key: str) -> Sheet:
        """With 「不確定」 for this question."""
        run = self.run
        answers = {other: value for other, value in run.answers.items() if other != key}
        return self._dealt_with(key, answers=answers, unsure=_with(run.unsure, key))

    def _dealt_with(self, key: str, **changes: Any) -> Sheet:
        return self.with_run(order=_with(self.run.order, key), asked="", picked=(), **changes)

    def told(self, before: Run, field: Field) -> tuple[Message, ...]:
        """What is said of a correction; nothing of a first answer."""
        if field.key not in before.order:
            return ()
        was, now = screen.answer(self.form, before, field.key), screen.answer(self.form, self.run, field.key)
        if was == now:
            return (Text(sayings.UNCHANGED.format(title=field.title, after=now)),)
        changed = sayings.CHANGED.format(title=field.title, before=was, after=now)
        return (Text("\n".join((changed, *self.form.changes(before, self.run)))),)


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)
