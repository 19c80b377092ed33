"""A command that is forked says, and ends with, what it does when it is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.shell import SURE, batch, run, start

SLUG = "distance-teaching"
ASKED = batch({"user": "a", "text": SURE})


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("ask", "--batch", "-"), batch({"id": "1", "question": SURE})),
        (("chat", "--json"), ASKED),
        (("check", SLUG, "--facts", "-"), "{}"),
        (("deadlines", SLUG), ""),
        (("export", "--school", "甲", "--programme", SLUG, "--what", "records", "--out", "x"), ""),
        (("invite", "--role", "boss"), ""),
        (("knowledge", "lint", "--sources", "/no/such/folder"), ""),
        (("knowledge", "triage"), ""),
        (("line", "setup"), ""),
        (("migrate",), ""),
        (("parse", "--batch", "-"), "{"),
        (("progress", SLUG, "--records", "-", "--now", "2025-11-20T09:00"), ""),
        (("serve", "--roles", "cook"), ""),
        (("telegram", "setup"), ""),
        (("tick",), ""),
        (("nonsense",), ""),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_fork_is_like_a_process_that_was_started(environment: Path, words: tuple[str, ...], given: str) -> None:
    started = start(*words, given=given)
    environment.unlink(missing_ok=True)
    assert run(*words, given=given) == started
    assert "Traceback" not in started[2]


def test_a_fork_has_its_own_environment_and_folder(
    environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///here.db")
    assert run("migrate")[0] == 0
    assert (tmp_path / "here.db").exists()
    assert not environment.exists()
