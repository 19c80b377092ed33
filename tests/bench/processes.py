"""Servers that a bench talks to, each in a process of its own, so that it pays for itself and not for us."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import httpx

Command = Callable[[int], tuple[list[str], dict[str, str]]]
"""Port -> arguments of Python and environment."""


def fake_line(port: int) -> tuple[list[str], dict[str, str]]:
    """The LINE of the tests."""
    return ["-m", "tests.fakes.line", str(port)], {}


@dataclass(frozen=True, slots=True)
class Served:
    """A process that serves."""

    port: int
    pid: int


@contextlib.contextmanager
def process(command: Command) -> Iterator[int]:
    """A process that serves on a free port; yields the port once it answers."""
    with tempfile.TemporaryFile() as log, served(command, log) as found:
        yield found.port


@contextlib.contextmanager
def served(command: Command, log: IO[bytes]) -> Iterator[Served]:
    """The same with its number, and with what it writes in `log`."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    arguments, env = command(port)
    started = subprocess.Popen([sys.executable, *arguments], env={**os.environ, **env}, stdout=log, stderr=log)
    try:
        _wait_until_ready(started, port)
        yield Served(port, started.pid)
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)


def _wait_until_ready(started: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and started.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code in (200, 404):
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"{started.args!r} did not become ready")
