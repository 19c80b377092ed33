"""PostgreSQL's own programs, `pg_dump` and `pg_restore`; the password goes by the environment, never by an argument."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from bot.backup.manifest import BackupError


def dump(url: str, target: Path) -> None:
    """Write one moment of the database into a file.

    Raises:
        BackupError: the program is missing or failed.
    """
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def restore(url: str, source: Path) -> None:
    """Bring a dump into an empty database, all of it or nothing.

    Raises:
        BackupError: the program is missing or failed.
    """
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, *options, str(source))


def is_empty(url: str) -> bool:
    """Whether there is no table yet."""
    return not ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LIMIT 1")


def ask(url: str, question: str) -> list[str]:
    """The first column of what a question finds; nothing where the table is not there."""
    engine = create_engine(_plain(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return [str(row[0]) for row in connection.execute(text(question))]
    except ProgrammingError:
        return []
    finally:
        engine.dispose()


def _run(program: str, url: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"找不到 {program}。請安裝 PostgreSQL 的用戶端程式（Debian、Ubuntu：postgresql-client）。")
    parsed = _plain(url)
    environment = {**os.environ, **({"PGPASSWORD": str(parsed.password)} if parsed.password else {})}
    target = parsed.set(password=None).render_as_string(hide_password=False)
    command = [found, f"--dbname={target}", *options]
    done = subprocess.run(  # nosec B603 # noqa: S603 - our own
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{program} 沒有成功：{said[-1] if said else done.returncode}。")


def _plain(url: str) -> URL:
    return make_url(url).set(drivername="postgresql")
