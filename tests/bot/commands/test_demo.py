"""`xueban demo`: fills a file of its own and touches nobody else's."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.demo import demo_command
from bot.commands.failures import BadInputError
from bot.demo.building import Recipe

TINY = Recipe(schools=1, questions=0)


def fill(file: Path, *, again: bool = False) -> None:
    """The demo without the service."""
    demo_command(file, again=again, fill_only=True, recipe=TINY)


def schools(file: Path) -> int:
    """How many stand in it."""
    with closing(sqlite3.connect(file)) as found:
        return int(found.execute("SELECT count(*) FROM schools").fetchone()[0])


def test_a_demo_is_filled_once_and_made_anew_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept_logging: None
) -> None:
    # Whoever has a real account set up must not have it called by invented reminders.
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "real")
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "real")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/real.db")
    file = tmp_path / "demo.db"
    fill(file)
    assert schools(file) == 1
    assert "虛構" in capsys.readouterr().out
    assert not (tmp_path / "real.db").exists()
    assert any((tmp_path / "demo" / "evidence").glob("??/*"))
    with pytest.raises(BadInputError, match="--again"):
        fill(file)
    (tmp_path / "demo" / "evidence" / "mine.txt").write_text("keep me")
    fill(file, again=True)
    assert schools(file) == 1
    assert (tmp_path / "demo" / "evidence" / "mine.txt").read_text() == "keep me"


def test_a_database_that_is_no_demo_is_never_deleted(migrated_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "xueban.db"
    shutil.copy(migrated_sqlite, file)
    for again in (False, True):
        with pytest.raises(BadInputError):
            fill(file, again=again)
    assert schools(file) == 0


def test_a_file_that_is_no_database_is_never_deleted(tmp_path: Path) -> None:
    file = tmp_path / "thesis.db"
    file.write_text("three years of work")
    with pytest.raises(BadInputError, match="不是示範"):
        fill(file, again=True)
    assert file.read_text() == "three years of work"
