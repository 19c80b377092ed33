"""Logs: structured, and silent about people and secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from bot.logs import configure, redact, scrubber

SECRET = "s3cr3t-that-nobody-may-see"
USER = "U4af4980629" + "0" * 22

Lines = Callable[[], list[dict[str, Any]]]
Begin = Callable[..., Lines]


@pytest.fixture
def begin(capsys: pytest.CaptureFixture[str], kept_logging: None) -> Begin:
    """Configures logging and gives what reads it back as data."""

    def configured(level: str = "info") -> Lines:
        configure(level, "json", [SECRET])
        return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return configured


def test_an_event_is_one_line_of_json_with_its_id(begin: Begin) -> None:
    lines = begin()
    structlog.get_logger("t").info("worker.handled", event_id="e1", messages=2)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "worker.handled", "event_id": "e1", "messages": 2, "level": "info", "logger": "t"}


def test_other_libraries_log_in_the_same_form(begin: Begin) -> None:
    lines = begin()
    logging.getLogger("some.library").warning("hello %s", "there")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("hello there", "warning", "some.library")


def test_what_a_person_wrote_does_not_reach_the_log(begin: Begin) -> None:
    lines = begin()
    structlog.get_logger("t").info("x", text="my question", address=USER)
    (line,) = lines()
    assert (line["text"], line["address"]) == ("…", "…")


@pytest.mark.parametrize(
    "name",
    ["text", "user", "user_id", "reply_token", "LINE_CHANNEL_SECRET", "password", "address", "conversation_id"],
)
def test_what_must_not_be_written_down_is_blanked_by_its_name(name: str) -> None:
    assert redact(None, "info", {name: SECRET, "event_id": "e1"}) == {name: "…", "event_id": "e1"}


@pytest.mark.parametrize(
    "text",
    [
        f"could not use {SECRET}",
        "POST https://api.telegram.org/bot123456:AAE-s3cr3t_that_is_long/getMe",
        f"Authorization: Bearer {SECRET}",
        f"no such user {USER}",
        "(sqlite3.IntegrityError) failed\n[SQL: INSERT]\n[parameters: ('s3cr3t question', 1)]",
        "duplicate key\nDETAIL: Key (id)=(s3cr3t) exists.",
        'invalid input syntax for type json\nCONTEXT:  JSON data, line 1: {"text": "s3cr3t"...',
    ],
)
def test_secrets_are_blanked_within_a_text(text: str) -> None:
    said = str(scrubber([SECRET])(None, "info", {"event": text})["event"])
    assert "s3cr3t" not in said
    assert USER not in said
    assert "…" in said


def test_an_exception_tells_where_but_no_secret(begin: Begin) -> None:
    lines = begin()

    def send() -> None:
        raise RuntimeError(f"refused: {SECRET}")

    try:
        send()
    except RuntimeError:
        structlog.get_logger("t").exception("sender.failed")
    (line,) = lines()
    assert "in send" in line["exception"]
    assert SECRET not in json.dumps(line)


def test_words_are_not_blanked_for_a_short_secret() -> None:
    event = {"event": "a plan of action"}
    assert scrubber(["a", ""])(None, "info", event) == {"event": "a plan of action"}


@pytest.mark.parametrize("name", ["httpx", "telegram", "uvicorn.access", "apscheduler"])
def test_libraries_that_log_addresses_are_quiet(begin: Begin, name: str) -> None:
    lines = begin()
    logging.getLogger(name).info("GET https://host/secret-path")
    assert lines() == []


def test_the_level_is_kept_to(begin: Begin) -> None:
    lines = begin("error")
    structlog.get_logger("t").warning("nothing much")
    logging.getLogger("telegram").warning("nothing much either")
    assert lines() == []


def test_text_form_is_for_the_eye(capsys: pytest.CaptureFixture[str], begin: Begin) -> None:
    configure("info", "text")
    structlog.get_logger("t").info("worker.handled", event_id="e1")
    said = capsys.readouterr().err
    assert "worker.handled" in said
    assert "event_id=e1" in said
