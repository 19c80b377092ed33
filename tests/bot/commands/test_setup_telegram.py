"""`xueban telegram setup` from outside, before a Bot API that keeps commands and webhooks as Telegram does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.telegram.commands import COMMAND_MENU
from tests.bot.channels.telegram.conftest import specification
from tests.bot.inside import runner
from tests.bot.shell import Run, refused, run
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_spec import Specification

__all__ = ["specification"]
SECRET = "hook-secret-that-nobody-may-see"
HOOK = "https://xueban.example.tw/webhooks/telegram"


@pytest.fixture
def xueban(
    kept_logging: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: Path
) -> Run:
    """Runs `xueban …` in this process, with a database of the test's own and nothing configured."""
    return runner(monkeypatch, capsys)


@pytest.fixture
def telegram(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    """A Telegram, and the settings that lead to it."""
    with FakeTelegram() as fake:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", SECRET)
        monkeypatch.setenv("TELEGRAM_API_BASE_URL", fake.url)
        monkeypatch.setenv("PUBLIC_URL", "https://xueban.example.tw")
        yield fake


def told(xueban: Run, *words: str) -> str:
    """What a setup said that went well."""
    code, out, err = xueban("telegram", "setup", *words)
    assert (code, err) == (0, "")
    assert TOKEN not in out
    assert SECRET not in out
    return out


def methods(telegram: FakeTelegram) -> list[str]:
    """What was called that changes something."""
    return [call.method for call in telegram.platform.calls if not call.method.startswith("get")]


def test_the_first_run_sets_commands_and_webhook(telegram: FakeTelegram) -> None:
    out = told(run)
    assert methods(telegram) == ["setMyCommands", "setWebhook"]
    assert telegram.platform.set_up.commands == list(COMMAND_MENU)
    assert telegram.platform.set_up.webhook == {
        "url": HOOK,
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert out.splitlines()[-1] == "webhook：Telegram 已經記下。"


def test_a_second_run_leaves_everything_as_it_is(xueban: Run, telegram: FakeTelegram) -> None:
    told(xueban)
    before = (telegram.platform.set_up.webhook, telegram.platform.set_up.commands)
    telegram.platform.calls.clear()
    assert "指令選單：沒有變" in told(xueban)
    assert methods(telegram) == ["setWebhook"]  # Telegram tells nobody the secret, so it can't be compared
    assert (telegram.platform.set_up.webhook, telegram.platform.set_up.commands) == before


def test_without_an_address_the_webhook_is_taken_away_once(
    xueban: Run, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(xueban)
    monkeypatch.delenv("PUBLIC_URL")
    telegram.platform.calls.clear()
    assert "拿掉 webhook" in told(xueban)
    assert "自己去輪詢" in told(xueban)
    assert methods(telegram) == ["deleteWebhook"]
    assert telegram.platform.set_up.webhook == {}


def test_a_dry_run_changes_nothing(xueban: Run, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    out = told(xueban, "--dry-run")
    assert f"（試跑）webhook：設成 {HOOK}。" in out
    telegram.platform.set_up.webhook = {"url": HOOK}
    monkeypatch.delenv("PUBLIC_URL")
    assert "（試跑）webhook：沒有 PUBLIC_URL，拿掉" in told(xueban, "--dry-run")
    assert methods(telegram) == []


def test_deliveries_that_go_wrong_at_our_address_are_told(xueban: Run, telegram: FakeTelegram) -> None:
    telegram.platform.set_up.trouble = {
        "pending_update_count": 3,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
    }
    assert "有 3 則在等" in told(xueban)  # what went wrong at an address of before is no concern
    said = refused(xueban("telegram", "setup"))
    assert "502 Bad Gateway" in said
    assert "PUBLIC_URL" in said


@pytest.mark.parametrize(
    ("method", "kind", "part"),
    [
        ("getMyCommands", "401", "重新取得，設到 TELEGRAM_BOT_TOKEN"),
        ("setWebhook", "400", "Telegram 不接受："),
        ("setWebhook", "429", "太頻繁"),
        ("setMyCommands", "500_before", "連不上 Telegram"),
    ],
)
def test_what_telegram_refuses_is_one_sentence_with_its_mend(
    xueban: Run, telegram: FakeTelegram, method: str, kind: str, part: str
) -> None:
    telegram.fail(kind, method=method, seconds=1)
    said = refused(xueban("telegram", "setup"))
    assert part in said
    assert "\n" not in said
    assert TOKEN not in said


def test_a_telegram_that_is_away_is_told(xueban: Run, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TELEGRAM_API_BASE_URL", f"http://127.0.0.1:{held.getsockname()[1]}")
        assert "連不上 Telegram" in refused(xueban("telegram", "setup"))


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [("TELEGRAM_BOT_TOKEN", "", "TELEGRAM_BOT_TOKEN"), ("PUBLIC_URL", "http://xueban.example.tw", "https://")],
)
def test_a_setting_that_will_not_do_is_told_before_anything_is_done(
    xueban: Run, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    assert part in refused(xueban("telegram", "setup"))
    assert telegram.platform.calls == []


def test_telegrams_own_specification_has_no_complaint(
    xueban: Run, telegram: FakeTelegram, specification: Specification, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(xueban)
    monkeypatch.delenv("PUBLIC_URL")
    told(xueban)
    called = {call.method: call.params for call in telegram.platform.calls}
    called["deleteWebhook"] = {name: value == "true" for name, value in called["deleteWebhook"].items()}
    assert {"setMyCommands", "setWebhook", "deleteWebhook", "getMyCommands"} <= set(called)
    assert [specification.faults(method, params) for method, params in called.items()] == [[]] * len(called)
