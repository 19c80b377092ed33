"""Sending to a LINE that works, and to one that fails in every way it can."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from bot.channels.line import LineSender
from bot.clock import ShiftedClock, epoch_ms
from bot.store.outbox import LOST, Delivery
from scheduler.dispatch import Result
from tests.fakes.line import FakeLine

NOW = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)
NOW_MS = epoch_ms(NOW)
TOKEN = "channel-access-token-secret"
KEY = "0b6f7f9e-3d5a-5a47-9ff7-5f8d4e2d9c11"
PAYLOAD = {
    "messages": [{"type": "text", "text": "每節 550 元", "quoteToken": "q1", "madeUpProperty": {"a": [1, None]}}]
}

REPLY = Delivery(
    id=KEY,
    channel="line",
    address="U1",
    event_id="01J",
    method="reply",
    payload=PAYLOAD,
    reply_token="r1",
    reply_until=NOW_MS + 40_000,
    attempts=1,
    first_attempt_at=NOW_MS,
    previous="",
    created_at=NOW_MS,
)
PUSH = replace(REPLY, method="push")


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock(NOW, running=False)


@pytest.fixture
async def sender(line: FakeLine, clock: ShiftedClock) -> AsyncIterator[LineSender]:
    made = LineSender(TOKEN, line.url, clock, timeout_seconds=5)
    yield made
    await made.close()


async def test_a_reply_carries_the_frozen_body_the_token_and_no_retry_key(sender: LineSender, line: FakeLine) -> None:
    outcome = await sender.send(REPLY)
    (call,) = line.accepted
    assert (outcome.result, outcome.status, outcome.request_id) == (Result.SENT, "200", call.request_id)
    assert call.body == {"replyToken": "r1", **PAYLOAD}
    assert (call.retry_key, call.authorization) == ("", f"Bearer {TOKEN}")


async def test_a_push_carries_the_frozen_body_the_address_and_its_id_as_retry_key(
    sender: LineSender, line: FakeLine
) -> None:
    outcome = await sender.send(PUSH)
    (call,) = line.accepted
    assert outcome.result is Result.SENT
    assert (call.body, call.retry_key) == ({"to": "U1", **PAYLOAD}, KEY)


async def test_a_push_sent_twice_arrives_once_and_names_the_first_call(sender: LineSender, line: FakeLine) -> None:
    await sender.send(PUSH)
    again = await sender.send(replace(PUSH, attempts=2, previous=LOST))
    (call,) = line.accepted
    assert (again.result, again.status, again.request_id) == (Result.SENT, "409", call.request_id)


@pytest.mark.parametrize("fault", ["500_after", "drop_after", "garbage_after"])
async def test_a_push_whose_answer_was_lost_is_repeated_and_arrives_once(
    sender: LineSender, line: FakeLine, fault: str
) -> None:
    line.fail("push", fault)
    first = await sender.send(PUSH)
    second = await sender.send(replace(PUSH, attempts=2, previous=first.status))
    assert (first.result, second.result, len(line.accepted)) == (Result.RETRY, Result.SENT, 1)


@pytest.mark.parametrize("fault", ["500_after", "drop_after", "garbage_after"])
async def test_a_reply_whose_answer_was_lost_counts_as_sent_once_its_token_is_used(
    sender: LineSender, line: FakeLine, fault: str
) -> None:
    line.fail("reply", fault)
    first = await sender.send(REPLY)
    second = await sender.send(replace(REPLY, attempts=2, previous=first.status))
    assert (first.result, first.retry_after_ms) == (Result.RETRY, 500)
    assert (second.result, len(line.accepted)) == (Result.SENT, 1)


@pytest.mark.parametrize("fault", ["500_before", "drop_before"])
@pytest.mark.parametrize("delivery", [REPLY, PUSH])
async def test_a_message_that_never_reached_line_is_repeated_and_arrives(
    sender: LineSender, line: FakeLine, fault: str, delivery: Delivery
) -> None:
    line.fail(delivery.method, fault)
    first = await sender.send(delivery)
    second = await sender.send(replace(delivery, attempts=2, previous=first.status))
    assert (first.result, second.status, len(line.accepted)) == (Result.RETRY, "200", 1)


async def test_a_reply_after_a_dead_process_is_tried_while_its_token_lives(sender: LineSender, line: FakeLine) -> None:
    outcome = await sender.send(replace(REPLY, attempts=2, previous=LOST))
    assert (outcome.status, len(line.accepted)) == ("200", 1)


async def test_a_token_that_line_calls_dead_turns_the_first_attempt_into_a_push(
    sender: LineSender, line: FakeLine
) -> None:
    line.platform.dead_tokens.add("r1")
    outcome = await sender.send(REPLY)
    assert (outcome.result, outcome.status) == (Result.AS_PUSH, "invalid-reply-token")


@pytest.mark.parametrize("previous", ["", LOST, "timeout"])
async def test_a_reply_whose_time_is_over_is_not_even_tried(
    sender: LineSender, line: FakeLine, clock: ShiftedClock, previous: str
) -> None:
    clock.move_to(NOW + timedelta(seconds=40, milliseconds=1))
    outcome = await sender.send(replace(REPLY, previous=previous))
    assert (outcome.result, outcome.status, line.calls) == (Result.AS_PUSH, "reply-expired", [])


async def test_a_reply_is_tried_to_the_last_millisecond(sender: LineSender, clock: ShiftedClock) -> None:
    clock.move_to(NOW + timedelta(seconds=40))
    assert (await sender.send(REPLY)).status == "200"


async def test_a_push_that_may_have_arrived_a_day_ago_is_not_repeated(
    sender: LineSender, line: FakeLine, clock: ShiftedClock
) -> None:
    clock.move_to(NOW + timedelta(hours=24))
    outcome = await sender.send(replace(PUSH, attempts=2, previous=LOST))
    assert (outcome.result, line.calls) == (Result.UNKNOWN, [])


async def test_a_push_that_was_refused_a_day_ago_is_sent(sender: LineSender, clock: ShiftedClock) -> None:
    clock.move_to(NOW + timedelta(hours=24))
    assert (await sender.send(replace(PUSH, attempts=2, previous="quota"))).result is Result.SENT


@pytest.mark.parametrize(
    ("fault", "status", "pause"),
    [
        ("401", "401", 60_000),
        ("403", "403", 60_000),
        ("429_rate", "rate-limit", 2_000),
        ("429_quota", "quota", 3_600_000),
    ],
)
async def test_refusals_wait_as_long_as_each_needs(
    sender: LineSender, line: FakeLine, fault: str, status: str, pause: int
) -> None:
    line.fail("push", fault)
    outcome = await sender.send(PUSH)
    assert (outcome.result, outcome.status, outcome.retry_after_ms) == (Result.RETRY, status, pause)


@pytest.mark.parametrize("messages", [[], [{"type": "text", "text": ""}], [PAYLOAD["messages"][0]] * 6])
async def test_a_body_that_line_refuses_is_dead(sender: LineSender, messages: list[dict[str, Any]]) -> None:
    assert (await sender.send(replace(PUSH, payload={"messages": messages}))).result is Result.DEAD


async def test_a_slow_line_is_given_up_and_the_push_still_arrives_once(line: FakeLine, clock: ShiftedClock) -> None:
    hasty = LineSender(TOKEN, line.url, clock, timeout_seconds=0.2)
    line.fail("push", "slow", seconds=0.6)
    first = await hasty.send(PUSH)
    await hasty.close()
    patient = LineSender(TOKEN, line.url, clock)
    line.fail("push", "slow", seconds=0.6)
    second = await patient.send(replace(PUSH, attempts=2, previous=first.status))
    await patient.close()
    assert (first.result, first.status) == (Result.RETRY, "timeout")
    assert (second.status, len(line.accepted)) == ("409", 1)


@pytest.mark.parametrize(("hours", "result"), [(0, Result.SENT), (22, Result.SENT), (24, Result.UNKNOWN)])
async def test_the_age_of_a_first_attempt_is_told_by_the_clock_that_noted_it(
    line: FakeLine, clock: ShiftedClock, hours: int, result: Result
) -> None:
    """A shifted clock of the service is years from LINE's, and both go on at the same pace."""
    shifted = ShiftedClock(NOW - timedelta(days=3000), running=False)
    first = epoch_ms(shifted.now())
    shifted.move_to(shifted.now() + timedelta(hours=hours))
    sender = LineSender(TOKEN, line.url, clock, own_clock=shifted)
    outcome = await sender.send(replace(PUSH, attempts=2, previous="timeout", first_attempt_at=first))
    await sender.close()
    assert outcome.result is result


