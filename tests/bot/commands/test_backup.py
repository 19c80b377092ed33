"""`xueban backup` and `xueban restore` on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bot.shell import refused, run


@pytest.fixture
def data(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a database and one file of a hash."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "xueban.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/xueban.db")
    monkeypatch.setenv("XUEBAN_DATA_DIR", str(folder))
    return folder


def test_a_backup_is_made_and_brought_back_by_two_commands(data: Path, tmp_path: Path) -> None:
    code, said, _ = run("backup", str(tmp_path / "copy"))
    assert code == 0
    assert said.startswith("備份好了：")
    assert "已經在那裡" in refused(run("restore", str(tmp_path / "copy")))
    (data / "xueban.db").rename(data / "old.db")
    code, said, _ = run("restore", str(tmp_path / "copy"))
    assert code == 0
    assert said.startswith("還原好了：")
    assert run("migrate")[1].startswith("資料庫已經是最新版本")


def test_a_folder_in_use_is_refused_in_one_sentence(data: Path) -> None:
    assert "不會蓋過去" in refused(run("backup", str(data)))
