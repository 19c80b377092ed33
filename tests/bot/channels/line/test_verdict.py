"""What LINE's answers mean, one by one."""

import pytest

from bot.channels.line import verdict
from bot.channels.line.verdict import Response
from bot.store.outbox import LOST, Delivery
from scheduler.dispatch import Outcome, Result


def delivery(method: str = "push", previous: str = "") -> Delivery:
    return Delivery(
        id="0b6f7f9e-3d5a-5a47-9ff7-5f8d4e2d9c11",
        channel="line",
        address="U1",
        event_id="01J",
        method=method,
        payload={"messages": [{"type": "text", "text": "好"}]},
        reply_token="r1" if method == "reply" else "",
        reply_until=50_000,
        attempts=2 if previous else 1,
        first_attempt_at=0,
        previous=previous,
        created_at=0,
    )


INVALID = Response(400, "Invalid reply token", "id-1")


@pytest.mark.parametrize("status", [200, 409])
def test_accepted_now_or_before_is_sent(status: int) -> None:
    outcome = verdict.of_response(delivery(), Response(status, "", "id-1"))
    assert outcome == Outcome(Result.SENT, str(status), "id-1")


@pytest.mark.parametrize("status", [400, 404, 410, 413])
@pytest.mark.parametrize("method", ["push", "reply"])
def test_what_can_never_be_accepted_is_dead(status: int, method: str) -> None:
    assert verdict.of_response(delivery(method), Response(status, "bad")).result is Result.DEAD


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (Response(500), Outcome(Result.RETRY, "500")),
        (Response(503), Outcome(Result.RETRY, "503")),
        (Response(401), Outcome(Result.RETRY, "401", "", 60_000, refused=True)),
        (Response(403), Outcome(Result.RETRY, "403", "", 60_000, refused=True)),
        (
            Response(429, "You have reached your monthly limit."),
            Outcome(Result.RETRY, "quota", "", 3_600_000),
        ),
        (
            Response(429, "The API rate limit has been exceeded."),
            Outcome(Result.RETRY, "rate-limit", "", 2_000),
        ),
        (Response(429), Outcome(Result.RETRY, "rate-limit", "", 2_000)),
    ],
)
def test_what_may_pass_later_is_tried_again(response: Response, expected: Outcome) -> None:
    assert verdict.of_response(delivery(), response) == expected


def test_a_reply_is_repeated_soon_as_its_token_dies() -> None:
    assert verdict.of_response(delivery("reply"), Response(500)).retry_after_ms == 500
    assert verdict.of_silence(delivery("reply"), verdict.TIMED_OUT).retry_after_ms == 500


def test_a_dead_token_at_the_first_attempt_means_a_push() -> None:
    assert verdict.of_response(delivery("reply"), INVALID).result is Result.AS_PUSH


@pytest.mark.parametrize(
    "previous", [LOST, "500", "503", "timeout", "connection-lost", "unreadable-answer", "KeyError", "429?"]
)
def test_a_dead_token_after_an_attempt_of_unknown_end_means_that_it_arrived(previous: str) -> None:
    assert verdict.of_response(delivery("reply", previous), INVALID) == Outcome(
        Result.SENT, "invalid-reply-token", "id-1"
    )


@pytest.mark.parametrize("previous", ["401", "403", "rate-limit", "quota", "no-connection"])
def test_a_dead_token_after_a_certain_refusal_means_a_push(previous: str) -> None:
    assert verdict.of_response(delivery("reply", previous), INVALID).result is Result.AS_PUSH


def test_the_doubt_about_an_early_attempt_is_not_forgotten() -> None:
    second = verdict.of_silence(delivery("reply", "timeout"), verdict.NO_CONNECTION)
    third = verdict.of_response(delivery("reply", second.status), Response(429))
    assert (second.status, third.status) == ("no-connection?", "rate-limit?")
    assert verdict.of_response(delivery("reply", third.status), INVALID).result is Result.SENT


def test_a_push_never_asks_about_reply_tokens() -> None:
    assert verdict.of_response(delivery("push", LOST), INVALID).result is Result.DEAD


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"message":"Invalid reply token"}', "Invalid reply token"),
        ('{"message":"x"}', "x"),
        (b"<html>", ""),
        (b"", ""),
        (None, ""),
        (b"[1]", ""),
        (b'{"message":[]}', ""),
        (b"\xff\xfe\x80", ""),
    ],
)
def test_the_message_is_read_from_whatever_comes(body: bytes | str | None, message: str) -> None:
    assert verdict.read_message(body) == message
