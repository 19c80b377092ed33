"""SIGTERM finishes what is in hand within 25 seconds, ends with 0, and loses nothing."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.kill.service import Service

PEOPLE = 30
LONGEST_STOP_SECONDS = 25


def asked_by(person: int) -> dict[str, object]:
    return line_events.text("你好", origin=line_events.source(user=f"U{person:032x}"))


def test_a_stop_in_full_flight_loses_nothing(service: Service, line: FakeLine) -> None:
    line.fail("reply", *["slow"] * PEOPLE, seconds=0.7)
    events = [asked_by(person) for person in range(PEOPLE)]
    service.start()
    with ThreadPoolExecutor(8) as pool:
        acknowledged = list(pool.map(service.line, events))
    began = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - began < LONGEST_STOP_SECONDS
    assert all(acknowledged)
    service.start()
    service.settle()
    assert len(line.accepted) == PEOPLE
    assert {call.body["replyToken"] for call in line.accepted} == {event["replyToken"] for event in events}


def test_a_stop_while_the_platform_hangs_is_as_quick_and_answers_once(service: Service, line: FakeLine) -> None:
    line.fail("reply", "slow", seconds=0.9)
    service.start()
    assert service.line(asked_by(1))
    while not line.platform.calls and service.pending() and line.platform.faults["reply"]:
        time.sleep(0.02)
    assert service.stop() == 0
    service.start()
    service.settle()
    assert len(line.accepted) == 1


def test_a_second_signal_to_stop_cuts_nothing_short(service: Service, line: FakeLine) -> None:
    line.fail("reply", "slow", seconds=0.9)
    service.start()
    assert service.line(asked_by(1))
    os.kill(service.pid, signal.SIGTERM)
    time.sleep(0.1)
    assert service.stop() == 0
    service.start()
    service.settle()
    assert len(line.accepted) == 1


def test_a_service_with_nothing_to_do_stops_at_once(service: Service) -> None:
    service.start()
    began = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - began < LONGEST_STOP_SECONDS
