"""Conversations as readable scripts, run against the packaged knowledge base.

A script is `title`, perhaps `in_group: true`, perhaps `members` (each of `programme`, and `at`, `edition`, `school`,
`role`, `name` where they are not the usual ones), and `turns`. A turn is one of `say` (typed), `tap` (a button of the
last reply, by the beginning of its label), `again` (a button of any earlier reply, likewise), `action` (any button, by
what it carries), `pick` (a day in the calendar of the last reply), `kind` (another event), `link` (make these
conversations one person's) and `dismiss` (end the roles of a conversation's person), perhaps with `addressed: false`,
`at` (the conversation, which is `c1` at first) and `day` (the day and hour from then on); what is expected of the
reply: `says` and `never` (parts of all its words), `status`, `offers` and `withholds` (labels), or `silent: true`; and
`stored`, the records that there are then, by day, as far as their fields are named. Each script has a database of its
own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clock import parse_local
from bot.messages import Card, Choice, Kind, plain
from knowledge.answering.engine import Answerer
from knowledge.loader import load_base
from tests.handlers.stage import MONDAY, Playhouse, Talk

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.yaml"))
DEEDS = {"say", "tap", "again", "action", "pick", "kind", "link", "dismiss"}
BEHIND_THE_SCENE = {"link", "dismiss"}
EXPECTED = {"says", "never", "status", "offers", "withholds", "silent", "stored"}


@dataclass
class Stage:
    """One person's talks in several conversations."""

    answerer: Answerer
    house: Playhouse
    in_group: bool
    talks: dict[str, Talk] = field(default_factory=dict)
    here: str = "c1"
    seen: list[Choice] = field(default_factory=list)
    now: datetime = MONDAY

    @property
    def talk(self) -> Talk:
        """The conversation that goes on now."""
        if self.here not in self.talks:
            made = Talk(self.answerer, self.now, self.in_group, self.house, conversation=self.here)
            self.talks[self.here] = made
        return self.talks[self.here]

    def button(self, label: str, offered: list[Choice]) -> str:
        """What the button carries whose label begins like this, the last one offered first."""
        return next(choice.action for choice in reversed(offered) if choice.label.startswith(label))


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The real one, with what it really knows."""
    return Answerer(load_base())


def test_there_are_scripts() -> None:
    assert SCRIPTS


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_by_its_script(
    path: Path, answerer: Answerer, migrated_sqlite: Path, tmp_path: Path
) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as house:
        stage = Stage(answerer, house, script.get("in_group", False))
        for member in script.get("members", ()):
            given = {key: str(value) for key, value in member.items() if key not in ("at", "programme")}
            house.join(member.get("at", "c1"), member["programme"], **given)
        for number, turn in enumerate(script["turns"], 1):
            assert len(turn.keys() & DEEDS) == 1, turn
            assert turn.keys() <= DEEDS | EXPECTED | {"addressed", "at", "day"}, turn
            play(stage, turn)
            if "stored" in turn:
                assert_stored(house, turn["stored"], f"{path.stem}, turn {number}")
            if not turn.keys() & BEHIND_THE_SCENE:
                assert_as_expected(stage.talk, turn, f"{path.stem}, turn {number}: {turn}")
                stage.seen += stage.talk.offered


def play(stage: Stage, turn: dict[str, Any]) -> None:
    """Do what the turn says."""
    stage.here = turn.get("at", stage.here)
    if "day" in turn:
        stage.now = parse_local(turn["day"])
        for each in stage.talks.values():
            each.now = stage.now
    talk, addressed = stage.talk, turn.get("addressed", True)
    if "link" in turn:
        stage.house.link(*turn["link"])
    elif "dismiss" in turn:
        stage.house.dismiss(turn["dismiss"])
    elif "pick" in turn:
        calendar = next(choice for choice in talk.offered if choice.picker == "date")
        talk.tap(f"{calendar.action}:{turn['pick']}")
    elif "say" in turn:
        talk.say(turn["say"], addressed=addressed)
    elif "tap" in turn:
        talk.tap(stage.button(turn["tap"], list(talk.offered)))
    elif "again" in turn:
        talk.tap(stage.button(turn["again"], stage.seen))
    elif "action" in turn:
        talk.tap(turn["action"])
    else:
        talk.event(Kind(turn["kind"]), addressed=addressed)


def assert_stored(house: Playhouse, expected: list[dict[str, Any]], where: str) -> None:
    """Hold what is stored against the script, field by field as far as it names them."""
    found = sorted(house.records(), key=lambda record: record.starts_at)
    assert len(found) == len(expected), f"{where}: stored are {found}"
    for record, wanted in zip(found, expected, strict=True):
        for name, value in wanted.items():
            known = getattr(record, name)
            assert (known if isinstance(value, int | bool) else str(known)) == value, f"{where}: {name} of {record}"


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
