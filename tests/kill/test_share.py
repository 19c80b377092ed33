"""Two services on one PostgreSQL share the work: each question answered once, each person in order."""

import signal
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.kill.service import Launcher, Service, until

PEOPLE, QUESTIONS = 20, 10

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


@pytest.fixture
def pair(launcher: Launcher, database_url: str, line: FakeLine, tmp_path: Path) -> Iterator[list[Service]]:
    services = [Service(launcher, database_url, tmp_path, LINE_API_BASE_URL=line.url) for _ in range(2)]
    yield services
    for service in services:
        service.close()


def questions(person: int) -> list[dict[str, Any]]:
    """In the order in which the person asks them, each acknowledged before the next."""
    origin = line_events.source(user=f"U{person:032x}")
    start = line_events.now_ms()
    return [line_events.text("你好", origin=origin, at=start + n) for n in range(QUESTIONS)]


def ask(services: list[Service], events: list[dict[str, Any]]) -> None:
    """By turns; whom nobody answers at one door goes to the other."""
    for n, event in enumerate(events):
        doors = [services[(n + k) % len(services)] for k in range(len(services))]
        until("acknowledged", partial(_any_takes, doors, event))


def _any_takes(doors: list[Service], event: dict[str, Any]) -> bool:
    return any(door.line(event) for door in doors)


def in_order(asked: list[list[dict[str, Any]]]) -> dict[str, list[str]]:
    """Person -> the reply tokens of their questions, in order."""
    return {events[0]["source"]["userId"]: [event["replyToken"] for event in events] for events in asked}


def answered(line: FakeLine, asked: list[list[dict[str, Any]]]) -> dict[str, list[str]]:
    """Person -> the reply tokens that were accepted, in order."""
    asker = {event["replyToken"]: event["source"]["userId"] for events in asked for event in events}
    found: dict[str, list[str]] = defaultdict(list)
    for call in line.accepted:
        found[asker[call.body["replyToken"]]].append(call.body["replyToken"])
    return dict(found)


def test_two_services_answer_each_once_and_each_person_in_order(pair: list[Service], line: FakeLine) -> None:
    for service in pair:
        service.start()
    asked = [questions(person) for person in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(lambda events: ask(pair, events), asked))
    pair[0].settle()
    assert answered(line, asked) == in_order(asked)


def test_when_one_of_two_dies_the_other_goes_on(pair: list[Service], line: FakeLine) -> None:
    pair[0].start()
    pair[1].start(step="answer sent, nothing recorded", call=3)
    asked = [questions(person)[:3] for person in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(lambda events: ask(pair, events), asked))
    assert pair[1].ended() == -signal.SIGKILL
    pair[0].settle()
    assert answered(line, asked) == in_order(asked)
