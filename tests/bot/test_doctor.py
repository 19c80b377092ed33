"""What the doctor says, before real databases and fake providers over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import SystemClock, epoch_ms
from bot.doctor import Finding, State, as_table, doctor, examine
from bot.settings import Settings, load
from bot.store import migrate
from bot.store.database import Database
from bot.store.outbox import Attempt, record
from bot.store.tables import conversations, outbox
from tests.fakes.http_server import Connections, ThreadServer
from tests.fakes.line import FakeLine
from tests.fakes.telegram import TOKEN, FakeTelegram

SECRET = "s3cr3t-that-nobody-may-see"
PUBLIC = "https://xueban.example.tw"


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A database at the newest schema."""
    path = tmp_path / "xueban.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


async def findings(**settings: Any) -> dict[str, Finding]:
    """What is found, by name; no secret is in any of it."""
    found = await examine(Settings(**settings))
    assert SECRET not in as_table(found)
    assert TOKEN not in as_table(found)
    assert all(finding.mend for finding in found if finding.state is State.PROBLEM)
    return {finding.name: finding for finding in found}


def line(url: str, **more: Any) -> dict[str, Any]:
    """Settings of LINE."""
    return {
        "line_channel_secret": SECRET,
        "line_channel_access_token": SECRET,
        "line_api_base_url": url,
        **more,
    }


@contextmanager
def provider(answers: dict[str, Any]) -> Iterator[str]:
    """Serves the given JSON by path, 404 for the rest; its address."""

    async def answer(request: Request) -> Response:
        body = answers.get(request.url.path)
        if isinstance(body, Response):
            return body
        return JSONResponse({"message": "Not found"}, 404) if body is None else JSONResponse(body)

    connections = Connections()
    app = Starlette(routes=[Route("/{path:path}", answer)])
    with ThreadServer(app, connections) as server:
        yield server.url


async def test_without_tokens_everything_is_well_and_channels_are_off(database: str) -> None:
    found = await findings(database_url=database)
    assert {name: finding.state for name, finding in found.items()} == {
        "設定": State.OK,
        "資料庫": State.OK,
        "寄件匣": State.OK,
        "知識庫": State.OK,
        "LINE": State.OFF,
        "Telegram": State.OFF,
        "PUBLIC_URL": State.OFF,
        "管理密碼": State.OFF,
    }
    assert str(migrate.head()) in found["資料庫"].text
    assert "5 個計畫" in found["知識庫"].text


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nothing.db"
    found = await findings(database_url=f"sqlite:///{path}")
    assert found["資料庫"].state is State.PROBLEM
    assert found["資料庫"].mend == "執行 xueban migrate"
    assert not path.exists()


async def test_an_old_schema_is_to_be_migrated(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    found = await findings(database_url=f"sqlite:///{path}")
    assert "空的" in found["資料庫"].text
    assert found["資料庫"].mend == "執行 xueban migrate"


async def test_a_database_that_is_away_is_told_without_its_password() -> None:
    found = await findings(database_url=f"postgresql://me:{SECRET}@127.0.0.1:1/db")
    assert found["資料庫"].state is State.PROBLEM
    assert "127.0.0.1/db" in found["資料庫"].text
    assert "DATABASE_URL" in found["資料庫"].mend


async def test_line_with_a_good_token_and_webhook_is_well(database: str) -> None:
    answers = {
        "/v2/bot/info": {"displayName": "學伴"},
        "/v2/bot/channel/webhook/endpoint": {"endpoint": f"{PUBLIC}/webhooks/line", "active": True},
    }
    with provider(answers) as url:
        found = await findings(database_url=database, public_url=PUBLIC, **line(url))
    assert (found["LINE"].state, found["LINE webhook"].state) == (State.OK, State.OK)
    assert "學伴" in found["LINE"].text


@pytest.mark.parametrize(
    ("endpoint", "part"),
    [
        ({"endpoint": "https://old.example.tw/callback", "active": True}, "設的是 https://old"),
        ({"endpoint": f"{PUBLIC}/webhooks/line", "active": False}, "沒有開啟"),
        (None, "還沒有設定"),
    ],
)
async def test_a_webhook_of_line_that_does_not_lead_here_is_a_problem(database: str, endpoint: Any, part: str) -> None:
    answers = {"/v2/bot/info": {"displayName": "學伴"}, "/v2/bot/channel/webhook/endpoint": endpoint}
    with provider(answers) as url:
        found = await findings(database_url=database, public_url=PUBLIC, **line(url))
    assert found["LINE webhook"].state is State.PROBLEM
    assert part in found["LINE webhook"].text


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (JSONResponse({"message": "Authentication failed"}, 401), "不接受這個權杖（HTTP 401）"),
        (JSONResponse({}, 500), "HTTP 500"),
        (Response(b"\xff<html>"), "讀不懂"),
        (JSONResponse([1]), "不是 JSON 物件"),
    ],
)
async def test_a_line_that_refuses_or_fails_is_a_problem(database: str, answer: Response, part: str) -> None:
    with provider({"/v2/bot/info": answer}) as url:
        found = await findings(database_url=database, **line(url))
    assert found["LINE"].state is State.PROBLEM
    assert part in found["LINE"].text


async def test_a_provider_out_of_reach_is_a_problem(database: str) -> None:
    found = await findings(
        database_url=database,
        telegram_bot_token=TOKEN,
        telegram_api_base_url="http://127.0.0.1:1",
        **line("http://127.0.0.1:1"),
    )
    assert "連不上" in found["LINE"].text
    assert "連不上" in found["Telegram"].text


