"""Conversations as readable scripts, run against the packaged knowledge base.

A script is `title`, perhaps `in_group: true`, and `turns`. A turn is one of `say` (typed), `tap` (a button of the
last reply, by its label), `action` (any button, by what it carries) and `kind` (another event), perhaps with
`addressed: false`; what is expected of the reply: `says` and `never` (parts of all its words), `status`, `offers`
and `withholds` (labels), or `silent: true`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.messages import Card, Kind, plain
from knowledge.answering.engine import Answerer
from knowledge.loader import load_base
from tests.handlers.stage import Talk

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.yaml"))
DEEDS = {"say", "tap", "action", "kind"}
EXPECTED = {"says", "never", "status", "offers", "withholds", "silent"}


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The real one, with what it really knows."""
    return Answerer(load_base())


def test_there_are_scripts() -> None:
    assert SCRIPTS


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_by_its_script(path: Path, answerer: Answerer) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    talk = Talk(answerer, in_group=script.get("in_group", False))
    for number, turn in enumerate(script["turns"], 1):
        assert len(turn.keys() & DEEDS) == 1, turn
        assert turn.keys() <= DEEDS | EXPECTED | {"addressed"}, turn
        play(talk, turn)
        assert_as_expected(talk, turn, f"{path.stem}, turn {number}: {turn}")


def play(talk: Talk, turn: dict[str, Any]) -> None:
    """Do what the turn says."""
    addressed = turn.get("addressed", True)
    if "say" in turn:
        talk.say(turn["say"], addressed=addressed)
    elif "tap" in turn:
        talk.press(turn["tap"])
    elif "action" in turn:
        talk.tap(turn["action"])
    else:
        talk.event(Kind(turn["kind"]), addressed=addressed)


def assert_as_expected(talk: Talk, turn: dict[str, Any], where: str) -> None:
    """Hold the reply against the script."""
    said = "\n".join(plain(message) for message in talk.messages)
    where = f"{where}\nsaid: {said}\noffered: {talk.labels}"
    assert bool(talk.messages) != turn.get("silent", False), where
    assert [words for words in turn.get("says", ()) if words not in said] == [], where
    assert [words for words in turn.get("never", ()) if words in said] == [], where
    assert [label for label in turn.get("offers", ()) if label not in talk.labels] == [], where
    assert [label for label in turn.get("withholds", ()) if label in talk.labels] == [], where
    if "status" in turn:
        assert turn["status"] in [m.status for m in talk.messages if isinstance(m, Card)], where
