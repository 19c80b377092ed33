"""The fake LINE keeps to the rules that our sending relies on, also from a process of its own."""

import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.fakes.line_platform import INVALID_TOKEN, MONTHLY_LIMIT

MESSAGES = [{"type": "text", "text": "好"}]
BEARER = {"authorization": "Bearer t"}


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def client(line: FakeLine) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=line.url, headers=BEARER) as made:
        yield made


def reply(client: httpx.Client, token: str, **headers: str) -> httpx.Response:
    body = {"replyToken": token, "messages": MESSAGES}
    return client.post("/v2/bot/message/reply", json=body, headers=headers)


def push(client: httpx.Client, key: str) -> httpx.Response:
    body = {"to": "U1", "messages": MESSAGES}
    return client.post("/v2/bot/message/push", json=body, headers={"X-Line-Retry-Key": key})


def test_a_reply_token_works_once(client: httpx.Client) -> None:
    assert [reply(client, "r1").status_code for _ in range(2)] == [200, 400]
    assert reply(client, "r1").json()["message"] == INVALID_TOKEN


def test_a_reply_token_dies_after_a_minute(client: httpx.Client, line: FakeLine) -> None:
    line.platform.now = lambda: 1061.0
    client.post("/_tokens", json={"issued": {"old": 1000, "young": 1001}, "expired": ["dead"]})
    assert [reply(client, token).status_code for token in ("old", "young", "dead")] == [400, 200, 400]


def test_a_reply_with_a_retry_key_is_refused(client: httpx.Client, line: FakeLine) -> None:
    assert reply(client, "r1", **{"X-Line-Retry-Key": str(uuid.uuid4())}).status_code == 400
    assert line.accepted == []


def test_a_retry_key_is_honoured_for_a_day(client: httpx.Client, line: FakeLine) -> None:
    now, key = 1000.0, str(uuid.uuid4())
    line.platform.now = lambda: now
    first, second = push(client, key), push(client, key)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    now += 24 * 3600
    assert push(client, key).status_code == 200
    assert len(line.accepted) == 2


def test_a_retry_key_must_be_a_uuid(client: httpx.Client) -> None:
    assert push(client, "inbox:1").status_code == 400


def test_without_a_bearer_nothing_goes(line: FakeLine) -> None:
    assert httpx.post(f"{line.url}/v2/bot/message/push", json={}).status_code == 401


def test_loading_is_for_people_only(client: httpx.Client) -> None:
    def status(chat: str, seconds: int) -> int:
        body = {"chatId": chat, "loadingSeconds": seconds}
        return client.post("/v2/bot/chat/loading/start", json=body).status_code

    assert [status("U1", 20), status("C1", 20), status("U1", 7)] == [202, 400, 400]


def test_quota_and_the_bot_itself_can_be_asked(client: httpx.Client) -> None:
    push(client, str(uuid.uuid4()))
    assert client.get("/v2/bot/message/quota").json() == {"type": "limited", "value": 200}
    assert client.get("/v2/bot/message/quota/consumption").json() == {"totalUsage": 1}
    assert client.get("/v2/bot/info").json()["userId"] == line_events.DESTINATION


def test_a_cut_connection_gives_no_answer_but_may_have_been_accepted(client: httpx.Client) -> None:
    client.post("/_faults", json=[{"endpoint": "reply", "kind": k} for k in ("drop_before", "drop_after")])
    for token in ("r1", "r2"):
        with pytest.raises(httpx.TransportError):
            reply(client, token)
    assert [call["body"]["replyToken"] for call in client.get("/_accepted").json()] == ["r2"]


def test_an_unknown_fault_is_refused(line: FakeLine) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        line.fail("reply", "explode")


def test_the_fake_runs_as_a_process_of_its_own() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    transport = httpx.HTTPTransport(retries=8)  # while the process starts: 0.5 s, 1 s, 2 s …
    with subprocess.Popen([sys.executable, "-m", "tests.fakes.line", str(port)]) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=BEARER, transport=transport) as client:
                client.post("/_faults", json=[{"endpoint": "push", "kind": "429_quota"}])
                key = str(uuid.uuid4())
                answers = [push(client, key) for _ in range(2)]
                assert answers[0].json() == {"message": MONTHLY_LIMIT}
                assert [call["retry_key"] for call in client.get("/_accepted").json()] == [key]
                assert len(client.get("/_requests").json()) == 2
        finally:
            process.terminate()


def test_event_ids_look_like_those_of_line() -> None:
    first, second = line_events.ulid(1_764_000_000_000), line_events.ulid(1_764_000_000_000)
    assert first != second
    assert (len(first), first[:6]) == (26, second[:6])