async def test_the_fake_line_of_the_other_tests_is_understood(database: str) -> None:
    with FakeLine() as fake:
        found = await findings(database_url=database, **line(fake.url))
    assert found["LINE"].state is State.OK


async def test_telegram_by_polling_is_well(database: str) -> None:
    with FakeTelegram() as fake:
        found = await findings(database_url=database, telegram_bot_token=TOKEN, telegram_api_base_url=fake.url)
    assert found["Telegram"].state is State.OK
    assert "@xueban_test_bot" in found["Telegram"].text
    assert "輪詢" in found["Telegram webhook"].text


async def test_telegram_that_refuses_the_token_is_a_problem(database: str) -> None:
    with FakeTelegram() as fake:
        found = await findings(database_url=database, telegram_bot_token="no-token", telegram_api_base_url=fake.url)
    assert found["Telegram"].state is State.PROBLEM
    assert "TELEGRAM_BOT_TOKEN" in found["Telegram"].mend


@pytest.mark.parametrize(
    ("hook", "state", "part"),
    [
        ({"url": f"{PUBLIC}/webhooks/telegram"}, State.OK, "/webhooks/telegram"),
        ({"url": ""}, State.PROBLEM, "設的是 空的"),
        (
            {"url": f"{PUBLIC}/webhooks/telegram", "last_error_message": "Connection refused"},
            State.PROBLEM,
            "Connection refused",
        ),
    ],
)
async def test_the_webhook_of_telegram_is_looked_at(
    database: str, hook: dict[str, Any], state: State, part: str
) -> None:
    answers = {
        f"/bot{TOKEN}/getMe": {"ok": True, "result": {"username": "xueban"}},
        f"/bot{TOKEN}/getWebhookInfo": {"ok": True, "result": hook},
    }
    with provider(answers) as url:
        found = await findings(
            database_url=database,
            telegram_bot_token=TOKEN,
            telegram_webhook_secret="x",
            telegram_api_base_url=url,
            public_url=PUBLIC,
        )
    assert found["Telegram webhook"].state is state
    assert part in found["Telegram webhook"].text


async def test_an_address_without_encryption_is_a_problem_for_channels_only(database: str) -> None:
    alone = await findings(database_url=database, public_url="http://xueban.example.tw")
    assert alone["PUBLIC_URL"].state is State.OK
    with_line = await findings(
        database_url=database, public_url="http://xueban.example.tw", **line("http://127.0.0.1:1")
    )
    assert with_line["PUBLIC_URL"].state is State.PROBLEM


async def test_a_short_password_is_a_problem(database: str) -> None:
    short = await findings(database_url=database, xueban_admin_password="abc123")
    assert short["管理密碼"].state is State.PROBLEM
    long = await findings(database_url=database, xueban_admin_password=SECRET)
    assert long["管理密碼"].state is State.OK


async def test_a_hashed_password_must_be_a_whole_hash(database: str) -> None:
    whole = await findings(database_url=database, xueban_admin_password=PasswordHasher().hash(SECRET))
    assert whole["管理密碼"].state is State.OK
    cut = await findings(database_url=database, xueban_admin_password="$argon2id=19=65536,t=3,p=4")
    assert cut["管理密碼"].state is State.PROBLEM


async def test_a_shifted_clock_is_mentioned(database: str) -> None:
    found = await findings(database_url=database, xueban_now="2025-09-05")
    assert "XUEBAN_NOW" in found["設定"].text


def test_a_table_has_a_line_a_finding_and_its_mend() -> None:
    table = as_table([Finding("Python", State.OK, "3.11"), Finding("資料庫", State.PROBLEM, "連不上", "啟動它")])
    assert table.splitlines() == ["正常    Python  3.11", "有問題  資料庫  連不上", "        → 啟動它"]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, kept_logging: None, database: str) -> None:
    """Nothing configured but the database."""
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "TELEGRAM_BOT_TOKEN", "XUEBAN_NOW", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database)


@pytest.mark.usefixtures("bare")
def test_a_healthy_installation_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert load().database_url
    assert doctor() == 0
    assert capsys.readouterr().out.startswith("正常    Python")


@pytest.mark.usefixtures("bare")
def test_wrong_settings_are_told_one_a_line_and_end_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("LINE_CHANNEL_SECRET", SECRET)
    assert doctor() == 1
    said = capsys.readouterr().out
    assert "PORT：要是整數" in said
    assert SECRET not in said


async def test_messages_that_did_not_arrive_are_counted(database: str) -> None:
    opened, now = Database(database), epoch_ms(SystemClock().now())
    async with opened.write() as tx:
        await tx.execute(
            insert(conversations).values(id="web:a", channel="web", address="a", created_at=1, updated_at=1)
        )
        for number, state in enumerate(("dead", "unknown", "queued", "sent")):
            row = {
                "id": f"{number}",
                "seq": number,
                "dedupe_key": f"{number}",
                "conversation_id": "web:a",
                "address": "a",
            }
            at = {"channel": "line", "method": "push", "payload": {}, "state": state, "created_at": now}
            await tx.execute(insert(outbox).values(**row, **at))
        ended = [Attempt("0", "dead", "400", ""), Attempt("1", "unknown", "timeout", "")]
        await record(tx, ended, now)
    await opened.close()
    found = (await findings(database_url=database))["寄件匣"]
    assert found.state is State.PROBLEM
    assert "等著送 1 則、對方不收 1 則、不知道到了沒有 1 則；最近 7 天有 2 則送不出去" in found.text
