"""The work split on one PostgreSQL: one process takes messages in, two answer them, one has the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from bot.store.database import Database
from bot.store.tables import conversations
from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.kill.school_town import DAYS
from tests.kill.service import Launcher, Service, until
from tests.scheduler.reminding import Town

ROLES = ("web", "worker", "worker", "scheduler")
PEOPLE = 6

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


@pytest.fixture
def split(
    launcher: Launcher, database_url: str, line: FakeLine, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[dict[str, list[Service]]]:
    """The processes by role, running."""
    env = {"LINE_API_BASE_URL": line.url, **getattr(request, "param", {})}
    found: dict[str, list[Service]] = {}
    for number, role in enumerate(ROLES):
        folder = tmp_path / f"{number}-{role}"
        folder.mkdir()
        found.setdefault(role, []).append(Service(launcher, database_url, folder, XUEBAN_ROLES=role, **env))
    everyone = [service for services in found.values() for service in services]
    with ThreadPoolExecutor(len(everyone)) as pool:
        list(pool.map(Service.start, everyone))
    yield found
    for service in everyone:
        service.close()


def ask(service: Service, person: int, at: int) -> str:
    """A question at this door; the token with which it is to be answered."""
    event = line_events.text("你好", origin=line_events.source(user=f"U{person:032x}"), at=at)
    assert service.line(event)
    return str(event["replyToken"])


def metrics_of(service: Service) -> str:
    """What it tells whoever runs it."""
    return httpx.get(f"http://127.0.0.1:{service.port}/metrics").text


def test_what_one_process_takes_in_another_answers_and_the_clock_does_neither(
    split: dict[str, list[Service]], line: FakeLine
) -> None:
    (web,), workers, (clock,) = split["web"], split["worker"], split["scheduler"]
    start = line_events.now_ms()
    asked = [ask(web, person, start + n) for n in range(3) for person in range(PEOPLE)]
    web.settle()
    assert sorted(call.body["replyToken"] for call in line.accepted) == sorted(asked)
    assert sum(service.log.read_text().count("worker.handled") for service in workers) == len(asked)
    for service in (web, clock):
        assert "worker.handled" not in service.log.read_text()
        assert "outbox.attempt" not in service.log.read_text()
    for service in (*workers, clock):
        assert not service.line(line_events.text("你好"))  # there is no webhook at these doors
        assert 'database="postgresql"' in metrics_of(service)
    assert 'roles="scheduler"' in metrics_of(clock)
    assert workers[0].stop() == 0
    asked += [ask(web, person, start + 100) for person in range(PEOPLE)]
    web.settle()  # the other goes on alone
    assert sorted(call.body["replyToken"] for call in line.accepted) == sorted(asked)


@pytest.mark.torture  # the clock beats every 15 s
@pytest.mark.parametrize("split", [{"XUEBAN_NOW": f"{DAYS[0]:%Y-%m-%dT%H:%M}"}], indirect=True)
def test_what_the_clock_plans_a_worker_sends(
    split: dict[str, list[Service]], database_url: str, line: FakeLine
) -> None:
    asyncio.run(settle(database_url))
    until("the reminder has arrived", lambda: [call for call in line.accepted if call.endpoint == "push"])
    assert "reminders.digest" in split["scheduler"][0].log.read_text()
    until("it is written down", lambda: "outbox.attempt" in "".join(each.log.read_text() for each in split["worker"]))
    assert "outbox.attempt" not in split["scheduler"][0].log.read_text()


async def settle(url: str) -> None:
    """A school whose coordinator is reached by LINE."""
    town = Town(Database(url))
    await town.person("ann", await town.school())
    async with town.database.write() as tx:
        line = {"id": f"line:U{1:032x}", "channel": "line", "address": f"U{1:032x}"}
        await tx.execute(update(conversations).values(**line))
    await town.database.close()
