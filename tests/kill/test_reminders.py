"""kill -9 at random instants while several processes plan and send reminders: none is lost, none comes twice."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.store.outbox import identity_of
from tests.fakes.line import FakeLine
from tests.kill.faults import REMINDER_STEPS
from tests.kill.replica import Replica
from tests.kill.school_town import DAYS, REPORT, Told, Town
from tests.kill.service import Launcher

FAULTS = ("500_before", "500_after", "drop_before", "drop_after", "429_rate", "slow", "garbage_after")
SLOW_SECONDS = 0.9
"""Longer than a replica waits: LINE accepts what its sender has given up."""
SMALL = 16
"""Schools for every day; `make torture` takes many more."""
LONGEST_CALM_SECONDS = 0.4
"""Between two kills, where nothing is accepted meanwhile."""


class Storm:
    """Some replicas on one town, killed again and again."""

    def __init__(self, town: Town, line: FakeLine, replicas: Sequence[Replica], seed: int) -> None:
        self._town = town
        self._line = line
        self._replicas = replicas
        self._chance = random.Random(seed)
        self._began = time.monotonic()
        self.kills = 0

    def day(self, start: datetime, kills: int, messages: int) -> None:
        """One morning: everybody is told what there is, while a process is killed `kills` times.

        `messages`: about how many will be accepted; the kills are spread over them.
        """
        self._began = time.monotonic()
        for replica in self._replicas:
            replica.start(start)
        before = len(self._line.accepted)
        for number in range(kills):
            self._wait_for(before + messages * number // (kills + 1))
            replica = self._chance.choice(self._replicas)
            replica.kill()
            self.kills += 1
            replica.start(start + timedelta(seconds=time.monotonic() - self._began))
        settle(self._town, start)
        for replica in self._replicas:
            replica.stop()

    def _wait_for(self, accepted: int) -> None:
        end = time.monotonic() + LONGEST_CALM_SECONDS
        while len(self._line.platform.retry_keys) < accepted and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self._chance.uniform(0, 0.05))


def settle(town: Town, start: datetime) -> None:
    """Wait until everything of this morning is sent."""
    end = time.monotonic() + 240
    while not town.is_settled(start):
        assert time.monotonic() < end, "the outbox does not empty"
        time.sleep(0.1)


@pytest.fixture
def town(request: pytest.FixtureRequest, database_url: str) -> Town:
    """As many schools as the test asks for."""
    found = Town(database_url, request.param)
    found.fill()
    return found


@pytest.fixture
def calm(town: Town, migrated_sqlite: Path, tmp_path: Path) -> set[Told]:
    """What is told in the same town where nothing goes wrong."""
    path = tmp_path / "calm.db"
    shutil.copy(migrated_sqlite, path)
    twin = Town(f"sqlite:///{path}", town.count)
    twin.fill()
    return twin.calmly()


@pytest.fixture
def replicas(
    request: pytest.FixtureRequest, launcher: Launcher, town: Town, line: FakeLine, tmp_path: Path
) -> Iterator[list[Replica]]:
    """Three processes, not started yet."""
    log = tmp_path / "replicas.log"
    made = [Replica(launcher, town.url, line.url, str(log)) for _ in range(3)]
    yield made
    for replica in made:
        replica.kill()


def weather(
    town: Town, line: FakeLine, replicas: Sequence[Replica], calm: set[Told], *, kills: int, seed: int
) -> Storm:
    """Two days of the town with kills and a failing LINE; then everybody has been told as in calm, and once."""
    chance = random.Random(seed)
    expected = Counter({(each.day, each.person) for each in calm})
    days = Counter(day for day, _ in expected)
    assert set(days) == {start.date().isoformat() for start in DAYS}
    storm = Storm(town, line, replicas, seed)
    for number, start in enumerate(DAYS):
        if number:
            town.see_to(REPORT, 3)
        messages = days[start.date().isoformat()]
        queue_faults(line, messages, chance)
        storm.day(start, kills // len(DAYS), messages)
    assert_told_once(town, line, calm)
    return storm


def queue_faults(line: FakeLine, messages: int, chance: random.Random) -> None:
    """A quarter of the first calls go wrong; some of their repetitions too."""
    line.fail("push", *chance.choices(FAULTS, k=messages // 4), seconds=SLOW_SECONDS)


def assert_told_once(town: Town, line: FakeLine, calm: set[Told]) -> None:
    """Each reminder that is told in calm was told, none besides; each message reached its person once a day."""
    assert town.told() == calm
    assert {sent.state for sent in town.sent()} == {"sent"}
    arrived = Counter(call.retry_key for call in line.accepted)
    days = {(each.day, each.person) for each in calm}
    assert arrived == Counter({identity_of(f"digest:{person}:{day}"): 1 for day, person in days})
    reached = Counter((call.body["to"], call.retry_key) for call in line.accepted)
    assert len(reached) == len(days)


@pytest.mark.parametrize("town", [SMALL], indirect=True)
def test_a_storm_of_kills_tells_everybody_what_calm_tells_them_and_once(
    town: Town, line: FakeLine, replicas: list[Replica], calm: set[Told]
) -> None:
    storm = weather(town, line, replicas, calm, kills=4, seed=1)
    assert storm.kills == 4


@pytest.mark.parametrize("town", [2], indirect=True)
@pytest.mark.parametrize("step", REMINDER_STEPS)
def test_a_reminder_is_told_once_wherever_we_die(
    town: Town, line: FakeLine, launcher: Launcher, calm: set[Told], tmp_path: Path, step: str
) -> None:
    replica = Replica(launcher, town.url, line.url, str(tmp_path / "replica.log"))
    replica.start(DAYS[0], step)
    assert replica.ended() == -signal.SIGKILL
    for number, start in enumerate(DAYS):
        if number:
            town.see_to(REPORT, 3)
        replica.start(start)
        settle(town, start)
        replica.stop()
    assert_told_once(town, line, calm)


@pytest.mark.torture
@pytest.mark.parametrize("town", [2500], indirect=True)
@pytest.mark.parametrize("seed", [0])
def test_of_five_thousand_messages_and_two_hundred_kills_none_is_lost_and_none_comes_twice(
    town: Town, line: FakeLine, replicas: list[Replica], calm: set[Told], seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    storm = weather(town, line, replicas, calm, kills=200, seed=seed)
    engine, answers = town.url.partition(":")[0], dict(sorted(Counter(call.status for call in line.calls).items()))
    with capsys.disabled():
        print(
            f"\n{engine}: {len(calm)} reminders in {len(line.accepted)} messages, {storm.kills} kills, LINE's answers "
            f"{answers}: none lost, none twice, {time.monotonic() - began:.0f} s"
        )
