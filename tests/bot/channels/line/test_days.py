"""A day picked from LINE's calendar: offered as LINE's own specification wants it, and taken when it comes back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.channels.line.reading import read
from bot.channels.line.render import message_objects
from bot.clock import parse_local
from bot.messages import Kind
from tests.bot.channels.line import limits_of_line
from tests.bot.channels.line.test_render import judge
from tests.fakes import line_events
from tests.handlers.stage import Playhouse, Prompter, Talk
from tests.real import real_base


@pytest.fixture
def talk(migrated_sqlite: Path, tmp_path: Path) -> Any:
    """A coordinator in guided entry, at the question which day it was."""
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as house:
        asks = Prompter()
        asks.base = real_base()
        house.join("line:me", "distance-teaching")
        talk = Talk(asks, parse_local("2025-11-20T10:00"), house=house, conversation="line:me")
        talk.say("記錄")
        talk.press("社群活動")
        yield talk


def calendar_of(talk: Talk) -> dict[str, Any]:
    """The one calendar of the reply as LINE shows it."""
    messages = message_objects(talk.messages)
    limits_of_line.check(messages)
    actions = [item["action"] for item in messages[-1]["quickReply"]["items"]]
    (found,) = [action for action in actions if action["type"] == "datetimepicker"]
    return dict(found)


def picked(talk: Talk, params: dict[str, str]) -> str:
    """The action that comes of what LINE sends after a pick."""
    event = line_events.event("postback", postback={"data": calendar_of(talk)["data"], "params": params})
    incoming = read(event)
    assert incoming is not None
    assert incoming.kind is Kind.CHOICE
    return incoming.action


def test_the_day_is_asked_with_a_calendar_that_line_accepts(talk: Talk) -> None:
    judge().validate({"replyToken": "r1", "messages": message_objects(talk.messages)})
    assert calendar_of(talk).items() >= {"label": "選日期", "mode": "date"}.items()


def test_the_day_that_is_picked_is_taken(talk: Talk) -> None:
    talk.tap(picked(talk, {"date": "2025-11-18"}))
    talk.say("2小時")
    talk.say("略過")
    talk.say("略過")
    assert "日期：114/11/18（二）" in talk.text


@pytest.mark.parametrize(
    "params", [{}, {"date": "2025-02-30"}, {"date": "x:y"}, {"time": "10:00"}, {"date": "2999-01-01"}]
)
def test_what_is_no_day_is_asked_again(talk: Talk, params: dict[str, str]) -> None:
    talk.tap(picked(talk, params))
    assert "是哪一天" in talk.text


def test_a_calendar_is_never_offered_elsewhere_by_number(talk: Talk) -> None:
    talk.say("4")  # 今天、昨天、前天, and no fourth
    assert "是哪一天" in talk.text
