"""A token revoked in the middle: nothing is hammered, nothing is lost, and with a new one everything goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import ShiftedClock
from bot.store.database import Database
from bot.store.outbox import Delivery
from scheduler.dispatch import KEY_LIFE_MS, SHUT_MS, Dispatcher, Outcome, Result
from tests.scheduler.test_dispatch import Mail

REFUSED = Outcome(Result.RETRY, "401", retry_after_ms=60_000, refused=True)
MINUTE = timedelta(milliseconds=SHUT_MS)


@dataclass
class Provider:
    """Refuses everything while its token is revoked."""

    revoked: bool = True
    tried: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> Outcome:
        self.tried.append(delivery.id)
        if self.revoked:
            return REFUSED
        self.taken.append(delivery.id)
        return Outcome(Result.SENT, "200")


@dataclass
class House:
    """An outbox with messages to many, and a provider."""

    mail: Mail
    provider: Provider
    dispatcher: Dispatcher

    async def drain(self, after: timedelta = timedelta()) -> int:
        self.mail.clock.move_to(self.mail.clock.now() + after)
        return await self.dispatcher.drain_once()

    async def states(self) -> set[str]:
        rows: list[Any] = await self.mail.rows()
        return {row.state for row in rows}


@pytest.fixture
async def house(database: Database, clock: ShiftedClock) -> House:
    mail, provider = Mail(database, clock), Provider()
    for number in range(50):
        await mail.queue(f"p{number:02}", "hi")
    return House(mail, provider, mail.dispatcher(senders={"parrot": provider}))


async def test_after_a_refusal_nothing_more_is_tried_for_a_while(house: House) -> None:
    await house.drain()
    tried = len(house.provider.tried)
    for _ in range(5):
        assert await house.drain(after=timedelta(seconds=5)) == 0
    assert len(house.provider.tried) == tried
    assert await house.states() == {"queued"}


async def test_then_one_message_at_a_time_tries(house: House) -> None:
    await house.drain()
    tried = len(house.provider.tried)
    assert [await house.drain(after=MINUTE) for _ in range(3)] == [1, 1, 1]
    assert len(house.provider.tried) == tried + 3


async def test_with_a_new_token_everything_goes_out_once(house: House) -> None:
    await house.drain()
    await house.drain(after=MINUTE)
    house.provider.revoked = False
    for _ in range(10):
        await house.drain(after=MINUTE)
    assert sorted(house.provider.taken) == sorted(row.id for row in await house.mail.rows())
    assert await house.states() == {"sent"}


async def test_what_was_refused_for_days_is_still_sent(house: House) -> None:
    await house.drain()
    for _ in range(4):
        await house.drain(after=timedelta(milliseconds=KEY_LIFE_MS))
    assert await house.states() == {"queued"}
    house.provider.revoked = False
    for _ in range(10):
        await house.drain(after=MINUTE)
    assert await house.states() == {"sent"}


async def test_another_channel_goes_on(house: House) -> None:
    await house.mail.queue("bob", "ho", channel="good")
    dispatcher = house.mail.dispatcher(senders={"parrot": house.provider, "good": house.mail.postman})
    await dispatcher.drain_once()
    await house.mail.queue("eve", "ho", channel="good")
    await dispatcher.drain_once()
    assert house.mail.postman.texts == ["ho", "ho"]


async def test_a_clock_that_is_put_back_keeps_it_shut_no_longer(house: House) -> None:
    await house.drain()
    tried = len(house.provider.tried)
    house.mail.clock.move_to(house.mail.clock.now() - timedelta(hours=3))
    await house.mail.queue("new", "hi")
    await house.drain()
    assert len(house.provider.tried) == tried + 1