async def test_where_nobody_listens_nothing_has_arrived(clock: ShiftedClock) -> None:
    with FakeLine() as gone:
        url = gone.url
    sender = LineSender(TOKEN, url, clock)
    outcome = await sender.send(REPLY)
    await sender.close()
    assert (outcome.result, outcome.status) == (Result.RETRY, "no-connection")


async def test_a_sender_can_be_made_before_there_is_a_loop_and_closed_unused(
    line: FakeLine, clock: ShiftedClock
) -> None:
    await LineSender(TOKEN, line.url, clock).close()


async def test_loading_is_shown_in_private(sender: LineSender, line: FakeLine) -> None:
    await sender.show_loading("U1")
    (call,) = line.calls
    assert (call.status, call.body) == (202, {"chatId": "U1", "loadingSeconds": 20})


@pytest.mark.parametrize("fault", ["500_before", "drop_after", "401"])
async def test_loading_that_fails_is_logged_and_forgotten(sender: LineSender, line: FakeLine, fault: str) -> None:
    line.fail("loading", fault)
    with structlog.testing.capture_logs() as logs:
        await sender.show_loading("U1")
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("line.loading_failed", "warning")]


async def test_the_log_holds_neither_token_nor_words_nor_people(sender: LineSender, line: FakeLine) -> None:
    line.fail("reply", "401")
    line.fail("loading", "500_before")
    with structlog.testing.capture_logs() as logs:
        await sender.send(REPLY)
        await sender.show_loading("U1")
    written = repr(logs)
    assert len(logs) == 2
    assert not any(secret in written for secret in (TOKEN, "r1", "550", "U1"))
