"""The state of a conversation between two messages, and what a turn of it brings about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.messages import Choice, Message
from knowledge.answering.model import Focus

VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a conversation; JSON in its row, with a version."""

    offered: tuple[Choice, ...] = ()
    """The choices of the last reply, so that a typed number or label means what it meant there."""
    focus: Focus | None = None
    """What a follow-up question refers to."""
    question_id: str = ""
    """The question last asked, which feedback is about."""
    noted: tuple[str, ...] = ()
    """Feedback lately given, each as `question_id:feedback`: tells a second tap from a first."""
    welcomed: bool = False
    run: str = ""
    """The form that is filled in, or was finished last, see `handlers.forms`."""
    seen: int = 0
    """Its revision when it was last shown here: another one means that it went on elsewhere."""
    on_screen: str = ""
    """The question of the form that was asked last; empty where something else was said since."""
    awaiting: str = ""
    """What the next words answer outside any form, see `handlers.account`; anything else said ends it."""
    enrolment: str = ""
    """The school's part in a programme that was last dealt with, where the person has several."""

    def dump(self) -> dict[str, Any]:
        """JSON-ready data."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> State:
        """Read what `dump` wrote; a state of another version is forgotten rather than misread."""
        if data.get("version") != VERSION:
            return cls()
        focus = data.get("focus")
        return cls(
            offered=tuple(Choice(**choice) for choice in data.get("offered", ())),
            focus=Focus(**focus) if focus else None,
            question_id=str(data.get("question_id", "")),
            noted=tuple(str(item) for item in data.get("noted", ())),
            welcomed=bool(data.get("welcomed", False)),
            run=str(data.get("run", "")),
            seen=int(data.get("seen", 0)),
            on_screen=str(data.get("on_screen", "")),
            awaiting=str(data.get("awaiting", "")),
            enrolment=str(data.get("enrolment", "")),
        )


@dataclass(frozen=True, slots=True)
class KeepQuestion:
    """Keep a question for curation."""

    question_id: str
    text: str
    folded: str
    status: str
    programme: str
    entry: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Note what the asker thinks of an answer."""

    question_id: str
    feedback: str


Effect = KeepQuestion | GiveFeedback


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message brings about."""

    state: State
    messages: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = ()
