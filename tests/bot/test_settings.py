"""Settings: each mistake is one sentence that names the variable, and no secret is ever shown."""

from __future__ import annotations

import os

import pytest

from bot.clock import ShiftedClock, SystemClock, parse_local
from bot.settings import ROLES, Settings, SettingsError, load

SECRET = "s3cr3t-that-nobody-may-see"
OURS = ("LINE_", "TELEGRAM_", "XUEBAN_", "DATABASE_URL", "PUBLIC_URL", "PORT", "HOST", "ROLES", "LOG_")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine gets in."""
    for name in list(os.environ):
        if name.startswith(OURS):
            monkeypatch.delenv(name)


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """What is said of these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    return str(caught.value)


def test_nothing_has_to_be_set() -> None:
    found = load()
    assert (found.host, found.port, found.roles) == ("127.0.0.1", 8080, ROLES)
    assert found.database_url == "sqlite:///data/xueban.db"
    assert not found.line_on
    assert not found.telegram_on


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"LINE_CHANNEL_SECRET": SECRET}, "LINE_CHANNEL_ACCESS_TOKEN"),
        ({"LINE_CHANNEL_ACCESS_TOKEN": SECRET}, "LINE_CHANNEL_SECRET"),
        ({"LINE_CHANNEL_SECRET": f"{SECRET} x", "LINE_CHANNEL_ACCESS_TOKEN": "t"}, "LINE_CHANNEL_SECRET"),
        ({"TELEGRAM_WEBHOOK_SECRET": SECRET}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": SECRET, "PUBLIC_URL": "https://x.tw"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": SECRET, "TELEGRAM_WEBHOOK_SECRET": f"{SECRET}!"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": SECRET, "TELEGRAM_WEBHOOK_SECRET": "x" * 257}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": f"機{SECRET}"}, "TELEGRAM_BOT_TOKEN"),
        ({"DATABASE_URL": f"mysql://u:{SECRET}@h/db"}, "DATABASE_URL"),
        ({"DATABASE_URL": f"postgresql://u:{SECRET}@h:port/db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"PUBLIC_URL": "example.tw"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "ftp://example.tw"}, "PUBLIC_URL"),
        ({"LINE_API_BASE_URL": "https://"}, "LINE_API_BASE_URL"),
        ({"LINE_DATA_API_BASE_URL": "https://[::1"}, "LINE_DATA_API_BASE_URL"),
        ({"TELEGRAM_API_BASE_URL": "https://host:port"}, "TELEGRAM_API_BASE_URL"),
        ({"XUEBAN_NOW": "tomorrow"}, "XUEBAN_NOW"),
        ({"XUEBAN_NOW": "0001-01-01"}, "XUEBAN_NOW"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"XUEBAN_ROLES": "web,cook"}, "XUEBAN_ROLES"),
        ({"XUEBAN_ROLES": ","}, "XUEBAN_ROLES"),
        ({"XUEBAN_ROLES": "web"}, "XUEBAN_ROLES"),
        ({"XUEBAN_ROLES": "web,web,web"}, "XUEBAN_ROLES"),
        ({"XUEBAN_LOG_LEVEL": "loud"}, "XUEBAN_LOG_LEVEL"),
        ({"XUEBAN_LOG_FORMAT": "xml"}, "XUEBAN_LOG_FORMAT"),
        ({"XUEBAN_RETENTION_DAYS": "0"}, "XUEBAN_RETENTION_DAYS"),
        ({"XUEBAN_RETENTION_DAYS": "many"}, "XUEBAN_RETENTION_DAYS"),
    ],
    ids=str,
)
def test_a_mistake_is_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    said = refused(monkeypatch, **variables)
    assert said.startswith(f"{named}：")
    assert said.endswith("。")
    assert "\n" not in said
    assert SECRET not in said


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(monkeypatch, PORT="http", PUBLIC_URL="x", XUEBAN_NOW="y").splitlines()
    assert sorted(line.split("：")[0] for line in said) == ["PORT", "PUBLIC_URL", "XUEBAN_NOW"]


def test_contradictions_are_told_at_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(monkeypatch, LINE_CHANNEL_SECRET="a", TELEGRAM_WEBHOOK_SECRET="b").splitlines()
    assert [line.split("：")[0] for line in said] == ["LINE_CHANNEL_ACCESS_TOKEN", "TELEGRAM_BOT_TOKEN"]


def test_names_that_other_programs_use_are_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "ROLES", "LOG_LEVEL", "LOG_FORMAT", "RETENTION_DAYS"):
        monkeypatch.setenv(name, "something else")
    assert load() == Settings()


def test_our_own_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        "XUEBAN_HOST": "0.0.0.0",
        "XUEBAN_ROLES": " worker , web ",
        "XUEBAN_LOG_LEVEL": "DEBUG",
        "XUEBAN_RETENTION_DAYS": "30",
        "PORT": "9000",
        "DATABASE_URL": "postgresql://u:p@h/db",
    }
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    found = load()
    assert (found.host, found.port) == ("0.0.0.0", 9000)
    assert (found.roles, found.log_level, found.retention_days) == (("worker", "web"), "debug", 30)


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "9000")
    found = load(host="::1", port=9001, roles="web", database_url="postgresql://h/db")
    assert (found.host, found.port, found.roles) == ("::1", 9001, ("web",))


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINE_CHANNEL_SECRET", "DATABASE_URL", "PORT", "XUEBAN_NOW"):
        monkeypatch.setenv(name, "")
    assert load() == Settings()


def test_a_line_end_that_was_pasted_along_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "a\n")
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", " b ")
    monkeypatch.setenv("PUBLIC_URL", "https://x.tw/ ")
    found = load()
    assert found.secrets == ("a", "b")
    assert found.public_url == "https://x.tw"


def test_no_secret_shows_in_a_printout(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("XUEBAN_ADMIN_PASSWORD", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:{SECRET}@h/db")
    found = load()
    assert SECRET not in f"{found} {found!r}"
    assert set(found.secrets) == {SECRET}


def test_the_clock_is_the_systems_unless_it_is_shifted() -> None:
    assert isinstance(load().clock(), SystemClock)
    shifted = load(xueban_now="2025-09-05T14:00").clock()
    assert isinstance(shifted, ShiftedClock)
    assert shifted.start == parse_local("2025-09-05T14:00")


def test_files_lie_under_the_data_folder_and_their_size_is_said_in_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_DATA_DIR", "/srv/xueban")
    monkeypatch.setenv("XUEBAN_EVIDENCE_MB", "20")
    settings = load()
    assert (str(settings.evidence_dir), settings.largest_evidence) == ("/srv/xueban/evidence", 20 * 1024 * 1024)


@pytest.mark.parametrize("size", ["0", "101", "ten"])
def test_a_size_of_files_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    monkeypatch.setenv("XUEBAN_EVIDENCE_MB", size)
    with pytest.raises(SettingsError, match="XUEBAN_EVIDENCE_MB"):
        load()
