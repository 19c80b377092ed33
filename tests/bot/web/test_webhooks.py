"""Webhooks over ASGI with real signatures and a real database: what is stored, what is said, and never a 5xx."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import select, text
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.clock import ShiftedClock
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.messages import Channel
from bot.store import inbox
from bot.store.database import Database
from bot.store.tables import inbox as table
from bot.web import webhooks
from bot.web.webhooks import LARGEST_BODY
from tests.fakes import line_events, telegram_events
from tests.fakes.webhook_junk import junk, mutants
from tests.parrot import Parrot
from tests.thorough import examples

LINE_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
SECRET_HEADER = {"x-telegram-bot-api-secret-token": telegram_events.SECRET}


@pytest.fixture
def app(database: Database, clock: ShiftedClock) -> Starlette:
    ingest = Ingest(database, clock, on_stored=lambda: None)
    line, telegram = LineChannel(LINE_SECRET), TelegramChannel(telegram_events.SECRET)
    return Starlette(
        routes=[
            Route("/webhooks/line", webhooks.Webhook(line, ingest), methods=["POST"]),
            Route("/webhooks/telegram", webhooks.Webhook(telegram, ingest), methods=["POST"]),
        ]
    )


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as opened:
        yield opened


async def line(client: httpx.AsyncClient, raw: bytes, signature: str | None = None) -> int:
    headers = line_events.headers(LINE_SECRET, raw)
    if signature is not None:
        headers["x-line-signature"] = signature
    return (await client.post("/webhooks/line", content=raw, headers=headers)).status_code


async def telegram(client: httpx.AsyncClient, raw: bytes, headers: dict[str, str] = SECRET_HEADER) -> int:
    return (await client.post("/webhooks/telegram", content=raw, headers=headers)).status_code


async def stored(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(select(table.c.event_id).order_by(table.c.id))).scalars())


async def test_a_signed_event_is_stored_and_acknowledged(client: httpx.AsyncClient, database: Database) -> None:
    event = line_events.text("鐘點費多少")
    assert await line(client, line_events.body(event)) == 200
    assert await stored(database) == [event["webhookEventId"]]


async def test_lines_own_example_of_a_signature_is_accepted(client: httpx.AsyncClient) -> None:
    raw = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert await line(client, raw, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=") == 200


@pytest.mark.parametrize("wrong", ["", "x", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=", "é", "=" * 5000, "\t"])
async def test_a_wrong_signature_is_refused_and_has_no_effect(
    client: httpx.AsyncClient, database: Database, wrong: str
) -> None:
    raw = line_events.body(line_events.text("x"))
    headers = {"x-line-signature": wrong.encode("latin-1").decode("latin-1")}
    response = await client.post(
        "/webhooks/line", content=raw, headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    )
    assert response.status_code == 401
    assert await stored(database) == []


async def test_without_a_signature_nothing_is_taken(client: httpx.AsyncClient, database: Database) -> None:
    raw = line_events.body(line_events.text("x"))
    assert (await client.post("/webhooks/line", content=raw)).status_code == 401
    update = json.dumps(telegram_events.text("x")).encode()
    assert await telegram(client, update, {}) == 401
    assert await telegram(client, update, {"x-telegram-bot-api-secret-token": "wrong"}) == 401
    assert await stored(database) == []


async def test_a_body_changed_after_signing_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    raw = line_events.body(line_events.text("x"))
    assert await line(client, raw + b" ", line_events.signature(LINE_SECRET, raw)) == 401
    assert await stored(database) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"no json",
        b"[]",
        b"null",
        b"{}",
        b'{"events": {}}',
        b'{"events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"events": ' + b"9" * 5_000 + b"}",
        b'{"events": [NaN',
    ],
    ids=lambda raw: raw[:20],
)
async def test_a_signed_body_that_is_no_webhook_is_malformed(
    client: httpx.AsyncClient, database: Database, raw: bytes
) -> None:
    assert await line(client, raw) == 400
    assert await telegram(client, raw) == 400
    assert await stored(database) == []


async def test_bytes_that_are_no_text_are_refused(client: httpx.AsyncClient, database: Database) -> None:
    assert await line(client, b"\xff\xfe\x00") in (400, 401)
    assert await telegram(client, b"\xff\xfe\x00") == 400
    assert await stored(database) == []


async def test_kinds_of_events_that_we_do_not_know_are_acknowledged(
    client: httpx.AsyncClient, database: Database
) -> None:
    unknown = line_events.event("somethingNew", payload={"x": 1})
    standby = line_events.text("x", mode="standby")
    assert await line(client, line_events.body(unknown, standby)) == 200
    assert await telegram(client, json.dumps(telegram_events.update(something_new={})).encode()) == 200
    assert await stored(database) == []


async def test_each_event_of_a_webhook_is_judged_by_itself(client: httpx.AsyncClient, database: Database) -> None:
    good, fine = line_events.text("a"), line_events.text("b")
    broken: list[Any] = [{"type": "message"}, "x", None, {**line_events.text("c"), "timestamp": "no number"}]
    broken.append({**line_events.text("d"), "extra": json.loads("[" * 500 + "]" * 500)})
    assert await line(client, line_events.body(good, *broken, fine)) == 200
    assert await stored(database) == [good["webhookEventId"], fine["webhookEventId"]]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
async def test_a_number_that_no_database_takes_spoils_its_own_event_only(
    client: httpx.AsyncClient, database: Database, number: bytes
) -> None:
    good = line_events.text("a")
    raw = line_events.body(good, {**line_events.text("b"), "extra": "NUMBER"}).replace(b'"NUMBER"', number)
    assert await line(client, raw) == 200
    assert await stored(database) == [good["webhookEventId"]]


async def test_a_redelivered_event_is_stored_once(client: httpx.AsyncClient, database: Database) -> None:
    event = line_events.text("x")
    redelivered = {**event, "deliveryContext": {"isRedelivery": True}}
    assert [await line(client, line_events.body(one)) for one in (event, redelivered)] == [200, 200]
    assert len(await stored(database)) == 1


async def test_a_telegram_update_is_stored_once(client: httpx.AsyncClient, database: Database) -> None:
    raw = json.dumps(telegram_events.text("x")).encode()
    assert [await telegram(client, raw), await telegram(client, raw)] == [200, 200]
    assert len(await stored(database)) == 1


BIG = b" " * (3 * 1024 * 1024)


async def test_a_body_beyond_the_limit_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    assert await line(client, line_events.body(line_events.text("x")) + BIG) == 413
    assert await telegram(client, BIG) == 413
    assert await stored(database) == []


async def test_a_body_beyond_the_limit_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(3 * 1024):
            read += 1024
            yield b" " * 1024

    response = await client.post("/webhooks/line", content=endless())
    assert response.status_code == 413
    assert read <= LARGEST_BODY + 64 * 1024


@pytest.mark.parametrize("length", ["²", "9" * 5_000, "-1", "", "0x10", "1e9"])
async def test_a_strange_content_length_is_no_fault_of_ours(client: httpx.AsyncClient, length: str) -> None:
    raw = line_events.body(line_events.text("x"))
    request = client.build_request("POST", "/webhooks/line", content=raw)
    request.headers = httpx.Headers([(b"content-length", length.encode("latin-1"))])
    assert (await client.send(request)).status_code in (401, 413)


async def test_a_sender_who_hangs_up_half_way_does_no_harm(app: Starlette, database: Database) -> None:
    parts = [{"type": "http.request", "body": b'{"eve', "more_body": True}, {"type": "http.disconnect"}]
    said: list[Any] = []

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/webhooks/line", "headers": [], "query_string": b""}
    before = counted("incomplete")
    await app(scope, receive, send)
    assert said[0]["status"] == 400
    assert counted("incomplete") == before + 1
    assert await stored(database) == []


async def test_while_the_database_is_down_nothing_is_pretended(client: httpx.AsyncClient, database: Database) -> None:
    raw = line_events.body(line_events.text("x"))
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
    assert await line(client, raw) == 503
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
    assert await stored(database) == []
    assert await line(client, raw) == 200
    assert len(await stored(database)) == 1


async def test_while_the_database_hangs_the_sender_is_told_in_time(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN_SECONDS", 0.1)
    raw = line_events.body(line_events.text("x"))
    async with database.write() as tx:
        if not database.is_sqlite:
            await tx.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        assert await line(client, raw) == 503
    monkeypatch.undo()
    assert await line(client, raw) == 200
    assert len(await stored(database)) == 1


def counted(outcome: str) -> float:
    """LINE's webhook requests with this outcome, of the whole run."""
    return REGISTRY.get_sample_value("xueban_webhooks_total", {"channel": "line", "outcome": outcome}) or 0


