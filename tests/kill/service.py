"""A real service in a process of its own, as a test sees it: HTTP, signals, and the database behind it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import NullPool, create_engine, text

from tests.fakes import line_events, telegram_events
from tests.fakes.telegram import TOKEN

LINE_SECRET = "kill-tests"
LEASE_MS = 1_000
PATIENCE_SECONDS = 90.0


class Launcher:
    """The process from which services are forked; see `tests.kill.launcher`."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("LINE_", "XUEBAN_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.launcher"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._turn = threading.Lock()
        assert self._answer() == {"ready": True}

    def ask(self, order: dict[str, Any]) -> Any:
        """One order, one answer."""
        with self._turn:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def wait(self, pid: int) -> int:
        """Wait for the end of a process; returns its exit code, negative for a signal."""
        found: list[int] = []

        def look() -> bool:
            status = self.ask({"poll": pid})["status"]
            found.extend(() if status is None else (status,))
            return bool(found)

        until("the process ends", look)
        return found[0]

    def close(self) -> None:
        """End it and every service that still runs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def until(what: str, condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait for something true and return it. Raises `AssertionError` when it takes too long."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.02)
    return found


class Service:
    """One service on one database. It may be started, and die, many times."""

    def __init__(self, launcher: Launcher, database_url: str, folder: Path, **env: str) -> None:
        self._launcher = launcher
        self._env = {
            "DATABASE_URL": database_url,
            "LINE_CHANNEL_SECRET": LINE_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LOG_LEVEL": "info",
            **env,
        }
        self.log = folder / "service.log"
        self.port = _free_port()
        self.pid = 0
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def start(self, *, step: str = "", call: int = 1) -> None:
        """Start it, to die at a step if one is named, and wait until it is ready."""
        order = {"port": self.port, "env": self._env, "log": str(self.log), "lease_ms": LEASE_MS}
        self.pid = self._launcher.ask({"start": {**order, "step": step, "call": call}})["pid"]
        until("the service is ready", self._is_ready)

    def _is_ready(self) -> bool:
        assert self.status() is None, f"the service ended at its start:\n{self.log.read_text()[-3000:]}"
        try:
            return self._http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def status(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        found: int | None = self._launcher.ask({"poll": self.pid})["status"]
        if found is not None:
            self.pid = 0
        return found

    def ended(self) -> int:
        """Wait for its end; returns the exit code."""
        found: list[int] = []

        def look() -> bool:
            status = self.status()
            if status is not None:
                found.append(status)
            return bool(found)

        until("the service ends", look)
        return found[0]

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.ended()

    def close(self) -> None:
        """Leave nothing behind."""
        if self.pid and self.status() is None:
            self.kill()
        self._http.close()

    def line(self, *events: dict[str, Any]) -> bool:
        """A signed webhook of LINE; whether it was acknowledged."""
        raw = line_events.body(*events)
        return self._post("/webhooks/line", raw, line_events.headers(LINE_SECRET, raw))

    def telegram(self, update: dict[str, Any]) -> bool:
        """A webhook of Telegram; whether it was acknowledged."""
        headers = {"x-telegram-bot-api-secret-token": telegram_events.SECRET}
        return self._post("/webhooks/telegram", json.dumps(update).encode(), headers)

    def _post(self, path: str, raw: bytes, headers: dict[str, str]) -> bool:
        try:
            return self._http.post(path, content=raw, headers=headers).status_code == 200
        except httpx.TransportError:
            return False

    def pending(self) -> int:
        """How much waits in inbox and outbox."""
        engine = create_engine(_sync(self._env["DATABASE_URL"]), poolclass=NullPool)
        with engine.connect() as connection:
            waiting = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
                    " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
                )
            ).scalar_one()
        engine.dispose()
        return int(waiting)

    def settle(self) -> None:
        """Wait until nothing waits any more."""
        until("inbox and outbox are empty", lambda: self.pending() == 0)


def telegram_settings(api: str) -> dict[str, str]:
    """The environment of a service that Telegram calls."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": api,
        "TELEGRAM_WEBHOOK_SECRET": telegram_events.SECRET,
        "PUBLIC_URL": "http://127.0.0.1",
    }


def _sync(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
