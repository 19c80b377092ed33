"""`xueban backup` and `xueban restore` on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bot.inside import runner
from tests.bot.shell import Run, refused


@pytest.fixture
def run(
    environment: Path,
    migrated_sqlite: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kept_logging: None,
) -> Run:
    """Runs commands over a database at the newest schema."""
    shutil.copy(migrated_sqlite, environment)
    monkeypatch.setenv("XUEBAN_DATA_DIR", str(environment.parent / "data"))
    return runner(monkeypatch, capsys)


def test_a_backup_is_made_and_brought_back_by_two_commands(run: Run, environment: Path, tmp_path: Path) -> None:
    code, said, _ = run("backup", str(tmp_path / "copy"))
    assert (code, said[:5]) == (0, "備份好了：")
    assert "已經在那裡" in refused(run("restore", str(tmp_path / "copy")))
    environment.rename(tmp_path / "old.db")
    code, said, _ = run("restore", str(tmp_path / "copy"))
    assert (code, said[:5]) == (0, "還原好了：")
    assert run("migrate")[1].startswith("資料庫已經是最新版本")


def test_a_folder_in_use_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "不會蓋過去" in refused(run("backup", str(tmp_path)))