@pytest.mark.parametrize(
    ("outcome", "raw", "signature"),
    [
        ("accepted", line_events.body(), None),
        ("not_authentic", line_events.body(), "x"),
        ("malformed", b"{", None),
        ("too_large", b"x" * (LARGEST_BODY + 1), None),
    ],
)
async def test_requests_are_counted_by_what_became_of_them(
    client: httpx.AsyncClient, outcome: str, raw: bytes, signature: str | None
) -> None:
    before = counted(outcome)
    await line(client, raw, signature)
    assert counted(outcome) == before + 1


async def test_only_post_is_a_webhook(client: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        assert (await client.request(method, "/webhooks/line")).status_code == 405


fuzz = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@fuzz
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda s: s.encode("utf-8", "surrogatepass")))
async def test_no_bytes_whatever_are_our_fault(client: httpx.AsyncClient, body: bytes) -> None:
    assert await line(client, body) < 500
    assert await telegram(client, body) < 500


@fuzz
@given(events=st.lists(mutants() | junk, max_size=4))
async def test_no_event_whatever_is_our_fault(client: httpx.AsyncClient, events: list[Any]) -> None:
    assert await line(client, json.dumps({"events": events}).encode()) == 200
    for event in events:
        assert await telegram(client, json.dumps(event).encode()) in (200, 400)


@fuzz
@given(events=st.lists(mutants(), max_size=3))
async def test_whatever_was_accepted_can_be_worked_off(
    client: httpx.AsyncClient, database: Database, clock: ShiftedClock, events: list[Any]
) -> None:
    await line(client, json.dumps({"events": events}).encode())
    for event in events:
        await telegram(client, json.dumps(event).encode())
    channels: dict[str, Channel] = {
        "line": LineChannel(LINE_SECRET),
        "telegram": TelegramChannel(telegram_events.SECRET),
    }
    worker = Worker(database, channels, Parrot(), clock, on_outgoing=lambda: None)
    while await worker.step():
        pass
    async with database.read() as connection:
        assert await inbox.pending(connection) == (0, None)
        failed = await connection.execute(select(table.c.payload).where(table.c.state == "failed"))
        assert failed.all() == []
