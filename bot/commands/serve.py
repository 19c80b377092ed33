"""`xueban serve`: the service, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import Any

import uvicorn

from bot import logs, settings
from bot.app import create_app
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store.database import Database
from bot.web.patience import PatientProtocol
from knowledge.loader import load_base

GRACE_SECONDS = 4
"""How long open requests may take after SIGTERM. None takes longer than 2 s; work in hand has 20 s after that."""
LAST_SECONDS = 24.5
"""After this the process ends, whatever still hangs: a supervisor's SIGKILL would come at a worse moment."""
KEEP_ALIVE_SECONDS = 20
BACKLOG = 2048
MOST_CONNECTIONS = 4096
"""Beyond this a request is told 503 at once, which LINE and Telegram send again."""


class Server(uvicorn.Server):
    """Ends for sure once it is told to."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            last = threading.Timer(LAST_SECONDS, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def serve(*, host: str | None = None, port: int | None = None, roles: str | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what is in hand is finished first. None leaves it to the settings.

    Raises `SettingsError`, `KnowledgeError`, `BadInputError` or a database error before anything is served.
    """
    given: dict[str, Any] = {"host": host, "port": port, "roles": roles}
    serve_with(settings.load(**{name: value for name, value in given.items() if value is not None}))


def serve_with(found: Settings) -> None:
    """The same with settings that are known already."""
    # Also before uvicorn takes over, and after it: it hands the signal on once everything has ended well.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    logs.configure(found.log_level, found.log_format, found.secrets)
    load_base()
    asyncio.run(_reach(found))
    server = Server(configuration(found))
    with _bound(found.host, found.port) as listening:
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            sys.exit(0)
    if not server.started:
        sys.exit(3)


def configuration(found: Settings) -> uvicorn.Config:
    """How uvicorn serves us: no access log, since addresses may hold secrets, and a limit on everything."""
    return uvicorn.Config(
        create_app(found),
        http=PatientProtocol,
        host=found.host,
        port=found.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        backlog=BACKLOG,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _reach(found: Settings) -> None:
    database = Database(found.database_url)
    try:
        async with database.read() as connection:
            await connection.exec_driver_sql("SELECT 1")
    finally:
        await database.close()


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there, so that a port that is taken is told in a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).split(" (while")[0]
        raise BadInputError(f"{host}:{port} 不能用（{why}）。請關掉占用的程式，或以 --port 換一個埠。") from None
