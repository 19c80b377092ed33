"""kill -9 at random instants while people ask: at the end each question was answered exactly once."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.kill.service import Service, until


def ask(service: Service, event: dict[str, Any], calm: threading.Event) -> None:
    """As LINE does: again until it is acknowledged, and now and then once more although it was."""
    redelivered = {**event, "deliveryContext": {"isRedelivery": True}}
    tries = 0
    while not service.line(redelivered if tries else event):
        tries += 1
        time.sleep(0.05)
    if tries:
        calm.wait()
        until("redelivered", lambda: service.line(redelivered))


def storm(service: Service, line: FakeLine, *, kills: int, people: int, seed: int) -> None:
    """Let `people` ask a question each while the service is killed `kills` times."""
    chance = random.Random(seed)
    events = [line_events.text("你好", origin=line_events.source(user=f"U{person:032x}")) for person in range(people)]
    calm = threading.Event()
    service.start()
    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask, service, event, calm) for event in events[: people // 2]]
        rest = events[people // 2 :]
        for n in range(kills):
            share = len(rest) // kills
            asking += [pool.submit(ask, service, event, calm) for event in rest[n * share : (n + 1) * share]]
            time.sleep(chance.uniform(0.0, 0.4))
            service.kill()
            service.start()
        asking += [pool.submit(ask, service, event, calm) for event in rest[kills * (len(rest) // kills) :]]
        calm.set()
        for one in asking:
            one.result()
    service.settle()
    assert len(line.accepted) == people
    assert service.stop() == 0


def test_a_storm_of_kills_loses_nothing_and_repeats_nothing(service: Service, line: FakeLine) -> None:
    storm(service, line, kills=5, people=100, seed=1)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_a_long_storm_of_kills_loses_nothing_and_repeats_nothing(service: Service, line: FakeLine, seed: int) -> None:
    storm(service, line, kills=20, people=400, seed=seed)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(5))
def test_a_storm_with_a_failing_platform_loses_nothing_and_repeats_nothing(
    service: Service, line: FakeLine, seed: int
) -> None:
    chance = random.Random(seed)
    kinds = ["500_before", "500_after", "drop_before", "drop_after", "429_rate", "slow", "garbage_after"]
    line.fail("reply", *chance.choices(kinds, k=60), seconds=1.5)
    line.fail("push", *chance.choices(kinds, k=20), seconds=1.5)
    storm(service, line, kills=10, people=150, seed=seed)
