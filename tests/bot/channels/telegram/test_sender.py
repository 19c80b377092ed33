"""What becomes of a delivery, whatever Telegram and the network do."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from bot.channels.telegram import TelegramSender
from bot.channels.telegram.render import REPEAT_NOTE, render
from bot.messages import Incoming, Text
from bot.store.outbox import LOST, Delivery
from scheduler.dispatch import Outcome, Result
from tests.fakes.telegram import TOKEN, USERNAME, FakeTelegram

INCOMING = Incoming("telegram", "1", "70001", "70001", 0, message_id="70001:5")
LONG = "\n".join(["一" * 4000, "二" * 4000, "三" * 4000])
THREE_PARTS = ["一" * 4000, "二" * 4000, "三" * 4000]


def delivery(text: str = "您好", *, previous: str = "", reply_token: str = "") -> Delivery:
    """One claimed row of the outbox."""
    return Delivery(
        id="6f2f8a4e-0000-5000-8000-000000000001",
        channel="telegram",
        address="70001",
        event_id="1",
        method="push",
        payload=render(replace(INCOMING, reply_token=reply_token), [Text(text)]).payload,
        reply_token="",
        reply_until=0,
        attempts=2 if previous else 1,
        first_attempt_at=0,
        previous=previous,
        created_at=0,
    )


async def attempts(sender: TelegramSender, first: Delivery, count: int = 9) -> list[Outcome]:
    """What the dispatcher does: try until it is over, handing each status to the next attempt."""
    outcomes: list[Outcome] = []
    previous = first.previous
    while len(outcomes) < count:
        outcomes.append(await sender.send(replace(first, previous=previous)))
        if outcomes[-1].result is not Result.RETRY:
            break
        previous = outcomes[-1].status
    return outcomes


def results(outcomes: list[Outcome]) -> list[tuple[Result, str]]:
    """The words for each attempt."""
    return [(outcome.result, outcome.status) for outcome in outcomes]


async def test_a_message_is_sent_as_it_was_rendered(telegram: FakeTelegram, sender: TelegramSender) -> None:
    sending = delivery()
    outcome = await sender.send(sending)
    assert (outcome.result, outcome.status, outcome.request_id) == (Result.SENT, "200", "1001")
    assert telegram.sent == [sending.payload["calls"][0]["params"]]


async def test_our_name_is_asked_from_telegram(telegram: FakeTelegram, sender: TelegramSender) -> None:
    assert await sender.username() == USERNAME
    telegram.fail("401", method="getMe")
    assert await sender.username() == ""


async def test_flood_control_is_waited_out(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("429", seconds=7)
    first, second = await attempts(sender, delivery())
    assert first == Outcome(Result.RETRY, "429", "", 7000)
    assert second.result is Result.SENT
    assert telegram.texts == ["您好"]


@pytest.mark.parametrize(("fault", "status"), [("403", "403"), ("400", "400"), ("migrated", "migrated")])
async def test_a_refusal_is_the_end(telegram: FakeTelegram, sender: TelegramSender, fault: str, status: str) -> None:
    telegram.fail(fault)
    assert results(await attempts(sender, delivery())) == [(Result.DEAD, status)]
    assert telegram.texts == []


async def test_a_refused_token_is_tried_again_in_a_minute(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("401")
    first, second = await attempts(sender, delivery())
    assert first == Outcome(Result.RETRY, "401", "", 60_000, refused=True)
    assert second.result is Result.SENT
    assert telegram.texts == ["您好"]


async def test_what_found_no_connection_is_tried_again_without_a_note(telegram: FakeTelegram) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = TelegramSender(TOKEN, f"http://127.0.0.1:{unused.getsockname()[1]}")
        outcome = await nowhere.send(delivery())
        await nowhere.close()
    assert outcome == Outcome(Result.RETRY, "ConnectError")
    sender = TelegramSender(TOKEN, telegram.url)
    assert (await sender.send(delivery(previous=outcome.status))).result is Result.SENT
    await sender.close()
    assert telegram.texts == ["您好"]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "garbage_after"])
async def test_a_lost_answer_is_repeated_once_with_a_note(
    telegram: FakeTelegram, sender: TelegramSender, fault: str
) -> None:
    telegram.fail(fault)
    assert results(await attempts(sender, delivery())) == [(Result.RETRY, "unknown"), (Result.SENT, "200")]
    before = ["您好"] if fault != "drop_before" else []
    assert telegram.texts == [*before, f"您好\n{REPEAT_NOTE}"]


async def test_an_answer_that_takes_too_long_is_a_lost_one(telegram: FakeTelegram) -> None:
    telegram.fail("slow", seconds=0.6)
    hasty = TelegramSender(TOKEN, telegram.url, read_seconds=0.2)
    outcome = await hasty.send(delivery())
    await hasty.close()
    assert outcome == Outcome(Result.RETRY, "unknown")


async def test_an_answer_that_is_lost_twice_ends_as_unknown(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("drop_after", "drop_after")
    outcomes = await attempts(sender, delivery())
    assert [outcome.result for outcome in outcomes] == [Result.RETRY, Result.UNKNOWN]
    assert telegram.texts == ["您好", f"您好\n{REPEAT_NOTE}"]


async def test_a_doubt_outlives_a_definite_failure(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("drop_after", "429", "drop_after", seconds=1)
    outcomes = await attempts(sender, delivery())
    assert [outcome.status for outcome in outcomes[:2]] == ["unknown", "unknown/429"]
    assert outcomes[-1].result is Result.UNKNOWN
    assert telegram.texts == ["您好", f"您好\n{REPEAT_NOTE}"]


async def test_after_a_process_died_in_the_act_the_message_goes_out_once_more_with_a_note(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    assert (await sender.send(delivery(previous=LOST))).result is Result.SENT
    telegram.fail("drop_after")
    assert (await sender.send(delivery(previous=LOST))).result is Result.UNKNOWN
    assert telegram.texts == [f"您好\n{REPEAT_NOTE}"] * 2


@pytest.mark.parametrize("fault", ["500_before", "proxy_403"])
async def test_a_server_that_fails_is_outlasted_with_a_note(
    telegram: FakeTelegram, sender: TelegramSender, fault: str
) -> None:
    telegram.fail(fault, fault, fault, "429", seconds=1)
    outcomes = await attempts(sender, delivery())
    assert [outcome.result for outcome in outcomes] == [Result.RETRY] * 4 + [Result.SENT]
    assert telegram.texts == [f"您好\n{REPEAT_NOTE}"]


async def test_a_message_taken_by_a_server_that_then_failed_is_repeated_with_a_note(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    telegram.fail("500_after")
    assert results(await attempts(sender, delivery())) == [(Result.RETRY, "server/500"), (Result.SENT, "200")]
    assert telegram.texts == ["您好", f"您好\n{REPEAT_NOTE}"]


async def test_the_parts_of_a_long_text_arrive_in_order(telegram: FakeTelegram, sender: TelegramSender) -> None:
    assert (await sender.send(delivery(LONG))).request_id == "1003"
    assert telegram.texts == THREE_PARTS


async def test_parts_that_were_accepted_are_not_repeated_by_another_process(telegram: FakeTelegram) -> None:
    telegram.fail("", "429", seconds=1)
    one, other = TelegramSender(TOKEN, telegram.url), TelegramSender(TOKEN, telegram.url)
    failed = await one.send(delivery(LONG))
    assert (failed.result, failed.status, failed.retry_after_ms) == (Result.RETRY, "429@1", 1000)
    assert (await other.send(delivery(LONG, previous=failed.status))).result is Result.SENT
    await one.close()
    await other.close()
    assert telegram.texts == THREE_PARTS


async def test_only_the_part_in_doubt_bears_the_note(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("", "drop_after", "", "429", seconds=1)
    outcomes = await attempts(sender, delivery(LONG))
    assert [outcome.status for outcome in outcomes] == ["unknown@1", "429@2", "200"]
    one, two, three = THREE_PARTS
    assert telegram.texts == [one, two, f"{two}\n{REPEAT_NOTE}", three]


async def test_after_a_process_died_every_part_bears_the_note_even_after_a_pause(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    telegram.fail("", "429", seconds=1)
    await attempts(sender, delivery(LONG, previous=LOST))
    assert telegram.texts == [f"{part}\n{REPEAT_NOTE}" for part in THREE_PARTS]


async def test_a_tap_is_answered_before_the_message(telegram: FakeTelegram, sender: TelegramSender) -> None:
    await sender.send(delivery(reply_token="4382bf"))
    assert [call.method for call in telegram.platform.accepted] == ["answerCallbackQuery", "sendMessage"]


@pytest.mark.parametrize("fault", ["400", "429", "500_before", "drop_before", "401", "garbage_after"])
async def test_a_tap_that_can_no_longer_be_answered_is_no_failure(
    telegram: FakeTelegram, sender: TelegramSender, fault: str
) -> None:
    telegram.fail(fault, method="answerCallbackQuery", seconds=1)
    assert (await sender.send(delivery(reply_token="4382bf"))).result is Result.SENT
    assert telegram.texts == ["您好"]


async def test_a_tap_is_not_answered_long_after_a_process_died(telegram: FakeTelegram, sender: TelegramSender) -> None:
    await sender.send(delivery(reply_token="4382bf", previous=LOST))
    assert [call.method for call in telegram.platform.calls] == ["sendMessage"]


async def test_a_tap_is_not_answered_again_with_a_retry(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("429", seconds=1)
    await attempts(sender, delivery(reply_token="4382bf"))
    answered = [call for call in telegram.platform.calls if call.method == "answerCallbackQuery"]
    assert len(answered) == 1


async def test_an_answer_with_nothing_to_say_is_over_at_once(telegram: FakeTelegram, sender: TelegramSender) -> None:
    assert (await sender.send(delivery(" "))).result is Result.SENT
    assert telegram.platform.calls == []
