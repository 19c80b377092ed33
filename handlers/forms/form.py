"""What a form is to the dialogue engine: fields, and the capability that a kind of form belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.messages import Message
from bot.store.runs import Run
from handlers.desk import Desk


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked."""

    key: str
    title: str
    """A few characters, for lists of answers."""
    ask: str
    how: str = ""
    """How to answer where nothing can be tapped: 「請打數字（人）。」."""
    why: str = ""
    """Why it is asked, with the source; empty where that goes without saying."""
    unsure: str = ""
    """How to find out; empty where 「不確定」 is no answer."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Id to label, in order."""
    optional: bool = False
    """Whether it may be passed over: then that is no 「不確定」, and nothing is said of it."""
    day: bool = False
    """Whether it is a day, which some channels let people pick from a calendar."""
    several: bool = False
    """Whether any number of the options may be picked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person's words are as an answer. Neither an answer nor a problem: they are about something else."""

    answered: bool = False
    value: Any = None
    """As JSON."""
    problem: str = ""
    """One sentence: what is wrong, and how to answer."""


class Form(Protocol):
    """A form of one edition, as a run fills it in."""

    @property
    def heading(self) -> str:
        """What is filled in, in a few words."""
        ...

    @property
    def numbered(self) -> bool:
        """Whether the place of a question is worth saying: not where most was known before the first."""
        ...

    def field(self, key: str) -> Field | None:
        """The field of this key; None where the form has none."""
        ...

    def ahead(self, run: Run) -> tuple[Field, ...]:
        """Fields that may still be asked, the next one first; empty where the form is finished."""
        ...

    def read(self, key: str, text: str, now: datetime) -> Reply:
        """What someone typed, as an answer to a field. `now` is local wall time."""
        ...

    def accept(self, key: str, value: Any) -> Reply:
        """An answer as a button carries it (an option, or a list of them), checked."""
        ...

    def say(self, key: str, value: Any) -> str:
        """An answer in words."""
        ...

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        """What another answer changes beyond itself, as sentences."""
        ...


class FormKind(Protocol):
    """A capability whose forms the engine fills in."""

    name: str

    def form_of(self, run: Run, today: date) -> Form | None:
        """The form of a run on a local day; None where it exists no more."""
        ...

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        """The run under the form as it is now, and what to say of that; both unchanged and empty as a rule."""
        ...

    def opening(self, form: Form) -> str:
        """What is said before the first question."""
        ...

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        """Everything is answered: the run as it is to be kept, and what to say."""
        ...

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        """What comes of words that answer no question (「如果改成全線上呢」); None where they are about something else.

        The run comes back as it is to be kept, or another one that is to be filled in next.
        """
        ...
