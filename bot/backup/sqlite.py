"""A SQLite file's copy by its own online backup: one moment of it, however much is written meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.backup.manifest import BackupError


def copy(source: Path, target: Path) -> None:
    """Copy the database and check the copy.

    Raises:
        BackupError: there is no such file, it is none of SQLite's, or its copy is damaged.
    """
    if not source.is_file():
        raise BackupError(f"沒有資料庫檔 {source}。請檢查 DATABASE_URL。")
    try:
        live = sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)
        with closing(live), closing(sqlite3.connect(target)) as made:
            # In one step: a backup of several begins anew whenever somebody writes between two of them.
            live.backup(made, pages=-1)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        check(target)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"資料庫檔 {source} 讀不出來：{error}。") from None


def check(file: Path) -> None:
    """Whether every page and every reference of a database is whole.

    Raises:
        BackupError: it is not.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as found:
            said = [row[0] for row in found.execute("PRAGMA integrity_check")]
            loose = found.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} 壞了：{error}。") from None
    if said != ["ok"] or loose:
        raise BackupError(f"{file} 壞了：integrity_check 沒有通過。")


def ask(file: Path, question: str) -> list[str]:
    """The first column of what a question finds; nothing where the table is not there."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as found:
        try:
            return [str(row[0]) for row in found.execute(question)]
        except sqlite3.OperationalError:
            return []
